"""The carrier's side of an appeal: one page to write it, join documents and file it; everything typed is kept."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from app import uploads
from app.accounts.people import Person
from app.core.messages import Message, say
from app.core.problems import Invalid, Refused
from app.http.answers import go, page
from app.http.audience import SIGNED_IN
from app.http.forms import Sent, SentForm
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.proposals.queries import CarrierFile, carrier_file
from app.review.appeals import service
from app.review.appeals.forms import AppealForm
from app.review.appeals.models import Appeal
from app.review.appeals.queries import appeal_against, appeals_of, contested, document_for, documents_of
from app.review.emails import until
from app.review.letters.queries import letters_of
from app.review.letters.writing import last_day
from app.settings import settings
from app.unit import Work

router = APIRouter(include_in_schema=False)


@router.get("/files/{public_id}/appeal", dependencies=[SIGNED_IN])
def show(request: Request, work: InWork, who: Asking, public_id: Address) -> Response:
    """The form of an appeal, or the appeal once it is filed."""
    return _page(request, work, carrier_file(work, public_id, who))


@router.post("/files/{public_id}/appeal", dependencies=[SIGNED_IN])
def send(request: Request, work: InWork, who: Asking, sent: SentForm, public_id: Address) -> Response:
    """Keep the words, join the files sent, and file the appeal if asked. What is right is kept even where something else is wrong."""
    file, by = carrier_file(work, public_id, who), _person(who)
    try:
        form = sent.check(AppealForm, ignore=("then",))
    except Invalid as problem:
        return _page(request, work, file, problem.errors, sent=sent, status=422)
    appeal = service.save_draft(work, file, form, by=by)
    errors = joined(work, appeal, sent, by)
    if not errors and sent.get("then") == "file":
        try:
            service.lodge(work, file, form, by=by)
        except service.TooLate as problem:
            service.record_late(work, file.proposal, by=by)
            return _page(request, work, file, sent=sent, status=problem.status, late=problem.message)
        except Invalid as problem:
            errors = problem.errors
    if errors:
        return _page(request, work, file, errors, sent=sent, status=422)
    return go(f"/files/{public_id}/appeal", done="sent" if sent.get("then") == "file" else "saved")


@router.get("/appeal-documents/{public_id}", dependencies=[SIGNED_IN])
def download(work: InWork, who: Asking, public_id: Address) -> Response:
    """The bytes of a document of an appeal: always a download, never kept by a cache."""
    document, content = document_for(work, public_id, who)
    plain = document.name.encode("ascii", "ignore").decode().replace("\\", "").replace('"', "") or "document"
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(document.name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    return Response(content, media_type=document.media_type, headers=headers)


def joined(work: Work, appeal: Appeal, sent: Sent, by: Person) -> dict[str, Message]:
    """Join each file that was sent; the sentences about those that could not be."""
    errors: dict[str, Message] = {}
    for name, upload in sent.files.items():
        with upload.file as opened:
            content = opened.read(settings().upload_limit_mb * 1_000_000 + 1)
        try:
            service.join_document(work, appeal, upload.filename or "", content, by=by)
        except Invalid as problem:
            errors[name] = problem.errors["file"]
    return errors


def _page(
    request: Request,
    work: Work,
    file: CarrierFile,
    errors: dict[str, Message] | None = None,
    *,
    sent: Sent | None = None,
    status: int = 200,
    late: Message | None = None,
) -> Response:
    letter = contested(work, file.proposal)
    appeal = appeal_against(work, letter) if letter else None
    answer = page(
        request, "appeals/appeal.html", zone=file.programme.zone, status=status, errors=errors or {}, file=file, letter=letter,
        appeal=appeal, answer_by=last_day(appeal.due_at, file.programme.zone) if appeal and appeal.due_at else None,
        values={"text": sent.get("text") if sent else appeal.text if appeal else ""}, late=late, now=work.now, until=until,
        **_around(work, file, appeal),
    )  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _around(work: Work, file: CarrierFile, appeal: Appeal | None) -> dict[str, Any]:
    return {
        "documents": documents_of(work, appeal) if appeal else (), "accept": uploads.ACCEPT, "limit": settings().upload_limit_mb,
        "decided": [(one, documents_of(work, one)) for one in appeals_of(work, file.proposal) if one.outcome],
        "may_appeal": file.may("appeal"), "letters": letters_of(work, file.proposal),
    }  # fmt: skip


def _person(who: Person | None) -> Person:
    if who is None:
        raise Refused(say("Sign in to open this page."))
    return who

"""Documents of a file: joined, described, handed back to the carrier and the city; those that are shared, to everyone."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from app.accounts.people import Person
from app.core.messages import say
from app.core.problems import Invalid, Missing, Refused
from app.http.answers import form_again, go, page
from app.http.audience import EVERYONE, SIGNED_IN
from app.http.forms import Sent, SentForm
from app.http.held_already import as_it_was
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.pages import file_views as views
from app.proposals import documents, queries
from app.proposals.completeness import assess
from app.proposals.models import Document
from app.settings import settings
from app.unit import Work
from app.uploads import small_picture

router = APIRouter(include_in_schema=False)


@router.get("/files/{public_id}/documents", dependencies=[SIGNED_IN])
def list_documents(request: Request, work: InWork, who: Asking, public_id: str) -> Response:
    file = queries.carrier_file(work, public_id, who)
    return page(request, "files/documents.html", zone=file.programme.zone, **views.documents_page(work, file, assess(work, file)))


@router.post("/files/{public_id}/documents", dependencies=[SIGNED_IN])
def add_document(request: Request, work: InWork, who: Asking, public_id: str, sent: SentForm) -> Response:
    file = queries.carrier_file(work, public_id, who)
    try:
        name, content = sent_file(sent)
        words = sent.check(documents.Words, ignore=("kind",))
        documents.add(work, file, sent.get("kind"), name, content, by=_person(who), words=words)
    except Invalid as problem:
        context = views.documents_page(work, file, assess(work, file))
        return form_again(request, work, "files/documents.html", problem, values=sent.simple(), zone=file.programme.zone, **context)
    return go(f"/files/{public_id}/documents", done="saved")


@router.get("/files/{public_id}/documents/{document_id}", dependencies=[SIGNED_IN])
def document_words(request: Request, work: InWork, who: Asking, public_id: str, document_id: str) -> Response:
    file = queries.carrier_file(work, public_id, who)
    return page(request, "files/document.html", **views.document_page(file, documents.document_in(work, file, document_id)))


@router.post("/files/{public_id}/documents/{document_id}", dependencies=[SIGNED_IN])
def describe_document(request: Request, work: InWork, who: Asking, public_id: str, document_id: str, sent: SentForm) -> Response:
    file = queries.carrier_file(work, public_id, who)
    document = documents.document_in(work, file, document_id)
    try:
        documents.describe(work, file, document_id, sent.check(documents.Words), by=_person(who))
    except Invalid as problem:
        context = views.document_page(file, document) | {"values": sent.simple()}
        return form_again(request, work, "files/document.html", problem, **context)
    return go(f"/files/{public_id}/documents", done="saved")


@router.post("/files/{public_id}/documents/{document_id}/removal", dependencies=[SIGNED_IN])
def remove_document(work: InWork, who: Asking, public_id: str, document_id: str) -> Response:
    file = queries.carrier_file(work, public_id, who)
    documents.remove(work, file, document_id, by=_person(who))
    return go(f"/files/{public_id}/documents", done="deleted")


@router.get("/documents/{public_id}", dependencies=[SIGNED_IN])
def download(work: InWork, who: Asking, public_id: str) -> Response:
    """The bytes of a document: always a download, never opened inside our pages, never kept by a cache."""
    document = queries.document_for(work, public_id, who)
    return as_file(document, documents.content_of(work, document), how="attachment", keeping="no-store")


@router.get("/documents/{public_id}/small", dependencies=[SIGNED_IN])
def small(request: Request, work: InWork, who: Asking, public_id: str) -> Response:
    """A picture as it stands on the pages of a file, for those who may see the file."""
    return as_small(request, work, queries.document_for(work, public_id, who), keeping="no-store")


@router.get("/published/{public_id}", dependencies=[EVERYONE])
def published(work: InWork, public_id: str) -> Response:
    """A document that everyone may see. A picture may stand in our pages; a browser keeps it for minutes only, as it may be taken back."""
    document = queries.published_document(work, public_id)
    how = "inline" if document.is_picture else "attachment"
    return as_file(document, documents.content_of(work, document), how=how, keeping="private, max-age=600")


@router.get("/published/{public_id}/small", dependencies=[EVERYONE])
def published_small(request: Request, work: InWork, public_id: str) -> Response:
    """A published picture as it stands on a page. Drawn only where the asker does not hold it already."""
    return as_small(request, work, queries.published_document(work, public_id), keeping="private, max-age=600")


def as_small(request: Request, work: Work, document: Document, *, keeping: str) -> Response:
    """A picture as large as it stands on a page. Raises Missing for what is no picture."""
    if document.small_size is None:
        raise Missing(queries.NO_DOCUMENT)
    etag = f"{document.sha256[:32]}-{document.small_size[0]}"
    if (held := as_it_was(request, etag, keeping)) is not None:
        return held
    drawn = small_picture(documents.content_of(work, document), document.small_size)
    headers = {"ETag": f'"{etag}"', "Cache-Control": keeping, "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(drawn, media_type="image/webp", headers=headers)


def as_file(document: Document, content: bytes, *, how: str, keeping: str) -> Response:
    """A file as an answer that can do nothing: its kind is not guessed, nothing in it runs, it belongs to no page of ours."""
    plain = document.name.encode("ascii", "ignore").decode().replace("\\", "").replace('"', "") or "document"
    headers = {
        "Content-Disposition": f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(document.name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": keeping,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=document.media_type, headers=headers)


def sent_file(sent: Sent) -> tuple[str, bytes]:
    """The name and the bytes of the file in a form, one byte more than allowed at most. Raises Invalid at "file"."""
    upload: UploadFile | None = sent.files.get("file")
    if upload is None:
        raise Invalid({"file": say("Choose the file to join.")})
    with upload.file as opened:
        return upload.filename or "", opened.read(settings().upload_limit_mb * 1_000_000 + 1)


def _person(who: Person | None) -> Person:
    if who is None:
        raise Refused(say("Sign in to open this page."))
    return who

"""The documents of an organisation that count for all its files: handed in with their dates, handed back to who may read them."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.messages import Message, say
from app.core.permissions import CARRIER
from app.core.problems import Invalid
from app.http.answers import form_again, go, page
from app.http.audience import SIGNED_IN
from app.http.forms import Sent, SentForm
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.organisations import papers, queries, service
from app.organisations.forms import PAPER_LABELS, PaperForm
from app.organisations.models import Organisation, Paper
from app.pages.addresses import Address
from app.pages.downloads import download_of
from app.pages.members_only import known, mine
from app.proposals.by_carrier import paper_for
from app.settings import settings
from app.unit import Work
from app.uploads import ACCEPT

router = APIRouter(include_in_schema=False)
PAGE = "organisations/papers.html"


@router.get("/organisations/{slug}/documents", dependencies=[SIGNED_IN])
def listed(request: Request, work: InWork, who: Asking, slug: Address) -> Response:
    return page(request, PAGE, **_shown(work, mine(work, slug, who), who))


@router.post("/organisations/{slug}/documents", dependencies=[SIGNED_IN])
def hand_in(request: Request, work: InWork, who: Asking, slug: Address, sent: SentForm) -> Response:
    organisation = mine(work, slug, who)
    try:
        form, (name, content) = _checked(sent)
        papers.hand_in(work, organisation, form, name, content, by=known(who))
    except Invalid as problem:
        return form_again(request, work, PAGE, problem, **_shown(work, organisation, who) | {"values": sent.simple()})
    return go(f"/organisations/{slug}/documents", done="saved")


@router.get("/organisations/{slug}/documents/{public_id}", dependencies=[SIGNED_IN])
def download(work: InWork, who: Asking, slug: Address, public_id: Address) -> Response:
    paper = paper_for(work, slug, public_id, who)
    return download_of(paper.name, paper.media_type, papers.content_of(work, paper))


@router.post("/organisations/{slug}/documents/{public_id}/retirement", dependencies=[SIGNED_IN])
def retire(work: InWork, who: Asking, slug: Address, public_id: Address) -> Response:
    papers.set_aside(work, mine(work, slug, who), public_id, by=known(who))
    return go(f"/organisations/{slug}/documents", done="saved")


def _checked(sent: Sent) -> tuple[PaperForm, tuple[str, bytes]]:
    """What is said of the document, and the document itself. Raises Invalid with every fault at once."""
    upload, errors = sent.files.get("file"), {}
    if upload is None:
        errors = {"file": say("Choose the file to join.")}
    try:
        form = sent.check(PaperForm)
    except Invalid as problem:
        raise Invalid({**problem.errors, **errors}) from None
    if upload is None:
        raise Invalid(errors)
    with upload.file as opened:
        return form, (upload.filename or "", opened.read(settings().upload_limit_mb * 1_000_000 + 1))


def standing(work: Work, paper: Paper) -> tuple[Message, str]:
    """Whether a document counts today, in words, with the kind of its badge."""
    today = work.now.date()
    if paper.replaced_at is not None:
        return say("Older version"), ""
    if not papers.is_valid(paper, today):
        return say("No longer valid"), "err"
    return (say("Runs out soon"), "warn") if papers.runs_out_soon(paper, today) else (say("Valid"), "ok")


def row_of(work: Work, slug: str, paper: Paper) -> dict[str, Any]:
    """A document as a line of a list."""
    label, kind = standing(work, paper)
    return {
        "url": f"/organisations/{slug}/documents/{paper.public_id}",
        "id": paper.public_id,
        "name": paper.name,
        "kind": PAPER_LABELS[paper.kind],
        "dated_on": paper.dated_on,
        "valid_until": paper.valid_until,
        "kilobytes": max(1, round(paper.size / 1000)),
        "at": paper.added_at,
        "standing": label,
        "badge": kind,
        "valid": papers.is_valid(paper, work.now.date()),
    }


def _shown(work: Work, organisation: Organisation, who: Asking) -> dict[str, Any]:
    every = papers.all_of(work, organisation)
    may = queries.role_in(work, organisation.id, who) in CARRIER["keep_papers"]
    held = [one for one in every if one.replaced_at is None]
    return {
        "organisation": organisation,
        "kinds": list(PAPER_LABELS.items()),
        "accept": ACCEPT,
        "limit": settings().upload_limit_mb,
        "may_keep": may,
        "why_not": None if may else service.not_for("keep_papers"),
        "papers": [row_of(work, organisation.slug, one) for one in held],
        "older": [row_of(work, organisation.slug, one) for one in every if one.replaced_at is not None],
        "lacking": [label for kind, label in PAPER_LABELS.items() if kind not in {one.kind for one in held}],
    }

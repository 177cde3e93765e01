"""A collective's file before the association that signs for it: read whole, then validated or declined."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.problems import Invalid
from app.http.answers import form_again, go, page
from app.http.audience import SIGNED_IN
from app.http.forms import SentForm
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.organisations.service import not_for
from app.pages.addresses import Address
from app.pages.members_only import known
from app.pages.undertakings import WORDS, text_shown
from app.proposals import sponsors
from app.proposals.commitments import last_statement
from app.proposals.queries import documents_of
from app.proposals.sections import DOCUMENT_KINDS
from app.proposals.sponsors import DecliningForm, SponsoredFile, ValidationForm
from app.review.sheet import account_of, sheet_of
from app.unit import Work

router = APIRouter(include_in_schema=False)
PAGE = "organisations/sponsorship.html"


@router.get("/sponsorships/{public_id}", dependencies=[SIGNED_IN])
def show(request: Request, work: InWork, who: Asking, public_id: Address) -> Response:
    file = sponsors.sponsored_file(work, public_id, who)
    return page(request, PAGE, zone=file.programme.zone, **_shown(work, file))


@router.post("/sponsorships/{public_id}/validation", dependencies=[SIGNED_IN])
def validate(request: Request, work: InWork, who: Asking, public_id: Address, sent: SentForm) -> Response:
    file = sponsors.sponsored_file(work, public_id, who)
    try:
        sponsors.validate(work, public_id, sent.check(ValidationForm), by=known(who))
    except Invalid as problem:
        return form_again(request, work, PAGE, problem, zone=file.programme.zone, **_shown(work, file))
    return go(f"/sponsorships/{public_id}", done="saved")


@router.post("/sponsorships/{public_id}/refusal", dependencies=[SIGNED_IN])
def decline(request: Request, work: InWork, who: Asking, public_id: Address, sent: SentForm) -> Response:
    file = sponsors.sponsored_file(work, public_id, who)
    try:
        sponsors.decline(work, public_id, sent.check(DecliningForm), by=known(who))
    except Invalid as problem:
        return form_again(request, work, PAGE, problem, zone=file.programme.zone, **_shown(work, file) | {"values": sent.simple()})
    return go(f"/sponsorships/{public_id}", done="saved")


def _shown(work: Work, file: SponsoredFile) -> dict[str, Any]:
    label, kind = WORDS[file.word]
    documents = [
        {"url": f"/documents/{one.public_id}", "name": one.name, "kind": DOCUMENT_KINDS.get(one.kind, one.kind), "at": one.added_at,
         "kilobytes": max(1, round(one.size / 1000))}
        for one in documents_of(work, file.proposal)
    ]  # fmt: skip
    return {
        "case": file,
        "sheet": sheet_of(work, file.proposal),
        "account_of": account_of,
        "documents": documents,
        "text": text_shown(),
        "word": label,
        "word_kind": kind,
        "answer": file.words.last(file.sponsor.id, "validate", "decline"),
        "validated": file.word.value == "validated",
        "may_sign": file.may("sign_for") and file.open,
        "open": file.open,
        "why_not": not_for("sign_for"),
        "stated": last_statement(work, file.proposal),
    }

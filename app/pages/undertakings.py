"""The page of a file where people put their name: the republican commitment, interests, and the word of the sponsor."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.eligibility import Section, SponsorWord
from app.core.lifecycle import FINAL, State
from app.core.messages import Message, say
from app.core.problems import Invalid
from app.http.answers import form_again, go, page
from app.http.audience import SIGNED_IN
from app.http.forms import SentForm
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.organisations.queries import sponsor_of
from app.organisations.service import not_for
from app.pages.addresses import Address
from app.pages.members_only import known
from app.proposals import commitments, queries, republican_text, sponsors
from app.proposals.commitments import CommitmentForm, InterestForm, last_commitment, last_statement
from app.proposals.completeness import assess
from app.proposals.queries import CarrierFile
from app.proposals.words import words_on
from app.unit import Work

router = APIRouter(include_in_schema=False)
PAGE = "files/commitments.html"
WORDS: dict[SponsorWord, tuple[Message, str]] = {
    SponsorWord.NOT_ASKED: (say("Not asked yet"), ""),
    SponsorWord.ASKED: (say("Asked, no answer yet"), "warn"),
    SponsorWord.VALIDATED: (say("Validated as it is"), "ok"),
    SponsorWord.OUTDATED: (say("Changed since it was validated"), "warn"),
    SponsorWord.DECLINED: (say("Declined"), "err"),
}
"""What a sponsor says of a file, and the kind of its badge."""


@router.get("/files/{public_id}/commitments", dependencies=[SIGNED_IN])
def show(request: Request, work: InWork, who: Asking, public_id: Address) -> Response:
    file = queries.carrier_file(work, public_id, who)
    return page(request, PAGE, zone=file.programme.zone, **_shown(work, file))


@router.post("/files/{public_id}/commitment", dependencies=[SIGNED_IN])
def commit(request: Request, work: InWork, who: Asking, public_id: Address, sent: SentForm) -> Response:
    file = queries.carrier_file(work, public_id, who)
    try:
        commitments.commit(work, file, sent.check(CommitmentForm), by=known(who))
    except Invalid as problem:
        return form_again(request, work, PAGE, problem, zone=file.programme.zone, **_shown(work, file))
    return go(f"/files/{public_id}/commitments", done="saved")


@router.post("/files/{public_id}/interests", dependencies=[SIGNED_IN])
def declare(request: Request, work: InWork, who: Asking, public_id: Address, sent: SentForm) -> Response:
    file = queries.carrier_file(work, public_id, who)
    try:
        commitments.declare_interests(work, file, sent.check(InterestForm), by=known(who))
    except Invalid as problem:
        at = {"what" if name == "" else name: sentence for name, sentence in problem.errors.items()}
        return form_again(request, work, PAGE, Invalid(at), zone=file.programme.zone, **_shown(work, file, sent.simple()))
    return go(f"/files/{public_id}/commitments", done="saved")


@router.post("/files/{public_id}/sponsor-request", dependencies=[SIGNED_IN])
def ask_sponsor(work: InWork, who: Asking, public_id: Address) -> Response:
    sponsors.ask(work, queries.carrier_file(work, public_id, who), by=known(who))
    return go(f"/files/{public_id}/commitments", done="sent")


def text_shown() -> dict[str, Any]:
    """The text of the commitment as a page shows it."""
    return {
        "version": republican_text.VERSION,
        "reference": republican_text.REFERENCE,
        "articles": republican_text.SUMMARY,
        "consequence": republican_text.CONSEQUENCE,
    }


def _shown(work: Work, file: CarrierFile, sent: Mapping[str, Any] | None = None) -> dict[str, Any]:
    proposal, stated = file.proposal, last_statement(work, file.proposal)
    sponsor = sponsor_of(work, file.organisation)
    signatory = sponsor if file.organisation.kind == "collective" else file.organisation
    held = {"interests": "none" if stated.nothing else "some", "what": stated.what} if stated else {}
    alive = State(proposal.state) not in FINAL
    return {
        "file": file,
        "title": proposal.title,
        "may_sign": file.may("sign_for") and alive,
        "alive": alive,
        "why_not": not_for("sign_for"),
        "commitment": last_commitment(work, proposal, signatory.id) if signatory else None,
        "text": text_shown(),
        "stated": stated,
        "values": sent or held,
        "points": assess(work, file).of(Section.COMMITMENTS),
        "sponsor": sponsor,
        **_sponsor_side(work, file, sponsor.id if sponsor else None),
    }


def _sponsor_side(work: Work, file: CarrierFile, sponsor_id: int | None) -> dict[str, Any]:
    words = words_on(work, [file.proposal])[file.proposal.id or 0]
    word = words.on(sponsor_id, sponsors.content_of(work, file.proposal))
    waits = word is not SponsorWord.VALIDATED and State(file.proposal.state) in sponsors.OPEN
    label, kind = WORDS[word]
    return {
        "word": label,
        "word_kind": kind,
        "answer": words.last(sponsor_id, "validate", "decline"),
        "asked": words.last(sponsor_id, "ask"),
        "may_ask": bool(sponsor_id) and waits and file.may("write_file"),
    }

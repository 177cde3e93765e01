"""The carrier's side of its local partner: sending the link, seeing what became of it, withdrawing it."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.accounts.people import Person
from app.core.lifecycle import verbs_from
from app.core.messages import say
from app.core.money import Money
from app.core.problems import Invalid, Refused
from app.http.answers import form_again, go, page
from app.http.audience import SIGNED_IN
from app.http.forms import SentForm
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.proposals import partner, queries
from app.proposals.dossier import dossier_of
from app.proposals.lifecycle import state_of
from app.proposals.partner_forms import InviteForm
from app.proposals.partner_letter import still_holds
from app.proposals.partner_queries import standing_of
from app.proposals.queries import CarrierFile
from app.rendering import GUEST_LANGUAGES
from app.unit import Work

router = APIRouter(include_in_schema=False)
TEMPLATE = "files/partner_link.html"


@router.get("/files/{public_id}/partner-link", dependencies=[SIGNED_IN])
def show(request: Request, work: InWork, who: Asking, public_id: str) -> Response:
    file = queries.carrier_file(work, public_id, who)
    return page(request, TEMPLATE, zone=file.programme.zone, **_context(work, file))


@router.post("/files/{public_id}/partner-link", dependencies=[SIGNED_IN])
def send(request: Request, work: InWork, who: Asking, public_id: str, sent: SentForm) -> Response:
    file = queries.carrier_file(work, public_id, who)
    try:
        partner.invite(work, file, sent.check(InviteForm), by=_person(who))
    except Invalid as problem:
        return form_again(request, work, TEMPLATE, problem, zone=file.programme.zone, **_context(work, file) | {"values": sent.simple()})
    return go(f"/files/{public_id}/partner-link", done="sent")


@router.post("/files/{public_id}/partner-link/resending", dependencies=[SIGNED_IN])
def send_again(request: Request, work: InWork, who: Asking, public_id: str) -> Response:
    file = queries.carrier_file(work, public_id, who)
    try:
        partner.resend(work, file, by=_person(who))
    except Invalid as problem:
        return form_again(request, work, TEMPLATE, problem, zone=file.programme.zone, **_context(work, file))
    return go(f"/files/{public_id}/partner-link", done="sent")


@router.post("/files/{public_id}/partner-link/revocation", dependencies=[SIGNED_IN])
def withdraw(work: InWork, who: Asking, public_id: str) -> Response:
    file = queries.carrier_file(work, public_id, who)
    partner.revoke(work, file, by=_person(who))
    return go(f"/files/{public_id}/partner-link", done="saved")


def _context(work: Work, file: CarrierFile) -> dict[str, Any]:
    standing = standing_of(work, file.proposal)
    link = standing.link
    values = {"contact": link.contact, "email": link.email, "language": link.language} if link else {"language": "fr"}
    alive = link is not None and link.revoked_at is None and not standing.expired
    signed, cost = standing.signed, Money(dossier_of(work, file.proposal).total_cost.cents, file.programme.currency)
    held = signed is None or still_holds(signed.letter, signed.language, file.proposal, file.organisation.name, cost)
    return {
        "file": file, "standing": standing, "behind": not held, "values": values, "alive": alive, "offered": list(GUEST_LANGUAGES.items()),
        "may_send": file.may("write_file") and bool(verbs_from(state_of(file.proposal))), "days": partner.LASTS.days,
    }  # fmt: skip


def _person(who: Person | None) -> Person:
    if who is None:
        raise Refused(say("Sign in to open this page."))
    return who

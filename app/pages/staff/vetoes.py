"""Vetoes on projects of the ballot: proposed by one official, confirmed by another, published with their ground and reason."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from app.accounts.people import Person
from app.core.problems import Invalid, Problem
from app.editions.queries import programme_of
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.unit_of_work import InWork
from app.ledger.motions import motion_at
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official, load
from app.polls import vetoing
from app.review.vetoes import GROUND_LABELS, vetoes_of
from app.unit import Work

router = APIRouter(include_in_schema=False)
HERE = "/staff/editions/{slug}/vetoes"


@router.get(HERE, dependencies=[staff("put_on_ballot")])
def index(request: Request, work: InWork, who: Official, slug: Address) -> Response:
    """What was vetoed, what waits for a second person, and the form for one more."""
    return _page(request, work, slug, who)


@router.post(HERE, dependencies=[staff("put_on_ballot")])
def propose(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Propose a veto."""
    edition = load(work, slug)
    return _tried(
        request, work, slug, who, lambda: vetoing.propose_veto(work, edition, sent.check(vetoing.VetoForm), by=who), values=sent.simple()
    )


@router.post(f"{HERE}/{{motion}}/confirmation", dependencies=[staff("put_on_ballot")])
def confirm(request: Request, work: InWork, who: Official, slug: Address, motion: Address) -> Response:
    """Confirm what somebody else proposed."""
    edition = load(work, slug)
    found = motion_at(work, edition.id or 0, motion)
    return _tried(request, work, slug, who, lambda: vetoing.confirm_veto(work, edition, found, by=who))


@router.post(f"{HERE}/{{motion}}/withdrawal", dependencies=[staff("put_on_ballot")])
def withdraw(request: Request, work: InWork, who: Official, slug: Address, motion: Address) -> Response:
    """Take a proposal back."""
    found = motion_at(work, load(work, slug).id or 0, motion)
    return _tried(request, work, slug, who, lambda: vetoing.withdraw_veto(work, found, by=who))


def _tried(request: Request, work: Work, slug: str, who: Person, act: Callable[[], object], **values: Any) -> Response:
    try:
        act()
    except Problem as problem:
        work.db.rollback()
        told: dict[str, Any] = {"errors": problem.errors} if isinstance(problem, Invalid) else {"refused": problem.message}
        return _page(request, work, slug, who, status=problem.status, **told, **values)
    return go(f"/staff/editions/{slug}/vetoes", done="saved")


def _page(request: Request, work: Work, slug: str, who: Person, **more: Any) -> Response:
    edition = load(work, slug)
    shown = {
        "projects": vetoing.vetoable(work, edition), "waiting": vetoing.waiting_vetoes(work, edition),
        "vetoes": vetoes_of(work, edition.id),
        "grounds": GROUND_LABELS, "values": {}, "errors": {}, "refused": None, "frozen": edition.frozen, "me": who.id,
    }  # fmt: skip
    return staff_page(request, "staff/reviews/vetoes.html", zone=programme_of(work, edition).zone, edition=edition, **shown | more)

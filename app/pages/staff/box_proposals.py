"""Proposing the freeze of a vote, and its extension: two forms, each shown again with its sentences where it is refused."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.calendar import Ambiguous, PhaseKind, read_instant
from app.core.messages import Message, say
from app.core.problems import Invalid, Problem
from app.editions.queries import calendar_of, programme_of
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official, load
from app.polls.extending import ExtensionForm, extensions_of, propose_extension
from app.polls.freezing import FreezeForm, freeze_of, propose_freeze
from app.unit import Work

router = APIRouter(include_in_schema=False)
USUAL = {"threshold": 2, "shares": 3, "publication": "open"}
PUBLICATIONS: list[tuple[str, Message, Message]] = [
    (
        "open",
        say("Open: the key is published"),
        say("Anyone can open every ballot and count again. Whoever buys votes can ask for a rare set of choices and look for it."),
    ),
    (
        "discreet",
        say("Discreet: the ballots are published sorted, the key is not"),
        say("Nobody finds one ballot among the others. But only the bureau can check that the list published is what the box held."),
    ),
]
"""What is published of the opened box: value, name, and what each loses."""


@router.get("/staff/editions/{slug}/box/freeze", dependencies=[staff("freeze_vote")])
def freeze_form(request: Request, work: InWork, slug: Address) -> Response:
    """What the bureau decides at the freeze; once that is done, the way leads back to the box."""
    if freeze_of(work, load(work, slug)) is not None:
        return go(f"/staff/editions/{slug}/box")
    return _freeze_page(request, work, slug, values=USUAL)


@router.post("/staff/editions/{slug}/box/freeze", dependencies=[staff("freeze_vote")])
def freeze(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Propose the freeze; nothing is frozen before another member confirms."""
    try:
        motion = propose_freeze(work, load(work, slug), sent.check(FreezeForm), by=who)
    except Problem as problem:
        return _freeze_page(request, work, slug, values=sent.simple(), **_told(work, problem))
    return go(f"/staff/editions/{slug}/box/motions/{motion.public_id}", done="proposed")


@router.get("/staff/editions/{slug}/box/extension", dependencies=[staff("freeze_vote")])
def extension_form(request: Request, work: InWork, slug: Address) -> Response:
    """A later end for the vote."""
    return _extension_page(request, work, slug, Sent())


@router.post("/staff/editions/{slug}/box/extension", dependencies=[staff("freeze_vote")])
def extension(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Propose a later end."""
    try:
        motion = propose_extension(work, load(work, slug), sent.check(ExtensionForm), by=who)
    except Problem as problem:
        return _extension_page(request, work, slug, sent, **_told(work, problem))
    return go(f"/staff/editions/{slug}/box/motions/{motion.public_id}", done="proposed")


def _told(work: Work, problem: Problem) -> dict[str, Any]:
    """What a page says of a refusal; nothing is written."""
    work.db.rollback()
    return {"status": problem.status} | ({"errors": problem.errors} if isinstance(problem, Invalid) else {"refused": problem.message})


def _freeze_page(request: Request, work: Work, slug: str, **more: Any) -> Response:
    edition = load(work, slug)
    shown = {"window": calendar_of(work, edition).window(PhaseKind.voting), "publications": PUBLICATIONS, "refused": None}
    return staff_page(request, "staff/box/freeze.html", zone=programme_of(work, edition).zone, edition=edition, **shown | more)


def _extension_page(request: Request, work: Work, slug: str, sent: Sent, **more: Any) -> Response:
    edition = load(work, slug)
    calendar = calendar_of(work, edition)
    following = [window for kind in (PhaseKind.count, PhaseKind.council) if (window := calendar.window(kind))]
    shown = {
        "window": calendar.window(PhaseKind.voting), "following": following, "twice": _happens_twice(sent, calendar.zone),
        "extensions": extensions_of(work, edition), "refused": None, "zone_name": calendar.zone,
    }  # fmt: skip
    return staff_page(request, "staff/box/extension.html", zone=calendar.zone, edition=edition, values=sent.simple(), **shown | more)


def _happens_twice(sent: Sent, zone: str) -> bool:
    """Whether the end that was typed happens twice that night, so that the page must ask which one is meant."""
    try:
        read_instant(sent.get("closes"), sent.get("closes_clock"), zone, end=True)
    except Ambiguous:
        return True
    except Invalid:
        return False
    return False

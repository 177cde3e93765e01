"""What is unusual on the roll: shown to those who watch over the vote, who judge; nobody is taken off it but by a person, with a reason."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from app.accounts.people import Person
from app.core.anomalies import HINTS, TITLES, Kind, Signal
from app.core.messages import Message, say
from app.core.problems import Conflict, Invalid, Refused
from app.editions.queries import programme_of
from app.electorate import anomalies
from app.electorate.desk import line_at
from app.electorate.register import is_frozen
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.unit_of_work import InWork
from app.ledger.models import Motion
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official, load
from app.polls import queries
from app.polls.register_changes import propose_removal, propose_return
from app.polls.removal import RemovalForm, put_back, removable, take_off
from app.unit import Work

router = APIRouter(include_in_schema=False)
STATUS: dict[str, Message] = {
    "online": say("Has voted online"),
    "paper": say("Has been given a paper ballot"),
    "void": say("Key cancelled"),
    "": say("Has not voted"),
}


@router.get("/staff/editions/{slug}/anomalies", dependencies=[staff("see_anomalies")])
def index(request: Request, work: InWork, who: Official, slug: Address) -> Response:
    """Every unusual pattern by kind, and who was taken off the roll."""
    edition = load(work, slug)
    found = anomalies.report(work, edition, by=who)
    groups = [(TITLES[kind], HINTS[kind], [(one, _about(one.signal, who)) for one in group]) for kind, group in found.items()]
    off = anomalies.taken_off(work, edition)
    return staff_page(request, "staff/anomalies/index.html", edition=edition, groups=groups, off=off, frozen=is_frozen(work, edition))


@router.get("/staff/editions/{slug}/anomalies/{key}", dependencies=[staff("correct_roll")])
def show(request: Request, work: InWork, who: Official, slug: Address, key: Address) -> Response:
    """The people of one pattern."""
    return _signal_page(request, work, who, slug, key)


@router.post("/staff/editions/{slug}/anomalies/{key}/removal", dependencies=[staff("correct_roll")])
def remove(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address, key: Address) -> Response:
    """Take the people ticked off the roll, all of them or none; propose it once the vote is frozen."""
    edition = load(work, slug)
    try:
        form = sent.check(RemovalForm, "lines")
        if is_frozen(work, edition):
            return _proposed(slug, propose_removal(work, edition, form, by=who))
        take_off(work, edition, form, by=who)
    except (Invalid, Conflict, Refused) as problem:
        work.db.rollback()
        told: dict[str, Any] = {"errors": problem.errors} if isinstance(problem, Invalid) else {"refusal": problem.message}
        return _signal_page(request, work, who, slug, key, status=problem.status, values=sent.simple("lines"), **told)
    return go(f"/staff/editions/{slug}/anomalies", done="saved")


@router.post("/staff/editions/{slug}/roll/{line}/return", dependencies=[staff("correct_roll")])
def take_back(work: InWork, who: Official, slug: Address, line: Address) -> Response:
    """Put somebody back on the roll; propose it once the vote is frozen."""
    edition = load(work, slug)
    person = line_at(work, edition, line)
    if is_frozen(work, edition):
        return _proposed(slug, propose_return(work, edition, person, by=who))
    put_back(work, edition, person, by=who)
    return go(f"/staff/editions/{slug}/anomalies", done="saved")


def _proposed(slug: str, motion: Motion) -> Response:
    return go(f"/staff/editions/{slug}/box/motions/{motion.public_id}", done="proposed")


def _signal_page(request: Request, work: Work, who: Person, slug: str, key: str, **more: Any) -> Response:
    edition = load(work, slug)
    listed = anomalies.signal_at(work, edition, key, by=who)
    lines = anomalies.people_of(work, edition, listed.signal)
    voted = queries.voted(work, edition, lines)
    shown = {
        "title": TITLES[listed.signal.kind], "hint": HINTS[listed.signal.kind], "about": _about(listed.signal, who), "listed": listed,
        "people": [(line, STATUS[voted.get(line.public_id, "")]) for line in lines], "removable": removable(lines, voted), "refusal": None,
        "frozen": is_frozen(work, edition),
    }  # fmt: skip
    return staff_page(
        request, "staff/anomalies/signal.html", zone=programme_of(work, edition).zone, edition=edition, **shown | more
    )  # fmt: skip


def _about(signal: Signal, who: Person) -> date | str:
    """What a pattern is about; what speaks of people is for those who may act on it only."""
    if signal.people and not who.may("correct_roll"):
        return ""
    return date.fromisoformat(signal.about) if signal.kind is Kind.BIRTH_DATE else signal.about

"""The desk of the vote: who is on the roll, who has voted (never what), paper ballots handed out.

Names are searched by POST so that no address, history or log holds them.
"""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.calendar import PhaseKind, Stage
from app.core.messages import Message, say
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.editions.models import Edition
from app.editions.queries import calendar_of, programme_of
from app.electorate import desk
from app.electorate.batches import find_code
from app.electorate.forms import DeskForm, LetterForm
from app.electorate.models import RollLine
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.staff import paper_lots, staff_page
from app.pages.staff.edition_parts import Official, load
from app.polls import queries, service
from app.unit import Work

router = APIRouter(include_in_schema=False)
router.include_router(paper_lots.router)
STATUS: dict[str, Message] = {
    "online": say("Has voted online"),
    "paper": say("Has been given a paper ballot"),
    "void": say("Key cancelled"),
    "refused": say("Taken off the roll"),
    "": say("Has not voted"),
}


@router.get("/staff/editions/{slug}/desk", dependencies=[staff("keep_desk")])
def index(request: Request, work: InWork, slug: Address) -> Response:
    """The search, and the form for a resident with a proof."""
    return _page(request, work, load(work, slug))


@router.post("/staff/editions/{slug}/desk/search", dependencies=[staff("keep_desk")])
def search(request: Request, work: InWork, sent: SentForm, slug: Address) -> Response:
    """The people whose name holds the words typed."""
    edition, text = load(work, slug), sent.get("name").replace("\x00", "")[:150]
    found = desk.find_lines(work, edition, text)
    voted = queries.voted(work, edition, found)
    people = [(line, STATUS[_status(line, voted.get(line.public_id))]) for line in found]
    return _page(request, work, edition, searched=text, people=people, more=len(found) == desk.AT_MOST)


@router.post("/staff/editions/{slug}/desk/lines", dependencies=[staff("keep_desk")])
def add(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Put a resident who came with a proof on the roll."""
    edition = load(work, slug)
    try:
        line = desk.add_line(work, edition, sent.check(DeskForm), by=who)
    except (Invalid, Conflict) as problem:
        work.db.rollback()
        errors = problem.errors if isinstance(problem, Invalid) else {"namesake": problem.message}
        return _page(request, work, load(work, slug), status=problem.status, errors=errors, values=sent.simple())
    return go(f"/staff/editions/{slug}/desk/lines/{line.public_id}", done="saved")


@router.post("/staff/editions/{slug}/desk/letters", dependencies=[staff("keep_desk")])
def letter(request: Request, work: InWork, sent: SentForm, slug: Address) -> Response:
    """The line of a printed code, by the two numbers at the foot of its letter: its bearer may want paper instead."""
    edition = load(work, slug)
    try:
        form = sent.check(LetterForm)
        _, line = find_code(work, edition, form.batch, form.serial)
    except (Invalid, Missing) as problem:
        errors = problem.errors if isinstance(problem, Invalid) else {"serial": problem.message}
        return _page(request, work, edition, status=problem.status, errors=errors, values=sent.simple())
    return go(f"/staff/editions/{slug}/desk/lines/{line.public_id}")


@router.get("/staff/editions/{slug}/desk/lines/{line}", dependencies=[staff("keep_desk")])
def show(request: Request, work: InWork, slug: Address, line: Address) -> Response:
    """One person of the roll."""
    edition = load(work, slug)
    return _line_page(request, work, edition, desk.line_at(work, edition, line))


@router.post("/staff/editions/{slug}/desk/lines/{line}/paper", dependencies=[staff("keep_desk")])
def hand_paper(request: Request, work: InWork, who: Official, slug: Address, line: Address) -> Response:
    """Hand a paper ballot; refused to whoever has voted already."""
    edition = load(work, slug)
    try:
        service.hand_paper(work, edition, desk.line_at(work, edition, line), by=who)
    except (Conflict, Refused) as problem:
        work.db.rollback()
        edition = load(work, slug)
        person = desk.line_at(work, edition, line)
        return _line_page(request, work, edition, person, status=problem.status, refusal=problem.message)
    return go(f"/staff/editions/{slug}/desk/lines/{line}", done="saved")


def _status(line: RollLine, how: str | None) -> str:
    return "refused" if line.mark == "refused" else how or ""


def _page(request: Request, work: Work, edition: Edition, **more: Any) -> Response:
    return staff_page(
        request, "staff/desk/index.html", edition=edition, **{"searched": None, "people": [], "more": False, **more},
        zone=programme_of(work, edition).zone,
    )  # fmt: skip


def _line_page(request: Request, work: Work, edition: Edition, line: RollLine, **more: Any) -> Response:
    status = _status(line, queries.has_voted(work, edition, line))
    open_now = calendar_of(work, edition).stage(PhaseKind.voting, work.now) is Stage.open and queries.poll_of(work, edition) is not None
    context = {"edition": edition, "line": line, "state": status, "said": STATUS[status], "open_now": open_now, "refusal": None}
    return staff_page(request, "staff/desk/line.html", zone=programme_of(work, edition).zone, **context | more)

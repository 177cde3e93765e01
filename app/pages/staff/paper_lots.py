"""Numbered lots of paper ballots, entered one by one. A page tells how many are entered, never what they hold."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from app.core.messages import say
from app.core.problems import Conflict, Invalid, Missing, Problem
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official, load
from app.polls import paper, queries
from app.polls.paper_marks import HINTS
from app.unit import Work
from app.voting.models import PaperLot

router = APIRouter(include_in_schema=False)
Number = Annotated[int, Path(ge=1, le=100_000)]
COUNTED, BLANK = say("it counts"), say("blank")
NUMBERS = say("Their numbers, with spaces between: 4 12 20. Type every mark, even one that is no project.")


@router.get("/staff/editions/{slug}/desk/lots", dependencies=[staff("keep_desk")])
def index(request: Request, work: InWork, slug: Address) -> Response:
    """The lots, and the form for the next one."""
    return _lots_page(request, work, load(work, slug))


@router.post("/staff/editions/{slug}/desk/lots", dependencies=[staff("keep_desk")])
def open_lot(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Open the next lot."""
    try:
        lot = paper.open_lot(work, load(work, slug), sent.check(paper.LotForm), by=who)
    except Invalid as problem:
        work.db.rollback()
        return _lots_page(request, work, load(work, slug), status=problem.status, errors=problem.errors, values=sent.simple())
    return go(f"/staff/editions/{slug}/desk/lots/{lot.number}", done="created")


@router.get("/staff/editions/{slug}/desk/lots/{number}", dependencies=[staff("keep_desk")])
def show(request: Request, work: InWork, slug: Address, number: Number) -> Response:
    """One lot with the form for its next ballot."""
    edition = load(work, slug)
    return _lot_page(request, work, edition, paper.find_lot(work, edition, number))


@router.post("/staff/editions/{slug}/desk/lots/{number}/ballots", dependencies=[staff("keep_desk")])
def enter(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address, number: Number) -> Response:
    """Enter one ballot; the answer says how it was read, once: no address, list or log keeps it."""
    edition = load(work, slug)
    lot = paper.find_lot(work, edition, number)
    try:
        form = sent.check(paper.PaperForm)
        reason = paper.enter(work, edition, lot, form, by=who)
    except (Invalid, Conflict) as problem:
        return _lot_again(request, work, slug, number, problem, "serial", values=sent.simple())
    said = say("null: %(why)s", why=paper.NULL_LABELS[reason]) if reason else BLANK if form.blank else COUNTED
    told = say("Ballot %(serial)d is entered: %(said)s.", serial=form.serial, said=said)
    return _lot_page(request, work, edition, lot, told=told, fresh=form.serial)


@router.post("/staff/editions/{slug}/desk/lots/{number}/removals", dependencies=[staff("keep_desk")])
def take_out(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address, number: Number) -> Response:
    """Take a ballot that was entered wrongly out of the lot; the form is ready for it to be entered again."""
    edition = load(work, slug)
    lot = paper.find_lot(work, edition, number)
    try:
        form = sent.check(paper.TakeOutForm)
        paper.take_out(work, edition, lot, form.out, by=who)
    except (Invalid, Conflict, Missing) as problem:
        return _lot_again(request, work, slug, number, problem, "out", out=sent.get("out"))
    told = say("Ballot %(serial)d is taken out. Enter it again.", serial=form.out)
    return _lot_page(request, work, edition, lot, told=told, values={"serial": form.out})


@router.post("/staff/editions/{slug}/desk/lots/{number}/closure", dependencies=[staff("keep_desk")])
def close(work: InWork, who: Official, slug: Address, number: Number) -> Response:
    """Close a lot."""
    edition = load(work, slug)
    paper.close_lot(work, edition, paper.find_lot(work, edition, number), by=who)
    return go(f"/staff/editions/{slug}/desk/lots", done="saved")


def _lots_page(request: Request, work: Work, edition: Edition, **more: Any) -> Response:
    rows = [(lot, len(paper.entered(work, lot.id or 0))) for lot in paper.lots(work, edition.id or 0)]
    given = paper.handed_out(work, edition)
    zone = programme_of(work, edition).zone
    return staff_page(request, "staff/desk/lots.html", zone=zone, edition=edition, lots=rows, given=given, **more)


def _lot_again(request: Request, work: Work, slug: str, number: int, problem: Problem, field: str, **typed: Any) -> Response:
    """The lot with what was typed and what speaks against it: at its own field, else at this one."""
    work.db.rollback()
    edition = load(work, slug)
    errors = problem.errors if isinstance(problem, Invalid) else {field: problem.message}
    return _lot_page(request, work, edition, paper.find_lot(work, edition, number), status=problem.status, errors=errors, **typed)


def _lot_page(request: Request, work: Work, edition: Edition, lot: PaperLot, **more: Any) -> Response:
    poll, serials = queries.fixed_poll(work, edition), paper.entered(work, lot.id or 0)
    reasons = [(reason.value, label) for reason, label in paper.NULL_LABELS.items()]
    style = queries.style_of(poll)
    context = {"told": None, "reasons": reasons, "serials": serials, "next_serial": max(serials, default=0) + 1, "fresh": None, **more}
    return staff_page(
        request, "staff/desk/lot.html", zone=programme_of(work, edition).zone, edition=edition, lot=lot, candidates=poll.candidates,
        rule_line=style.rule_line(queries.slate(work, edition, poll)), marks_hint=HINTS.get(type(style), NUMBERS), **context,
    )  # fmt: skip

"""One file before the jury: scores and comments, standing aside, corrections, the jury's common opinion."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from app.accounts.people import Person
from app.core.forms import read
from app.core.problems import Conflict, Invalid
from app.editions.models import Edition
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.pages.staff.jury_view import file_page, input_of, known, typed_opinion
from app.proposals.models import Proposal
from app.review.jury import opinions
from app.review.jury.forms import AbsenceForm, OpinionForm, PanelOpinionForm, RecusalForm
from app.review.queries import find_file
from app.unit import Work

router = APIRouter(include_in_schema=False)


@router.get("/staff/reviews/{public_id}/opinion", dependencies=[staff("see_files")])
def show(request: Request, work: InWork, who: Asking, public_id: Address) -> Response:
    """The file, its jurors, one's own opinion; everybody's once all are in."""
    return _page(request, work, who, find_file(work, public_id))


@router.post("/staff/reviews/{public_id}/opinion", dependencies=[staff("give_opinion")])
def give(request: Request, work: InWork, who: Asking, sent: SentForm, public_id: Address) -> Response:
    """Keep a draft, or give the opinion for good."""
    verb = opinions.give if sent.get("then") == "give" else opinions.save_draft
    return _act(request, work, who, public_id, sent, lambda proposal: verb(work, proposal, _opinion(sent), by=known(who)))


@router.post("/staff/reviews/{public_id}/correction", dependencies=[staff("give_opinion")])
def correct(request: Request, work: InWork, who: Asking, sent: SentForm, public_id: Address) -> Response:
    """Add a correction, with its reason."""
    return _act(request, work, who, public_id, sent, lambda proposal: opinions.correct(work, proposal, _opinion(sent), by=known(who)))


@router.post("/staff/reviews/{public_id}/recusal", dependencies=[staff("give_opinion")])
def stand_aside(request: Request, work: InWork, who: Asking, sent: SentForm, public_id: Address) -> Response:
    """Stand aside from this file."""
    return _act(
        request, work, who, public_id, sent, lambda proposal: opinions.stand_aside(work, proposal, sent.check(RecusalForm), by=known(who))
    )


@router.post("/staff/reviews/{public_id}/absence", dependencies=[staff("set_up_jury")])
def note_absence(request: Request, work: InWork, who: Asking, sent: SentForm, public_id: Address) -> Response:
    """Note a juror who gave no opinion in time."""
    return _act(
        request, work, who, public_id, sent, lambda proposal: opinions.note_absence(work, proposal, sent.check(AbsenceForm), by=known(who))
    )


@router.post("/staff/reviews/{public_id}/common-opinion", dependencies=[staff("give_opinion")])
def write_common(request: Request, work: InWork, who: Asking, sent: SentForm, public_id: Address) -> Response:
    """Write the jury's opinion on this file."""
    return _act(
        request,
        work,
        who,
        public_id,
        sent,
        lambda proposal: opinions.write_common(work, proposal, sent.check(PanelOpinionForm), by=known(who)),
    )


def _act(request: Request, work: Work, who: Person | None, public_id: str, sent: Sent, verb: Callable[[Proposal], Any]) -> Response:
    """Do it and come back; after a fault or a change meanwhile the page comes back with all that was typed."""
    proposal = find_file(work, public_id)
    try:
        verb(proposal)
    except (Invalid, Conflict) as problem:
        work.db.rollback()
        return _page(request, work, who, find_file(work, public_id), sent, problem)
    return go(f"/staff/reviews/{public_id}/opinion", done="saved")


def _opinion(sent: Sent) -> OpinionForm:
    try:
        return read(OpinionForm, typed_opinion(sent))
    except Invalid as problem:
        raise Invalid({input_of(field): sentence for field, sentence in problem.errors.items()}) from None


def _page(
    request: Request,
    work: Work,
    who: Person | None,
    proposal: Proposal,
    sent: Sent | None = None,
    problem: Invalid | Conflict | None = None,
) -> Response:
    return staff_page(
        request, "staff/jury/file.html", status=problem.status if problem else 200,
        errors=problem.errors if isinstance(problem, Invalid) else {}, conflict=problem.message if isinstance(problem, Conflict) else None,
        proposal=proposal, edition_slug=work.db.get_one(Edition, proposal.edition_id).slug, **file_page(work, proposal, who, sent),
    )  # fmt: skip

"""The desk of files: the queue by due date, one file beside the rules, and its decision."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.core.forms import read
from app.core.problems import Conflict, Invalid, Missing
from app.editions.queries import NO_EDITION, listed_editions, ranked
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official
from app.pages.staff.review_view import desk_page, first_values, prefilled, review_page
from app.review import service
from app.review.forms import DecisionForm
from app.review.queries import find_file, open_case
from app.review.queue import Asked, Holder, Pile, Progress, Sort, pile_sizes

router = APIRouter(include_in_schema=False)


@router.get("/staff/reviews", dependencies=[staff("see_files")])
def queue(
    request: Request,
    work: InWork,
    who: Official,
    edition: Annotated[str, Query(max_length=80)] = "",
    state: Pile = Pile.WAITING,
    holder: Holder = Holder.ALL,
    progress: Progress = Progress.ALL,
    sort: Sort = Sort.DUE,
    down: bool = False,
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    """The files of an edition, a pile at a time, the most urgent first, narrowed and sorted by links."""
    editions = ranked(listed_editions(work, drafts=True), work.now)
    if not editions:
        return staff_page(request, "staff/reviews/none.html")
    piles = pile_sizes(work, [one.edition for one in editions])
    with_work = (one for one in editions if piles[one.edition.id or 0][Pile.WAITING])
    asked = next((one for one in editions if one.edition.slug == edition), None)
    chosen = asked if edition else next(with_work, editions[0])
    if chosen is None:
        raise Missing(NO_EDITION)
    wanted = Asked(state, holder, progress, sort, down, page)
    return desk_page(request, work, who, [one.edition for one in editions], chosen, wanted, piles[chosen.edition.id or 0])


@router.get("/staff/reviews/{public_id}", dependencies=[staff("see_files")])
def show(request: Request, work: InWork, who: Official, public_id: Address) -> Response:
    """One file beside the rules."""
    case = open_case(work, public_id)
    return review_page(request, work, who, case, first_values(work, case))


@router.post("/staff/reviews/{public_id}/decisions", dependencies=[staff("decide_admissibility")])
def decide(request: Request, work: InWork, who: Official, sent: SentForm, public_id: Address) -> Response:
    """Take a decision; after a fault or a change meanwhile the page comes back with all that was typed.

    With `act` = "prefill" nothing is decided: the page comes back with the reason that the rules answered with no would give.
    """
    proposal = find_file(work, public_id)
    if sent.get("act") == "prefill":
        case = open_case(work, public_id)
        return review_page(request, work, who, case, prefilled(case, sent.simple(ignore=("act",))))
    try:
        decision = service.decide(work, proposal, _read(sent), by=who)
    except (Invalid, Conflict) as problem:
        work.db.rollback()
        return review_page(request, work, who, open_case(work, public_id), sent.simple(), problem)
    return go(f"/staff/reviews/{public_id}", done="saved" if decision.shown_at else "decided")


def _read(sent: Sent) -> DecisionForm:
    """The decision as sent: inputs named answer-RULE and comment-RULE become mappings by rule."""
    plain = {name: value for name, value in sent.simple().items() if not name.startswith(("answer-", "comment-"))}
    answers = {name.removeprefix("answer-"): sent.get(name) for name in sent.values if name.startswith("answer-")}
    comments = {name.removeprefix("comment-"): sent.get(name) for name in sent.values if name.startswith("comment-")}
    try:
        return read(DecisionForm, plain | {"answers": answers, "comments": comments})
    except Invalid as problem:
        raise Invalid({_input_of(field): sentence for field, sentence in problem.errors.items()}) from None


def _input_of(field: str) -> str:
    group, _, key = field.partition("-")
    return f"{group.removesuffix('s')}-{key}" if group in ("answers", "comments") and key else field

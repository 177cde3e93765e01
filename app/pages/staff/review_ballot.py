"""The list of the ballot: the projects that can be put on it, with what their checks still lack."""

from fastapi import APIRouter, Request, Response

from app.core.problems import Conflict
from app.editions.models import Edition
from app.editions.queries import find_edition, programme_of
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official
from app.review import ballot
from app.review.diligence import unfinished
from app.review.queue import Pile, pile_sizes
from app.unit import Work

router = APIRouter(include_in_schema=False)


@router.get("/staff/editions/{slug}/ballot-list", dependencies=[staff("put_on_ballot")])
def ballot_list(request: Request, work: InWork, slug: Address) -> Response:
    """The projects that can be put on the ballot, to be read before they are."""
    return _page(request, work, find_edition(work, slug, drafts=True))


@router.post("/staff/editions/{slug}/ballot-list", dependencies=[staff("put_on_ballot")])
def put_on_ballot(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Put every project of the list that was read on the ballot."""
    edition = find_edition(work, slug, drafts=True)
    try:
        ballot.put_on_ballot(work, edition, sent.all("project"), by=who)
    except Conflict as problem:
        work.db.rollback()
        return _page(request, work, find_edition(work, slug, drafts=True), problem)
    return go(f"/staff/reviews?edition={slug}&state={Pile.ON_BALLOT}", done="saved")


def _page(request: Request, work: Work, edition: Edition, problem: Conflict | None = None) -> Response:
    programme, sizes = programme_of(work, edition), pile_sizes(work, [edition])[edition.id or 0]
    projects = ballot.ballot_candidates(work, edition)
    undecided = sizes[Pile.WAITING] + sizes[Pile.INCOMPLETE] + sizes[Pile.UNDER_REVIEW]
    return staff_page(
        request,
        "staff/reviews/ballot_list.html",
        status=problem.status if problem else 200,
        zone=programme.zone,
        currency=programme.currency,
        edition=edition,
        projects=projects,
        lacking={one.public_id for one in unfinished(work, projects)},
        undecided=undecided + (sizes[Pile.ADMISSIBLE] if edition.review_step else 0),
        conflict=problem.message if problem else None,
    )

"""The home page, and the short pages about this site."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.accessibility import statement
from app.editions.calls import call_of, share_of
from app.editions.queries import current_edition, is_past, listed_editions, ranked
from app.editions.spoken import steps
from app.http.answers import page
from app.http.audience import EVERYONE
from app.http.unchanged import UnchangedRoute, until_changed
from app.http.unit_of_work import InWork
from app.proposals.queries import public_count
from app.review.public import STATES_SHOWN, Shown

router = APIRouter(include_in_schema=False, route_class=UnchangedRoute)


@router.get("/", dependencies=[EVERYONE])
@until_changed
def home(request: Request, work: InWork) -> Response:
    editions = ranked(listed_editions(work), work.now)
    if not editions:
        return page(request, "home/before.html")
    first = editions[0]
    others = [(listed, call_of(listed, work.now)) for listed in editions[1:] if not is_past(listed.calendar, work.now)]
    past = [listed for listed in editions[1:] if is_past(listed.calendar, work.now)]
    count = public_count(work, first.edition, STATES_SHOWN[Shown.ACCEPTED])
    return page(
        request, "home/home.html", zone=first.programme.zone, edition=first.edition, programme=first.programme,
        call=call_of(first, work.now), share=share_of(first.edition), steps=steps(first.calendar, work.now),
        others=others, past=past, count=count,
    )  # fmt: skip


@router.get("/rules", dependencies=[EVERYONE])
def rules(request: Request, work: InWork) -> Response:
    """The way to the rules of the edition that matters most now."""
    edition = current_edition(work)
    return RedirectResponse(f"/editions/{edition.slug}/rules", status_code=303) if edition else page(request, "home/before.html")


@router.get("/how-it-works", dependencies=[EVERYONE])
@until_changed
def how_it_works(request: Request) -> Response:
    return page(request, "home/how-it-works.html")


@router.get("/privacy", dependencies=[EVERYONE])
@until_changed
def privacy(request: Request) -> Response:
    return page(request, "home/privacy.html")


@router.get("/accessibility", dependencies=[EVERYONE])
@until_changed
def accessibility(request: Request) -> Response:
    return page(request, "home/accessibility.html", statement=statement())


@router.get("/source", dependencies=[EVERYONE])
@until_changed
def source(request: Request) -> Response:
    return page(request, "home/source.html")

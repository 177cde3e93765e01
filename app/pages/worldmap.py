"""The projects on a map of the world, drawn by the server, with the list that says the same."""

from fastapi import APIRouter, Request, Response

from app.editions.queries import find_edition, programme_of
from app.http.answers import page
from app.http.audience import EVERYONE
from app.http.language import language_of
from app.http.unchanged import UnchangedRoute, until_changed
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.proposals.search import bare
from app.rendering import country, render, speaking
from app.review.worldmap import HEIGHT, WIDTH, countries_with_projects, outlines

router = APIRouter(include_in_schema=False, route_class=UnchangedRoute)


@router.get("/editions/{slug}/map", dependencies=[EVERYONE])
@until_changed
def show(request: Request, work: InWork, slug: Address) -> Response:
    """The map and the list of countries with their projects."""
    edition = find_edition(work, slug)
    with speaking(language_of(request)):
        found = sorted(countries_with_projects(work, edition), key=lambda one: bare(country(one.iso2)))
    return page(
        request, "projects/map.html", zone=programme_of(work, edition).zone, edition=edition, found=found, width=WIDTH, height=HEIGHT
    )


@router.get("/editions/{slug}/map.svg", dependencies=[EVERYONE])
@until_changed
def drawing(request: Request, work: InWork, slug: Address) -> Response:
    """The drawing: countries with projects are filled and bear how many."""
    edition = find_edition(work, slug)
    values = {
        "many": {one.iso2: len(one.projects) for one in countries_with_projects(work, edition)}, "outlines": outlines(),
        "width": WIDTH, "height": HEIGHT, "name": edition.name,
    }  # fmt: skip
    drawn = render("projects/map.svg", values, language=language_of(request))
    return Response(drawn, media_type="image/svg+xml")

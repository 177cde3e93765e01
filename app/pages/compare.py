"""Two projects side by side, before the vote: the same questions, the two answers."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.core.messages import Message, say
from app.core.problems import Missing
from app.editions.models import Edition
from app.editions.queries import find_edition, programme_of
from app.http.answers import page
from app.http.audience import EVERYONE
from app.http.language import language_of
from app.http.unit_of_work import InWork
from app.pages.addresses import NOTHING, Address
from app.polls.candidates import details_of
from app.proposals.queries import ProjectCard, project_by_public_id, public_projects
from app.review.public import STATES_SHOWN, Shown
from app.review.sheet import sheet_of
from app.unit import Work

router = APIRouter(include_in_schema=False)
MOST = 1000
"""How many projects a list without pages may hold."""
Picked = Annotated[str, Query(max_length=80)]
SAME = say("Choose two different projects.")


@router.get("/editions/{slug}/compare", dependencies=[EVERYONE])
def show(request: Request, work: InWork, slug: Address, a: Picked = "", b: Picked = "") -> Response:
    """The two projects in one table; with fewer than two, only the form that asks for them."""
    edition = find_edition(work, slug)
    cards = accepted(work, edition, language_of(request))
    picked = [one for one in (a, b) if one]
    check_known(picked, cards)
    error: Message | None = SAME if a and a == b else None
    pair = [] if error or len(picked) < 2 else picked
    sheets = [sheet_of(work, project_by_public_id(work, one)) for one in pair]
    return page(
        request, "projects/compare.html", zone=programme_of(work, edition).zone, edition=edition, cards=list(cards.values()), a=a, b=b,
        error=error, sheets=sheets, details=details_of(work, edition.id or 0, pair) if pair else {}, status=422 if error else 200,
    )  # fmt: skip


def accepted(work: Work, edition: Edition, language: str) -> dict[str, ProjectCard]:
    """The public projects that are not refused, by public id, in the order of their numbers; two statements."""
    found, _ = public_projects(work, edition, per_page=MOST, language=language, states=STATES_SHOWN[Shown.ACCEPTED])
    return {card.public_id: card for card in sorted(found, key=lambda card: (card.number or 0, card.public_id))}


def check_known(ids: list[str], cards: dict[str, ProjectCard]) -> None:
    """Raise Missing where one of these is no project of the list."""
    if not all(one in cards for one in ids):
        raise Missing(NOTHING)

"""A shortlist by link: the address names the projects, nobody is asked who reads it, and nothing is kept.

Like the booth this page looks at no cookie, so that no request carries both a person and what the person likes.
"""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from app.core.ballots import AnyStyle
from app.core.calendar import Stage
from app.core.money import Money
from app.core.problems import Missing
from app.editions.queries import find_edition
from app.http.audience import VOTER
from app.http.quiet import quiet_page, spoken
from app.http.quiet_route import QuietRoute
from app.http.unit_of_work import InReading
from app.pages.addresses import NOTHING, Address
from app.pages.compare import accepted
from app.polls.ballot_paper import BallotPaper, paper_of

router = APIRouter(include_in_schema=False, route_class=QuietRoute)
LONGEST = 50
"""How many projects an address may name."""
Noted = Annotated[list[str] | None, Query(max_length=LONGEST)]


@router.get("/editions/{slug}/shortlist", dependencies=[VOTER])
def show(request: Request, work: InReading, slug: Address, p: Noted = None, lang: Annotated[str, Query(max_length=10)] = "") -> Response:
    """The projects that the address names, each with a link that leaves it out, and all others, each with a link that adds it."""
    edition, language = find_edition(work, slug), spoken(lang, request)
    cards, noted = accepted(work, edition, language), list(dict.fromkeys(p or []))
    if not all(one in cards for one in noted):
        raise Missing(NOTHING)
    paper = paper_of(work, edition.id or 0)
    asked = [money for one in noted if (money := cards[one].requested) is not None]

    def address(ids: list[str]) -> str:
        return f"/editions/{slug}/shortlist?{urlencode([*(('p', one) for one in ids), ('lang', language)])}"

    stage, others = paper.stage(work.now), [one for one in cards if one not in noted]
    return quiet_page(
        request, "booth/shortlist.html", language=language, zone=paper.zone, edition=edition, paper=paper,
        noted=[(cards[one], address([other for other in noted if other != one])) for one in noted],
        others=[(cards[one], address([*noted, one])) for one in others] if len(noted) < LONGEST else [],
        total=Money(sum(one.cents for one in asked), paper.slate.currency), stage=stage,
        entries=_entries(paper, noted) if stage is Stage.open else None,
    )  # fmt: skip


def _entries(paper: BallotPaper, noted: list[str]) -> list[str]:
    """The entries of a ballot that these projects make, in the order in which they were noted."""
    known = [one for one in noted if one in paper.slate.costs]
    return [entry for place, one in enumerate(known, 1) for entry in _entry(paper.style, one, place)]


def _entry(style: AnyStyle | None, id: str, place: int) -> tuple[str, ...]:
    """What choosing a project writes on a ballot; points and grades are the voter's to give."""
    if style is None or style.kind in ("points", "grades"):
        return ()
    return style.entries({id: place if style.kind == "ranking" else 1})

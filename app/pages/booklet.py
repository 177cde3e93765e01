"""The vote on paper, in large print: a booklet of the projects, and a ballot to mark with a pen, both with the numbers of the booth."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.core.ballots import AnyStyle, Grades, Points, Ranking, Star
from app.core.messages import Localised, Message, say
from app.core.sides import Side
from app.http.audience import VOTER
from app.http.quiet import quiet_page, spoken
from app.http.quiet_route import QuietRoute
from app.http.unit_of_work import InReading, acting_as
from app.pages.addresses import Address
from app.pages.booth_view import options_of
from app.polls.ballot_paper import BallotPaper, paper_at
from app.polls.candidates import details_of
from app.unit import Work

router = APIRouter(include_in_schema=False, route_class=QuietRoute)
Language = Annotated[str, Query(max_length=10)]
Words = Message | Localised | str
CROSS = say("Put a cross in the box of each project you choose.")
CROSS_IN_ONE = say("For each project, put a cross in one box at most.")
HOW_TO_MARK: dict[str, Message] = {
    "approval": CROSS, "knapsack": CROSS, "grades": CROSS_IN_ONE, "for_against": CROSS_IN_ONE,
    "points": say("Write your points in the boxes; a box left empty gives none."),
    "ranking": say("Write 1 in the box of your first choice, 2 in that of the second, and so on."),
    "star": say("Put a cross in the first box of each project you choose; to give it a star, put one in the second box as well."),
}  # fmt: skip


@router.get("/editions/{slug}/booklet", dependencies=[VOTER])
@acting_as(Side.BOX)
def booklet(request: Request, work: InReading, slug: Address, lang: Language = "") -> Response:
    """The projects of the ballot in the order of their numbers."""
    return _on_paper(request, work, slug, lang, "booth/booklet.html")


@router.get("/editions/{slug}/paper-ballot", dependencies=[VOTER])
@acting_as(Side.BOX)
def ballot(request: Request, work: InReading, slug: Address, lang: Language = "") -> Response:
    """The ballot to be marked with a pen."""
    return _on_paper(request, work, slug, lang, "booth/paper_ballot.html")


def _on_paper(request: Request, work: Work, slug: str, lang: str, template: str) -> Response:
    """The sheet; until the ballot is fixed, the page that says when the vote is."""
    paper, language = paper_at(work, slug), spoken(lang, request)
    if paper.style is None:
        return quiet_page(request, "booth/shut.html", language=language, zone=paper.zone, paper=paper, stage=paper.stage(work.now))
    projects = sorted(paper.candidates, key=lambda one: one.number)
    return quiet_page(
        request, template, language=language, zone=paper.zone, paper=paper, projects=projects, rule=paper.style.rule_line(paper.slate),
        details=details_of(work, paper.edition_id, [one.id for one in projects]), how=HOW_TO_MARK[paper.style.kind],
        boxes=boxes_of(paper.style), grades=_grades(paper), wide=isinstance(paper.style, Points | Ranking),
    )  # fmt: skip


def boxes_of(style: AnyStyle) -> list[Words]:
    """What stands beside each box of a project, in the order of the boxes; the letters of grades are those that the desk types."""
    match style:
        case Grades():
            return [chr(ord("A") + place) for place in range(len(style.grades))]
        case Points():
            return [say("Points")]
        case Star():
            return [say("Chosen"), say("Star")]
        case _:
            return [words for mark, words in options_of(style) if mark != ""] or [""]


def _grades(paper: BallotPaper) -> list[tuple[Words, Words]]:
    """What each letter means, on a ballot of grades."""
    if not isinstance(paper.style, Grades):
        return []
    return list(zip(boxes_of(paper.style), [words for mark, words in options_of(paper.style) if mark != ""], strict=True))

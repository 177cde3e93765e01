"""Changing one's vote, in the editions that allow it: the new ballot with the two codes of the one that it replaces, and no voting key."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from app.core.credentials import normalised
from app.core.messages import say
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.core.sides import Side
from app.core.transparency import from_letters
from app.http.audience import VOTER
from app.http.forms import Sent, SentForm
from app.http.looks import shown_look
from app.http.quiet import spoken
from app.http.quiet_route import QuietRoute
from app.http.unit_of_work import acting_as, opened
from app.pages.addresses import Address
from app.pages.booth import NOT_READY, late_page, review_page, slip_in
from app.pages.booth_view import hand_of
from app.pages.receipts import receipt_page
from app.polls.ballot_paper import BallotPaper, paper_at
from app.unit import Work
from app.voting.changing import NOT_ALLOWED, change
from app.voting.service import Receipt

router = APIRouter(include_in_schema=False, route_class=QuietRoute)
NO_CODE = say("A change code has 26 letters and figures. It stands under the tracking code, on the receipt as it was first shown.")
CODES = ("tracking_code", "change_code")


@router.post("/editions/{slug}/ballot-change", dependencies=[VOTER])
@acting_as(Side.BOX)
def replace(request: Request, slug: Address, sent: SentForm) -> Response:
    """Replace a ballot: committed first, then answered by the new receipt with its new change code; sent again, the same."""
    request.state.spoken = spoken(sent.get("lang"), request)
    with opened(request, writing=False) as reading:
        paper_at(reading, slug)
    try:
        with opened(request, writing=True) as work:
            paper = paper_at(work, slug)
            receipt = _replaced(work, sent, paper)
            return receipt_page(work, receipt, paper, request.state.spoken, shown_look(request))
    except (Invalid, Refused) as problem:
        with opened(request, writing=False) as reading:
            paper = paper_at(reading, slug)
            hand = hand_of(reading, paper, sent)
            if isinstance(problem, Refused):
                return late_page(request, reading, paper, hand, problem.message)
            return review_page(request, paper, hand, problem.errors, {name: sent.get(name)[:80] for name in CODES})


def _replaced(work: Work, sent: Sent, paper: BallotPaper) -> Receipt:
    """The new receipt. Raises Refused, and Invalid at the field that is wrong."""
    if paper.style is None or paper.opens is None or paper.closes is None:
        raise Refused(NOT_READY)
    if not paper.change_of_vote:
        raise Invalid({"": NOT_ALLOWED})
    style, opens, closes = paper.style, paper.opens, paper.closes
    secret = _secret(sent.get("change_code"))
    return _at_its_field(
        lambda: change(
            work, paper.edition_id, sent.get("tracking_code"), secret, slip_in(sent), style=style, candidates=paper.slate, opens=opens,
            closes=closes,
        )
    )  # fmt: skip


def _secret(typed: str) -> str:
    try:
        return from_letters(normalised(typed.strip()))
    except ValueError:
        raise Invalid({"change_code": NO_CODE}) from None


def _at_its_field(replace: Callable[[], Receipt]) -> Receipt:
    """What speaks against the ballot to be replaced is told where its code was typed."""
    try:
        return replace()
    except (Missing, Conflict) as problem:
        raise Invalid({"tracking_code": problem.message}) from None

"""The booth: choose, check, send. The ballot travels in the form alone; no cookie is read and none is set on the whole way."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.core.calendar import Stage
from app.core.messages import Message, say
from app.core.problems import Invalid, Refused
from app.core.sides import Side
from app.http.audience import VOTER
from app.http.forms import Sent, SentForm
from app.http.looks import shown_look
from app.http.quiet import quiet_page, spoken
from app.http.quiet_route import QuietRoute
from app.http.unit_of_work import InCasting, InReading, acting_as, opened
from app.pages.addresses import Address
from app.pages.booth_view import Hand, booth, changed, common, empty_hand, hand_of
from app.pages.receipts import receipt_page
from app.pages.straight import Elsewhere, StraightRoute, Then
from app.polls.ballot_paper import BallotPaper, paper_at, with_paper
from app.proposals.queries import ORDERS
from app.unit import AtCore, Work
from app.voting import service as voting
from app.voting.box import AlreadyVoted
from app.voting.casting import Proviso

router = APIRouter(include_in_schema=False, route_class=QuietRoute)
straight = APIRouter(include_in_schema=False, route_class=StraightRoute)
NOT_READY = say("The ballot of this vote is not ready yet, so nothing was recorded. The city's desk can say when it will be.")
CHANGE_IT = say("A vote was already cast with this voting key. Nothing was changed: that takes the two codes of its receipt.")
Language = Annotated[str, Query(max_length=10)]


@router.get("/editions/{slug}/vote", dependencies=[VOTER])
@acting_as(Side.BOX)
def enter(
    request: Request, work: InReading, slug: Address, lang: Language = "", order: Annotated[int | None, Query(ge=0, lt=ORDERS)] = None
) -> Response:
    """The booth with an empty ballot; before and after the vote, a page with its dates."""
    paper, hand = paper_at(work, slug), empty_hand(work, spoken(lang, request), order)
    return _booth(request, work, paper, hand) or _shut(request, work, paper, hand.language)


@router.post("/editions/{slug}/vote", dependencies=[VOTER])
@acting_as(Side.BOX)
def choose(request: Request, work: InReading, slug: Address, sent: SentForm) -> Response:
    """The booth after a press: the same page again, with the ballot as it now is."""
    paper = paper_at(work, slug)
    hand, said = changed(work, paper, hand_of(work, paper, sent), sent) if paper.style else (hand_of(work, paper, sent), None)
    request.state.spoken = hand.language
    return _booth(request, work, paper, hand, said) or late_page(request, work, paper, hand)


@router.get("/editions/{slug}/vote/review", dependencies=[VOTER])
def review_again(slug: Address) -> Response:
    """A reload by its address: the ballot was in the form, so the way leads back to the booth."""
    return RedirectResponse(f"/editions/{slug}/vote", status_code=303)


@router.post("/editions/{slug}/vote/review", dependencies=[VOTER])
@acting_as(Side.BOX)
def review(request: Request, work: InReading, slug: Address, sent: SentForm) -> Response:
    """The ballot to be checked, with the key to be got beside it."""
    paper = paper_at(work, slug)
    hand = hand_of(work, paper, sent)
    request.state.spoken = hand.language
    if hand.typed and (again := _booth(request, work, paper, hand, status=422)):
        return again
    if paper.stage(work.now) is not Stage.open:
        return late_page(request, work, paper, hand)
    return review_page(request, paper, hand)


@straight.post("/editions/{slug}/ballot", dependencies=[VOTER], response_model=None)
@acting_as(Side.BOX)
def send(request: Request, work: InCasting, slug: Address, sent: SentForm) -> Response | Then:
    """Cast the ballot: committed first, answered then by the way to its receipt."""
    request.state.spoken = spoken(sent.get("lang"), request)
    try:
        receipt, paper = with_paper(work, slug, partial(_cast, work, sent))
    except (Invalid, AlreadyVoted, Refused) as problem:
        raise Elsewhere(partial(_not_cast, request, slug, sent, problem)) from None
    if receipt.secret:
        # The code of a change may stand in no address, so the answer is the receipt itself; sent again, the same.
        return receipt_page(work, receipt, paper, request.state.spoken, shown_look(request))
    return Then(lambda: RedirectResponse(f"/receipts/{receipt.tracking_code}?lang={request.state.spoken}", status_code=303))


@router.get("/editions/{slug}/ballot", dependencies=[VOTER])
@router.get("/editions/{slug}/ballot-change", dependencies=[VOTER])
def sent_again(slug: Address) -> Response:
    """A reload by its address: the ballot was in the form, so the way leads back to the booth."""
    return RedirectResponse(f"/editions/{slug}/vote", status_code=303)


def _cast(work: AtCore, sent: Sent, paper: BallotPaper, proviso: Proviso | None) -> tuple[voting.Receipt, BallotPaper]:
    if paper.style is None or paper.opens is None or paper.closes is None:
        raise Refused(NOT_READY)
    receipt = voting.cast(
        work, paper.edition_id, sent.get("credential"), slip_in(sent), style=paper.style, candidates=paper.slate, opens=paper.opens,
        closes=paper.closes, zone=paper.zone, proviso=proviso,
    )  # fmt: skip
    return receipt, paper


def slip_in(sent: Sent) -> voting.Slip:
    """The ballot in a form: sealed by the browser, or as it was filled in."""
    return voting.Slip(tuple(sent.all("choice")), sent.get("seed"), sent.get("sealed"), sent.get("change"))


def _not_cast(request: Request, slug: str, sent: SentForm, problem: Invalid | AlreadyVoted | Refused) -> Response:
    """Nothing was recorded: say why, and lose none of the choices."""
    with opened(request, writing=False) as work:
        paper = paper_at(work, slug)
        hand = hand_of(work, paper, sent)
        if isinstance(problem, Invalid) and paper.stage(work.now) is Stage.open:
            return review_page(request, paper, hand, problem.errors)
        if isinstance(problem, AlreadyVoted):
            message = CHANGE_IT if problem.how == "online" and paper.change_of_vote else problem.message
            return _told(request, paper, hand, "booth/stands.html", 409, message, how=problem.how)
        return late_page(request, work, paper, hand, None if isinstance(problem, Invalid) else problem.message)


def _booth(
    request: Request, work: Work, paper: BallotPaper, hand: Hand, said: Message | None = None, status: int = 200
) -> Response | None:
    """The booth, None unless the vote is open."""
    if paper.stage(work.now) is not Stage.open:
        return None
    template = "booth/_booth.html" if request.headers.get("HX-Request") == "true" else "booth/booth.html"
    answer = quiet_page(request, template, language=hand.language, zone=paper.zone, status=status, **booth(work, paper, hand, said))
    answer.headers["Vary"] = "HX-Request"
    return _found_again(answer, hand)


def review_page(
    request: Request, paper: BallotPaper, hand: Hand, errors: dict[str, Message] | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    """The page on which a ballot is checked and sent; `typed` are the codes of a change that was refused."""
    values = common(paper, hand)
    problems = () if hand.sealed else values["problems_told"]
    shown = {name: message for name, message in (errors or {}).items() if name != "choice"}
    answer = quiet_page(
        request, "booth/review.html", language=hand.language, zone=paper.zone, status=422 if problems or shown else 200, frames=True,
        problems=problems, errors=shown, typed=typed or {}, **values,
    )  # fmt: skip
    return _found_again(answer, hand)


def _found_again(answer: Response, hand: Hand) -> Response:
    """Let the browser show this page again on "Back", which it refuses for the answer to a form that may not be kept at all.

    A page that holds a voting key is never kept.
    """
    if not hand.credential:
        answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _shut(request: Request, work: Work, paper: BallotPaper, language: str) -> Response:
    """Before the vote, after it, or while its ballot is not fixed: when, and what to do meanwhile."""
    return quiet_page(request, "booth/shut.html", language=language, zone=paper.zone, paper=paper, stage=paper.stage(work.now))


def late_page(request: Request, work: Work, paper: BallotPaper, hand: Hand, message: Message | None = None) -> Response:
    """The vote is not open, but choices were made: they stay readable and can be printed."""
    if paper.style is None or paper.opens is None or paper.closes is None or (not hand.choices and message is None):
        return _shut(request, work, paper, hand.language)
    when = voting.too_early(paper.opens) if work.now < paper.opens else voting.too_late(paper.closes)
    return _told(request, paper, hand, "booth/late.html", 403, message or when)


def _told(request: Request, paper: BallotPaper, hand: Hand, template: str, status: int, message: Message, *, how: str = "") -> Response:
    return quiet_page(
        request, template, language=hand.language, zone=paper.zone, status=status, message=message, how=how, **common(paper, hand)
    )

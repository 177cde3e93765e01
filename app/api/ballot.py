"""The ballot of a vote, for programs: what stands on it, and casting one. No token, no cookie: a credential alone casts."""

import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from pydantic import Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.api import shapes
from app.api.editions import Slug
from app.api.problems import described
from app.core.ballots import AnyStyle
from app.core.forms import Form
from app.core.problems import Problem, Refused
from app.core.sides import Side
from app.core.transparency import as_letters
from app.http.audience import VOTER
from app.http.language import wished_language
from app.http.problems import BUSY
from app.http.unit_of_work import InCasting, InReading, acting_as
from app.polls.ballot_paper import BallotPaper, paper_at, with_paper
from app.polls.queries import NOT_FIXED
from app.rendering import speaking, translate
from app.settings import settings
from app.unit import AtCore
from app.voting import service as voting
from app.voting.casting import Proviso

log = logging.getLogger("quotepart")


class BoxRoute(APIRoute):
    """A route at the ballot box: a database error is logged by its kind alone, for its text could quote a ballot."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def quietly(request: Request) -> Response:
            try:
                return await handle(request)
            except (DBAPIError, PoolTimeout) as error:
                log.error("database, at the ballot box: %s", type(getattr(error, "orig", None) or error).__name__)
                busy = Problem(BUSY)
                busy.status = 503
                raise busy from None

        return quietly


router = APIRouter(route_class=BoxRoute)


class BallotForm(Form):
    """One ballot: the credential, the projects chosen (none for a blank ballot), and a random seed of the sender's."""

    credential: Annotated[str, Field(max_length=200, description="64 hexadecimal characters; spaces and hyphens do not matter.")]
    choices: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=1000)]
    seed: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22,64}$", description="At least 128 random bits, from the sender's own dice.")]


@router.get("/editions/{slug}/ballot", dependencies=[VOTER], responses=described(403, 404, 422))
@acting_as(Side.BOX)
def paper(request: Request, work: InReading, slug: Slug) -> shapes.BallotPaper:
    """What stands on the ballot paper, and between which instants it can be cast."""
    found = paper_at(work, slug)
    style = _style(found)
    limit = style.limit_cents(found.slate)
    with speaking(wished_language(request), found.zone):
        line = translate(style.rule_line(found.slate))
    return shapes.BallotPaper(
        opens=found.opens, closes=found.closes, rule=line, style=style.model_dump(mode="json"), most_choices=style.limit_choices(),
        most_money=None if limit is None else _cost(found, limit),
        projects=[
            shapes.Candidate(id=one.id, number=one.number, title=one.title, carrier=one.carrier, cost=_cost(found, one.cost_cents))
            for one in found.candidates
        ],
    )  # fmt: skip


@router.post("/editions/{slug}/ballot", dependencies=[VOTER], responses=described(403, 404, 409, 422))
@acting_as(Side.BOX)
def cast(work: InCasting, slug: Slug, ballot: BallotForm) -> shapes.Receipt:
    """Cast a ballot. The same credential, choices and seed give the same receipt; a spent credential gives 409 with anything else."""
    receipt = with_paper(work, slug, partial(_cast, work, ballot))
    code = receipt.tracking_code
    change = as_letters(receipt.secret) if receipt.secret else None
    return shapes.Receipt(tracking_code=code, leaf_hash=receipt.leaf_hash, url=f"{settings().base_url}/receipts/{code}", change_code=change)


def _cast(work: AtCore, ballot: BallotForm, found: BallotPaper, proviso: Proviso | None) -> voting.Receipt:
    style = _style(found)
    if found.opens is None or found.closes is None:
        raise Refused(NOT_FIXED)
    return voting.cast(
        work, found.edition_id, ballot.credential, voting.Slip(tuple(ballot.choices), ballot.seed), style=style, candidates=found.slate,
        opens=found.opens, closes=found.closes, zone=found.zone, proviso=proviso,
    )  # fmt: skip


def _cost(found: BallotPaper, cents: int) -> shapes.Amount:
    return shapes.Amount(cents=cents, currency=found.slate.currency)


def _style(found: BallotPaper) -> AnyStyle:
    """The ballot style of a paper. Raises Refused before the poll is fixed."""
    if found.style is None:
        raise Refused(NOT_FIXED)
    return found.style

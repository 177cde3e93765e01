"""One request, one transaction: opened at the edge, committed before the answer leaves.

With FastAPI's default scope the commit would run after the answer was sent: a failing commit would still have
told the visitor that all is well. `scope="function"` ends the dependency first.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, Request

from app.core.sides import Side
from app.database import at_the_box, session
from app.unit import CoreWork, Work, clock

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def acting_as(side: Side) -> Callable[[Endpoint], Endpoint]:
    """Written under the address of an endpoint whose requests take the database role of `side`; all others take the registrar's."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.side = side  # type: ignore[attr-defined]
        return endpoint

    return mark


def side_of(endpoint: object) -> Side:
    """The side that an endpoint acts as."""
    return getattr(endpoint, "side", Side.REGISTRAR)


def side_asked(request: Request) -> Side:
    """The side that the endpoint of a request acts as."""
    return side_of(request.scope.get("endpoint"))


@contextmanager
def opened(request: Request, *, writing: bool) -> Iterator[Work]:
    """The request's work, for as long as the block lasts: committed at its end if `writing`."""
    with session(request.app.state.engine, writing=writing, side=side_asked(request)) as db:
        if not writing and (facts := getattr(request.state, "facts", None)) is not None:
            facts.lend(db)
        yield Work(db, now_of(request))


@contextmanager
def opened_at_core(request: Request, *, writing: bool) -> Iterator[CoreWork]:
    """The request's work on the path of a ballot, without a session: what is written is committed once the block is left."""
    with at_the_box(request.app.state.engine, writing=writing) as core:
        yield CoreWork(core, now_of(request))


def instant(app: FastAPI) -> datetime:
    """The present instant, by the clock of the application."""
    return getattr(app.state, "clock", clock)()


def now_of(request: Request) -> datetime:
    """The instant of a request."""
    return instant(request.app)


def unit_of_work(request: Request) -> Iterator[Work]:
    """The request's work: reading only for safe methods, the writer's lock from the start for all others."""
    with opened(request, writing=request.method not in SAFE_METHODS) as work:
        yield work


def reading_work(request: Request) -> Iterator[Work]:
    """The work of a request that only reads, whatever its method: the booth is sent by POST and writes nothing."""
    with opened(request, writing=False) as work:
        yield work


def casting_work(request: Request) -> Iterator[CoreWork]:
    """The work of a request that casts a ballot."""
    with opened_at_core(request, writing=True) as work:
        yield work


def receipt_work(request: Request) -> Iterator[CoreWork]:
    """The work of a request that reads on the path of a ballot."""
    with opened_at_core(request, writing=False) as work:
        yield work


InWork = Annotated[Work, Depends(unit_of_work, scope="function")]
InReading = Annotated[Work, Depends(reading_work, scope="function")]
InCasting = Annotated[CoreWork, Depends(casting_work, scope="function")]
InReceipt = Annotated[CoreWork, Depends(receipt_work, scope="function")]

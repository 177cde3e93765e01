"""One request, one transaction: opened at the edge, committed before the answer leaves.

With FastAPI's default scope the commit would run after the answer was sent: a failing commit would still have
told the visitor that all is well. `scope="function"` ends the dependency first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request

from app.database import session
from app.unit import Work, clock

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@contextmanager
def opened(request: Request, *, writing: bool) -> Iterator[Work]:
    """The request's work, for as long as the block lasts: committed at its end if `writing`."""
    now = getattr(request.app.state, "clock", clock)()
    with session(request.app.state.engine, writing=writing) as db:
        yield Work(db, now)


def unit_of_work(request: Request) -> Iterator[Work]:
    """The request's work: reading only for safe methods, the writer's lock from the start for all others."""
    with opened(request, writing=request.method not in SAFE_METHODS) as work:
        yield work


def reading_work(request: Request) -> Iterator[Work]:
    """The work of a request that only reads, whatever its method: the booth is sent by POST and writes nothing."""
    with opened(request, writing=False) as work:
        yield work


InWork = Annotated[Work, Depends(unit_of_work, scope="function")]
InReading = Annotated[Work, Depends(reading_work, scope="function")]

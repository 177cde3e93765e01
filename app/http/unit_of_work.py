"""One request, one transaction: opened at the edge, committed before the answer leaves.

With FastAPI's default scope the commit would run after the answer was sent: a failing commit would still have
told the visitor that all is well. `scope="function"` ends the dependency first.
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request

from app.database import session
from app.unit import Work, clock

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def unit_of_work(request: Request) -> Iterator[Work]:
    """The request's work: reading only for safe methods, the writer's lock from the start for all others."""
    writing = request.method not in SAFE_METHODS
    now = getattr(request.app.state, "clock", clock)()
    with session(request.app.state.engine, writing=writing) as db:
        yield Work(db, now)


InWork = Annotated[Work, Depends(unit_of_work, scope="function")]

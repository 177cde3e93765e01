"""The shortest way from a request to its answer, for the two addresses that a whole city asks on the last evening of a vote."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from inspect import signature
from typing import Any, TypeAlias, TypeVar

from anyio import CapacityLimiter
from anyio.lowlevel import current_token
from anyio.to_thread import run_sync
from fastapi import Request, Response
from sqlalchemy import Connection

from app.http.audience import Voter
from app.http.forms import read_form
from app.http.quiet_route import Handler, QuietRoute
from app.http.unit_of_work import SAFE_METHODS, casting_work, now_of, opened_at_core, receipt_work
from app.loop_box import LoopBox
from app.pages.addresses import ours
from app.unit import CoreWork

THREADS = CapacityLimiter(20)
"""Of their own: slow pages, which share forty others, cannot keep a ballot waiting where it goes by threads, nor its refusal."""


@dataclass(frozen=True)
class Then:
    """What the endpoint of a straight route gives whose answer is to be made once what it wrote is committed."""

    answer: Callable[[], Response]


class Elsewhere(Exception):
    """Raised by the endpoint of a straight route for an answer that needs more than its own connection: `draw` makes it on a thread."""

    def __init__(self, draw: Callable[[], Response]) -> None:
        super().__init__()
        self.draw = draw


T = TypeVar("T")
Endpoint: TypeAlias = Callable[..., Response | Then]


class StraightRoute(QuietRoute):
    """A quiet route that hands its endpoint the request, its work, the parts of its address and, where one is sent, the form: nothing else.

    FastAPI finds out at each request what an endpoint depends on, which takes longer than checking a ballot. An audience that has
    to ask who is there could not be skipped like this, so only `VOTER` is accepted, and no other parameter or dependency: any
    raises TypeError at start-up, for it would be forgotten at each request.

    On PostgreSQL the endpoint runs on the event loop and only its connection is waited for: it may do nothing else that waits.
    """

    def handler(self) -> Handler:
        endpoint, sends = self.endpoint, not (self.methods or set()) & SAFE_METHODS
        given_to_it = {"request", "work", *self.param_convertors, *(("sent",) if sends else ())}
        if set(signature(endpoint).parameters) != given_to_it:
            raise TypeError(f"{self.path}: the endpoint of a straight route is given {', '.join(sorted(given_to_it))}, and nothing else")
        asked = {part.name: part.call for part in self.dependant.dependencies if part.name is not None}
        if asked.get("work") is not (casting_work if sends else receipt_work):
            raise TypeError(f"{self.path}: the work of a straight route is one connection and no session")
        if not all(isinstance(part.call, Voter) for part in self.dependant.dependencies if part.name is None):
            raise TypeError(f"{self.path} asks who is there, or for something else, so its route cannot be a straight one")

        async def straight(request: Request) -> Response:
            given: dict[str, Any] = {name: ours(part) for name, part in request.path_params.items()}
            if sends:
                given["sent"] = await read_form(request)
            try:
                done = await _done(request, partial(endpoint, request, **given), writing=sends)
                return done.answer() if isinstance(done, Then) else done
            except Elsewhere as way:
                return await _on_a_thread(way.draw)
            finally:
                await request.close()

        return straight


async def _done(request: Request, endpoint: Endpoint, *, writing: bool) -> Response | Then:
    box: LoopBox | None = getattr(request.app.state, "box", None)
    if box is None or box.loop != current_token():
        return await _on_a_thread(partial(_with_work, request, endpoint, writing))

    def act(core: Connection) -> Response | Then:
        return endpoint(work=CoreWork(core, now_of(request)))

    return await box.run(act)


def _with_work(request: Request, endpoint: Endpoint, writing: bool) -> Response | Then:
    with opened_at_core(request, writing=writing) as work:
        return endpoint(work=work)


async def _on_a_thread(act: Callable[[], T]) -> T:
    return await run_sync(act, limiter=THREADS)

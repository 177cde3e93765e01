"""The shortest way from a request to its answer, for the two addresses that a whole city asks on the last evening of a vote."""

from asyncio import get_running_loop
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from inspect import signature
from typing import Any

from fastapi import Request, Response

from app.http.audience import Voter
from app.http.forms import read_form
from app.http.quiet_route import Handler, QuietRoute
from app.http.unit_of_work import SAFE_METHODS
from app.pages.addresses import ours

THREADS = ThreadPoolExecutor(20, "ballots")
"""Of their own, twice as many as the connections of this path: slow pages, which share forty others, cannot keep a ballot waiting.

A plain pool, for handing a request to the limited threads of the other pages takes as long as a tenth of a ballot.
"""


class StraightRoute(QuietRoute):
    """A quiet route that hands its endpoint the request, the parts of its address and, where one is sent, the form: nothing else.

    FastAPI finds out at each request what an endpoint depends on, which takes longer than checking a ballot. An audience that has
    to ask who is there could not be skipped like this, so only `VOTER` is accepted, and no other parameter or dependency: any
    raises TypeError at start-up, for it would be forgotten at each request.
    """

    def handler(self) -> Handler:
        endpoint, sends = self.endpoint, not (self.methods or set()) & SAFE_METHODS
        given_to_it = {"request", *self.param_convertors, *(("sent",) if sends else ())}
        if set(signature(endpoint).parameters) != given_to_it:
            raise TypeError(f"{self.path}: the endpoint of a straight route is given {', '.join(sorted(given_to_it))}, and nothing else")
        asked = [part.call for part in self.dependant.dependencies if part.name is None]
        if not all(isinstance(one, Voter) for one in asked):
            raise TypeError(f"{self.path} asks who is there, or for something else, so its route cannot be a straight one")

        async def straight(request: Request) -> Response:
            given: dict[str, Any] = {name: ours(part) for name, part in request.path_params.items()}
            if sends:
                given["sent"] = await read_form(request)
            try:
                answer: Response = await get_running_loop().run_in_executor(THREADS, partial(endpoint, request, **given))
            finally:
                await request.close()
            return answer

        return straight

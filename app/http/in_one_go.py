"""The page of a visitor, made in one go: its work opened, its address read and its answer made in one thread.

FastAPI takes a trip to another thread for each thing that an endpoint depends on, which costs more than such a page itself. Kept pages
(app/http/unchanged.py) depend on three things alone: that they are for everyone, the request's work, and who asks (here: nobody).
"""

from collections.abc import Callable
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError

from app.http.audience import EVERYONE
from app.http.identity import asking
from app.http.unit_of_work import opened, unit_of_work


class InOneGo:
    """Answers as the endpoint of `dependant` would answer a visitor who brings no session. Raises TypeError where it depends on more."""

    def __init__(self, dependant: Dependant) -> None:
        self._reads, self._call = dependant, _call_of(dependant)
        self._request = dependant.request_param_name
        self._work = self._who = None
        for one in dependant.dependencies:
            if one.call is unit_of_work:
                self._work = one.name
            elif one.call is asking:
                self._who = one.name
            elif one.call is not EVERYONE.dependency:
                raise TypeError(f"{self._call.__name__}: the page of a visitor depends on its work and on who asks, on nothing else")

    def __call__(self, request: Request) -> Response:
        """The answer. Raises RequestValidationError for an address that the endpoint cannot read, and whatever the endpoint raises."""
        request.state.person = None
        in_path, wrong = request_params_to_args(self._reads.path_params, request.path_params)
        in_query, wrong_too = request_params_to_args(self._reads.query_params, request.query_params)
        if wrong or wrong_too:
            raise RequestValidationError([*wrong, *wrong_too])
        values: dict[str, Any] = {**in_path, **in_query}
        if self._request:
            values[self._request] = request
        if self._who:
            values[self._who] = None
        if not self._work:
            return self._answer(values)
        with opened(request, writing=False) as work:
            return self._answer({**values, self._work: work})

    def _answer(self, values: dict[str, Any]) -> Response:
        answer: Response = self._call(**values)
        return answer


def _call_of(dependant: Dependant) -> Callable[..., Any]:
    if dependant.call is None or dependant.header_params or dependant.cookie_params or dependant.body_params:
        raise TypeError("the page of a visitor reads its address, and nothing else of a request")
    return dependant.call

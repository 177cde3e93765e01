"""Errors between a resident and the ballot box: told without looking at a cookie, logged without a word of the request."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.messages import say
from app.core.problems import Invalid, Problem
from app.database import WrongSide
from app.http.problems import misdirected, or_in_doubt, trouble_of, with_patience
from app.http.quiet import quiet_page, spoken

log = logging.getLogger("quotepart")


def quiet_problem(request: Request, problem: Problem) -> Response:
    """The page of a problem, for nobody in particular."""
    language = getattr(request.state, "spoken", None) or spoken(request.query_params.get("lang", ""), request)
    page = quiet_page(request, "booth/problem.html", language=language, status=problem.status, message=problem.message)
    return with_patience(page, problem)


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class QuietRoute(APIRoute):
    """A route whose errors are answered quietly. A database error is logged by its kind alone: its text could quote a ballot."""

    def get_route_handler(self) -> Handler:
        handle = self.handler()

        async def quietly(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem as problem:
                return quiet_problem(request, problem)
            except RequestValidationError:
                return quiet_problem(request, Invalid({"": say("This value is not among those offered.")}))
            except WrongSide as error:
                log.error("at the ballot box: %s", error)
                return quiet_problem(request, misdirected())
            except (DBAPIError, PoolTimeout) as error:
                log.error("database, at the ballot box: %s", type(getattr(error, "orig", None) or error).__name__)
                return quiet_problem(request, or_in_doubt(request, trouble_of(error)))

        return quietly

    def handler(self) -> Handler:
        """What answers where nothing goes wrong."""
        return super().get_route_handler()

"""Typed errors become answers here and nowhere else: a page for people, `application/problem+json` for programs."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from app.core.messages import Message, say
from app.core.problems import Invalid, Missing, Problem
from app.database import WrongSide
from app.http.answers import came_from, page
from app.http.audience import SignInNeeded
from app.http.language import language_of
from app.http.safety import NO_SUCH_ADDRESS
from app.rendering import speaking, translate

log = logging.getLogger("quotepart")

TEMPLATES = {403, 404, 409, 413, 422, 429, 500}

OUR_FAULT = say("Something went wrong on our side. Nothing you sent was recorded; go back, your browser has kept it, and try again.")
MISDIRECTED = say(
    "This address is answered by another server of the city, and came to the wrong one. Nothing was recorded; try again in a while."
)
BUSY = say("The site is very busy. Nothing was lost; wait a few seconds and try again.")


def answer(request: Request, problem: Problem) -> Response:
    """The answer to a problem, for the door it came through, with `Retry-After` where time alone mends it."""
    return with_patience(_answer(request, problem), problem)


def with_patience(answered: Response, problem: Problem) -> Response:
    """Tell programs too in how many seconds to come back, if the problem knows."""
    if problem.retry_after is not None:
        answered.headers["Retry-After"] = str(problem.retry_after)
    return answered


def _answer(request: Request, problem: Problem) -> Response:
    if request.url.path.startswith("/api/"):
        return _as_json(request, problem)
    if isinstance(problem, SignInNeeded):
        back = request.url.path if request.method == "GET" else "/account"
        return RedirectResponse(f"/sign-in?next={back}", status_code=303)
    template = (
        f"errors/{problem.status}.html" if problem.status in TEMPLATES else "errors/403.html" if problem.status < 500 else "errors/500.html"
    )
    back = came_from(request, "")
    return page(request, template, fragment="errors/_message.html", status=problem.status, message=problem.message, back=back)


def _as_json(request: Request, problem: Problem) -> JSONResponse:
    with speaking(language_of(request)):
        body = {
            "type": "about:blank",
            "title": HTTPStatus(problem.status).phrase,
            "status": problem.status,
            "detail": translate(problem.message),
        }
        if isinstance(problem, Invalid):
            body["errors"] = {field: translate(message) for field, message in problem.errors.items()}
    return JSONResponse(body, problem.status, media_type="application/problem+json")


def _of_framework(error: HTTPException) -> Problem:
    problem: Problem = Missing(NO_SUCH_ADDRESS) if error.status_code in (404, 405) else Problem(say("This request cannot be understood."))
    problem.status = error.status_code
    return problem


def _status(status: int, message: Message) -> Problem:
    problem = Problem(message)
    problem.status = status
    return problem


def unforeseen(request: Request, error: Exception) -> Response:
    """The answer to an error that nobody foresaw; the safe edge asks for it."""
    route = getattr(request.scope.get("route"), "path", None)  # the address itself may hold a secret: /partner/…, /password-resets/…
    log.exception("unforeseen error on %s %s", request.method, route or request.url.path, exc_info=error)
    return answer(request, _status(500, OUR_FAULT))


def install(app: FastAPI) -> None:
    """Teach the application to answer every kind of error."""

    @app.exception_handler(Problem)
    def _problem(request: Request, error: Problem) -> Response:
        return answer(request, error)

    @app.exception_handler(HTTPException)
    def _framework(request: Request, error: HTTPException) -> Response:
        return answer(request, _of_framework(error))

    @app.exception_handler(RequestValidationError)
    def _parameters(request: Request, error: RequestValidationError) -> Response:
        fields = {str(fault["loc"][-1]): say("This value is not among those offered.") for fault in error.errors()}
        return answer(request, Invalid(fields))

    @app.exception_handler(OperationalError)
    def _database(request: Request, error: OperationalError) -> Response:
        log.error("database: %s", error.orig)
        return answer(request, _status(503, BUSY))

    @app.exception_handler(WrongSide)
    def _elsewhere(request: Request, error: WrongSide) -> Response:
        log.error("%s %s: %s", request.method, request.url.path, error)
        return answer(request, _status(421, MISDIRECTED))

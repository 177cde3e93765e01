"""Typed errors become answers here and nowhere else: a page for people, `application/problem+json` for programs."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from app.core.messages import Message, say
from app.core.problems import Invalid, Missing, Problem
from app.database import WrongSide
from app.http.answers import came_from, page
from app.http.audience import SignInNeeded
from app.http.language import language_of
from app.http.safety import NO_SUCH_ADDRESS
from app.http.unit_of_work import SAFE_METHODS
from app.rendering import speaking, translate

log = logging.getLogger("quotepart")

TEMPLATES = {403, 404, 409, 413, 422, 429, 500, 503}
ALIKE = {400: 422, 405: 404, 421: 503}
"""Statuses that are told on the page of another."""

OUR_FAULT = say("Something went wrong on our side. Nothing you sent was recorded; go back, your browser has kept it, and try again.")
MISDIRECTED = say(
    "This address is answered by another server of the city, and came to the wrong one. Nothing was recorded; try again in a while."
)
UNREACHABLE = say("The site cannot reach its data at the moment. Nothing you sent was recorded; wait a minute and try again.")
OUTDATED = say("The site is being brought up to date. Nothing you sent was recorded; wait a few minutes and try again.")
BUSY = say("The site is very busy. Nothing was lost; wait a few seconds and try again.")
IN_DOUBT = say(
    "The answer of the ballot box was lost, so we cannot tell whether your vote was recorded. "
    "Wait a minute, then reload this page so that it is sent again: it counts once, and you get the same receipt."
)
CASTS = ("/ballot", "/ballot-change")
"""How the addresses end to which ballots are sent."""


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
    told_as = ALIKE.get(problem.status, problem.status)
    template = f"errors/{told_as if told_as in TEMPLATES else 403 if told_as < 500 else 500}.html"
    again = request.url.path if request.method in SAFE_METHODS else ""
    wait = -(-(problem.retry_after or 0) // 60)
    return page(
        request, template, fragment="errors/_message.html", status=problem.status, message=problem.message, back=came_from(request, ""),
        again=again, wait=wait,
    )  # fmt: skip


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


def misdirected() -> Problem:
    """Sent to a process that does not take the database role it needs."""
    return _status(421, MISDIRECTED)


def trouble_of(error: Exception) -> Problem:
    """What a failing database means for a visitor: not up to date, busy or not there (503), or a mistake of ours (500).

    Only the driver's own code and its first words are looked at: they never reach the page.
    """
    inner = getattr(error, "orig", None)
    said, code = str(inner or ""), getattr(inner, "sqlstate", None)
    if code in ("42P01", "42703") or said.startswith(("no such table", "no such column")):
        return _later(OUTDATED, 120)
    if isinstance(error, PoolTimeout) or "locked" in said:
        return _later(BUSY, 10)
    return _later(UNREACHABLE, 60) if isinstance(error, OperationalError) else _status(500, OUR_FAULT)


def or_in_doubt(request: Request, problem: Problem) -> Problem:
    """The same problem, but where a ballot was sent nobody is told that nothing was recorded: it may be in the box already."""
    sent_to = getattr(request.scope.get("route"), "path", "")
    if request.method not in SAFE_METHODS and sent_to.endswith(CASTS) and problem.message in (UNREACHABLE, OUR_FAULT):
        problem.message = IN_DOUBT
    return problem


def _later(message: Message, seconds: int) -> Problem:
    problem = _status(503, message)
    problem.retry_after = seconds
    return problem


def unforeseen(request: Request, error: Exception) -> Response:
    """The answer to an error that nobody foresaw; the safe edge asks for it."""
    route = getattr(request.scope.get("route"), "path", None)  # the address itself may hold a secret: /partner/…, /password-resets/…
    log.exception("unforeseen error on %s %s", request.method, route or request.url.path, exc_info=error)
    return answer(request, or_in_doubt(request, _status(500, OUR_FAULT)))


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
    @app.exception_handler(PoolTimeout)
    @app.exception_handler(ProgrammingError)
    def _database(request: Request, error: DBAPIError | PoolTimeout) -> Response:
        trouble = trouble_of(error)
        if trouble.status == 500:
            raise error
        log.error("database: %s", getattr(error, "orig", None) or error)
        request.state.person = None
        return answer(request, trouble)

    @app.exception_handler(WrongSide)
    def _elsewhere(request: Request, error: WrongSide) -> Response:
        log.error("%s %s: %s", request.method, request.url.path, error)
        return answer(request, misdirected())

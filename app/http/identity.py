"""Who is asking: the cookie of the session, read once for each request."""

import logging
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.exc import OperationalError

from app.accounts import sessions
from app.accounts.people import Person
from app.database import session
from app.http.unit_of_work import SAFE_METHODS, InWork, side_asked
from app.settings import settings
from app.unit import Work

log = logging.getLogger("quotepart")


def cookie_name() -> str:
    """`__Host-` binds the cookie to this very host; browsers accept it over HTTPS only."""
    return "__Host-session" if settings().secure else "session"


def secret_of(request: Request) -> str:
    """The secret of the session the browser sent, "" if it sent none. Only `sessions` can say whether it is any good."""
    return request.cookies.get(cookie_name(), "")


def asking(request: Request, work: InWork) -> Person | None:
    """The person signed in, or None. Also kept on the request, for the page's header."""
    secret = secret_of(request)
    held = sessions.held_by(work, secret) if secret else None
    request.state.person = held.person if held else None
    if held and work.now - held.seen_at >= sessions.TOUCH_EVERY:
        _keep_alive(request, work, secret)
    return held.person if held else None


Asking = Annotated[Person | None, Depends(asking)]


def _keep_alive(request: Request, work: Work, secret: str) -> None:
    """Note that the session is in use, at most once a minute.

    A reading request writes this in a short transaction of its own, after giving its connection back: two at once
    could use up the pool. That the person is still there is no state anyone relies on, so a failure is only logged.
    """
    if request.method not in SAFE_METHODS:
        sessions.touch(work, secret)
        return
    work.db.rollback()
    try:
        with session(request.app.state.engine, writing=True, side=side_asked(request)) as db:
            sessions.touch(Work(db, work.now), secret)
    except OperationalError as error:
        log.warning("a session could not be kept alive: %s", type(error.orig).__name__)


def hand_session(response: Response, secret: str) -> None:
    """Give the browser its session cookie; it ends with the browser, and on the server in any case."""
    response.set_cookie(cookie_name(), secret, httponly=True, secure=settings().secure, samesite="lax", path="/")


def take_session(response: Response) -> None:
    """Make the browser forget its session."""
    response.delete_cookie(cookie_name(), httponly=True, secure=settings().secure, samesite="lax", path="/")

"""Who is asking: the cookie of the session, read once for each request."""

from typing import Annotated

from fastapi import Depends, Request, Response

from app.accounts import service as accounts
from app.accounts.people import Person
from app.http.unit_of_work import InWork
from app.settings import settings


def cookie_name() -> str:
    """`__Host-` binds the cookie to this very host; browsers accept it over HTTPS only."""
    return "__Host-session" if settings().secure else "session"


def asking(request: Request, work: InWork) -> Person | None:
    """The person signed in, or None. Also kept on the request, for the page's header."""
    secret = request.cookies.get(cookie_name())
    person = accounts.who_holds(work, secret) if secret else None
    request.state.person = person
    return person


Asking = Annotated[Person | None, Depends(asking)]


def hand_session(response: Response, secret: str) -> None:
    """Give the browser its session cookie; it ends with the browser, and on the server in any case."""
    response.set_cookie(cookie_name(), secret, httponly=True, secure=settings().secure, samesite="lax", path="/")


def take_session(response: Response) -> None:
    """Make the browser forget its session."""
    response.delete_cookie(cookie_name(), httponly=True, secure=settings().secure, samesite="lax", path="/")

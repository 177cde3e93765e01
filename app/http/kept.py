"""What a form held when the session behind it had ended: carried through the sign-in page, so that nothing typed is lost.

Nothing is stored: the text stands in hidden fields of the sign-in page, and afterwards of a page with one button that
sends it where it was going. It is checked there like any other form, for whoever has signed in.
"""

from collections.abc import Iterable, Mapping

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from app.core.messages import say
from app.http.answers import came_from, page
from app.http.audience import SignInNeeded
from app.http.forms import Sent, Unreadable, read_form
from app.http.problems import answer
from app.http.unit_of_work import SAFE_METHODS

PREFIX = "kept-"
SESSION_OVER = say("Your session has ended. Save the page: you will be asked to sign in again, and nothing that you typed is lost.")

Kept = list[tuple[str, str]]


def install(app: FastAPI) -> None:
    """Teach the application to keep a form whose sender has to sign in again."""

    @app.exception_handler(SignInNeeded)
    async def _signed_out(request: Request, error: SignInNeeded) -> Response:
        if request.method in SAFE_METHODS or request.url.path.startswith("/api/"):
            return answer(request, error)
        if request.headers.get("HX-Request") == "true":
            told = page(request, "errors/_message.html", status=error.status, message=SESSION_OVER)
            told.headers["HX-Reswap"] = "innerHTML"  # the place the form fills later must stay
            return told
        try:
            return _keeping(request, await read_form(request))
        except Unreadable:
            return answer(request, error)
        finally:
            await request.close()


def _keeping(request: Request, sent: Sent) -> Response:
    """The sign-in page with what was typed inside. Passwords and shares of a key are never shown back, a file is asked for again."""
    kept = [(name, value) for name, values in sent.values.items() for value in values]
    secret = any(name in ("password", "current") or name.startswith("share_") for name in sent.values)
    if secret or not kept:
        return RedirectResponse(f"/sign-in?next={came_from(request, '/account')}{'&lost=file' if sent.files else ''}", status_code=303)
    lost, values = "file" if sent.files else "", {"next": request.url.path}
    return page(request, "accounts/sign-in.html", status=SignInNeeded.status, values=values, kept=kept, lost=lost)


def kept_in(values: Mapping[str, Iterable[str]]) -> Kept:
    """The pairs (name, value) that a sign-in form carries for another form."""
    return [(name.removeprefix(PREFIX), one) for name, those in values.items() if name.startswith(PREFIX) for one in those]

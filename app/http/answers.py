"""Answers of the HTML door: whole pages, fragments for htmx, redirects, and a form shown again with its errors."""

from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.core.messages import Message, say
from app.core.problems import Invalid
from app.http.language import language_of, theme_of
from app.http.looks import shown_look
from app.rendering import render
from app.settings import settings
from app.unit import Work

DONE: dict[str, Message] = {
    "saved": say("Saved."),
    "sent": say("Sent."),
    "deleted": say("Deleted."),
    "signed-out": say("You are signed out."),
    "created": say("Created."),
    "published": say("Published."),
    "proposed": say("Proposed. It is done once a second person confirms it."),
    "joined": say("You act for this organisation from now on."),
    "withdrawn": say("The proposal is withdrawn. Nothing was changed."),
    "agreed": say("Confirmed by a second person: it is done."),
    "begun": say("Confirmed by a second person. The box is being opened: this takes a few minutes."),
    "counted": say("The ballots are counted."),
    "decided": say("The decision is recorded and the carrier is told by e-mail."),
    "confirmed": say("Your address is confirmed."),
    "password": say("Your new password is in force. Every open session was closed."),
}
"""What a page may say at its top after a redirect: `?done=saved`. Only these words, never the visitor's."""


def page(
    request: Request, template: str, *, fragment: str | None = None, status: int = 200, zone: str = "Europe/Paris", **values: Any
) -> HTMLResponse:
    """Render a page; to htmx, which asks for a part of it, only the `fragment` that the page includes."""
    asked_for_part = fragment is not None and asks_for_part(request)
    context = {"errors": {}, "values": {}, "fragment_only": asked_for_part, **page_context(request), **values}
    html = render(fragment if asked_for_part and fragment else template, context, language=language_of(request), zone=zone)
    return HTMLResponse(html, status_code=status, headers={"Vary": "HX-Request, Cookie, Accept-Language"})


def asks_for_part(request: Request) -> bool:
    """Whether htmx asks, and for less than the whole page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"


def page_context(request: Request) -> dict[str, Any]:
    """What base.html needs whatever the page."""
    done, look = request.query_params.get("done", ""), shown_look(request)
    return {
        "who": getattr(request.state, "person", None),
        "theme": theme_of(request),
        "here": request.url.path,
        "look": look,
        "site_name": look.name,
        "demo": settings().demo,
        "flash": DONE.get(done),
    }


def form_again(request: Request, work: Work, template: str, problem: Invalid, **values: Any) -> HTMLResponse:
    """Show a form again after `Invalid`: 422, each sentence at its field, all that was typed kept, nothing written."""
    work.db.rollback()
    return page(request, template, status=problem.status, errors=problem.errors, **values)


def go(path: str, done: str | None = None) -> RedirectResponse:
    """See other: the answer to a form that was accepted. `path` is one of our own, never the visitor's."""
    mark = "" if done is None else ("&" if "?" in path else "?") + f"done={done}"
    target, hash_sign, anchor = path.partition("#")
    return RedirectResponse(f"{target}{mark}{hash_sign}{anchor}", status_code=303)


def came_from(request: Request, otherwise: str) -> str:
    """The page of this site on which a form was sent, as the browser says it; else `otherwise`."""
    told = urlsplit(request.headers.get("referer", ""))
    return own_path(told.path, otherwise) if told.netloc and told.netloc == request.url.netloc else otherwise


def own_path(path: str, otherwise: str = "/") -> str:
    """`path` if it is a path of this site, else `otherwise`: no form may send a visitor elsewhere."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path and not any(ord(sign) < 33 for sign in path)
    return path if safe else otherwise

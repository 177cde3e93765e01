"""Answers that look at no cookie: the pages between a resident and the ballot box, where nothing may say who is voting."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.http.language import wished_language
from app.http.looks import Shown, shown_look
from app.http.safety import POLICY
from app.rendering import LANGUAGES, render
from app.settings import settings


def spoken(lang: str, request: Request | None = None) -> str:
    """The language named in a form or an address, if the interface has it; else the one that the browser wishes, or of the setting."""
    if lang in LANGUAGES:
        return lang
    return wished_language(request) if request else settings().default_language


def quiet_page(
    request: Request,
    template: str,
    *,
    language: str,
    zone: str = "Europe/Paris",
    status: int = 200,
    framed: bool = False,
    frames: bool = False,
    look: Shown | None = None,
    **values: Any,
) -> HTMLResponse:
    """Render a page for nobody in particular: no session, no preference, the language as the form says.

    `look`: that of a page drawn for no request.
    `framed`: our own pages may show it in a frame. `frames`: it may itself show a page of ours in a frame.
    """
    look = look or shown_look(request)
    context = {
        "errors": {}, "values": {}, "fragment_only": False, "who": None, "theme": "auto", "here": request.url.path,
        "look": look, "site_name": look.name, "demo": settings().demo, "flash": None, "lang": language, **values,
    }  # fmt: skip
    html = render(template, context, language=language, zone=zone)
    return HTMLResponse(html, status_code=status, headers={"Content-Security-Policy": policy(framed=framed, frames=frames)})


def policy(*, framed: bool, frames: bool) -> str:
    """The policy of the safe edge, opened to our own frames where a page asks for it."""
    own = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'") if framed else POLICY
    return f"{own}; frame-src 'self'" if frames else own

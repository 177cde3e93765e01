"""The language and the colours of the request: the visitor's choice, else the browser's wish, else the setting."""

from fastapi import Request

from app.rendering import LANGUAGES
from app.settings import settings

THEMES = ("auto", "light", "dark")


def language_of(request: Request) -> str:
    """A language of the interface, never anything else. An address names one where a page that looks at no cookie leads there."""
    asked = (request.query_params.get("lang", ""), request.cookies.get("language", ""))
    return next((code for code in asked if code in LANGUAGES), None) or wished_language(request)


def wished_language(request: Request) -> str:
    """As `language_of`, from what the browser wishes alone: for the pages that look at no cookie."""
    for wish in request.headers.get("accept-language", "")[:200].split(","):
        code = wish.partition(";")[0].strip().lower().partition("-")[0]
        if code in LANGUAGES:
            return code
    return settings().default_language


def theme_of(request: Request) -> str:
    """light, dark, or auto: as the device says."""
    chosen = request.cookies.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"

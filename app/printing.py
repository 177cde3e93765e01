"""Tagged PDF (PDF/UA-1) from a template: our own fonts, nothing fetched from anywhere but the static folder of this tree."""

import importlib
import mimetypes
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

from app.core.messages import say
from app.core.problems import Conflict
from app.rendering import render
from app.settings import ROOT

BASE = "http://print.invalid/"
NO_PDF = say("This server cannot make PDF files (the Pango library is missing). Open the page itself and print it: it says the same.")


class Unreachable(ValueError):
    """An address that a document must not fetch: anything outside static/."""


def pdf(template: str, values: Mapping[str, Any], *, language: str, zone: str = "Europe/Paris") -> bytes:
    """The PDF of a template (one that extends `print/base.html`), tagged for screen readers, in `language`.

    `values` hold the name of the site, as pages show it. Images are data URIs or paths below /static. Raises Conflict, with a sentence,
    where the system lacks Pango (see `can_print`).
    """
    html = render(template, values, language=language, zone=zone)
    made = _weasyprint().HTML(string=html, base_url=BASE, url_fetcher=_fetcher()).write_pdf(pdf_variant="pdf/ua-1")
    return bytes(made)


def can_print() -> bool:
    """Whether PDF files can be made here: WeasyPrint finds the system's Pango library."""
    try:
        _weasyprint()
    except Conflict:
        return False
    return True


@cache
def _weasyprint() -> ModuleType:
    """WeasyPrint, loaded when first needed: it costs memory and half a second that most processes never need."""
    try:
        return importlib.import_module("weasyprint")
    except OSError as missing:
        raise Conflict(NO_PDF) from missing


@cache
def _fetcher() -> Any:
    """Reads what a document names: files below static/ and data URIs. Nothing else, so no text can make the server call an address."""
    urls = importlib.import_module("weasyprint.urls")

    class OnlyOurs(urls.URLFetcher):  # type: ignore[misc,name-defined]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = unquote(urlsplit(url).path)
            file = (ROOT / path.lstrip("/")).resolve()
            if not (url.startswith(BASE) and path.startswith("/static/") and file.is_relative_to(ROOT / "static") and file.is_file()):
                raise Unreachable(url)
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return urls.URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})

    return OnlyOurs(fail_on_errors=True)

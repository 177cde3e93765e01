"""PDF files: tagged, in our own fonts, deaf to every address but the static folder."""

import re
import zlib

import pytest
from jinja2 import DictLoader

from app import printing, rendering

PAGE = '{% extends "print/base.html" %}{% block title %}Été{% endblock %}{% block content %}<h1>Été à Rennes</h1>{{ extra }}{% endblock %}'


@pytest.fixture(autouse=True)
def _page(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = rendering.environment().overlay(loader=DictLoader({"page.html": PAGE, "print/base.html": _base()}))
    monkeypatch.setattr(rendering, "environment", lambda: environment)


def _base() -> str:
    return (rendering.ROOT / "templates" / "print" / "base.html").read_text("utf-8")


def opened(made: bytes) -> bytes:
    """Everything a PDF says, its packed parts unpacked."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL)
    return made + b"".join(zlib.decompressobj().decompress(one) for one in packed if one[:1] == b"x")


def test_a_document_is_a_tagged_pdf_with_our_fonts() -> None:
    made = printing.pdf("page.html", {"extra": "", "site_name": "Quotepart"}, language="fr")
    assert made.startswith(b"%PDF-")
    said = opened(made)
    assert b"/MarkInfo" in said
    assert b"pdfuaid:part" in said
    assert b"/Lang (fr)" in said
    assert b"Bricolage" in said


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/a.png", "file:///etc/passwd", "/static/../pyproject.toml", "/app/settings.py", "ftp://a/b"],
)
def test_a_document_fetches_nothing_from_elsewhere(address: str) -> None:
    fetcher = printing._fetcher()
    with pytest.raises(printing.Unreachable):
        fetcher.fetch(address if ":" in address else f"{printing.BASE.rstrip('/')}{address}")


def test_a_static_file_is_read() -> None:
    assert printing._fetcher().fetch(f"{printing.BASE}static/mark.svg").read().startswith(b"<")

"""The page and the e-mail of a local partner speak Spanish, whole: sentences written and sentences met."""

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from babel.messages.extract import extract_from_file
from fastapi.testclient import TestClient
from PIL import Image

from app import rendering
from app.rendering import GUEST_LANGUAGES, translations
from app.settings import ROOT
from tests.cast import Cast
from tests.conftest import Clock
from tests.promises.test_words import KEYWORDS, PLACE, _parts, catalogues, first, known, sentences
from tests.proposals.partners import invited

SOURCES = [
    *sorted((ROOT / "templates" / "partner").iterdir()), *sorted((ROOT / "templates" / "emails" / "partner-invitation").iterdir()),
    ROOT / "app" / "proposals" / "partner_letter.py", ROOT / "app" / "proposals" / "partner_forms.py", ROOT / "app" / "uploads.py",
]  # fmt: skip


def said_in(path: object) -> set[str]:
    """The message ids written in one file."""
    kind = "python" if str(path).endswith(".py") else "jinja2"
    options = {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.i18n,jinja2.ext.do"} if kind == "jinja2" else {}
    return {first(message) for _, message, _, _ in extract_from_file(kind, str(path), keywords=KEYWORDS, options=options)}


@pytest.mark.parametrize("language", [one for one in GUEST_LANGUAGES if one != "en"])
def test_every_sentence_written_for_a_partner_is_translated(language: str) -> None:
    texts = known(language)
    wanted = set().union(*(said_in(path) for path in SOURCES)) - {""}
    assert len(wanted) > 50
    assert sorted(one for one in wanted if not all(_parts(texts.get(one, "")))) == []


@pytest.mark.parametrize("language", [one for one in GUEST_LANGUAGES if one != "en"])
def test_translations_keep_the_places_of_values_and_none_is_left_behind(language: str) -> None:
    for catalogue in catalogues(language).values():
        for message in catalogue:
            wanted = {place for part in _parts(message.id) for place in PLACE.findall(part)}
            for text in _parts(message.string):
                assert set(PLACE.findall(text)) <= wanted, message.id
    assert sorted(set(known(language)) - {first(message) for message in sentences()}) == []


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Every sentence asked for in Spanish while a test runs."""
    met: set[str] = set()
    plain, counted = rendering.gettext, rendering.ngettext

    def note(text: str) -> str:
        if rendering._language.get() == "es":
            met.add(text)
        return plain(text)

    def note_counted(singular: str, plural: str, count: int) -> str:
        if rendering._language.get() == "es":
            met.add(singular)
        return counted(singular, plural, count)

    monkeypatch.setattr(rendering, "gettext", note)
    monkeypatch.setattr(rendering, "ngettext", note_counted)
    rendering.environment.cache_clear()
    yield met
    rendering.environment.cache_clear()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_no_sentence_that_a_partner_meets_lacks_spanish(client: TestClient, cast: Cast, clock: Clock, asked: set[str]) -> None:
    secret = invited(cast, language="es")
    page = f"/partner/{secret}"
    photo = io.BytesIO()
    Image.new("RGB", (40, 20)).save(photo, "PNG")
    seen = [client.get(page), client.post(f"{page}/opening", data={}), client.get(page)]
    for act in ("signature", "refusal", "statement", "photos"):
        seen.append(client.post(f"{page}/{act}", data={"x": "y"}))
        seen.append(client.post(f"{page}/{act}", data={"name": "n" * 200, "statement_language": "zz", "reason": "r" * 3000}))
    for name, content in (("a.gif", b"GIF89a"), ("a.png", b"\x89PNG\r\n\x1a\nx"), ("a.pdf", b"%PDF-1.7"), ("a.png", b"")):
        seen.append(client.post(f"{page}/photos", data={"alt": "x", "consent": "yes"}, files={"file": (name, content)}))
    seen.append(client.post(f"{page}/photos", data={"alt": "Un pozo", "consent": "yes"}, files={"file": ("a.png", photo.getvalue())}))
    seen.append(client.get(f"{page}?done=saved"))
    letter = seen[-1].text.split('name="letter" value="')[1][:64]
    signed = {"name": "Ana", "function": "Presidenta", "agree": "yes", "letter": letter}
    seen += [client.post(f"{page}/signature", data=signed | {"letter": "0"}), client.post(f"{page}/signature", data=signed)]
    seen += [client.get(f"{page}?done=sent"), client.post(f"{page}/signature", data=signed)]
    seen += [client.post(f"{page}/refusal", data={"reason": "No"}), client.get(page)]
    clock.now += timedelta(days=40)
    seen += [client.get(page), client.get("/partner/nothing?lang=es")]
    assert {answer.status_code for answer in seen} == {200, 303, 404, 409, 422}
    assert len(asked) > 70
    texts = known("es")
    assert sorted(one for one in asked if one and one not in texts) == []
    assert translations("es").gettext("Sign the letter") == "Firmar la carta"

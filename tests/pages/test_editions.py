"""The public pages of an edition: its amount, its dates in words, its rules, its calendar file."""

from datetime import UTC, datetime

from fastapi.testclient import TestClient

from app.core.eligibility import RULE_KINDS
from app.core.envelope import Envelope, Fixed, Key, Part, Split
from app.core.messages import Localised
from tests.cast import Cast


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_an_unpublished_edition_is_missing_for_everyone(client: TestClient, cast: Cast) -> None:
    cast.edition(published=False)
    for path in ("", "/rules", "/calendar.ics"):
        assert client.get(f"/editions/rennes-2027{path}").status_code == 404
    assert "Édition 2027" not in client.get("/editions").text


def test_the_edition_page_opens_the_formula_of_its_amount(client: TestClient, cast: Cast) -> None:
    cast.edition()
    text = plain(client.get("/editions/rennes-2027").text)
    assert "230 890 habitants (population municipale 2023, INSEE) × 1,00 € = 230 890 €" in text
    assert "Du 15 octobre 2026 au 31 janvier 2027 inclus" in text


def test_a_split_envelope_shows_each_part_and_how_it_is_computed(client: TestClient, cast: Cast) -> None:
    parts = (Part(key="a", label={"fr": "Eau"}, share="1/5"), Part(key="b", label={"fr": "Climat"}))
    split = Split(by="theme", parts=parts, keys=(Key(kind="equal"),))
    cast.edition(envelope=Envelope(terms=(Fixed(cents=1000000, label="Dotation"),), split=split))
    text = plain(client.get("/editions/rennes-2027").text)
    assert "2 000 €" in text
    assert "8 000 €" in text


def test_what_the_staff_wrote_is_escaped_too(client: TestClient, cast: Cast) -> None:
    attack = "<script>alert(1)</script>"
    cast.edition(name=Localised(fr=attack), introduction=Localised(fr=f"{attack} **gras**"))
    for path in ("/", "/editions", "/editions/rennes-2027", "/editions/rennes-2027/rules"):
        text = client.get(path).text
        assert "<script>alert" not in text
    assert "<strong>gras</strong>" in client.get("/editions/rennes-2027").text


def test_every_rule_is_told_in_plain_words_with_what_follows(client: TestClient, cast: Cast) -> None:
    edition = cast.edition()
    text = plain(client.get("/editions/rennes-2027/rules").text)
    assert text.count('<li id="rule-') == len(edition.rulebook.rules) == 22
    assert "La demande est de 30 000 € au plus." in text or "au plus 30 000 €" in text
    assert "le dossier n’est pas recevable" in text
    assert "Rennes" in text
    assert "35238" not in text
    assert len(RULE_KINDS) == 20


def test_the_calendar_file_is_in_utc_escaped_and_folded(client: TestClient, cast: Cast) -> None:
    cast.edition(name=Localised(fr="Édition 2027 ; solidarité, climat et développement soutenable dans tous les quartiers"))
    answer = client.get("/editions/rennes-2027/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    lines = answer.text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = answer.text.replace("\r\n ", "")
    assert "DTSTART:20261014T220000Z" in unfolded
    assert "DTEND:20270131T230000Z" in unfolded
    assert "Édition 2027 \\; solidarité\\, climat" in unfolded
    assert unfolded.count("BEGIN:VEVENT") == 11


def test_phases_open_and_close_by_the_clock_alone(client: TestClient, cast: Cast) -> None:
    cast.edition()
    cast.clock.now = datetime(2027, 1, 31, 22, 59, 59, tzinfo=UTC)
    assert "Déposer un projet" in client.get("/editions/rennes-2027").text
    cast.clock.now = datetime(2027, 1, 31, 23, 0, 0, tzinfo=UTC)
    assert "Déposer un projet" not in client.get("/editions/rennes-2027").text

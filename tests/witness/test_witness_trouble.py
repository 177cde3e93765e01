"""`quotepart witness`: whom it belongs to, and answers that are wrong or cannot be used: told in one sentence, nothing signed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.core.transparency import canonical
from tests.witness.looking import evidence, look
from tests.witness.site import LOG_KEY, OTHER_KEY, WITNESS_KEY, City, hexed, running


def test_a_log_key_given_must_be_that_of_the_definition(city: City, folder: Path) -> None:
    city.grow("log", "a")
    result = look(city, folder, "--log-key", hexed(OTHER_KEY))
    assert (result.exit_code, "another log key" in result.stderr) == (1, True)
    assert not (folder / "state.json").exists()
    result = look(city, folder, "--log-key", hexed(LOG_KEY).upper())
    assert (result.exit_code, "No log key was given" in result.output) == (0, False)
    assert "remembers another log key" in look(city, folder, "--log-key", hexed(OTHER_KEY)).stderr
    assert "64 hexadecimal letters" in look(city, folder, "--log-key", "abc").stderr


def test_only_a_witness_named_in_the_definition_signs(city: City, folder: Path) -> None:
    city.grow("log", "a")
    (folder / "witness.key").write_text(OTHER_KEY.private_bytes_raw().hex() + "\n")
    result = look(city, folder)
    assert (result.exit_code, hexed(OTHER_KEY) in result.stderr) == (1, True)
    (folder / "witness.key").unlink()
    assert f"quotepart keys witness {folder}/witness.key" in look(city, folder).stderr


def test_a_memory_belongs_to_one_witness_and_one_edition(city: City, folder: Path) -> None:
    city.grow("log", "a")
    look(city, folder)
    assert "remembers another edition" in look(city, folder, page="/editions/2028").stderr
    (folder / "witness.key").write_text(OTHER_KEY.private_bytes_raw().hex() + "\n")
    assert "remembers another key" in look(city, folder).stderr


def test_before_the_freeze_there_is_nothing_to_watch(city: City, folder: Path) -> None:
    city.frozen = False
    result = look(city, folder)
    assert (result.exit_code, "not frozen yet" in result.output) == (0, True)
    assert not (folder / "state.json").exists()


def test_a_signature_the_site_did_not_take_is_sent_again(city: City, folder: Path) -> None:
    city.grow("log", "a")
    city.takes_signatures = False
    result = look(city, folder)
    assert (result.exit_code, result.stderr) == (1, "The site refuses (422): No [2J thanks.\n")
    city.takes_signatures = True
    assert "log: signed at 1" in look(city, folder).output
    assert len(city.taken) == 1


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        ("log/head", (200, {}, b"hello"), "no signed note"),
        ("log/head", (200, {}, b"\xff\xfe"), "no signed note"),
        ("log/head", (200, {}, b"x" * 1_000_001), "more, or slower"),
        ("log/head", (302, {"Location": "http://other.example/head"}, b""), "another host"),
        ("log/head", (302, {"Location": "file:///etc/passwd"}, b""), "refuses (302)"),
        ("log/head", (500, {}, b"[]"), "refuses (500)"),
        ("log/head", (200, {"Content-Length": "1000"}, b"short"), "cut short"),
        ("log/head", (404, {}, b""), "no longer shows"),
        ("log/consistency", (200, {}, b"[" * 100_000), "a proof is none"),
        ("log/consistency", (200, {}, b'{"proof": "x"}'), "a proof is none"),
        ("log/consistency", (200, {}, b'{"proof": ["?"]}'), "a proof is none"),
        ("log/consistency", (404, {}, b""), "has nothing at"),
    ],
)
def test_an_answer_that_cannot_be_used_signs_nothing_and_forgets_nothing(
    city: City, folder: Path, path: str, answer: tuple[int, dict[str, str], bytes], words: str
) -> None:
    city.grow("log", "a")
    look(city, folder)
    before = (folder / "state.json").read_bytes()
    city.grow("log", "b")
    city.raw[path] = answer
    result = look(city, folder)
    assert (result.exit_code, words in result.stderr) == (1, True), result.output
    assert (folder / "state.json").read_bytes() == before
    assert not evidence(folder).exists()
    del city.raw[path]
    assert "log: signed at 2" in look(city, folder).output


@pytest.mark.parametrize(
    "raw",
    [b"{}", b"[]", b"hello", b'{"a": 1}', b"[" * 100_000],
)
def test_a_definition_that_is_none_is_told(city: City, folder: Path, raw: bytes) -> None:
    city.raw["definition"] = (200, {}, raw)
    result = look(city, folder)
    assert result.exit_code == 1
    assert "definition" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_definition_in_other_bytes_or_with_unusable_names_is_refused(city: City, folder: Path) -> None:
    city.raw["definition"] = (200, {}, json.dumps(city.definition).encode())
    assert "canonical" in look(city, folder).stderr
    city.definition["witnesses"] = [{"name": "the journal", "key": hexed(WITNESS_KEY)}]
    city.raw["definition"] = (200, {}, canonical(city.definition))
    assert "space" in look(city, folder).stderr
    city.definition["keys"] = {"log": "ab"}
    city.raw["definition"] = (200, {}, canonical(city.definition))
    assert "is none" in look(city, folder).stderr


@pytest.mark.parametrize("page", ["", "/editions/", "/editions/2027/results/x"])
def test_an_address_that_is_no_edition_is_told(city: City, folder: Path, page: str) -> None:
    result = look(city, folder, page=page)
    assert (result.exit_code, "is not the address of an edition" in result.stderr) == (1, True)


def test_a_site_that_is_not_there_is_told(city: City, folder: Path) -> None:
    silent = City()
    with running(silent):
        pass
    result = look(silent, folder)
    assert (result.exit_code, "cannot be reached" in result.stderr) == (1, True)

"""`quotepart witness`: it signs what continues, remembers it before it signs, and refuses a fork with both heads kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.core.transparency import Head, Note
from app.core.transparency.witnessing import judge
from app.rendering import WHOLE
from app.witness import watching
from app.witness.memory import load
from tests.witness.looking import evidence, look
from tests.witness.site import API, LOG_KEY, OTHER_KEY, City, hexed


def test_each_head_that_continues_is_signed_once(city: City, folder: Path) -> None:
    city.grow("log", "a", "b", "c")
    result = look(city, folder)
    assert result.exit_code == 0, result.output
    assert hexed(LOG_KEY) in result.output
    assert "Compare it with the one the city has printed" in result.output
    assert look(city, folder).output == "acts: nothing is signed yet.\n"
    city.grow("log", *"defgh")
    city.grow("acts", "frozen")
    assert look(city, folder).output == "log: signed at 8 entries.\nacts: signed at 1 entries.\n"
    assert [(which, Head.read(note.text).size) for which, note in city.taken] == [("log", 3), ("log", 8), ("acts", 1)]
    assert all(note.signed_by(Head.read(note.text).origin, LOG_KEY.public_key()) for _, note in city.taken)
    assert f"{API}/definition" in city.asked
    assert city.asked.count(f"{API}/definition") == 1


def test_the_address_of_the_api_does_as_well(city: City, folder: Path) -> None:
    city.grow("log", "a")
    assert look(city, folder, page=f"{API}/").exit_code == 0
    assert look(city, folder).exit_code == 0
    assert len(city.taken) == 1


def test_a_tree_signed_again_later_is_signed_again(city: City, folder: Path) -> None:
    city.grow("log", "a")
    look(city, folder)
    city.show("log", "2026-11-22T08:00Z")
    assert "log: signed at 1" in look(city, folder).output


@pytest.mark.parametrize("after", ["abX", "abXd", "abXdefgh", "Xbcdefghijk"])
def test_a_fork_is_refused_and_both_heads_are_kept(city: City, folder: Path, after: str) -> None:
    city.grow("log", *"abc")
    look(city, folder)
    seen = city.signed["log"]
    city.leaves["log"] = []
    city.grow("log", *after)
    result = look(city, folder)
    assert result.exit_code == 1
    assert str(evidence(folder)) in result.stderr
    kept = json.loads(evidence(folder).read_text())
    memory = load(folder / "state.json")
    assert memory is not None
    assert kept["refusal"] == "fork"
    assert (Note.read(kept["seen"]).text, kept["new"]) == (Note.read(seen).text, city.signed["log"])
    assert judge(memory.watched("log"), Note.read(kept["seen"]), Note.read(kept["new"]), []).refusal == "fork"
    assert set(kept["what_to_do"]) == set(WHOLE)
    assert kept["what_to_do"]["fr"] != kept["what_to_do"]["en"]
    assert len(city.taken) == 1
    assert memory.logs["log"].note.startswith(seen)


def test_after_a_fork_nothing_is_signed_until_a_person_moves_the_evidence(city: City, folder: Path) -> None:
    city.grow("log", "a")
    look(city, folder)
    honest, city.leaves["log"] = city.leaves["log"], []
    city.grow("log", "X")
    assert look(city, folder).exit_code == 1
    city.leaves["log"] = honest
    city.grow("log", "b")
    result = look(city, folder)
    assert (result.exit_code, "signs nothing while evidence" in result.stderr) == (1, True)
    evidence(folder).rename(folder / "explained.json")
    assert "log: signed at 2" in look(city, folder).output


def test_a_log_put_back_from_an_old_copy_is_refused(city: City, folder: Path) -> None:
    city.grow("log", *"abc")
    look(city, folder)
    del city.leaves["log"][1:]
    city.show("log")
    result = look(city, folder)
    assert (result.exit_code, "grown shorter" in result.stderr) == (1, True)
    assert json.loads(evidence(folder).read_text())["refusal"] == "rollback"
    assert len(city.taken) == 1


def test_the_civic_acts_are_watched_too(city: City, folder: Path) -> None:
    city.grow("log", "a")
    city.grow("acts", "frozen", "opened")
    look(city, folder)
    city.leaves["acts"][0] = bytes(32)
    city.grow("acts", "closed")
    assert look(city, folder).exit_code == 1
    assert json.loads(evidence(folder).read_text())["log"] == "acts"


def test_the_civic_acts_from_before_the_freeze_are_signed_and_none_go_back(city: City, folder: Path) -> None:
    frozen, city.hash = city.hash, ""
    city.grow("acts", "made")
    assert "acts: signed at 1" in look(city, folder).output
    city.hash = frozen
    city.grow("acts", "frozen")
    assert "acts: signed at 2" in look(city, folder).output
    city.hash = ""
    city.grow("acts", "melted")
    assert "another definition" in look(city, folder).stderr


def test_it_goes_on_through_trouble_says_it_once_and_ends_at_a_fork(city: City, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def trouble() -> None:
        city.raw["log/head"] = (500, {}, b"{}")

    def better() -> None:
        del city.raw["log/head"]
        city.grow("log", "b")

    def fork() -> None:
        city.leaves["log"][0] = bytes(32)
        city.grow("log", "c")

    city.grow("log", "a")
    nights, slept = iter([trouble, lambda: None, lambda: None, better, fork]), list[float]()
    monkeypatch.setattr(watching, "sleep", lambda seconds: (slept.append(seconds), next(nights)()))
    result = look(city, folder, "--every", "7", once=False)
    assert (result.exit_code, slept) == (1, [7.0] * 5)
    assert result.output.count("refuses (500)") == 1
    assert result.output.count("nothing is signed yet") == 2  # before the trouble and after it
    assert [Head.read(note.text).size for _, note in city.taken] == [1, 2]
    assert evidence(folder).exists()


def test_a_head_by_another_key_or_of_another_log_is_refused_without_evidence(city: City, folder: Path) -> None:
    city.grow("log", "a")
    look(city, folder)
    city.key = OTHER_KEY
    city.grow("log", "b")
    result = look(city, folder)
    assert (result.exit_code, "not signed with the key of the log" in result.stderr) == (1, True)
    city.key = LOG_KEY
    city.show("acts")
    city.signed["log"] = city.signed["acts"]
    assert "another log" in look(city, folder).stderr
    assert not evidence(folder).exists()
    assert len(city.taken) == 1


def test_another_definition_behind_a_head_is_refused(city: City, folder: Path) -> None:
    city.grow("log", "a")
    look(city, folder)
    city.hash = "cd" * 32
    city.grow("log", "b")
    result = look(city, folder)
    assert (result.exit_code, "another definition" in result.stderr) == (1, True)
    assert json.loads(evidence(folder).read_text())["refusal"] == "election"

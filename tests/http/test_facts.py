"""What many public pages say is read once, under one number and in one minute: few statements, and never an old fact."""

import re
from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app import facts
from app.core.lifecycle import State
from app.core.messages import Localised
from app.editions.models import Edition
from app.editions.queries import calendar_of, find_edition, programme_of
from app.facts import Facts, Newest
from app.polls.queries import poll_of
from app.proposals.queries import public_projects
from app.results.comparisons import given_to_voters
from app.results.queries import previous_result, result_of
from app.settings import ROOT
from app.unit import Work, work
from tests.cast import Cast
from tests.http.test_unchanged import AFTER, BEFORE, HOME, LIST, body, published_election
from tests.results.election import City as Counted
from tests.review.city import City
from tests.statements import counted

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def published(unit: Work, cast: Cast) -> Counted:
    return published_election(unit, cast)


def test_while_nothing_changes_a_page_made_anew_asks_three_questions_at_most(
    client: TestClient, published: Counted, engine: Engine
) -> None:
    """One of them whether anything changed: `counted` leaves that one out. The history is told row by row in each language."""
    id = published.id_of["P01"]
    for path in (one for one in AFTER if not one.endswith("/history")):
        first = body(client, path, id)
        with counted(engine) as statements:
            again = client.get(path.replace("ID", id), headers=ENGLISH)
        assert again.status_code == 200
        assert again.text != first
        assert len(statements) <= 2, (path, "\n".join(statements))


@pytest.mark.parametrize(("path", "most"), [("/", 3), ("/editions", 2), (LIST, 3), (f"{HOME}/rules", 2), (f"{HOME}/map", 2), (HOME, 6)])
def test_just_after_an_act_a_page_reads_what_it_says_and_no_more(
    client: TestClient, city: City, engine: Engine, path: str, most: int
) -> None:
    for file in ("P01", "P02"):
        city.decided(file)
    body(client, path, "")
    with work(engine, now=city.cast.clock.now) as unit:
        unit.db.exec(select(Edition)).one().name = Localised(fr="Édition renommée")
    with counted(engine) as statements:
        assert client.get(path).status_code == 200
    assert len(statements) <= most, "\n".join(statements)


def test_after_an_act_no_page_says_what_was_true_before_in_any_language(client: TestClient, city: City, engine: Engine) -> None:
    id = city.decided("P01")
    for path in BEFORE:
        body(client, path, id)
    with work(engine, now=city.cast.clock.now) as unit:
        edition = unit.db.exec(select(Edition)).one()
        edition.name = Localised(fr="Édition renommée", en="Renamed")
        unit.db.add(edition)
    for path in (one for one in BEFORE if not one.startswith("/projects")):
        assert "Renamed" in client.get(path, headers=ENGLISH).text, path


def test_who_writes_or_is_signed_in_reads_the_database_each_time(unit: Work, city: City) -> None:
    first = find_edition(unit, city.edition.slug)
    assert find_edition(unit, city.edition.slug) is first
    assert first in unit.db


def test_what_is_read_once_belongs_to_no_session(unit: Work, city: City) -> None:
    known = Facts((1, "09:00"))
    known.lend(unit.db)
    edition = find_edition(unit, city.edition.slug)
    assert edition not in unit.db
    assert find_edition(unit, city.edition.slug) is edition
    with counted(unit.db.get_bind()) as statements:  # type: ignore[arg-type]
        assert programme_of(unit, edition) is programme_of(unit, edition)
    assert statements == [], "the programme came with the edition"
    assert len(known.lasting) == 1


def test_another_argument_is_another_question(unit: Work, city: City) -> None:
    for file in ("P01", "P02", "P04"):
        city.decided(file)
    unit.db.expire_all()
    Facts((1, "09:00")).lend(unit.db)
    edition = find_edition(unit, city.edition.slug)
    lists = [[card.public_id for card in public_projects(unit, edition, order=order, states=states)[0]]
             for order in (1, 2) for states in (None, frozenset({State.INADMISSIBLE}))]  # fmt: skip
    assert [len(one) for one in lists] == [3, 0, 3, 0]
    assert lists[0] != lists[2]


def test_what_is_beyond_the_room_is_read_each_time(unit: Work, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MOST", 0)
    known = Facts((1, "09:00"))
    known.lend(unit.db)
    assert find_edition(unit, city.edition.slug) in unit.db
    assert not known.lasting


def test_a_newer_number_or_minute_leaves_the_older_facts_behind_and_a_late_comer_gets_his_own() -> None:
    shelf = Newest()
    first = shelf.at(1, "2026-12-01T09:00")
    assert shelf.at(1, "2026-12-01T09:00") is first
    later = shelf.at(1, "2026-12-01T09:01")
    assert later is not first
    newer = shelf.at(2, "2026-12-01T09:01")
    assert newer is not later
    late = shelf.at(1, "2026-12-01T09:01")
    assert late not in (first, later, newer)
    assert shelf.at(2, "2026-12-01T09:01") is newer


def test_what_never_asks_the_time_outlives_the_minute_but_not_the_change() -> None:
    shelf = Newest()
    first = shelf.at(1, "2026-12-01T09:00")
    first.lasting["edition"], first.known["offer"], first.parts["card"] = 1, 2, 3
    later = shelf.at(1, "2026-12-01T09:01")
    assert (later.lasting, later.known, later.parts) == ({"edition": 1}, {}, {})
    assert not shelf.at(2, "2026-12-01T09:01").lasting
    assert not shelf.at(1, "2026-12-01T09:02").lasting, "who comes late with an old number brings nothing into the new one"


def test_only_cards_not_known_yet_are_read(unit: Work, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [city.decided("P01"), city.decided("P02")]
    unit.db.expire_all()
    known = Facts((1, "09:00"))
    known.lend(unit.db)
    edition = find_edition(unit, city.edition.slug)
    first, _ = public_projects(unit, edition, order=1, per_page=1)
    both, total = public_projects(unit, edition, order=1)
    assert total == 2
    assert both[0] is first[0], "the card is the one already known"
    with counted(unit.db.get_bind()) as statements:  # type: ignore[arg-type]
        other, _ = public_projects(unit, edition, order=1)
    assert (other, statements) == (both, [])
    assert {one.public_id for one in both} == set(ids)
    monkeypatch.setattr(facts, "MOST_PARTS", 0)
    known.parts.clear()
    assert public_projects(unit, edition, order=1)[0] == both
    assert not known.parts


def test_functions_that_outlive_the_minute_never_ask_the_time(unit: Work, published: Counted) -> None:
    """Each is asked by a unit of work whose clock cannot be read."""
    edition = published.edition

    class Timeless(Work):
        @property
        def now(self) -> datetime:  # type: ignore[override]
            raise AssertionError("an answer that outlives the minute must not depend on it")

    timeless = object.__new__(Timeless)
    object.__setattr__(timeless, "__dict__", {name: value for name, value in vars(unit).items() if name != "now"})
    result = result_of(timeless, edition)
    assert result is not None
    find_edition(timeless, edition.slug), calendar_of(timeless, edition), poll_of(timeless, edition)
    previous_result(timeless, edition), given_to_voters(timeless, result.count)
    assert lasting_functions() == {"_found", "calendar_of", "poll_of", "result_of", "previous_result", "given_to_voters"}


def lasting_functions() -> set[str]:
    """Every function that is marked so."""
    texts = [path.read_text() for path in (ROOT / "app").rglob("*.py")]
    return {name for text in texts for name in re.findall(r"@read_until_changed\ndef (\w+)", text)}

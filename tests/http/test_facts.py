"""What many public pages say is read once, under one number and in one minute: few statements, and never an old fact."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app import facts
from app.core.messages import Localised
from app.editions.models import Edition
from app.editions.queries import find_edition, programme_of
from app.facts import Facts, Newest
from app.unit import Work, work
from tests.cast import Cast
from tests.http.test_unchanged import AFTER, BEFORE, body, published_election
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
    assert programme_of(unit, edition) is programme_of(unit, edition)
    assert len(known.known) == 2


def test_another_argument_is_another_question(unit: Work, city: City) -> None:
    Facts((1, "09:00")).lend(unit.db)
    edition, draft = find_edition(unit, city.edition.slug), find_edition(unit, city.edition.slug, drafts=True)
    assert edition.id == draft.id
    assert edition is not draft


def test_what_is_beyond_the_room_is_read_each_time(unit: Work, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MOST", 0)
    known = Facts((1, "09:00"))
    known.lend(unit.db)
    assert find_edition(unit, city.edition.slug) in unit.db
    assert not known.known


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

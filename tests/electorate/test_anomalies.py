"""The report of unusual patterns in the database: lists what is planted, reads no ballot, changes nothing, is for those who watch."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event
from sqlmodel import SQLModel

from app.accounts.people import Person
from app.core.anomalies import Kind
from app.core.forms import read
from app.core.permissions import Role
from app.core.problems import Invalid, Missing, Refused
from app.editions.models import Edition
from app.electorate import anomalies, batches, desk, service
from app.electorate.forms import CodeBatchForm, DeskForm
from app.polls import service as polls
from app.unit import Work
from tests.cast import Cast
from tests.electorate.roll import crowd
from tests.polls.stage import NETWORK, declaration, identified, open_vote

ONE_BOX = {"email": lambda _: "president@club.example"}


@pytest.fixture
def watcher(cast: Cast) -> Person:
    return cast.person("brigitte@example.org", "Brigitte Bureau", [Role.BUREAU_MEMBER])


def kinds(unit: Work, edition: Edition, by: Person) -> set[Kind]:
    return set(anomalies.report(unit, edition, by=by))


def test_an_ordinary_roll_gives_no_signal(unit: Work, cast: Cast, watcher: Person) -> None:
    edition = open_vote(cast)
    identified(unit, edition)
    crowd(unit, edition, 30)
    assert kinds(unit, edition, watcher) == set()


def test_n24_people_planted_on_the_roll_are_listed_whole(unit: Work, cast: Cast, watcher: Person) -> None:
    edition = open_vote(cast)
    crowd(unit, edition, 40, day=1)
    planted = crowd(unit, edition, 8, day=1, **ONE_BOX) + crowd(unit, edition, 8, name=lambda at: f"Zoé Autre{'abcdefgh'[at]}", **ONE_BOX)
    report = anomalies.report(unit, edition, by=watcher)
    (listed,) = report[Kind.MAILBOX]
    assert (listed.signal.about, listed.signal.count) == ("president@club.example", 16)
    assert {line.id for line in anomalies.people_of(unit, edition, listed.signal)} == {line.id for line in planted}
    assert "president" not in listed.key
    assert anomalies.signal_at(unit, edition, listed.key, by=watcher) == listed


def test_n24_codes_asked_for_and_not_used_are_listed_after_they_are_erased(unit: Work, cast: Cast, watcher: Person) -> None:
    edition = open_vote(cast)
    for number in range(25):
        form = declaration(name=f"Personne {'abcdefghijklmnopqrstuvwxyz'[number]}", email=f"p{number}@club.example")
        service.declare(unit, edition, form, network=NETWORK)
    report = anomalies.report(unit, edition, by=watcher)
    assert [(one.signal.about, one.signal.count) for one in report[Kind.UNUSED]] == [("", 25), ("club.example", 25)]
    assert not any(one.signal.people for one in report[Kind.UNUSED])
    identified(unit, edition)
    assert anomalies.report(unit, edition, by=watcher)[Kind.UNUSED][0].signal.count == 25


def test_n24_guessing_at_printed_codes_is_listed_though_every_guess_was_refused(unit: Work, cast: Cast, watcher: Person) -> None:
    edition = open_vote(cast)
    for _ in range(50):
        with pytest.raises(Invalid):
            service.line_of_code(unit, edition, "z" * 16, network=NETWORK)
        unit.db.rollback()
    (listed,) = anomalies.report(unit, edition, by=watcher)[Kind.GUESSED]
    assert listed.signal.count == 50


def test_n24_cancelled_codes_and_a_busy_desk_are_listed(unit: Work, cast: Cast, watcher: Person) -> None:
    agent = cast.person("denis@example.org", "Denis Agent", [Role.DESK_AGENT])
    edition = open_vote(cast)
    batches.make_batch(unit, edition, read(CodeBatchForm, {"label": "École Liberté", "size": 8}), by=agent, seconded=True)
    for serial in (1, 2, 3):
        polls.void(unit, edition, 1, serial, "Perdue.", by=agent, seconded=True)
    usual = {"birth_date": "1945-06-01", "address": "12 rue de la Paix", "proof": "yes"}
    for day, many in ((5, 2), (4, 3), (3, 2), (0, 31)):
        before = Work(unit.db, unit.now - timedelta(days=day), unit.token)
        for number in range(many):
            name = f"Personne{'abcdef'[number // 6]}{'abcdef'[number % 6]} Le{'uvwxyz'[day]}"
            desk.add_line(before, edition, read(DeskForm, usual | {"name": name}), by=agent)
    unit.db.flush()
    report = anomalies.report(unit, edition, by=watcher)
    assert [(one.signal.about, one.signal.count) for one in report[Kind.CANCELLED]] == [("École Liberté", 3)]
    assert [(one.signal.about, one.signal.count) for one in report[Kind.DESK_DAY]] == [("Denis Agent", 31)]


def test_the_report_reads_no_ballot_and_no_mark_and_changes_nothing(unit: Work, cast: Cast, watcher: Person, engine: Engine) -> None:
    edition = open_vote(cast)
    crowd(unit, edition, 8, **ONE_BOX)
    unit.db.commit()
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement.lower())

    def rows() -> list[object]:
        return [row for table in SQLModel.metadata.sorted_tables for row in unit.db.execute(table.select())]

    before = rows()
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert Kind.MAILBOX in kinds(unit, edition, watcher)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert said
    assert not [statement for statement in said if "ballot" in statement or "spent_credential" in statement]
    assert not [statement for statement in said if not statement.startswith("select")]
    assert rows() == before


def test_the_report_is_for_those_who_watch_and_of_one_edition(unit: Work, cast: Cast, watcher: Person) -> None:
    edition, other = open_vote(cast), cast.edition(slug="rennes-2028")
    publisher = cast.person("paul@example.org", "Paul Public", [Role.PUBLISHER])
    crowd(unit, edition, 8, **ONE_BOX)
    with pytest.raises(Refused):
        anomalies.report(unit, edition, by=publisher)
    (listed,) = anomalies.report(unit, edition, by=watcher)[Kind.MAILBOX]
    assert kinds(unit, other, watcher) == set()
    with pytest.raises(Missing):
        anomalies.signal_at(unit, other, listed.key, by=watcher)

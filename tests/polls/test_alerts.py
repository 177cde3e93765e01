"""What endangers a vote is said where officials look, and mailed to the bureau; the closing merge can be run by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from typer.testing import CliRunner

from app import jobs
from app.cli import main
from app.core.permissions import Role
from app.editions.queries import listed_editions
from app.notifications.models import OutgoingMail
from app.polls.alerts import alerts_of, clocks_apart, missing_keys, silent_worker
from app.polls.reminding import remind_all
from app.polls.sequencing import MERGE_JOB
from app.settings import settings
from app.unit import Work
from app.unit import clock as real_clock
from app.voting import clock as database_clock
from tests.bureau import members
from tests.cast import Cast
from tests.polls.stage import DAY, open_vote
from tests.polls.unfrozen import unfrozen_vote


@pytest.fixture(autouse=True)
def _same_clocks(clock: Any) -> Iterator[None]:
    with database_clock.held_at(clock.now):
        yield


def said(unit: Work) -> list[str]:
    return [str(one) for one in alerts_of(unit, listed_editions(unit, drafts=True))]


def test_a_vote_that_opens_within_a_week_unfrozen_is_said(unit: Work, cast: Cast) -> None:
    unfrozen_vote(cast, cast.clock.now + 6 * DAY)
    assert len([one for one in said(unit) if "is not frozen" in one]) == 1
    assert not [one for one in said(Work(unit.db, unit.now - 2 * DAY)) if "is not frozen" in one]


def test_a_worker_that_is_silent_or_fails_is_said_while_a_box_is_to_be_tended(unit: Work, cast: Cast) -> None:
    open_vote(cast)
    assert "never run" in said(unit)[0]
    jobs.enqueue(unit, MERGE_JOB, {}, key=MERGE_JOB)
    assert said(unit) == []
    late = Work(unit.db, unit.now + timedelta(minutes=5, seconds=1))
    assert "silent since" in str(silent_worker(late))
    job = unit.db.exec(select(jobs.Job)).one()
    job.leased_until = late.now + timedelta(minutes=1)
    assert silent_worker(late) is None, "it is at work"
    job.leased_until, job.last_error = None, "OSError: no room"
    assert "no room" in said(unit)[0]
    over = Work(unit.db, unit.now + 30 * DAY)
    assert any("no room" in one for one in said(over)), "until the box is opened"


def test_clocks_apart_and_missing_keys_are_said(unit: Work, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert clocks_apart(unit) is None
    assert missing_keys() == []
    apart = Work(unit.db, unit.now + timedelta(seconds=3))
    assert "3 seconds apart" in str(clocks_apart(apart))
    assert clocks_apart(Work(unit.db, unit.now + timedelta(seconds=2))) is None
    monkeypatch.setenv("QUOTEPART_KEYS_DIR", str(tmp_path))
    settings.cache_clear()
    names = " ".join(map(str, missing_keys()))
    monkeypatch.undo()
    settings.cache_clear()
    assert all(name in names for name in ("receipt.key", "receipt.pub", "log.pub"))
    assert "log.key" not in names, "the worker's alone"


def test_the_bureau_is_written_to_at_seven_three_and_one_days_once_each(unit: Work, cast: Cast) -> None:
    members(cast)
    cast.official(Role.ADMINISTRATOR)
    unfrozen_vote(cast, cast.clock.now + 8 * DAY)
    written = []
    for days in range(10):
        for hour in (0, 6):
            now = unit.now + days * DAY + timedelta(hours=hour)
            remind_all(Work(unit.db, now, unit.token), {})
        written.append(len(unit.db.exec(select(OutgoingMail)).all()))
    assert written == [0, 2, 2, 2, 2, 4, 4, 6, 6, 6]
    mails = unit.db.exec(select(OutgoingMail)).all()
    assert {one.recipient for one in mails} == {"helene@ville.example.org", "ibrahim@ville.example.org"}
    assert "7 jours" in mails[0].subject
    assert "/staff/editions/rennes-2027/box" in mails[0].body_text


def test_nobody_is_reminded_of_a_frozen_vote(unit: Work, cast: Cast) -> None:
    open_vote(cast)
    remind_all(Work(unit.db, unit.now - 1.2 * DAY, unit.token), {})
    assert not unit.db.exec(select(OutgoingMail)).all()


def merged(engine: Engine, monkeypatch: pytest.MonkeyPatch, slug: str, keys: Path | None = None) -> tuple[int, str]:
    """Exit status and output of the command. It reads the real clock, as nobody can tell it another."""
    with monkeypatch.context() as here:
        here.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False).replace("+psycopg", ""))
        if keys:
            here.setenv("QUOTEPART_KEYS_DIR", str(keys))
        settings.cache_clear()
        result = CliRunner().invoke(main, ["merge", slug])
    settings.cache_clear()
    return result.exit_code, result.output


def test_the_closing_merge_by_hand_says_what_it_did(engine: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cast.clock.now = real_clock() - 30 * DAY
    open_vote(cast)
    status, told = merged(engine, monkeypatch, "rennes-2027", keys=tmp_path)
    assert (status, "log.key" in told) == (1, True), "it needs the key of the log"
    status, told = merged(engine, monkeypatch, "rennes-2027")
    assert (status, "box is closed" in told, "0 ballots went" in told, "Last head: 0 ballots" in told) == (0, True, True, True)
    assert merged(engine, monkeypatch, "nowhere")[0] == 1


def test_there_is_nothing_to_merge_before_the_freeze(engine: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    unfrozen_vote(cast)
    status, told = merged(engine, monkeypatch, "rennes-2027")
    assert (status, "not frozen" in told) == (1, True)

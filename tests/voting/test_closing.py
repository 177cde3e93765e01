"""A cast that meets the closing of the box: whoever has the lock goes first, and the other sees what was done (PostgreSQL)."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from app.core.problems import Problem, Refused
from app.unit import Work, work
from app.voting import service as voting
from app.voting.box import lock
from app.voting.models import CastBallot, SpentCredential
from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.poll import OpenPoll, all_rows

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
"""SQLite has one writer at a time, and no lock of ours."""


def waits(engine: Engine) -> bool:
    """Whether somebody waits for a lock."""
    with engine.connect() as connection:
        blocked = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        return bool(connection.execute(blocked).scalar())


def cast_that_waits(engine: Engine, poll: OpenPoll, meanwhile: Callable[[Work], None]) -> Problem | None:
    """What a cast is told that began while somebody held the box alone, did something there, and let go."""

    def attempt() -> Problem | None:
        try:
            with work(engine) as unit:
                poll.cast(unit)
        except Problem as told:
            return told
        return None

    with ThreadPoolExecutor(1) as pool:
        with work(engine) as holder:
            lock(holder, poll.id, alone=True)
            told = pool.submit(attempt)
            while not waits(engine):
                assert not told.done(), "the cast did not wait"
                time.sleep(0.01)
            meanwhile(holder)
        return told.result(30)


def test_a_cast_that_waited_for_the_closing_finds_the_box_closed(poll: OpenPoll, engine: Engine) -> None:
    """Although its statement began, and took its view of the rows, while the box was open."""
    told = cast_that_waits(engine, poll, lambda holder: voting.close_box(holder, poll.id))
    assert isinstance(told, Refused)
    with work(engine, writing=False) as unit:
        assert (all_rows(unit, CastBallot), all_rows(unit, SpentCredential)) == ([], [])


def test_a_cast_that_waited_past_the_deadline_is_late(cast: Cast, clock: Clock, engine: Engine) -> None:
    """The clock is read once the lock is had, not when the request came."""
    poll = OpenPoll(cast, clock.now)
    poll.opens, poll.closes = datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(seconds=1)

    def dawdle(_holder: Work) -> None:
        assert datetime.now(UTC) < poll.closes, "too slow to show anything"
        time.sleep((poll.closes - datetime.now(UTC)).total_seconds() + 0.1)

    assert isinstance(cast_that_waits(engine, poll, dawdle), Refused)


def test_a_cast_that_waited_for_nothing_is_in(poll: OpenPoll, engine: Engine) -> None:
    assert cast_that_waits(engine, poll, lambda _: None) is None
    with work(engine, writing=False) as unit:
        assert len(all_rows(unit, CastBallot)) == 1

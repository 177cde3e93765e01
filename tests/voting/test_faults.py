"""Whatever statement fails, nothing is half done, nothing opens by mistake, and the same act works when it is tried again (T03)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app import keyring
from app.core.problems import Problem
from app.polls import sequencing
from app.unit import Work, work
from app.voting import merging
from app.voting import service as voting
from app.voting.box import ballots, boxes, cast_ballots, marks
from app.voting.opening import open_ballots
from tests.bureau import OPENING_KEY
from tests.voting.poll import OpenPoll
from tests.voting.soaking import tell, wanted

PAIRS = wanted("pairs", 2)
"""Each fault is followed by a second one at each of so many later statements, before the act is let through."""
Act = Callable[[Work, OpenPoll], Any]


class Fault(RuntimeError):
    """The database, or the way to it, gives up."""


@contextmanager
def failing_at(engine: Engine, number: int) -> Iterator[list[int]]:
    """Statement `number` (from 0) of the block fails before it is executed; the list holds how many were begun."""
    begun: list[int] = []

    def maybe(*_: Any) -> None:
        begun.append(len(begun))
        if begun[-1] == number:
            raise Fault

    event.listen(engine, "before_cursor_execute", maybe)
    try:
        yield begun
    finally:
        event.remove(engine, "before_cursor_execute", maybe)


def held(engine: Engine) -> dict[str, list[Any]]:
    """All that the box and its log hold."""
    others = ("log", "log_leaf", "log_node", "log_head", "box_opening")
    tables = [boxes, marks, cast_ballots, ballots, *(boxes.metadata.tables[name] for name in others)]
    with engine.connect() as connection:
        return {table.name: sorted(map(repr, connection.execute(table.select()))) for table in tables}


def cast(unit: Work, poll: OpenPoll) -> None:
    poll.cast(unit, 77, seed="f" * 26)


def merge(unit: Work, poll: OpenPoll) -> None:
    merging.merge(unit, poll.id, keyring.log_key())


def close(unit: Work, poll: OpenPoll) -> None:
    voting.close_box(unit, poll.id)


def close_and_merge(unit: Work, poll: OpenPoll) -> None:
    sequencing.tend(Work(unit.db, poll.closes + timedelta(minutes=1), unit.token), poll.edition)


def open_it(unit: Work, poll: OpenPoll) -> None:
    open_ballots(unit, poll.id, OPENING_KEY, style=poll.style, candidates=poll.slate)


ACTS: dict[str, tuple[list[Act], Act]] = {
    "cast": ([], cast), "merge": ([], merge), "close": ([merge], close), "close and merge": ([], close_and_merge),
    "open": ([close, merge], open_it),
}  # fmt: skip
"""An act, and what was done before it."""


def tried(engine: Engine, poll: OpenPoll, act: Act, number: int) -> bool:
    """Whether the act failed at this statement; if it did, nothing has changed."""
    before = held(engine)
    try:
        with failing_at(engine, number), work(engine) as unit:
            act(unit, poll)
    except (Fault, Problem):
        assert held(engine) == before
        return True
    return False


@pytest.mark.parametrize("name", ACTS)
def test_t03_a_fault_at_any_statement_leaves_all_or_nothing(poll: OpenPoll, engine: Engine, name: str) -> None:
    earlier, act = ACTS[name]
    for number in range(1, 2 * merging.LEAST_BATCH + 6):
        with work(engine) as unit:
            poll.cast(unit, number, seed=f"{number:026d}")
    for done in earlier:
        with work(engine) as unit:
            done(unit, poll)
    untouched, faults = held(engine), 0
    for number in count():
        if not tried(engine, poll, act, number):
            break
        faults += 1
        if PAIRS:
            faults += sum(tried(engine, poll, act, later) for later in range(number, number + PAIRS) if held(engine) == untouched)
            if held(engine) != untouched:
                break
    assert faults >= 1, "on PostgreSQL a cast is one statement"
    assert held(engine) != untouched, "the act was done in the end"
    tell(f"T03 {engine.dialect.name}, {name}: {faults} faults, nothing half done")

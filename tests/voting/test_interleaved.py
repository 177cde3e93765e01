"""T09: two acts on one box at once, with every point at which one can be stopped for the other: cast, close, paper, merge, open.

A referee lets one statement through at a time. One act goes so many statements, then the other so many, then the first to its end
and the second to its own; for each pair every such schedule is played. Where an act waits for a lock of the other, the other goes on.
On SQLite writers come one after the other, so there is nothing to interleave: there each act begins only once the other has ended.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from app import keyring
from app.core.problems import Problem
from app.ledger.models import LogLeaf
from app.unit import Work, work
from app.voting import merging
from app.voting import service as voting
from app.voting.box import boxes
from app.voting.models import Ballot, CastBallot, Opening, SpentCredential
from app.voting.opening import open_ballots
from app.voting.tallying import profile
from tests.bureau import OPENING_KEY
from tests.voting.machine import ANEW
from tests.voting.poll import OpenPoll, all_rows
from tests.voting.soaking import tell, wanted

POSTGRESQL = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
SCHEDULES = wanted("schedules", 12)
"""So many schedules of each pair at most, spread evenly over all of them; `make soak` plays all."""
BLOCKED_AFTER = 0.05
"""Seconds after which an act that was let through and has not come back is taken to wait for the other one."""
Act = Callable[[Work, OpenPoll], Any]


@dataclass
class Player:
    """One act in a thread of its own, stopped before each of its statements and before its commit."""

    name: str
    steps: int = 0
    patience: int = 0
    answer: object = None
    ended: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def pause(self) -> None:
        """Wait until the referee lets the next statement through."""
        self.stopped.set()
        assert self.go.wait(30), "the referee is gone"
        self.go.clear()

    def step(self) -> bool:
        """Let one statement through; False where the act is over, or waits for the other one."""
        if self.ended.is_set() or not self.stopped.wait(BLOCKED_AFTER):
            return False
        self.stopped.clear()
        self.go.set()
        self.steps += 1
        while not self.ended.is_set() and not self.stopped.wait(BLOCKED_AFTER / 10):
            if self._waits():
                return False
        return True

    def _waits(self) -> bool:
        """Whether it has been let through for so long that it must be waiting for a lock."""
        self.patience = (self.patience + 1) % 10
        return self.patience == 0


class Referee:
    """Plays two acts against each other by a schedule."""

    def __init__(self, engine: Engine, poll: OpenPoll) -> None:
        self.engine, self.poll = engine, poll
        self.here = threading.local()

    @contextmanager
    def watching(self) -> Iterator[None]:
        def before(*_: Any) -> None:
            if (player := getattr(self.here, "player", None)) is not None:
                player.pause()

        event.listen(self.engine, "before_cursor_execute", before)
        event.listen(self.engine, "commit", before)
        try:
            yield
        finally:
            event.remove(self.engine, "before_cursor_execute", before)
            event.remove(self.engine, "commit", before)

    def play(self, first: Act, second: Act, stops: tuple[int, int]) -> tuple[Player, Player]:
        """`stops`: how many statements of the first, then of the second, before the first goes on to its end."""
        one, other = Player("first"), Player("second")
        threads = [threading.Thread(target=self._run, args=pair, daemon=True) for pair in ((one, first), (other, second))]
        with self.watching():
            for thread in threads:
                thread.start()
            for player, many in zip((one, other), stops, strict=True):
                for _ in range(many):
                    player.step()
            until = time.monotonic() + 60
            while not (one.ended.is_set() and other.ended.is_set()):
                assert time.monotonic() < until, "neither waits for ever"
                if not one.step():
                    other.step()
            for thread in threads:
                thread.join(10)
        return one, other

    def _run(self, player: Player, act: Act) -> None:
        self.here.player = player
        try:
            with work(self.engine, now=self.poll.opens + timedelta(days=2)) as unit:
                player.answer = act(unit, self.poll)
        except Problem as problem:
            player.answer = problem
        except Exception as fault:
            player.answer = fault
        finally:
            player.ended.set()


def cast(number: int, choice: int = 0) -> Act:
    return lambda unit, poll: poll.cast(unit, number, poll.ids[choice : choice + 3], seed=f"{number:013d}{choice:013d}")


def close(unit: Work, poll: OpenPoll) -> bool:
    return voting.close_box(unit, poll.id)


def paper(unit: Work, poll: OpenPoll) -> str:
    voting.spend(unit, poll.id, poll.key(1), "paper", "2026-11-21")
    return "paper"


def merge(unit: Work, poll: OpenPoll) -> int:
    return merging.merge(unit, poll.id, keyring.log_key())


def open_it(unit: Work, poll: OpenPoll) -> Opening:
    return open_ballots(unit, poll.id, OPENING_KEY, style=poll.style, candidates=poll.slate)


PAIRS: dict[str, tuple[Act, Act, int, bool]] = {
    "cast and the same cast": (cast(1), cast(1), 0, False),
    "cast and another of the same key": (cast(1), cast(1, 3), 0, False),
    "cast and close": (cast(1), close, 2, False),
    "cast and paper": (cast(1), paper, 0, False),
    "cast and merge": (cast(1), merge, 40, False),
    "close and close": (close, close, 3, False),
    "merge and merge": (merge, merge, 40, False),
    "open and open": (open_it, open_it, 3, True),
}
"""Two acts, how many others have voted before, and whether the box is closed and merged then."""


def begin(engine: Engine, poll: OpenPoll, others: int, complete: bool) -> None:
    """An open box with the ballots of others, as at the start of each schedule."""
    with engine.begin() as connection:
        for change in ANEW:
            connection.execute(text(change))
    with work(engine) as unit:
        for number in range(100, 100 + others):
            cast(number)(unit, poll)
    if complete:
        with work(engine) as unit:
            close(unit, poll)
            merge(unit, poll)


def check(engine: Engine, poll: OpenPoll, name: str, others: int, answers: tuple[object, object]) -> None:
    """What must hold after any schedule of this pair."""
    with work(engine) as unit:
        marks, box = all_rows(unit, SpentCredential), all_rows(unit, CastBallot)
        closed = unit.core.execute(boxes.select().where(boxes.c.edition_id == poll.id)).one().closed
        given = [one.leaf_hash for one in answers if isinstance(one, voting.Receipt)]
        logged = {one.hash for one in all_rows(unit, LogLeaf)}
        assert not [one for one in answers if isinstance(one, Exception) and not isinstance(one, Problem)], answers
        assert set(given) <= {one.leaf_hash for one in box}, "a receipt was given for a ballot that is not there"
        assert {one.leaf_hash for one in box if one.entry is None} == logged, "what the box gave up is in the log, and nothing else"
        assert len(box) == others + len(set(given)), "no ballot without a receipt"
        online = [one for one in marks if one.how == "online"]
        assert len(online) == len(box), "as many marks as ballots"
        kinds = sorted(type(one).__name__ for one in answers)
        if name == "cast and the same cast":
            assert len(set(given)) == 1
            assert len(given) == 2
        elif name == "cast and another of the same key":
            assert kinds == ["AlreadyVoted", "Receipt"]
        elif name == "cast and paper":
            assert kinds in (["AlreadyVoted", "Receipt"], ["AlreadyVoted", "str"])
            assert len(marks) == 1
        elif name == "cast and close":
            assert closed
            assert kinds in (["Receipt", "bool"], ["Refused", "bool"])
        elif name in ("close and close", "merge and merge"):
            assert sorted(map(int, answers)) in ([0, 1], [0, 20]), answers  # type: ignore[call-overload]
        elif name == "open and open":
            assert kinds == ["Conflict", "Opening"]
            assert len(all_rows(unit, Ballot)) == others == profile(unit, poll.id).total
        elif name == "cast and merge":
            assert kinds == ["Receipt", "int"]
            assert len(logged) in (0, 20, 21)


def statements(referee: Referee, engine: Engine, poll: OpenPoll, name: str) -> tuple[int, int]:
    """Into how many steps the two acts fall, one after the other."""
    first, second, others, complete = PAIRS[name]
    begin(engine, poll, others, complete)
    one, _ = referee.play(first, second, (60, 0))
    begin(engine, poll, others, complete)
    other, _ = referee.play(second, first, (60, 0))
    return one.steps, other.steps


@POSTGRESQL
@pytest.mark.parametrize("name", PAIRS)
def test_t09_every_interleaving_of_two_acts_leaves_the_box_as_one_after_the_other_would(poll: OpenPoll, engine: Engine, name: str) -> None:
    first, second, others, complete = PAIRS[name]
    referee = Referee(engine, poll)
    mine, theirs = statements(referee, engine, poll, name)
    every = [(before, meanwhile) for before in range(mine + 1) for meanwhile in range(1, theirs + 1)]
    chosen = every[:: max(1, len(every) // SCHEDULES)]
    for stops in chosen:
        begin(engine, poll, others, complete)
        one, other = referee.play(first, second, stops)
        check(engine, poll, name, others, (one.answer, other.answer))
    tell(f"T09 {name}: {len(chosen)} of {len(every)} interleavings of {mine} and {theirs} steps")


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("turned", [False, True], ids=["first first", "second first"])
def test_t09_one_after_the_other_on_both_engines(poll: OpenPoll, engine: Engine, name: str, turned: bool) -> None:
    first, second, others, complete = PAIRS[name]
    begin(engine, poll, others, complete)
    answers = []
    for act in (second, first) if turned else (first, second):
        try:
            with work(engine, now=poll.opens + timedelta(days=2)) as unit:
                answers.append(act(unit, poll))
        except Problem as problem:
            answers.append(problem)
    check(engine, poll, name, others, (answers[0], answers[1]))

"""The ballot box as a state machine: anything that can happen, in any order, beside a model of what must then be true (T08)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import cycle, islice, product
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text

from app.core.credentials import spent_mark
from app.core.problems import Problem
from app.core.transparency import Head, Note, leaf_hash, root_of
from app.ledger import log as ledger
from app.unit import Work, work
from app.voting import merging
from app.voting import service as voting
from app.voting.opening import open_ballots
from app.voting.tallying import profile
from tests.bureau import OPENING_KEY
from tests.conftest import Clock
from tests.voting.poll import OpenPoll

PEOPLE = range(1, 10)
CHOICES = ((0, 1, 2), (3, 4, 5), (2, 3, 4, 5), ())
Step = tuple[Any, ...]
ACTS: dict[str, tuple[int, tuple[Iterable[Any], ...]]] = {
    "vote": (10, (PEOPLE, CHOICES)), "copy": (2, (PEOPLE, PEOPLE)), "vote_and_crash": (1, (PEOPLE, CHOICES)),
    "mark": (3, (PEOPLE, ("paper", "void"))), "tick": (5, ((1, 11, 600, 20_000, 20_000),)), "merge": (4, ()), "merge_and_crash": (1, ()),
    "close": (4, ()), "open": (5, ((True, True, True, False),)),
}  # fmt: skip
"""What can happen, how often out of all, and with what."""
WAITING = "SELECT count(*) FROM cast_ballot WHERE entry IS NOT NULL"
TABLES = {
    "box": "SELECT closed, opened FROM ballot_box", "marks": "SELECT mark, how, day FROM spent_credential",
    "cast": "SELECT leaf_hash, entry IS NULL FROM cast_ballot", "ballots": "SELECT leaf_hash, content FROM ballot",
    "opening": "SELECT head_size FROM box_opening", "log": "SELECT id, size, CAST(roots AS text) FROM log",
    "leaves": "SELECT log_id, hash, entry IS NULL FROM log_leaf ORDER BY log_id, place", "heads": "SELECT log_id, size, note FROM log_head",
}  # fmt: skip
"""All that the box answers from."""
ANEW = (
    "DELETE FROM box_opening", "DELETE FROM ballot", "DELETE FROM cast_ballot", "DELETE FROM spent_credential", "DELETE FROM log_head",
    "DELETE FROM log_leaf", "DELETE FROM log_node",
    "UPDATE log SET size = 0, roots = '[]'", "UPDATE ballot_box SET closed = false, opened = false",
    "DELETE FROM job",
)  # fmt: skip


def read(unit: Work, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query as the driver gives them: a step of the machine asks many, and has no use for more."""
    driver = unit.core.connection.driver_connection
    assert driver is not None
    return list(driver.execute(query))


class Crash(RuntimeError):
    """The process dies before it commits."""


def steps() -> Iterator[Step]:
    """Each act forty times as often as said, with all that it can be done with: the machine draws once a step, which is quick."""
    for name, (often, given) in ACTS.items():
        every = list(product(*given))
        random.Random(8).shuffle(every)
        yield from ((name, *one) for one in islice(cycle(every), 40 * often))


class BoxMachine(RuleBasedStateMachine):
    """Nine people, a box, a clock. `poll`, `clock` and `key`, that of the log, are set by the test.

    There is one rule that draws an act: of many rules, the library leaves half out of each run, and most runs would see no ballot.
    """

    poll: OpenPoll
    clock: Clock
    key: Ed25519PrivateKey

    @initialize(left=st.sampled_from([None, timedelta(hours=1)]))
    def begin(self, left: timedelta | None) -> None:
        """An empty open box, as at the opening of the vote, or when little time is left: then the run sees more of the end."""
        with self.poll.engine.begin() as connection:
            for change in ANEW:
                connection.execute(text(change))
        self.clock.now = self.poll.opens if left is None else self.poll.closes - left
        self.marks: dict[int, str] = {}
        self.cast_by: dict[int, tuple[tuple[int, ...], voting.Receipt]] = {}
        self.closed = self.opened = False
        self.sizes = [0]
        self.seen: dict[str, list[tuple[Any, ...]]] = {}
        self.known: list[object] = []

    @rule(step=st.sampled_from(list(steps())))
    def happen(self, step: Step) -> None:
        """One of the acts below."""
        getattr(self, step[0])(*step[1:])

    # What people do.

    def vote(self, number: int, choices: tuple[int, ...]) -> None:
        """Somebody votes, for the first time or again: the first mark prevails, the same form gives the same receipt."""
        given = self._attempt(number, choices)
        if number in self.cast_by:
            known, receipt = self.cast_by[number]
            assert (given is not None) == (known == choices)
            assert given is None or given.leaf_hash == receipt.leaf_hash
        elif number in self.marks or not self._is_open():
            assert given is None
        else:
            assert given is not None
            self.marks[number], self.cast_by[number] = "online", (choices, given)

    def copy(self, number: int, other: int) -> None:
        """Somebody sends the sealed bytes of another with a key of his own."""
        if other in self.cast_by and number not in self.marks:
            choices, _ = self.cast_by[other]
            assert self._attempt(number, choices, seed=other) is None

    def vote_and_crash(self, number: int, choices: tuple[int, ...]) -> None:
        """The process dies between the last statement and the commit: nothing has happened."""
        try:
            with work(self.poll.engine, now=self.clock.now) as unit:
                self._cast(unit, number, choices, number)
                raise Crash
        except (Crash, Problem):
            pass

    def mark(self, number: int, how: str) -> None:
        """The desk hands out a paper ballot, or an official cancels a key."""
        try:
            with work(self.poll.engine, now=self.clock.now) as unit:
                voting.spend(unit, self.poll.id, self.poll.key(number), how, "2026-11-21")
        except Problem:
            assert self.closed or number in self.marks
        else:
            assert not self.closed
            assert number not in self.marks
            self.marks[number] = how

    # What the clock and the worker do.

    def tick(self, minutes: int) -> None:
        """Time passes."""
        self.clock.now += timedelta(minutes=minutes)

    def merge(self) -> None:
        """The worker's round, sometimes when nothing is to be done."""
        with work(self.poll.engine, now=self.clock.now) as unit:
            [(waiting,)] = read(unit, WAITING)
            merging.merge(unit, self.poll.id, self.key)
            [(left,)] = read(unit, WAITING)
        assert left == 0 if self.closed else left >= min(waiting, merging.LEAST_BATCH)

    def merge_and_crash(self) -> None:
        """A merge that never commits."""
        try:
            with work(self.poll.engine, now=self.clock.now) as unit:
                merging.merge(unit, self.poll.id, self.key)
                raise Crash
        except Crash:
            pass

    def close(self) -> None:
        """The clock has closed the vote, once it has."""
        if self.clock.now < self.poll.closes:
            return
        with work(self.poll.engine, now=self.clock.now) as unit:
            voting.close_box(unit, self.poll.id)
        self.closed = True

    def open(self, right: bool) -> None:
        """The bureau opens the box, or tries to: too early, with another key; and at once again, for once is all it opens."""
        self._open(right)
        self._open(right)

    def _open(self, right: bool) -> None:
        key = OPENING_KEY if right else X25519PrivateKey.from_private_bytes(b"k" * 32)
        try:
            with work(self.poll.engine, now=self.clock.now) as unit:
                complete = merging.is_complete(unit, self.poll.id)
                open_ballots(unit, self.poll.id, key, style=self.poll.style, candidates=self.poll.slate)
        except Problem:
            assert self.opened or not right or not complete
        else:
            assert right
            assert complete
            assert not self.opened
            self.opened = True

    # What is always true.

    @invariant()
    def the_box_is_what_the_model_says(self) -> None:
        """All that must hold. Where neither the tables nor the model are other than they were, the answers cannot be either."""
        with work(self.poll.engine, writing=False) as unit:
            rows = {name: read(unit, query) for name, query in TABLES.items()}
            known = [dict(self.marks), dict(self.cast_by), self.closed, self.opened]
            if (rows, known) != (self.seen, self.known):
                self._marks_are_those_of_the_model(unit, rows["marks"])
                self._each_ballot_is_there_once_and_nothing_else_is(unit, rows["cast"])
                self._every_receipt_is_kept(unit, set(rows["cast"]) ^ set(self.seen.get("cast", [])))
                self._heads_only_grow_and_say_what_the_log_holds(unit, rows["leaves"])
                self._ballots_can_be_counted_once_the_box_is_opened_and_not_before(unit, rows["ballots"])
        self.seen, self.known = rows, known

    def _marks_are_those_of_the_model(self, unit: Work, rows: list[tuple[Any, ...]]) -> None:
        assert {mark: how for mark, how, _ in rows} == {self._mark(number): how for number, how in self.marks.items()}
        turned = Counter[str]()
        for row in voting.turnout(unit, self.poll.id):
            turned[row.how] += row.count
        assert turned == Counter(self.marks.values())

    def _each_ballot_is_there_once_and_nothing_else_is(self, unit: Work, rows: list[tuple[Any, ...]]) -> None:
        leaves = sorted(receipt.leaf_hash for _, receipt in self.cast_by.values())
        assert sorted(leaf for leaf, _ in rows) == leaves
        assert len(set(leaves)) == len(self.cast_by)
        assert sorted(self._logged(unit)) == sorted(leaf for leaf, merged in rows if merged)

    def _every_receipt_is_kept(self, unit: Work, changed: set[tuple[Any, ...]]) -> None:
        """Of the ballots whose row came, went or changed; every row has its receipt, see above."""
        given = {receipt.leaf_hash: receipt for _, receipt in self.cast_by.values()}
        for leaf in {leaf for leaf, _ in changed}:
            assert voting.receipt(unit, given[leaf].tracking_code).leaf_hash == leaf

    def _heads_only_grow_and_say_what_the_log_holds(self, unit: Work, rows: list[tuple[Any, ...]]) -> None:
        log = ledger.log_of(unit, self.poll.id)
        assert log is not None
        leaves = [bytes.fromhex(hash) for log_id, hash, _ in rows if log_id == log.id]
        heads = [Head.read(Note.read(one.note).text) for one in ledger.heads_of(unit, log)]
        assert len(leaves) == log.size
        assert not leaves or heads[-1].size == log.size
        for head in heads:
            assert head.root == root_of(leaves[: head.size])
        sizes = [head.size for head in heads]
        assert sizes[: len(self.sizes)] == self.sizes or self.sizes == [0]
        self.sizes = sizes or [0]

    def _ballots_can_be_counted_once_the_box_is_opened_and_not_before(self, unit: Work, rows: list[tuple[Any, ...]]) -> None:
        assert len(rows) == (len(self.cast_by) if self.opened else 0)
        try:
            found = profile(unit, self.poll.id).ballots
        except Problem:
            assert not self.opened
            return
        assert self.opened
        ids = self.poll.ids
        assert found == Counter(frozenset(ids[at] for at in choices) for choices, _ in self.cast_by.values())

    # Words for the above.

    def _is_open(self) -> bool:
        return not self.closed and self.poll.opens <= self.clock.now < self.poll.closes

    def _mark(self, number: int) -> str:
        return spent_mark(self.poll.facts.key, str(self.poll.id), self.poll.key(number))

    def _logged(self, unit: Work) -> list[str]:
        log = ledger.log_of(unit, self.poll.id)
        return [] if log is None else [leaf_hash(entry).hex() for entry in ledger.entries_of(unit, log)]

    def _cast(self, unit: Work, number: int, choices: tuple[int, ...], seed: int) -> voting.Receipt:
        return self.poll.cast(unit, number, [self.poll.ids[at] for at in choices], f"{seed:026d}")

    def _attempt(self, number: int, choices: tuple[int, ...], *, seed: int | None = None) -> voting.Receipt | None:
        try:
            with work(self.poll.engine, now=self.clock.now) as unit:
                return self._cast(unit, number, choices, number if seed is None else seed)
        except Problem:
            return None

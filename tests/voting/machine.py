"""The ballot box as a state machine: anything that can happen, in any order, beside a model of what must then be true (T08)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import text

from app import keyring
from app.core.credentials import spent_mark
from app.core.problems import Problem
from app.core.transparency import Head, Note, leaf_hash, root_of
from app.ledger import log as ledger
from app.ledger.models import LogLeaf
from app.unit import Work, work
from app.voting import merging
from app.voting import service as voting
from app.voting.models import Ballot, CastBallot, SpentCredential
from app.voting.opening import open_ballots
from app.voting.tallying import profile
from tests.bureau import OPENING_KEY
from tests.conftest import Clock
from tests.voting.poll import OpenPoll, all_rows

PEOPLE = st.integers(1, 9)
CHOICES = st.sampled_from([(0, 1, 2), (3, 4, 5), (2, 3, 4, 5), ()])
ANEW = (
    "DELETE FROM box_opening", "DELETE FROM ballot", "DELETE FROM cast_ballot", "DELETE FROM spent_credential", "DELETE FROM log_head",
    "DELETE FROM log_leaf", "DELETE FROM log_node",
    "UPDATE log SET size = 0, roots = '[]'", "UPDATE ballot_box SET closed = false, opened = false",
    "DELETE FROM job",
)  # fmt: skip


class Crash(RuntimeError):
    """The process dies before it commits."""


class BoxMachine(RuleBasedStateMachine):
    """Nine people, a box, a clock. `poll` and `clock` are set by the test."""

    poll: OpenPoll
    clock: Clock

    @initialize()
    def begin(self) -> None:
        """An empty open box, as at the opening of the vote."""
        with self.poll.engine.begin() as connection:
            for change in ANEW:
                connection.execute(text(change))
        self.clock.now = self.poll.opens
        self.marks: dict[int, str] = {}
        self.cast_by: dict[int, tuple[tuple[int, ...], voting.Receipt]] = {}
        self.closed = self.opened = False
        self.sizes = [0]

    # What people do.

    @rule(number=PEOPLE, choices=CHOICES)
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

    @rule(number=PEOPLE, other=PEOPLE)
    def copy(self, number: int, other: int) -> None:
        """Somebody sends the sealed bytes of another with a key of his own."""
        if other in self.cast_by and number not in self.marks:
            choices, _ = self.cast_by[other]
            assert self._attempt(number, choices, seed=other) is None

    @rule(number=PEOPLE, choices=CHOICES)
    def vote_and_crash(self, number: int, choices: tuple[int, ...]) -> None:
        """The process dies between the last statement and the commit: nothing has happened."""
        try:
            with work(self.poll.engine, now=self.clock.now) as unit:
                self._cast(unit, number, choices, number)
                raise Crash
        except (Crash, Problem):
            pass

    @rule(number=PEOPLE, how=st.sampled_from(["paper", "void"]))
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

    @rule(minutes=st.sampled_from([1, 11, 600, 20_000]))
    def tick(self, minutes: int) -> None:
        """Time passes."""
        self.clock.now += timedelta(minutes=minutes)

    @rule()
    def merge(self) -> None:
        """The worker's round, sometimes when nothing is to be done."""
        with work(self.poll.engine, now=self.clock.now) as unit:
            waiting = merging.waiting_in(unit, self.poll.id)
            merging.merge(unit, self.poll.id, keyring.log_key())
            left = merging.waiting_in(unit, self.poll.id)
        assert left == 0 if self.closed else left >= min(waiting, merging.LEAST_BATCH)

    @rule()
    def merge_and_crash(self) -> None:
        """A merge that never commits."""
        try:
            with work(self.poll.engine, now=self.clock.now) as unit:
                merging.merge(unit, self.poll.id, keyring.log_key())
                raise Crash
        except Crash:
            pass

    @precondition(lambda self: self.clock.now >= self.poll.closes)
    @rule()
    def close(self) -> None:
        """The clock has closed the vote."""
        with work(self.poll.engine, now=self.clock.now) as unit:
            voting.close_box(unit, self.poll.id)
        self.closed = True

    @rule(right=st.booleans())
    def open(self, right: bool) -> None:
        """The bureau opens the box, or tries to: too early, again, or with another key."""
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
    def marks_are_those_of_the_model(self) -> None:
        with work(self.poll.engine, writing=False) as unit:
            found = {row.mark: row.how for row in all_rows(unit, SpentCredential)}
            assert found == {self._mark(number): how for number, how in self.marks.items()}
            turned = Counter[str]()
            for row in voting.turnout(unit, self.poll.id):
                turned[row.how] += row.count
        assert turned == Counter(self.marks.values())

    @invariant()
    def each_ballot_is_there_once_and_nothing_else_is(self) -> None:
        leaves = {receipt.leaf_hash for _, receipt in self.cast_by.values()}
        with work(self.poll.engine, writing=False) as unit:
            rows = {row.leaf_hash: row.entry for row in all_rows(unit, CastBallot)}
            logged = self._logged(unit)
        assert set(rows) == leaves
        assert len(leaves) == len(self.cast_by)
        assert sorted(logged) == sorted(leaf for leaf, entry in rows.items() if entry is None)

    @invariant()
    def every_receipt_is_kept(self) -> None:
        with work(self.poll.engine, writing=False) as unit:
            for _, receipt in self.cast_by.values():
                assert voting.receipt(unit, receipt.tracking_code).leaf_hash == receipt.leaf_hash

    @invariant()
    def heads_only_grow_and_say_what_the_log_holds(self) -> None:
        with work(self.poll.engine, writing=False) as unit:
            log = ledger.log_of(unit, self.poll.id)
            assert log is not None
            mine = sorted((row.place, row.hash) for row in all_rows(unit, LogLeaf) if row.log_id == log.id)
            leaves = [bytes.fromhex(hash) for _, hash in mine]
            heads = [Head.read(Note.read(one.note).text) for one in ledger.heads_of(unit, log)]
        assert len(leaves) == log.size
        assert not leaves or heads[-1].size == log.size
        for head in heads:
            assert head.root == root_of(leaves[: head.size])
        sizes = [head.size for head in heads]
        assert sizes[: len(self.sizes)] == self.sizes or self.sizes == [0]
        self.sizes = sizes or [0]

    @invariant()
    def ballots_can_be_counted_once_the_box_is_opened_and_not_before(self) -> None:
        with work(self.poll.engine, writing=False) as unit:
            assert len(all_rows(unit, Ballot)) == (len(self.cast_by) if self.opened else 0)
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

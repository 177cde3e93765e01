"""Which run of a completion counts, how many there were, and how many were really made."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from app.core.tally import shares_completion
from app.core.tally.limits import MaxSpending
from app.core.tally.shares_completion import Completed, Completion, complete
from app.core.tally.shares_market import Market
from app.core.tally.shares_run import Before, Run, Walk, run_at
from tests.core.test_tally_shares_run import THREE, by_hand

CLOSED = (MaxSpending(key="site", cents=9),)
"""A limit that limits nothing here, but with which no step is run beside others."""


class Made:
    """The runs that are made one at a time, and what each was told of those before."""

    def __init__(self) -> None:
        self.shares: list[Fraction] = []
        self.before: list[Before | None] = []

    def __call__(
        self, market: Market, share: Fraction, limit: int, first: Mapping[int, int] | None = None, before: Before | None = None
    ) -> Walk:
        self.shares.append(share)
        self.before.append(before)
        return run_at(market, share, limit, first, before)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    found = Made()
    monkeypatch.setattr(shares_completion, "run_at", found)
    return found


class Foreseen:
    """In the place of a proof: run at each step, it knows just how long the purchases stay the same."""

    def __init__(self, market: Market, run: Run, high: Fraction) -> None:
        self.steps, step = 0, 2
        while run.share + self.steps * step < high and run_at(market, run.share + (self.steps + 1) * step, 60).run.bought == run.bought:
            self.steps += 1
        self.asked = int((high - run.share) / step)

    def holds(self) -> float:
        return 1.0 if self.steps == self.asked else (self.steps + 0.5) / self.asked / 0.95


def done(own: Market, completion: Completion, voters: int, step: int = 1) -> tuple[Completed, list[tuple[int, int]]]:
    heard: list[tuple[int, int]] = []
    return complete(own, completion, voters, step, lambda *told: heard.append(told)), heard


def told(completed: Completed) -> tuple[Any, ...]:
    return completed.final.share, completed.final.bought, completed.runs, completed.final.unparted


@pytest.mark.parametrize("voters", [0, 1])
def test_without_voters_one_share_is_the_envelope(voters: int) -> None:
    completed, heard = done(by_hand(()), "none", voters)
    assert told(completed) == (60, (), 1, ())
    assert (completed.voters, completed.ties, heard) == (voters, [], [])


def test_without_completion_there_is_one_run(made: Made) -> None:
    completed, heard = done(by_hand(THREE), "none", 30)
    assert told(completed) == (2, (), 1, ())
    assert heard == []
    assert made.shares == [2]


# Of 60 cents four hold 15 each: three buy a, of 10, at once; the fourth wants b.
@pytest.mark.parametrize("limits", [(), CLOSED])
@pytest.mark.parametrize("completion", ["add1_until_exhaustive", "add1_until_infeasible"])
def test_steps_end_as_soon_as_all_is_bought(completion: Completion, limits: Any, made: Made) -> None:
    own = by_hand(("a", "a", "a", "b"), {"a": 10, "b": 20}, limits=limits)
    completed, heard = done(own, completion, 4)
    assert told(completed) == (20, (0, 1), 6, ())
    assert heard == [(runs, 10) for runs in range(2, 6)] + [(6, 30)]
    assert completed.final.rounds[0].payers == 3
    # Those that were run beside each other leave out who paid: the one that counts is run once more.
    assert made.shares == (list(range(15, 21)) if limits else [15, 20])
    for before in made.before[1:] if limits else ():
        assert before is not None
        assert before.bought == (0,)
        assert before.hints[0] > 0


@pytest.mark.parametrize("limits", [(), CLOSED])
def test_the_last_that_does_not_overspend_counts(limits: Any, made: Made) -> None:
    own = by_hand(("a", "a", "a", "b", "c"), {"a": 10, "b": 20, "c": 31}, limits=limits)
    completed, heard = done(own, "add1_until_infeasible", 4)
    assert told(completed) == (30, (0, 1), 17, ())
    assert heard[-1] == (16, 30)
    # Side by side it is open whether one of b who holds 20, or of c who holds 31, can just pay.
    assert made.shares == (list(range(15, 32)) if limits else [15, 20, 31, 30])


@pytest.mark.parametrize("limits", [(), CLOSED])
def test_it_counts_where_skipped_steps_lie_before_the_one_that_overspends(limits: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """At steps of 2 from 15 on b is bought at 65, too dear. Eight steps are skipped after 31, and those from 51 to 63 after 49."""
    own = by_hand(("a", "a", "a", "b"), {"a": 10, "b": 65}, limits=limits)
    monkeypatch.setattr(shares_completion, "Stretch", Foreseen)
    completed, heard = done(own, "add1_until_infeasible", 4, 2)
    assert told(completed) == (63, (0,), 26, ())
    assert heard == [*((runs, 10) for runs in range(2, 10)), (18, 10)]


def test_the_first_that_leaves_no_room_counts(made: Made) -> None:
    own = by_hand(("a", "a", "a", "b", "c"), {"a": 10, "b": 20, "c": 31})
    completed, _ = done(own, "add1_until_exhaustive", 4)
    assert told(completed) == (20, (0, 1), 6, ())


def test_ties_of_all_runs_are_kept_where_the_order_could_matter() -> None:
    """Two voters share a and b, equal, at 20, 21, 22 and 23 each, when c is bought too; c, d and e are equal, but of voters apart."""
    own = by_hand(("ab", "ab", "c", "d", "e"), {"a": 6, "b": 6, "c": 23, "d": 5, "e": 5})
    completed, _ = done(own, "add1_until_infeasible", 3)
    assert told(completed) == (23, (0, 1, 2, 3, 4), 4, ())
    assert [one.equal for one in completed.ties] == [((0,), (1,))] * 4


def test_a_tie_that_needs_a_draw_ends_the_count() -> None:
    """Two voters could pay a or b, of 10 each, at 20/3; at 4 they cannot, and at 5 the run that needs the draw also overspends 12."""
    field = {"a": 10, "b": 10, "c": 5}
    own = by_hand(("ab", "ab", "c"), field, tie_break=("cheaper",))
    completed, heard = done(own, "add1_until_infeasible", 9)
    assert told(completed) == (Fraction(20, 3), (0, 2), 1, (0, 1))
    assert heard == []
    completed, heard = done(by_hand(("ab", "ab", "c"), field, tie_break=("cheaper",), budget=12), "add1_until_infeasible", 3)
    assert told(completed) == (4, (), 2, (0, 1))
    assert heard == []

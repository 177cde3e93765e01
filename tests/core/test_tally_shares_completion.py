"""The completions of Equal Shares: which shares are run, which are skipped, when it is enough, and which run counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from app.core.tally import Election, EqualShares, Project, shares_completion
from app.core.tally.columns import PLAIN
from app.core.tally.limits import MaxSpending
from app.core.tally.shares_completion import Ahead, Completion, Leaps, _alone, _enough, _next_share
from app.core.tally.shares_lanes import Lanes
from app.core.tally.shares_market import Market, market
from app.core.tally.shares_run import Before, Round, Run, run_at
from tests.core.test_tally_shares_run import THREE, by_hand
from tests.core.test_tally_shares_run_strides import Strides

UNTIL: tuple[Completion, Completion] = ("add1_until_exhaustive", "add1_until_infeasible")


def ranked(*ballots: str) -> Market:
    """Points by place: the last that a ballot names is worth nothing to it."""
    field = (Project("a", 10), Project("b", 6), Project("c", 4))
    marks = [{id: place for place, id in enumerate(ballot, 1)} for ballot in ballots]
    rule = EqualShares(utility="borda", tie_break=("id",))
    return market(rule, Election.marked(field, marks, 60, "ranking"), "borda", rule.scale, PLAIN)


def run_of(bought: Iterable[int], share: int = 9, spent: int = 0) -> Run:
    return Run(Fraction(share), [Round(one, 1, 0, ((one,),)) for one in bought], spent)


class Proofs:
    """In the place of a stretch: answers what it is told, and notes how far it was asked to prove."""

    def __init__(self, *answers: float) -> None:
        self.answers, self.asked = list(answers), list[Fraction]()

    def __call__(self, market: Market, run: Run, high: Fraction) -> Proofs:
        self.asked.append(high - run.share)
        return self

    def holds(self) -> float:
        return self.answers.pop(0)


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch) -> Proofs:
    made = Proofs()
    monkeypatch.setattr(shares_completion, "Stretch", made)
    return made


def test_steps_are_skipped_after_eight_calm_ones_four_times_as_many_each_time(proofs: Proofs) -> None:
    leaps, run = Leaps(by_hand(THREE), 3), run_of([0, 1])
    proofs.answers = [1, 1, 1]
    assert [leaps.after(run) for _ in range(11)] == [0] * 8 + [8, 32, 128]
    assert proofs.asked == [3 * 8, 3 * 32, 3 * 128]


def test_a_change_is_waited_out_and_the_order_of_purchases_counts(proofs: Proofs) -> None:
    leaps = Leaps(by_hand(THREE), 3)
    proofs.answers = [1, 1]
    assert [leaps.after(run_of([0, 1])) for _ in range(8)] == [0] * 8
    assert [leaps.after(run_of([1, 0])) for _ in range(10)] == [0] * 8 + [8, 32]


def test_where_nothing_is_bought_no_proof_is_tried(proofs: Proofs) -> None:
    leaps = Leaps(by_hand(THREE), 3)
    assert [leaps.after(run_of([])) for _ in range(20)] == [0] * 20
    assert proofs.asked == []


def test_a_proof_that_fails_is_tried_for_less_and_the_next_begins_small(proofs: Proofs) -> None:
    """Of 8 steps 0.95 x 0.75 are 5.7; of 128, 0.95 x 0.5 are 60.8, and of these 0.95 x 0.999 are 56.9; of 8 again 7.6."""
    leaps, run = Leaps(by_hand(THREE), 1), run_of([0, 1])
    proofs.answers = [0.75, 1, 1, 1, 0.5, 0.999, 1, 0.999, 1]
    assert [leaps.after(run) for _ in range(13)] == [0] * 8 + [5, 8, 32, 56, 7]
    assert proofs.asked == [8, 5, 8, 32, 128, 60, 56, 8, 7]


def test_fewer_than_four_steps_are_not_worth_a_proof_and_the_change_is_awaited(proofs: Proofs) -> None:
    """Of 8 steps 0.95 x 0.6 are 4.6, and of 4, 0.95 x 0.9 are 3.4: these three are run, and then as long as ten are calm."""
    leaps = Leaps(by_hand(THREE), 1)
    proofs.answers = [0.6, 0.9, 1, 1, 1]
    assert [leaps.after(run_of([0, 1])) for _ in range(9)] == [0] * 9
    assert proofs.asked == [8, 4]
    assert [leaps.after(run_of([0, 1])) for _ in range(14)] == [0] * 12 + [8, 32]
    assert [leaps.after(run_of([1])) for _ in range(9)] == [0] * 8 + [128]


class Blocks(Lanes):
    """Notes which shares are run side by side, and after what."""

    made: list[Blocks] = []

    def __init__(self, market: Market, shares: list[Fraction], limit: int, before: Before) -> None:
        super().__init__(market, shares, limit, before)
        self.made.append(self)


@pytest.fixture
def blocks(monkeypatch: pytest.MonkeyPatch) -> list[Blocks]:
    monkeypatch.setattr(Blocks, "made", [])
    monkeypatch.setattr(shares_completion, "Lanes", Blocks)
    return Blocks.made


def test_steps_are_run_ahead_in_blocks_up_to_sixteen(blocks: list[Blocks]) -> None:
    own = by_hand(THREE)
    ahead = Ahead(own, 2, 60)
    for share in range(9, 9 + 2 * 46, 2):
        run = ahead.at(Fraction(share), (0, 1))
        assert run is not None
        assert run.share == share
        assert run.bought == (0, 1, 2)
    assert [len(block.shares) for block in blocks] == [2, 4, 8, 16, 16]
    assert [share for block in blocks for share in block.shares] == list(range(9, 9 + 2 * 46, 2))
    assert all((block.before.bought, block.limit) == ((0, 1), 60) for block in blocks)
    assert blocks[0].before.hints == [0, 0, 0]
    assert all(one.hints == other.before.hints != [0, 0, 0] for one, other in pairwise(blocks))


def test_nothing_is_run_ahead_before_anything_is_bought(blocks: list[Blocks]) -> None:
    assert Ahead(by_hand(THREE), 2, 60).at(Fraction(9), ()) is None
    assert blocks == []


def piled(own: Market, marks: int, piles: int) -> Market:
    """The same, as if it had so many marks and piles."""
    return replace(own, owner=np.resize(own.owner, marks), many=np.resize(own.many, piles))


@pytest.mark.parametrize(
    ("own", "ahead"),
    [
        (by_hand(THREE), True),
        (by_hand(THREE, own=Strides()), False),
        (by_hand(THREE, utility="points"), False),
        (by_hand(THREE, limits=(MaxSpending(key="site", cents=9),)), False),
        (by_hand(THREE, {"a": 10, "b": 0, "c": 4}), False),
        (by_hand(("a", "a", "b"), {"a": 10, "b": 6, "c": 0}), True),
        (piled(by_hand(THREE), 6000, 3), True),
        (piled(by_hand(THREE), 6001, 3), False),
        (piled(by_hand(THREE), 3, 100_000), True),
        (piled(by_hand(THREE), 3, 100_001), False),
        (by_hand(THREE, {"a": 2**62 - 11, "b": 6, "c": 4}), True),
        (by_hand(THREE, {"a": 2**62 - 10, "b": 6, "c": 4}), False),
        (by_hand(THREE, {"a": 2**63 - 11, "b": 6, "c": 4}), False),
    ],
)
def test_only_small_elections_without_limits_and_free_projects_are_run_ahead(own: Market, ahead: bool, blocks: list[Blocks]) -> None:
    assert (Ahead(own, 2, 60).at(Fraction(9), (0,)) is not None) is ahead
    assert len(blocks) == ahead


@pytest.mark.parametrize(
    ("same", "bought", "share", "found"),
    [
        (0, [0], 9, 16),
        (3, [0], 9, 37),
        # The cheapest for its voters is a, with 100 each of three: 97/7 steps from 3, and one step where it is there already.
        (0, [], 3, 3 + 14 * 7),
        (0, [], 93, 100),
        (0, [], 100, 107),
        (0, [], 400, 407),
    ],
)
def test_the_next_share_is_a_step_on_or_lets_the_first_project_be_bought(same: int, bought: list[int], share: int, found: int) -> None:
    own = by_hand(THREE, {"a": 300, "b": 240, "c": 1000})
    assert [_alone(own, one) for one in range(3)] == [100, 120, 1000]
    assert _next_share(own, run_of(bought, share), 7, same) == found


def test_what_is_worth_nothing_to_anybody_lets_no_share_be_skipped_and_is_not_awaited() -> None:
    own = ranked("ac", "ac", "b")
    assert (own.standing, own.parts) == ((0, 1, 2), (2, 0, 0))
    assert _next_share(own, run_of([], 1), 1, 0) == 5
    assert [_enough(own, until, run_of([0], 9, 10)) for until in UNTIL] == [True, True]


@pytest.mark.parametrize(
    ("bought", "spent", "exhaustive", "infeasible"),
    [
        ([0, 1, 2], 20, True, True),
        ([0, 1], 16, False, False),
        ([0, 1], 56, False, False),
        ([0, 1], 57, True, False),
        ([0], 55, False, False),
        ([0], 56, False, False),
        ([0], 57, True, False),
    ],
)
def test_it_is_enough_when_all_is_bought_or_nothing_fits(bought: list[int], spent: int, exhaustive: bool, infeasible: bool) -> None:
    """Sixty cents; b asks 6, c 4."""
    own = by_hand(THREE)
    assert [_enough(own, until, run_of(bought, 9, spent)) for until in UNTIL] == [exhaustive, infeasible]


def test_what_a_limit_keeps_out_is_not_awaited() -> None:
    limit = MaxSpending(key="site", cents=9)
    own = by_hand(THREE, site="a", limits=(limit,))
    run = run_at(own, Fraction(9), 60).run
    assert run.bought == (1, 2)
    assert [_enough(own, until, run) for until in UNTIL] == [True, True]

"""What lanes of Equal Shares answer about one project, by numbers worked out by hand.

A unit is a sixteenth of a cent unless a test says otherwise, so a project of 10 cents asks 160 units, and its voters, to whom it is worth
10, pay 160 units for a rate of 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from math import inf

import numpy as np
import pytest

from app.core.tally import Election, EqualShares, Project, shares_lanes
from app.core.tally.columns import PLAIN
from app.core.tally.shares_lanes import HUGE, Group, Lanes, Sides
from app.core.tally.shares_market import Market, market
from app.core.tally.shares_run import Before

PILED = ("a", "a", "ab", "ac", "ac", "ac", "b")
"""Piles: two ballots for a, one for a and b, three for a and c, one for b."""
SINGLE = ("a", "ab", "ac", "b")
COSTS = {"a": 10, "b": 6, "c": 4}


def by_hand(ballots: tuple[str, ...], costs: dict[str, int] | None = None, budget: int = 60) -> Market:
    """These ballots, the piles in the order of the alphabet; a project is worth its cost."""
    field = tuple(Project(id, cost) for id, cost in (costs or COSTS).items())
    rule = EqualShares(tie_break=("id",))
    return market(rule, Election.of(field, [frozenset(ballot) for ballot in ballots], budget), "cost", rule.scale, PLAIN)


@contextmanager
def units_of(bits: int) -> Iterator[None]:
    """Units of 2**-bits cents."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shares_lanes, "shift_for", lambda market, share: bits)
        yield


def lanes_of(own: Market, bits: int = 4, share: int = 9, many: int = 2, guess: tuple[int, ...] = ()) -> Lanes:
    """So many lanes, each a share one cent larger."""
    with units_of(bits):
        shares = [Fraction(share + index) for index in range(many)]
        return Lanes(own, shares, own.election.budget_cents, Before(guess, [0] * len(own.cost)))


def group_of(money: list[list[int]], slack: int = 2, most: list[int] | None = None, few: list[int] | None = None) -> Group:
    """Lanes that hold this, in which nothing is bought yet and nothing is known of what projects ask."""
    held = np.array(money, np.int64)
    size = len(money)
    least = np.zeros((3, size))
    low, high = np.array(few or held.min(axis=0)), np.array(most or held.max(axis=0))
    return Group(np.arange(size), np.zeros((size, 0), np.int64), held, least, low, high, slack)


def bounds(group: Group, one: int = 0) -> list[float]:
    return [float(value) for value in group.least[one]]


def near(found: list[float], *units: Fraction | float) -> None:
    """Each is so many units for a usefulness of 10, and not a hair more."""
    assert found == pytest.approx([float(Fraction(one) / 160) for one in units], rel=1e-13)
    assert all(Fraction(value) < Fraction(one) / 160 for value, one in zip(found, units, strict=True))


def test_a_bound_for_all_lanes_takes_each_purse_at_its_most() -> None:
    """At a rate of 1/8 each pays 20 units, 22 to be sure: 2 x 22 + 10 + 3 x 22 = 120. Asked are 160, less 2 for each of 6 and 1 more: 147.
    Missing are 27, which the five rich share. Those of c, 9 units each, do not count.
    """
    group, lanes = group_of([[1, 1, 1, 1], [2, 2, 2, 2]], most=[40, 10, 24, 9]), lanes_of(by_hand(PILED))
    assert lanes._all_dearer(group, 0, 0.125) is True
    near(bounds(group), Fraction(137, 5), Fraction(137, 5))
    assert bounds(group, 1) == [0, 0]


def test_so_it_does_where_each_pile_is_one_ballot() -> None:
    """27 + 10 + 24 = 61 of 160 - 2 x 3 - 1 = 153; the 92 that are missing are for the one rich."""
    group, lanes = group_of([[1, 1, 1, 1], [2, 2, 2, 2]], most=[80, 10, 24, 9]), lanes_of(by_hand(SINGLE))
    assert lanes._all_dearer(group, 0, 25 / 160) is True
    near(bounds(group), 119, 119)


@pytest.mark.parametrize(("last", "dearer"), [(11, True), (12, False), (13, False)])
def test_a_project_that_could_just_be_paid_at_the_rate_may_be_as_cheap(last: int, dearer: bool) -> None:
    """Five pay 27 each, 135; with 12 more that is 147, just what is asked after all doubts."""
    group, lanes = group_of([[1, 1, 1, 1], [2, 2, 2, 2]], most=[40, last, 40, 9]), lanes_of(by_hand(PILED))
    assert lanes._all_dearer(group, 0, 25 / 160) is dearer
    if dearer:
        near(bounds(group), 27 + Fraction(1, 5), 27 + Fraction(1, 5))
    else:
        assert bounds(group) == [0, 0]


@pytest.mark.parametrize("rate", [1.0, 1e30, inf])
@pytest.mark.parametrize("most", [[10, 10, 10, 900], [200, 10, 10, 9]])
def test_what_nobody_can_pay_at_any_rate_asks_infinitely_much(rate: float, most: list[int]) -> None:
    group, lanes = group_of([[1, 1, 1, 1], [2, 2, 2, 2]], most=most), lanes_of(by_hand(PILED))
    poor = most[0] == 10
    assert lanes._all_dearer(group, 0, rate) is poor
    assert bounds(group) == ([inf, inf] if poor else [0, 0])


def test_a_bound_of_each_lane_takes_what_its_own_purses_hold() -> None:
    """First lane as above: 137/5. Second: 5 x 27 + 4 = 139 of 147, the 8 missing shared by five. Third: 2 x 5 + 22 + 3 x 5 = 47, the 100
    missing are for the one rich. Fourth: 2 x 5 + 5 + 3 x 5, and nobody is rich.
    """
    money = [[40, 10, 24, 9], [30, 4, 30, 9], [5, 100, 5, 9], [5, 5, 5, 9]]
    group, lanes = group_of(money, most=[900, 900, 900, 900]), lanes_of(by_hand(PILED), many=4)
    assert lanes._dearer(group, 0, np.array([20, 25, 20, 20]) / 160) is True
    near(bounds(group)[:3], Fraction(137, 5), 27 + Fraction(8, 5), 122)
    assert bounds(group)[3] == inf
    assert bounds(group, 1) == [0] * 4


@pytest.mark.parametrize(("last", "dearer"), [(11, True), (12, False), (13, False)])
def test_one_lane_in_which_it_may_be_as_cheap_is_enough(last: int, dearer: bool) -> None:
    group, lanes = group_of([[40, 10, 24, 9], [40, last, 40, 9]]), lanes_of(by_hand(PILED))
    assert lanes._dearer(group, 0, np.array([20, 25]) / 160) is dearer
    if dearer:
        near(bounds(group), Fraction(137, 5), 27 + Fraction(1, 5))
    else:
        assert bounds(group) == [0, 0]


def test_no_lane_is_looked_at_while_one_has_no_rate_to_compare_with() -> None:
    group, lanes = group_of([[1, 1, 1, 1], [1, 1, 1, 1]]), lanes_of(by_hand(PILED))
    assert lanes._dearer(group, 0, np.array([inf, 20 / 160])) is False
    assert lanes._dearer(group, 0, np.array([20 / 160, 1e30])) is False
    assert bounds(group) == [0, 0]


def test_near_is_what_may_be_as_cheap_in_some_lane_the_cheapest_of_the_first_lane_last() -> None:
    least = np.array([[1, 5], [3, 0.5], [inf, inf], [2, 2], [9, 9], [inf, 1], [2, 3]])
    lanes, group = lanes_of(by_hand(PILED)), group_of([[1, 1, 1, 1], [1, 1, 1, 1]])
    group.least = least
    assert lanes._near(group, np.array([2.0, 2.0])) == [5, 1, 3, 6, 0]
    assert lanes._near(group, np.array([inf, inf])) == [5, 4, 1, 3, 6, 0]


@pytest.mark.parametrize(
    ("least", "most", "rates", "waits"),
    [
        ([0.2, 0.3], [900, 900, 900, 9], [0.125, 0.2], True),
        ([0.2, 0.2], [900, 900, 900, 9], [0.125, 0.2], False),
        ([0.2, 0.1], [900, 900, 900, 9], [0.125, 0.2], False),
        ([0.0, 0.0], [40, 10, 24, 9], [0.125, 0.125], True),
        ([0.0, 0.0], [2, 2, 2, 9], [inf, inf], True),
        ([0.0, 0.0], [900, 900, 900, 9], [inf, inf], False),
    ],
)
def test_a_project_waits_while_it_is_known_or_found_to_ask_more(
    least: list[float], most: list[int], rates: list[float], waits: bool
) -> None:
    lanes, group = lanes_of(by_hand(PILED)), group_of([most, most])
    group.least[0] = least
    assert lanes._waits(group, 0, np.array(rates), max(rates)) is waits


def test_a_project_waits_where_only_a_look_at_each_lane_tells() -> None:
    """All purses at their most could pay 147 at 27 units each; in neither lane they do."""
    lanes, group = lanes_of(by_hand(PILED)), group_of([[40, 0, 40, 9], [40, 11, 40, 9]], most=[40, 40, 40, 9])
    assert lanes._all_dearer(group, 0, 25 / 160) is False
    assert lanes._waits(group, 0, np.array([25, 25]) / 160, 25 / 160) is True


@pytest.mark.parametrize(
    ("few", "most", "found"),
    [
        # 10240 / 3 = 3413, less 13 and 64; without the last, who gives 1000, 9240 / 2 = 4620, and 18 and 64 more.
        ([7000, 5000, 1000], [8000, 6000, 4000], (3336, 4702, 3413 - 53)),
        ([3000, 3000, 1000], [8000, 6000, 4000], (3336, HUGE, 3413 - 53)),
        ([3000, 3000, 1000], [4000, 4000, 1000], (HUGE - HUGE // 256 - 64, HUGE, HUGE - HUGE // 64)),
        ([8000, 5000, 1000], [8000, 5000, 1000], (4620 - 18 - 64, 4702, 4620 - 72)),
    ],
)
def test_parts_lie_between_those_of_the_fullest_and_the_emptiest_purses(
    few: list[int], most: list[int], found: tuple[int, int, int]
) -> None:
    lanes, group = lanes_of(by_hand(SINGLE[:3]), 10), group_of([few, most], few=few, most=most)
    assert (*lanes._bounds(group, 0), lanes.hints[0]) == found


def test_purses_are_sorted_into_those_poor_in_all_lanes_rich_in_all_and_others() -> None:
    own = by_hand(("a", "a", "ab", "abc", "ac", "ac", "ac", "b"))
    group = group_of([[0, 0, 0, 0, 0]], few=[30, 0, 5, 29, 70], most=[40, 0, 19, 30, 80])
    sides = lanes_of(own)._sides(group, 0, 20, 30)
    assert (sides.low, sides.high, sides.poor.tolist(), sides.rich.tolist(), sides.between.tolist()) == (20, 30, [2], [0], [3])
    assert [None if weight is None else weight.tolist() for weight in sides.weights] == [[1], [3]]
    assert (sides.many, sides.some) == (2, 6)


def test_a_purse_that_may_just_hold_the_lower_bound_is_not_poor() -> None:
    group = group_of([[0, 0, 0, 0]], few=[5, 29, 30, 99], most=[20, 35, 50, 99])
    sides = lanes_of(by_hand(SINGLE))._sides(group, 0, 20, 30)
    assert (sides.poor.tolist(), sides.rich.tolist(), sides.between.tolist()) == ([], [2], [0, 1])
    assert (sides.weights, sides.many, sides.some) == ((None, None), 1, 3)


def sides_of(own: Market, group: Group, one: int, low: int, high: int) -> Sides:
    return lanes_of(own)._sides(group, one, low, high)


def test_a_rate_is_bounded_by_what_the_poor_may_hold_more_or_less() -> None:
    """27.4 units are paid by five of six that hold anything: the sixth is wrong by 2, the cost by 1, together 3/5 for each. Where all pay
    it is known: a sixth of the cost, for a usefulness of as much. Nobody rich counts as one.
    """
    own = by_hand(PILED)
    group = group_of([[40, 10, 40, 9]] * 3)
    sides = sides_of(own, group, 0, 5, 1000)
    level, rich = np.array([27.4, 160 / 6, 50.0, 60.0]), np.array([5, 6, 1, 0])
    found = lanes_of(own, many=4)._offer(group, 0, level, rich, np.zeros((4, 3), np.int64), sides)
    assert found.error.tolist() == pytest.approx([3 / 5, 1 / 6, 11, 13], rel=1e-12)
    assert found.low.tolist() == pytest.approx([26.8 / 160, 1 / 6, 39 / 160, 47 / 160], rel=1e-12)
    assert found.high.tolist() == pytest.approx([28 / 160, 1 / 6, 61 / 160, 73 / 160], rel=1e-12)
    assert found.low[1] < Fraction(1, 6) < found.high[1]
    assert 1 / 6 - found.low[1] < 1e-15 > found.high[1] - 1 / 6
    assert (found.level.tolist(), found.rich.tolist(), found.sides) == (level.tolist(), rich.tolist(), sides)


def test_where_nobody_pays_in_full_everywhere_no_rate_is_taken_for_exact() -> None:
    own = by_hand(PILED)
    group = group_of([[40, 10, 40, 9]] * 2, slack=0)
    sides, level = sides_of(own, group, 0, 5, 99), np.array([2.0**50] * 2)
    found = lanes_of(own)._offer(group, 0, level, np.array([5, 5]), np.zeros((2, 3), np.int64), sides)
    part = Fraction(2**50, 160)
    for low, high in zip(found.low.tolist(), found.high.tolist(), strict=True):
        assert part * (1 - Fraction(1, 10**13)) < Fraction(low) < part < Fraction(high) < part * (1 + Fraction(1, 10**13))
    assert found.error.tolist() == [1.2] * 2

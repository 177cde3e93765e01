"""The purses of Equal Shares where a doubt just matters and just does not: numbers worked out by hand, in whole units.

One unit is one cent here (`shift` 0) unless a test says otherwise, and a fresh purse is at most one unit from the truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from app.core.tally import Election, EqualShares, Profile, Project
from app.core.tally.columns import PLAIN
from app.core.tally.profile import Places
from app.core.tally.shares_exact import Exact
from app.core.tally.shares_market import Market, Utility, market
from app.core.tally.shares_purses import Offer, Purses, Split

INF = float("inf")


class Asked(Purses):
    """Purses that keep count of how often exact fractions were asked who pays."""

    splits = 0

    def split(self, one: int) -> Split | None:
        self.splits += 1
        return super().split(one)


class Compared(Exact):
    """The exact side, which writes down the piles that it was asked about one by one."""

    piles: tuple[int, ...] = ()

    def each(self, piles: Places, before: int) -> tuple[list[int], NDArray[np.integer]]:
        self.piles += tuple(piles.tolist())
        return super().each(piles, before)


def bought_by(costs: Mapping[str, int], *piles: tuple[int, str], utility: Utility = "cardinality") -> Market:
    """A market of these projects and piles of equal ballots, the piles in the order of their projects."""
    rule = EqualShares(utility=utility, tie_break=("id",))
    profile = Profile.of_sets(list(costs), {frozenset(choices): many for many, choices in piles})
    return market(rule, Election(tuple(Project(*one) for one in costs.items()), profile, 100), utility, rule.scale, PLAIN)


def with_points(costs: Mapping[str, int], *marks: Mapping[str, int]) -> Market:
    rule = EqualShares(utility="points", tie_break=("id",))
    return market(rule, Election.marked([Project(*one) for one in costs.items()], marks, 100, "points"), "points", rule.scale, PLAIN)


@pytest.mark.parametrize(("slack", "unsure"), [(1, range(17, 24)), (2, range(15, 26))])
def test_fractions_are_asked_only_where_the_doubts_leave_open_who_can_pay(slack: int, unsure: range) -> None:
    """Two purses of 10 units: the doubt is `slack` for each and one for the cost, so 3 or 5 below and above 20."""
    for cost in range(12, 28):
        one = Asked(bought_by({"a": cost}, (2, "a")), Fraction(10), 0)
        one.slack = slack
        offer = one.offer(0)
        assert one.splits == (cost in unsure)
        assert (offer is None) == (cost > 20)
        if offer is not None and cost in unsure:
            assert (offer.exact, offer.error, offer.rich) == (Fraction(cost, 2), INF, 0)
            assert Fraction(offer.low) <= Fraction(cost, 2) <= Fraction(offer.high)


@pytest.mark.parametrize("utility", ["cost", "cardinality"])
@pytest.mark.parametrize("cost", [11, 12, 13, 14, 15, 16])
def test_a_rate_that_all_pay_in_full_is_exact_where_their_purses_are_far_enough_above_it(cost: int, utility: Utility) -> None:
    """Each of two purses of 10 holds 10 - cost / 2 above its part: more than slack + 2 = 3 is far, more than error + 2 slack is sure."""
    one = Asked(bought_by({"a": cost}, (2, "a"), utility=utility), Fraction(10), 0)
    offer, useful = one.offer(0), cost if utility == "cost" else 1
    assert offer is not None
    level, rate = Fraction(cost, 2), Fraction(cost, 2 * useful)
    error = 0.5 + cost * 2.0**-51
    assert (offer.level, offer.error, offer.live, offer.rich, offer.poor) == (cost / 2, error, 2, 2, 0)
    assert (offer.exact, one.splits) == (rate if cost < 14 else None, 0)
    assert one.hints == [int(cost / 2 * 0.99)]
    room = Fraction(0 if cost < 14 else error)
    low, high = (level - room) / useful, (level + room) / useful
    assert low * (1 - Fraction(2, 10**14)) <= Fraction(offer.low) < low
    if cost < 15:
        assert high < Fraction(offer.high) <= high * (1 + Fraction(2, 10**14))
    else:
        assert offer.high == INF, "15: 2.5 above it is not more than 2.5 and a little"


def after_one(left: int, shift: int = 0) -> Asked:
    """Two purses that hold `left` of 100 units, after a project that each paid the rest for, and two full ones; all want the other.

    The doubt of the price was half a unit, so that each purse is now within 1 + 0 + 2 units of the truth.
    """
    costs = {"a": 2 * (100 - left), "b": 2 * left + 90}
    one = Asked(bought_by(costs, (2, "ab"), (2, "b")), Fraction(100), shift)
    first = one.offer(0)
    assert first is not None
    assert one.buy(0, first) == (2, 0)
    assert (one.slack, one.splits, one.money.tolist()) == (3, 0, [left << shift, 100 << shift])
    return one


@pytest.mark.parametrize("shift", [0, 1])
def test_the_doubt_of_a_part_grows_with_the_purses_that_give_all(shift: int) -> None:
    """The poor give 60 of 150; the two others pay 45: (3 units x 2 poor + 1) / 2 = 3.5 units of doubt."""
    one, unit = after_one(30, shift), 2.0**-shift
    offer = one.offer(1)
    assert offer is not None
    level, error = 45 / unit, 3.5 + 45 / unit * 2.0**-50
    assert (offer.level, offer.error, offer.live, offer.rich, offer.poor, offer.exact) == (level, error, 4, 2, 2, None)
    low, high = ((Fraction(level) + sign * Fraction(error)) * Fraction(unit) for sign in (-1, 1))
    assert low * (1 - Fraction(2, 10**14)) <= Fraction(offer.low) < low
    assert high < Fraction(offer.high) <= high * (1 + Fraction(2, 10**14))
    assert one.hints[1] == int(level * 0.99)
    assert one.rate(1, offer) == 45
    one.splits = 0
    assert one.buy(1, offer) == (2, 2)
    assert (one.slack, one.splits, one.money.tolist()) == (3 + 3 + 2, 0, [0, 55 << shift])
    assert one.order.tolist() == [0, 1]
    assert one.out.tolist()[0] == 1


@pytest.mark.parametrize(("left", "asked"), [(35, 0), (36, 0), (37, 1), (38, 1), (43, 1)])
def test_a_purse_within_the_doubt_of_its_part_is_left_to_fractions(left: int, asked: int) -> None:
    """The part is 45 and its doubt 3.5 + slack 3 + 2: a purse of 37 units and more may hold as much, one of 36 surely does not."""
    one = after_one(left)
    offer = one.offer(1)
    assert offer is not None
    one.splits = 0
    assert one.buy(1, offer) == (2, 2)
    assert (one.splits, one.slack) == (asked, 3 + 2 if asked else 3 + 3 + 2)
    assert one.money.tolist() == [0, 55]


def test_a_price_that_is_not_known_well_enough_is_worked_out() -> None:
    """Two purses of 100 pay 20 each. With a doubt of 16 the price is trusted, and all purses are 18 units more uncertain."""
    given = bought_by({"a": 40}, (2, "a"))
    good, bad = ((16.0, 2, 0, 1 + 18), (0.0, 1, 0, 3), (0.0, 2, 0, 3)), ((16.5, 2, 1, 3), (INF, 2, 1, 3), (0.0, 0, 1, 3))
    for error, rich, asked, slack in (*good, *bad):
        one = Asked(given, Fraction(100), 0)
        assert one.buy(0, Offer(10.0, 30.0, 20.0, error, 2, rich, 0)) == (2, 0)
        assert (one.splits, one.slack, one.money.tolist()) == (asked, slack, [80])


def test_no_more_than_its_doubt_above_its_part_is_not_surely_above_it() -> None:
    """The poor gives 1 of 8, two pay 3.5, each with a doubt of (1024 + 1) / 2 and of twice 1024 for its purse: 2560.5 together."""
    given = bought_by({"a": 8, "b": 1, "c": 1}, (1, "a"), (1, "ab"), (1, "ac"))
    for held, sure in ((2564, False), (2565, True)):
        one = Purses(given, Fraction(3000), 0)
        one.money[:], one.slack = [1, held, held], 1024
        offer = one.offer(0)
        assert offer is not None
        assert (offer.level, offer.poor, offer.high < INF) == (3.5, 1, sure)


def test_points_make_a_doubt_so_many_times_larger() -> None:
    """Three points and one pay 100 of 1000 each: 300 and 100, with a doubt of (0 + 1) / 4 for a point."""
    one = Asked(with_points({"a": 400, "b": 1}, {"a": 3}, {"a": 1, "b": 1}), Fraction(1000), 0)
    offer = one.offer(0)
    assert offer is not None
    assert (offer.level, offer.error, offer.rich, offer.live, offer.poor) == (100.0, 0.25 + 100 * 2.0**-50, 4, 2, 0)
    assert offer.exact == 100
    for error, asked, slack in ((4.0, 0, 1 + 12 + 2), (5.25, 0, 1 + 15 + 2), (5.5, 1, 1 + 2)):
        again = Asked(one.market, Fraction(1000), 0)
        assert again.buy(0, offer._replace(error=error)) == (2, 0)
        assert (again.splits, again.slack) == (asked, slack), "5.5 x 3 points is more than the 16 units that are trusted"
        assert sorted(again.money.tolist()) == [700, 900]


@pytest.mark.parametrize(("cost", "exact", "sure"), [(3993, True, True), (3994, False, True), (3996, False, True), (3997, False, False)])
def test_points_put_purses_further_from_their_part(cost: int, exact: bool, sure: bool) -> None:
    """Four points pay a quarter each: who gives three holds 3000 - 3/4 cost above his part; 5 is far, 3 x 1/4 + 2 is sure."""
    one = Purses(with_points({"a": cost}, {"a": 3}, {"a": 1}), Fraction(3000), 0)
    offer = one.offer(0)
    assert offer is not None
    assert (offer.exact is not None, offer.high < INF) == (exact, sure)


@pytest.mark.parametrize(
    ("lefts", "cap", "told"),
    [
        ((13, 14, 15, 20, 25, 26, 27), Fraction(20), (1, 2, 3, 4, 5)),
        ((5, 6, 7, 8, 9, 10, 11), Fraction(1, 2), (0, 1)),
    ],
)
def test_only_purses_within_the_doubt_of_the_cap_are_compared_exactly(lefts: tuple[int, ...], cap: Fraction, told: tuple[int, ...]) -> None:
    """With five units of doubt, and one for a cap rounded down to units, those from six below the cap to six above it."""
    costs = {id: 100 - left for id, left in zip("abcdefg", lefts, strict=True)}
    one = Purses(bought_by({**costs, "z": 200}, *((1, f"{id}z") for id in costs)), Fraction(100), 0)
    for place in range(7):
        offer = one.offer(place)
        assert offer is not None
        assert one.buy(place, offer) == (1, 0)
    one.slack = 5
    compared = Compared(one.market, one.share, one.order, one.out)
    for cost in costs.values():
        compared.note(cost, np.zeros(0, np.int32), 1)
    one.exact = compared
    assert one.money.tolist() == list(lefts)
    poor = [left for left in lefts if left < cap]
    assert one.split_at(7, cap) == (Fraction(sum(poor)), 7 - len(poor))
    assert compared.piles == told


def test_prices_are_worked_out_before_anything_is_compared_with_them() -> None:
    """Three pay a third of 10 for a; then each holds 20 / 3, just a third of b."""
    one = Purses(bought_by({"a": 10, "b": 20}, (3, "ab")), Fraction(10), 0)
    offer = one.offer(0)
    assert offer is not None
    assert one.buy(0, offer) == (3, 0)
    split = one.split(1)
    assert split is not None
    assert (split.price, split.poor.tolist(), split.even.tolist(), split.rich.tolist()) == (Fraction(20, 3), [], [0], [])


@pytest.mark.parametrize(("share", "asked"), [(315, 1), (316, 0)])
def test_a_purse_within_the_doubt_of_all_its_points_is_left_to_fractions(share: int, asked: int) -> None:
    """Three points of 100 each, with a doubt of 4 x 3 + 1 + 2."""
    one = Asked(with_points({"a": 400}, {"a": 3}, {"a": 1}), Fraction(share), 0)
    assert one.buy(0, Offer(90.0, 110.0, 100.0, 4.0, 2, 4, 0)) == (2, 0)
    assert (one.splits, sorted(one.money.tolist())) == (asked, [share - 300, share - 100])

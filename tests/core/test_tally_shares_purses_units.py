"""The purses of Equal Shares in units, worked out by hand: how fine they are, what falls short at a rate, who gives just all he has."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from app.core.tally.shares_market import Utility
from app.core.tally.shares_purses import Offer, Purses, in_units, shift_for
from tests.core.test_tally_shares_purses_edges import INF, bought_by, with_points


def test_units_are_so_fine_that_floats_hold_a_purse_and_64_bits_all_of_them() -> None:
    few, none = bought_by({"a": 1}, (3, "a")), bought_by({"a": 1})
    # Less than 255 cents need 8 bits of the 50, from there on 9, as they are rounded up; the 3 purses together, 10 of 61, are no matter.
    assert [shift_for(few, Fraction(share)) for share in (254, Fraction(764, 3), 255, Fraction(767, 3))] == [42, 42, 41, 41]
    # 2**40 purses of 4 cents and less hold 2**42 together, which has 43 bits; of 3 cents and less 3 * 2**40 with 42.
    for share, bits in ((3, 43), (2, 42), (0, 41)):
        assert shift_for(bought_by({"a": 1}, (2**40, "a")), Fraction(share)) == 61 - bits
    assert shift_for(none, Fraction(1)) == 48
    assert Purses(few, Fraction(254)).shift == 42


def test_cents_are_rounded_down_to_units() -> None:
    third = Fraction(100, 3)
    assert [in_units(third, shift) for shift in (-2, 0, 1, 4)] == [8, 33, 66, 533]
    assert [in_units(100, shift) for shift in (-3, 0, 1, 4)] == [12, 100, 200, 1600]


def test_fresh_purses_hold_their_share_and_nothing_is_bought() -> None:
    one = Purses(bought_by({"a": 5, "b": 5}, (2, "a"), (1, "b")), Fraction(21, 2), 0)
    assert (one.money.tolist(), one.order.tolist(), one.hints, one.slack, one.bought) == ([10, 10], [-1, -1], [0, 0], 1, [])
    # A price known to a four-millionth of a share is paid; 16 units are good enough always.
    assert [Purses(one.market, Fraction(2**bits), 0).trusted for bits in (20, 26, 30)] == [16, 16, 256]
    assert Purses(one.market, Fraction(17 * 2**22), 0).trusted == 17
    assert one.worth_most == 1
    assert Purses(with_points({"a": 1}, {"a": 1}), Fraction(1)).worth_most == 1
    assert Purses(with_points({"a": 1, "b": 1}, {"a": 3, "b": 1}), Fraction(1)).worth_most == 3
    assert Purses(with_points({"a": 1}), Fraction(1)).worth_most == 1


def bound(cost: int, high: float, *, shift: int = 0, utility: Utility = "cardinality", share: int = 10) -> float | None:
    return Purses(bought_by({"a": cost}, (3, "a"), utility=utility), Fraction(share), shift).more_than(high, 0)


def test_a_rate_is_known_to_be_higher_where_all_fall_short_at_a_lower_one() -> None:
    """At 5 units, 7 with two for the rounding, three purses give 21; a doubt of 3 and 1 for the cost are left off what is lacking."""
    assert [bound(cost, 5.0) for cost in (24, 25)] == [None, None]
    for cost in (26, 27, 30):
        least, told = 7 + Fraction(cost - 25, 3), bound(cost, 5.0)
        assert told is not None
        assert least * (1 - Fraction(3, 10**15)) <= Fraction(told) < least
    # 8 and more is more than some purses hold with their doubts: at 9 (11 with the rounding) none gives all that is asked.
    assert [bound(cost, 9.0) for cost in (34, 35)] == [None, INF]


def test_such_bounds_hold_in_finer_units_and_by_cost() -> None:
    # In eighths: 40 units and 2, three of them 126; 27 cents are 216 units, less 3 and 1: 86 more for three.
    fine, by_cost = bound(27, 5.0, shift=3), bound(27, 5 / 27, shift=3, utility="cost")
    least = (42 + Fraction(86, 3)) / 8
    assert fine is not None
    assert least * (1 - Fraction(3, 10**15)) <= Fraction(fine) < least
    assert by_cost is not None
    assert least / 27 * (1 - Fraction(3, 10**15)) <= Fraction(by_cost) < least / 27
    assert [bound(27, 30.0), bound(35, 1e30), bound(34, 1e30)] == [None, INF, None]


def test_of_points_no_such_bound_is_made() -> None:
    assert Purses(with_points({"a": 50}, {"a": 3}), Fraction(10), 0).more_than(1.0, 0) is None


def test_what_cannot_be_paid_has_no_rate_and_is_not_bought() -> None:
    one = Purses(bought_by({"a": 21}, (2, "a")), Fraction(10), 0)
    offer = Offer(0.0, INF, error=INF)
    with pytest.raises(AssertionError, match=r"^only what can be paid has a rate$"):
        one.rate(0, offer)
    with pytest.raises(AssertionError, match=r"^only what can be paid is bought$"):
        one.buy(0, offer)
    assert one.money.tolist() == [10]


def test_a_purse_that_holds_anything_keeps_a_unit_at_least_and_one_that_holds_nothing_none() -> None:
    exact = Offer(0.0, INF, error=INF)
    given = bought_by({"a": 10, "b": 1}, (1, "ab"))
    rest = Purses(given, Fraction(21, 2), 0)
    assert rest.buy(0, exact) == (1, 0)
    assert (rest.money.tolist(), rest.slack, rest.held(1)) == ([1], 3, Fraction(1, 2))
    assert rest.split_at(1, Fraction(1, 2)) == (Fraction(0), 1)
    assert rest.split_at(1, Fraction(51, 100)) == (Fraction(1, 2), 0)
    none = Purses(given, Fraction(10), 0)
    assert none.buy(0, exact) == (1, 0)
    assert (none.money.tolist(), none.slack, none.out.tolist()) == ([0], 3, [0])
    assert none.held(1) == 0
    assert none.offer(1) is None


@pytest.mark.parametrize("shift", [0, 3, -1])
def test_prices_of_points_are_paid_to_the_unit(shift: int) -> None:
    """Ten points pay 333 cents: who gave seven of them 233.1, who gave three 99.9."""
    one = Purses(with_points({"a": 333}, {"a": 7}, {"a": 3}), Fraction(1000), shift)
    assert one.buy(0, Offer(0.0, INF, error=INF)) == (2, 0)
    paid = [int(Fraction(10 * points * 333, 100) * Fraction(2) ** shift) for points in (3, 7)]
    assert one.money.tolist() == [in_units(1000, shift) - part for part in paid]


def test_equal_ballots_that_give_points_count_as_often_as_they_are() -> None:
    marks: list[dict[str, Any]] = [{"a": 2}] * 3 + [{"a": 1}] * 2
    one = Purses(with_points({"a": 80}, *marks), Fraction(100), 0)
    assert one.split_at(0, Fraction(60)) == (Fraction(300), 2)
    assert one.split_at(0, Fraction(10)) == (Fraction(0), 8)
    split = one.split(0)
    assert split is not None
    assert split.price == 10
    assert one.market.many.tolist() == [2, 3]


def test_who_gives_just_all_of_his_points_part_is_neither_poor_nor_rich() -> None:
    """Three points pay 15: two of them are the whole purse of 10, one is half of it."""
    one = Purses(with_points({"a": 15}, {"a": 1}, {"a": 2}), Fraction(10), 0)
    split = one.split(0)
    assert split is not None
    assert (split.price, split.poor.tolist(), split.even.tolist(), split.rich.tolist()) == (Fraction(5), [], [1], [0])
    assert one.buy(0, Offer(0.0, INF, error=INF)) == (2, 0)
    assert (one.money.tolist(), one.out.tolist()[1], one.held(0)) == ([5, 0], 0, Fraction(5))

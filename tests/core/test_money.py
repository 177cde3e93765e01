"""Promises on money: exact cents, one currency at a time, and splits that lose nothing."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import Money, share_out

weights = st.lists(st.one_of(st.integers(0, 10**6), st.fractions(0, 10**6)), min_size=1, max_size=30).filter(any)


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0.00 EUR"), (5, "0.05 EUR"), (23089000, "230890.00 EUR"), (-150, "-1.50 EUR"), (-5, "-0.05 EUR")]
)
def test_an_amount_is_written_with_its_cents(cents: int, text: str) -> None:
    assert str(Money(cents)) == text


def test_amounts_of_one_currency_add_up() -> None:
    assert Money(150) + Money(275) - Money(25) == Money(400)


def test_two_currencies_never_mix() -> None:
    with pytest.raises(ValueError, match="cannot mix"):
        Money(1) + Money(1, "XOF")
    with pytest.raises(ValueError, match="cannot mix"):
        Money(1) - Money(1, "XOF")


@given(st.integers(0, 10**12), weights)
def test_parts_sum_to_the_whole_and_stay_within_one_unit(total: int, given_weights: list[int | Fraction]) -> None:
    parts = share_out(total, given_weights)
    whole = sum(given_weights, Fraction(0))
    assert sum(parts) == total
    assert all(abs(part - total * Fraction(weight) / whole) < 1 for part, weight in zip(parts, given_weights, strict=True))


@given(st.integers(0, 10**6), weights)
def test_a_larger_weight_never_gets_less(total: int, given_weights: list[int | Fraction]) -> None:
    parts = share_out(total, given_weights)
    ranked = sorted(zip(given_weights, parts, strict=True))
    assert all(later[1] >= earlier[1] for earlier, later in pairwise(ranked) if later[0] > earlier[0])


def test_equal_remainders_go_to_the_first() -> None:
    assert share_out(10, [1, 1, 1]) == [4, 3, 3]


@pytest.mark.parametrize(("total", "given_weights"), [(1, []), (1, [0, 0]), (-1, [1]), (1, [1, -1, 1])])
def test_a_split_that_cannot_be_is_refused(total: int, given_weights: list[int | Fraction]) -> None:
    with pytest.raises(ValueError, match="a split needs"):
        share_out(total, given_weights)

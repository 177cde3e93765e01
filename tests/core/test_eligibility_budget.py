"""Promises of the rules about money: exact to the cent, and never kinder to a larger request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.eligibility import BudgetLine, Context, Dossier, Verdict
from tests.core.rules import book, rule, verdict

cents = st.integers(1, 10**9)


def file(requested: int, *charges: tuple[str, int], products: tuple[tuple[str, int], ...] = ()) -> Dossier:
    """A file with this request and these lines, in cents."""
    lines = tuple(BudgetLine(*line) for line in charges)
    return Dossier(requested_cents=requested, charges=lines, products=tuple(BudgetLine(*line) for line in products))


@pytest.mark.parametrize(
    ("requested", "expected"),
    [(199999, Verdict.FAIL), (200000, Verdict.PASS), (3000000, Verdict.PASS), (3000001, Verdict.FAIL)],
)
def test_the_limits_of_the_request_are_exact_to_the_cent(requested: int, expected: Verdict) -> None:
    assert verdict("amount", file(requested)) is expected


def test_twenty_three_thousand_and_one_cent_is_above_twenty_three_thousand() -> None:
    limit: dict[str, Any] = {"min_cents": None, "max_cents": 2300000}
    assert verdict("amount", file(2300000), **limit) is Verdict.PASS
    assert verdict("amount", file(2300001), **limit) is Verdict.FAIL


def test_a_request_in_another_currency_is_to_be_given_again() -> None:
    assert verdict("amount", replace(file(250000), currency="XOF")) is Verdict.MISSING


@pytest.mark.parametrize(("requested", "expected"), [(700000, Verdict.PASS), (700100, Verdict.FAIL), (700001, Verdict.FAIL)])
def test_seventy_percent_passes_and_a_hair_more_does_not(requested: int, expected: Verdict) -> None:
    assert verdict("share_of_cost", file(requested, ("60", 1000000))) is expected


def test_gifts_in_kind_do_not_make_a_project_look_dearer() -> None:
    assert verdict("share_of_cost", file(800000, ("60", 1000000), ("864", 9000000))) is Verdict.FAIL


@pytest.mark.parametrize(("travel", "expected"), [(250000, Verdict.PASS), (250001, Verdict.FAIL)])
def test_travel_counts_sub_accounts_and_is_exact(travel: int, expected: Verdict) -> None:
    dossier = file(1, ("625", travel - 100000), ("6251", 100000), ("60", 1000000 - travel))
    assert verdict("travel_share", dossier, max_percent="25", accounts=["625"]) is expected


def test_the_share_of_travel_is_told_with_its_limit() -> None:
    (found,) = book(rule("travel_share", max_percent="25")).check(file(1, ("625", 68), ("60", 32)), Context())
    assert str(found.fact) == "68 % of the budget is travel; at most 25 %."


def test_travel_one_cent_above_its_limit_is_told_in_amounts() -> None:
    (found,) = book(rule("travel_share", max_percent="25")).check(file(1, ("625", 250001), ("60", 749999)), Context())
    assert str(found.fact) == "Travel is 2500.01 EUR of a budget of 10000.00 EUR; at most 25 %."


@pytest.mark.parametrize(
    ("charges", "products", "expected"),
    [
        ((("60", 100),), (("74", 100),), Verdict.PASS),
        ((("60", 100),), (("74", 99),), Verdict.FAIL),
        ((("60", 100),), (), Verdict.MISSING),
        ((("60", 100), ("864", 7)), (("74", 100), ("870", 7)), Verdict.PASS),
        ((("60", 100), ("864", 7)), (("74", 100), ("870", 6)), Verdict.FAIL),
        ((("60", 100), ("864", 7)), (("74", 107),), Verdict.FAIL),
    ],
)
def test_money_and_gifts_in_kind_balance_each_on_their_own(charges: Any, products: Any, expected: Verdict) -> None:
    assert verdict("balanced_budget", file(1, *charges, products=products), in_kind=True) is expected


@given(cents, cents, cents, st.sampled_from(["amount", "share_of_cost"]))
def test_asking_for_more_never_heals_a_request_that_is_too_large(cost: int, asked: int, more: int, kind: str) -> None:
    limit: dict[str, Any] = {"min_cents": None} if kind == "amount" else {}
    if verdict(kind, file(asked, ("60", cost)), **limit) is Verdict.FAIL:
        assert verdict(kind, file(asked + more, ("60", cost)), **limit) is Verdict.FAIL


@given(cents, cents, cents)
def test_more_travel_never_heals_too_much_travel(other: int, travel: int, more: int) -> None:
    if verdict("travel_share", file(1, ("60", other), ("625", travel))) is Verdict.FAIL:
        assert verdict("travel_share", file(1, ("60", other), ("625", travel + more))) is Verdict.FAIL


@given(cents, st.integers(0, 1_000_000))
def test_a_share_is_judged_as_an_exact_fraction(cost: int, permyriad: int) -> None:
    asked = cost * permyriad // 1_000_000
    expected = Verdict.PASS if asked * 100 <= 70 * cost else Verdict.FAIL
    assert verdict("share_of_cost", file(asked, ("60", cost))) is expected

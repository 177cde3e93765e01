"""The budget page: amounts read as people type them, a balance that never fails."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.forms import read
from app.core.money import Money
from app.core.problems import Invalid
from app.proposals.budget import BudgetForm, balance_typed

cents = st.integers(0, 10**12 - 1)


def line(account: str, amount: str, **more: str) -> dict[str, str]:
    return {"account": account, "label": "", "amount": amount, "status": "", **more}


@given(cents, st.sampled_from([",", "."]), st.sampled_from(["", " €", "\u00a0€", " EUR"]), st.sampled_from(["", " ", "\u202f", "\u00a0"]))
def test_an_amount_is_read_however_it_is_written(amount: int, sign: str, unit: str, space: str) -> None:
    whole = f"{amount // 100:,}".replace(",", space)
    assert read(BudgetForm, {"requested": f"{whole}{sign}{amount % 100:02d}{unit}"}).requested == amount


@given(st.text(max_size=30))
def test_whatever_is_typed_is_an_amount_or_a_sentence(text: str) -> None:
    try:
        read_as = read(BudgetForm, {"requested": text}).requested or 0
    except Invalid as problem:
        read_as, faults = 0, set(problem.errors)
        assert faults == {"requested"}
    assert read_as >= 0


@given(st.text(max_size=12), st.lists(st.tuples(st.sampled_from(["60", "625", "864", "", "99"]), st.text(max_size=12)), max_size=5))
def test_the_balance_of_unsaved_fields_never_fails(requested: str, rows: list[tuple[str, str]]) -> None:
    computed = balance_typed(requested, [line(*row) for row in rows], [line("758", "10")])
    assert computed.products.cents == computed.requested.cents + 1000


def test_contributions_in_kind_are_not_counted_and_must_balance() -> None:
    computed = balance_typed("1 400", [line("60", "2000"), line("864", "500")], [line("758", "600"), line("870", "400")])
    assert (computed.charges, computed.products, computed.share) == (Money(200_000), Money(200_000), Fraction(7, 10))
    assert computed.gap == Money(0)
    assert not computed.balanced


@pytest.mark.parametrize(("side", "account"), [("charges", "74"), ("products", "60"), ("charges", "870"), ("products", "86")])
def test_an_account_of_the_other_side_is_refused(side: str, account: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(BudgetForm, {side: [line(account, "10")]})
    assert set(caught.value.errors) == {f"{side}-0-account"}


def test_each_fault_of_a_line_stands_at_its_own_input() -> None:
    with pytest.raises(Invalid) as caught:
        read(BudgetForm, {"charges": [line("60", "10"), line("", "abc")], "products": [line("758", "", status="promised")]})
    assert set(caught.value.errors) == {"charges-1-account", "charges-1-amount", "products-0-amount", "products-0-status"}


def test_a_co_funder_of_whom_nothing_is_said_is_not_taken_as_confirmed() -> None:
    lines = [line("758", "50"), line("74", "30", status="confirmed"), line("756", "20", status="requested")]
    assert balance_typed("", [], lines).confirmed == Money(3_000)
    assert [row.status for row in read(BudgetForm, {"products": lines}).products] == ["requested", "confirmed", "requested"]

"""Costs in another currency: exact euros from a dated rate, each part asked for at its own field."""

from fractions import Fraction

import pytest

from app.core.forms import read
from app.core.problems import Invalid
from app.proposals.budget import BudgetForm, balance_typed
from app.proposals.currencies import computed_cents, euro_cents, foreign_said
from app.rendering import speaking, translate

PAID = {
    "account": "60",
    "label": "Pompe",
    "amount": "",
    "currency": "xof",
    "foreign_millis": "787 148,4",
    "rate": "655,957",
    "rate_on": "2027-01-04",
    "rate_source": "BCE",
}


@pytest.mark.parametrize(
    ("millis", "rate", "cents"),
    [
        (787_148_400, "655.957", 120_000),  # 1 200.00 exactly
        (1_000, "655.957", 0),  # 0.152… of a cent
        (3_280, "655.957", 1),  # 0.50003… of a cent
        (5, "1", 1),  # half a cent goes upwards
        (4, "1", 0),
        (15, "1", 2),
        (1_000, "3", 33),
        (2_000, "3", 67),
    ],
)
def test_euros_are_to_the_nearest_cent_and_half_a_cent_goes_upwards(millis: int, rate: str, cents: int) -> None:
    assert euro_cents(millis, rate) == cents


def test_a_line_in_another_currency_gets_its_euros_whatever_was_typed() -> None:
    form = read(BudgetForm, {"requested": "", "charges": [PAID | {"amount": "999"}], "products": []})
    (line,) = form.charges
    assert (line.amount, line.currency, line.foreign_millis, line.rate, line.rate_source) == (120_000, "XOF", 787_148_400, "655.957", "BCE")
    assert str(line.rate_on) == "2027-01-04"


def test_without_a_currency_its_other_parts_are_not_kept() -> None:
    (line,) = read(BudgetForm, {"charges": [PAID | {"currency": "", "amount": "12"}]}).charges
    assert (line.amount, line.foreign_millis, line.rate, line.rate_on, line.rate_source) == (1_200, None, "", None, "")
    (line,) = read(BudgetForm, {"charges": [PAID | {"currency": "EUR", "amount": "12"}]}).charges
    assert (line.amount, line.currency) == (1_200, "")


@pytest.mark.parametrize(
    ("part", "wrong"),
    [("currency", "francs"), ("foreign_millis", ""), ("foreign_millis", "1,2345"), ("rate", ""), ("rate", "0"), ("rate", "-2"),
     ("rate_on", ""), ("rate_on", "hier"), ("rate_source", " ")],
)  # fmt: skip
def test_each_part_is_asked_for_at_its_own_field(part: str, wrong: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(BudgetForm, {"charges": [PAID | {part: wrong}]})
    assert f"charges-0-{part}" in caught.value.errors
    assert "charges-0-amount" not in caught.value.errors


def test_the_live_balance_counts_what_is_paid_in_another_currency() -> None:
    sums = balance_typed("600", [PAID], [])
    assert (sums.charges.cents, sums.unread) == (120_000, 0)
    assert balance_typed("600", [PAID | {"rate": "?"}], []).unread == 1
    assert computed_cents("XOF", "beaucoup", "2") is None


def test_the_balance_says_travel_indirect_costs_and_what_is_confirmed() -> None:
    charges = [{"account": "60", "amount": "800"}, {"account": "625", "amount": "150"}, {"account": "658", "amount": "50"}]
    products = [
        {"account": "758", "amount": "100", "status": "confirmed"},
        {"account": "74", "amount": "300", "status": "requested"},
        {"account": "870", "amount": "40", "status": "confirmed"},
    ]
    sums = balance_typed("600", charges, products)
    assert (sums.travel.cents, sums.overhead.cents, sums.confirmed.cents, sums.gap.cents) == (15_000, 5_000, 10_000, 0)
    assert (sums.part(sums.travel), sums.part(sums.overhead), sums.share) == (Fraction(3, 20), Fraction(1, 20), Fraction(3, 5))


def test_a_line_says_how_its_euros_were_computed() -> None:
    (line,) = read(BudgetForm, {"charges": [PAID]}).charges
    said = str(foreign_said(line.model_dump()))
    assert said == "787148.40 XOF at 655.957 XOF for one euro on 2027-01-04 (BCE)"
    with speaking("fr"):
        assert "au taux de 655,957 XOF pour un euro" in translate(foreign_said(line.model_dump()))
    assert foreign_said({"currency": ""}) is None

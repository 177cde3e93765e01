"""Ballot styles: what may stand on a ballot, told with exact numbers, and the basket while it fills."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.core.ballots import Approval, Knapsack, Slate, Style, read_style, style_from

SLATE = Slate({"a": 300_00, "b": 500_00, "c": 200_00, "d": 900_00}, 1000_00)
THREE_TO_SIX = Approval(min_choices=3, max_choices=6)
EXACTLY_TWO = Approval(min_choices=2, max_choices=2)
BOTH = Approval(max_choices=3, max_total_cents=800_00)
KNAPSACK = Knapsack()
STYLES: list[Style] = [THREE_TO_SIX, EXACTLY_TWO, BOTH, KNAPSACK, Knapsack(budget=600_00), Approval()]


def told(style: Style, choices: str) -> list[str]:
    return [str(problem) for problem in style.check(tuple(choices), SLATE)]


@pytest.mark.parametrize("style", STYLES, ids=repr)
def test_a_blank_ballot_is_always_allowed(style: Style) -> None:
    assert told(style, "") == []


def test_too_few_and_too_many_choices_are_told_with_both_numbers() -> None:
    assert told(THREE_TO_SIX, "ab") == ["Choose at least 3 projects; you have chosen 2."]
    assert told(THREE_TO_SIX, "abc") == []
    assert told(Approval(max_choices=2), "abc") == ["Choose at most 2 projects; you have chosen 3."]
    assert told(EXACTLY_TWO, "a") == ["Choose exactly 2 projects; you have chosen 1."]
    assert told(EXACTLY_TWO, "abc") == ["Choose exactly 2 projects; you have chosen 3."]


def test_too_much_money_is_told_to_the_cent() -> None:
    assert told(KNAPSACK, "ad") == ["Your choices cost 1200.00 EUR together: that is 200.00 EUR more than the 1000.00 EUR allowed."]
    assert told(KNAPSACK, "abc") == []
    assert told(BOTH, "ab") == []
    assert told(BOTH, "abcd") == [
        "Choose at most 3 projects; you have chosen 4.",
        "Your choices cost 1900.00 EUR together: that is 1100.00 EUR more than the 800.00 EUR allowed.",
    ]


def test_an_unknown_project_and_one_chosen_twice_are_told() -> None:
    assert told(KNAPSACK, "az") == ["There is no project z on this ballot."]
    assert told(KNAPSACK, "aba") == ["Project a is chosen more than once."]


def test_the_rule_is_one_line() -> None:
    lines = {
        THREE_TO_SIX: "Choose 3 to 6 projects.",
        EXACTLY_TWO: "Choose exactly 2 projects.",
        BOTH: "Choose up to 3 projects. Together they may cost at most 800.00 EUR.",
        KNAPSACK: "Share out 1000.00 EUR among the projects of your choice.",
        Approval(): "Choose as many projects as you like.",
        Approval(min_choices=3): "Choose at least 3 projects.",
    }
    assert {style: str(style.rule_line(SLATE)) for style in lines} == lines


def test_the_basket_counts_choices_and_money_and_says_why_a_project_no_longer_fits() -> None:
    basket = BOTH.state(("a",), SLATE)
    assert (basket.count, basket.spent_cents, basket.left_cents, basket.left_choices) == (1, 300_00, 500_00, 2)
    assert basket.can_add("b") is None
    assert str(basket.can_add("d")) == "It costs 900.00 EUR and you have 500.00 EUR left: that is 400.00 EUR too much."
    assert str(basket.can_add("a")) == "You have already chosen this project."
    assert str(basket.can_add("z")) == "There is no project z on this ballot."
    assert str(EXACTLY_TWO.state(("a", "b"), SLATE).can_add("c")) == "You have already made your 2 choices."
    assert EXACTLY_TWO.state(("a",), SLATE).problems == EXACTLY_TWO.check(("a",), SLATE) != ()
    free = Approval().state(("a",), SLATE)
    assert (free.left_cents, free.left_choices, free.can_add("d")) == (None, None, None)


@given(st.sampled_from(STYLES), st.lists(st.sampled_from("abcd"), unique=True), st.sampled_from("abcd"))
def test_what_the_basket_lets_in_never_makes_a_good_ballot_too_large(style: Style, choices: list[str], project: str) -> None:
    basket = style.state(choices, SLATE)
    fits = basket.can_add(project) is None
    after = style.state([*choices, project], SLATE)
    if fits:
        assert after.limit_cents is None or after.spent_cents <= after.limit_cents
        assert style.limit_choices() is None or after.count <= (style.limit_choices() or 0)
    elif project not in choices and not basket.problems:
        assert after.problems


@given(st.sampled_from(STYLES), st.permutations("abcd"))
def test_the_order_of_choices_leaves_no_trace(style: Style, choices: list[str]) -> None:
    assert style.canonical(choices) == ("a", "b", "c", "d")
    assert style.check(choices, SLATE) == style.check("abcd", SLATE)


@pytest.mark.parametrize("style", STYLES, ids=repr)
def test_a_style_is_stored_and_read_back_whole(style: Style) -> None:
    assert read_style(json.loads(json.dumps(style.model_dump(mode="json")))) == style


def test_a_style_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValidationError, match="below the smallest"):
        style_from("approval", min_choices=3, max_choices=2)
    with pytest.raises(ValidationError):
        style_from("dice")
    for kind, name, value in (("knapsack", "max_choices", 1), ("knapsack", "budget", -1), ("approval", "min_choices", 0)):
        with pytest.raises(ValidationError):
            style_from(kind, **{name: value})

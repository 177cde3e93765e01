"""The swap that makes room for a project too dear."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.ballots import Approval, Knapsack, Slate, basket_of

SLATE = Slate({"a": 10, "b": 30, "c": 50, "d": 60, "e": 200}, 100)


def test_the_cheapest_project_that_is_enough_is_named() -> None:
    held = basket_of(Knapsack(), ("a", "b", "c"), SLATE)
    assert held.swap_for("d") == "c", "50 are missing: neither 10 nor 30 is enough"
    assert basket_of(Knapsack(), ("a", "b"), SLATE).swap_for("d") is None, "it fits: nothing needs to go"
    assert held.swap_for("e") is None, "no project is enough"
    assert held.swap_for("a") is None, "chosen already"
    assert held.swap_for("x") is None, "not on the ballot"


def test_where_money_is_not_what_is_missing_no_swap_is_named() -> None:
    assert basket_of(Approval(max_choices=1), ("c",), SLATE).swap_for("d") is None
    assert basket_of(Approval(max_total_cents=100), ("c", "b"), SLATE).swap_for("d") == "c"
    assert basket_of(Approval(max_total_cents=90), ("c", "b"), SLATE).swap_for("d") == "c"


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 100), min_size=2), st.integers(1, 300), st.data())
def test_a_swap_always_makes_room(costs: dict[str, int], envelope: int, data: st.DataObject) -> None:
    slate, style = Slate(costs, envelope), Knapsack()
    chosen = data.draw(st.lists(st.sampled_from(sorted(costs)), unique=True))
    for id in costs:
        out = basket_of(style, chosen, slate).swap_for(id)
        if out is not None:
            left = [one for one in chosen if one != out]
            assert basket_of(style, left, slate).can_add(id) is None

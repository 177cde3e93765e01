"""How near a loser was to what Equal Shares left: the fewest votes and the highest lower cost are tried one by one."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from app.core.tally import Election, EqualShares, Project
from app.core.tally.limits import MaxPer, MaxSpending, MinVotes
from app.core.tally.shares_filled_margins import filled_margin
from tests.core.shares_brute import Case
from tests.core.test_tally_shares_fill import by_hand, opened, shelf, shelves


def margin(case: Case, id: str) -> tuple[int | None, int | None]:
    """The fewest further votes and the highest lower cost."""
    indexed, walk, filled = opened(case)
    return filled_margin(indexed, walk.run, filled, indexed.ids.index(id))


def losers(case: Case) -> list[tuple[str, list[str]]]:
    """Those with votes enough that were neither bought nor taken, and what was bought."""
    indexed, walk, filled = opened(case)
    won = [indexed.ids[one] for one in walk.run.bought]
    return [(indexed.ids[one], won) for one in indexed.standing if one not in (*walk.run.bought, *filled.taken)]


@settings(max_examples=150, deadline=None)
@given(shelves())
def test_the_further_votes_are_the_fewest_with_which_it_is_taken(case: Case) -> None:
    indexed, walk, filled = opened(case)
    won = [indexed.ids[one] for one in walk.run.bought]
    for id in (indexed.ids[one] for one in range(len(indexed.ids)) if one not in (*walk.run.bought, *filled.taken)):
        # Nobody who is taken has more than four votes, and nobody needs more than all ballots.
        most = range(case.election.profile.total + 6)
        assert margin(case, id)[0] == next((more for more in most if id in by_hand(case, won, {id: more})), None)


@settings(max_examples=150, deadline=None)
@given(shelves())
def test_the_lower_cost_is_the_highest_with_which_it_is_taken(case: Case) -> None:
    for id, won in losers(case):
        costs = range(min(case.election.project(id).cost_cents, 40))
        winning = [cost for cost in costs if id in by_hand(case, won, costs={id: cost})]
        assert margin(case, id)[1] == max(winning, default=None)


def test_a_loser_below_the_votes_it_needs_is_taken_after_all_others_once_it_has_them() -> None:
    field = [(Project("a", 60), 5), (Project("d", 20), 1)]
    assert margin(shelf(100, *field, limits=(MinVotes(votes=3),)), "d")[0] == 2, "not five, with which it would come before the first"
    assert margin(shelf(100, *field[1:], limits=(MinVotes(votes=3),)), "d")[0] == 2, "though nothing at all was taken"
    assert margin(shelf(79, *field, limits=(MinVotes(votes=3),)), "d")[0] == 5, "what is left after the first is not enough"


def test_a_lower_cost_may_be_what_brings_it_before_its_equal() -> None:
    for tie_break, highest in ((("cheaper", "id"), 4), (("id", "cheaper"), 2), (("cheaper", "older"), 4)):
        assert margin(shelf(7, (Project("x", 10), 3), (Project("e", 5), 3), tie_break=tie_break), "x")[1] == highest
    # At the same cost it is first by its id; what is free leaves all.
    for cents, other, highest in ((7, Project("y", 5), 5), (7, Project("e", 0), 7), (3, Project("y", 3), 3)):
        assert margin(shelf(cents, (Project("x", 10), 3), (other, 3), tie_break=("cheaper", "id")), "x")[1] == highest


FIELD = [(Project("a", 60), 5), (Project("b", 50), 4), (Project("c", 30), 3), (Project("d", 20), 1)]


def test_votes_missing_and_lower_costs_are_those_worked_out_by_hand() -> None:
    # "a" is taken from 100 cents, "b" does not fit the 40 left, "c" is taken, "d" does not fit the last 10.
    case = shelf(100, *FIELD)
    assert opened(case)[2].left == [100, 40, 10]
    # Two more votes bring "b" before "a": with one they were equal, and "a" is first by its id. Before "c" it is already.
    assert margin(case, "b") == (2, 40)
    # Three more bring "d" before "c"; nothing brings it there at a lower cost, but the last 10 would do.
    assert margin(case, "d") == (3, 10)
    # What most voters want comes first as it is, and would take all.
    assert margin(case, "zz") == (None, 100)


def test_an_equal_number_of_votes_is_enough_for_what_comes_first_in_a_tie() -> None:
    case = shelf(100, (Project("m", 60), 5), (Project("n", 50), 4), (Project("x", 30), 3), (Project("b", 20), 1))
    assert margin(case, "b") == (2, 10)
    case = shelf(100, (Project("b", 60), 5), (Project("a", 50), 4), (Project("x", 30), 4))
    assert margin(case, "a") == (1, 40), "one more vote is a tie with the first, and it comes before the other as it is"
    case = shelf(100, (Project("b", 60), 5), (Project("x", 50), 4), (Project("c", 30), 4))
    assert margin(case, "x") == (2, 10), "it comes after both as it is"


def test_the_number_of_votes_parts_nobody_whose_votes_were_made_equal() -> None:
    for tie_break in (("votes", "id"), ("id",)):
        case = shelf(100, *FIELD, tie_break=tie_break)
        assert margin(case, "b") == (2, 40)
        assert margin(case, "d") == (3, 10)
        case = shelf(100, (Project("b", 60), 5), (Project("a", 50), 3), tie_break=tie_break)
        assert margin(case, "a") == (2, 40), "equal with the first, and before it by its id"


def test_a_loser_below_the_votes_it_needs_wants_those_at_least() -> None:
    nine: Any = (MinVotes(votes=9, scope="city"),)
    case = shelf(70, (Project("a", 60), 5), (Project("d", 20, scope="city"), 4), limits=nine)
    assert margin(case, "d")[0] == 5, "nine less four, though two would bring it before the other"
    case = shelf(70, (Project("a", 60), 5), (Project("d", 20, scope="city"), 7), limits=nine)
    assert margin(case, "d")[0] == 2, "it has more votes than the other, and not enough"
    case = shelf(70, (Project("a", 60), 9), (Project("d", 20, scope="city"), 8), limits=nine)
    assert margin(case, "d")[0] == 2, "with nine it would be equal, and second by its id"


def test_what_fits_just_the_money_left_is_near_and_what_costs_a_cent_more_is_not() -> None:
    for cost, fewest in ((40, 3), (41, 5)):
        field = [(Project("a", 60), 5), (Project("c", 30), 3), (Project("d", cost), 1)]
        assert margin(shelf(100, *field), "d") == (fewest, 10)


def test_where_all_is_spent_only_what_is_free_would_be_taken() -> None:
    assert margin(shelf(90, (Project("a", 60), 5), (Project("c", 30), 3), (Project("d", 20), 1)), "d") == (3, 0)


def test_a_limit_keeps_out_whatever_the_votes_and_a_limit_of_money_lets_in_what_is_cheap() -> None:
    field = [(Project("a", 60, theme="t"), 5), (Project("c", 30), 3), (Project("d", 25, theme="t"), 2)]
    one: Any = (MaxPer(key="theme", most=1),)
    assert margin(shelf(150, *field, limits=one), "d") == (4, None), "only before the one that fills the limit"
    money: Any = (MaxSpending(key="theme", cents=70),)
    assert margin(shelf(150, *field, limits=money), "d") == (4, 10)
    assert margin(shelf(95, *field, limits=money), "d") == (4, 5)
    assert margin(shelf(93, *field, limits=money), "d") == (4, 3)


def test_what_was_bought_counts_against_the_limits() -> None:
    # Three voters of "a" buy it with their shares of ten cents; "b" of its site is barred from the rest then, whatever its votes.
    field = [Project("a", 30, site="s"), Project("b", 25, site="s"), Project("c", 15), Project("d", 99)]
    ballots = [{"a"}] * 3 + [{"b"}] * 2 + [{"c"}] + [{"d"}] * 4
    rule = EqualShares(completion="none", tie_break=("id",), limits=(MaxPer(key="site", most=1),))
    assert margin(Case(rule, Election.of(field, ballots, 100)), "b") == (None, None)


def test_only_for_nothing_it_may_come_before_the_one_that_fills_their_limit() -> None:
    field = [(Project("e", 1, site="s"), 3), (Project("x", 10, site="s"), 3)]
    one: Any = (MaxPer(key="site", most=1),)
    assert margin(shelf(1, *field, limits=one, tie_break=("cheaper", "id")), "x") == (None, 0)
    assert margin(shelf(1, *field, limits=one), "x") == (None, None), "the other is first by its id, whatever this one asks"

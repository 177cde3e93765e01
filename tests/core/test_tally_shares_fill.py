"""What Equal Shares left goes to the projects with most votes that still fit: by hand, and against a plain loop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tally import Election, EqualShares, Project
from app.core.tally.limits import MaxPer, MaxSpending
from app.core.tally.shares_fill import Filled, fill
from app.core.tally.shares_market import Market, market
from app.core.tally.shares_run import Walk, run_at
from tests.core.shares_brute import LIMITS, Case

CROWD = 1000
"""So many voters name only what nobody can ever pay: the shares of all others buy nothing, and all the money is left."""


def shelf(cents: int, *field: tuple[Project, int], tie_break: tuple[Any, ...] = ("id",), **other: Any) -> Case:
    """An election where these projects with so many votes wait for these cents, all of them left."""
    piles = {frozenset({"zz"}): CROWD} | {frozenset({one.id}): votes for one, votes in field if votes}
    projects = (*(one for one, _ in field), Project("zz", 10**9))
    election: Any = Election(projects, piles, cents, draw=other.pop("draw", ()))  # type: ignore[arg-type]
    return Case(EqualShares(completion="none", then="greedy", tie_break=tie_break, **other), election)


def opened(case: Case) -> tuple[Market, Walk, Filled]:
    """The market, its run, and what was filled up after it."""
    indexed = market(case.rule, case.election, case.rule.utility, case.rule.scale)
    walk = run_at(indexed, case.share, case.election.budget_cents)
    return indexed, walk, fill(indexed, walk, case.election.budget_cents - walk.run.spent)


def told(case: Case) -> tuple[list[str], list[int], list[tuple[str, ...]], tuple[str, ...]]:
    """What was taken, the money left before each and at the end, the ties, and what needs a draw."""
    indexed, _, filled = opened(case)
    names = indexed.ids
    ties = [tuple(names[one] for one in members) for members, _ in filled.ties]
    return [names[one] for one in filled.taken], filled.left, ties, tuple(names[one] for one in filled.unparted)


def by_hand(case: Case, won: list[str], extra: Mapping[str, int] | None = None, costs: Mapping[str, int] | None = None) -> list[str]:
    """What is taken after these were bought, some projects having further votes or other costs."""
    rule, gate, field, needed = case.rule, case.rule.gate(), case.election.projects, case.needed()
    field = tuple(replace(one, cost_cents=(costs or {}).get(one.id, one.cost_cents)) for one in field)
    cheaper = Case(rule, replace(case.election, projects=field))
    if costs:
        needed = cheaper.needed()
    votes = {id: many + (extra or {}).get(id, 0) for id, many in case.election.votes.items()}
    left, taken = case.election.budget_cents, []
    for one in field:
        if one.id in won:
            gate.give(one)
            left -= one.cost_cents
    waiting = [one for one in field if one.id not in won and votes[one.id] >= needed[one.id]]
    for one in sorted(waiting, key=lambda one: (-votes[one.id], cheaper._tie(one, votes[one.id]))):
        if one.cost_cents <= left and gate.bar(one) is None:
            taken.append(one.id)
            left -= one.cost_cents
            gate.give(one)
    return taken


@st.composite
def shelves(draw: st.DrawFn, tie_breaks: tuple[tuple[str, ...], ...] = (("id",), ("votes", "draw"), ("cheaper", "draw"))) -> Case:
    """Some projects bought with shares, some waiting for what is left; all orders of ties known."""
    ids = "abcdef"[: draw(st.integers(1, 6))]
    site, theme = st.sampled_from(["", "s"]), st.sampled_from(["", "t", "u"])
    field = tuple(Project(id, draw(st.integers(0, 9)), site=draw(site), theme=draw(theme)) for id in ids)
    piles = {frozenset({id}): draw(st.integers(0, 4)) for id in ids} | {frozenset({"zz"}): draw(st.sampled_from([0, 6, 40]))}
    piles = {named: many for named, many in piles.items() if many}
    order = tuple(draw(st.permutations([*ids, "zz"])))
    given_: Any = Election((*field, Project("zz", 10**6)), piles, draw(st.integers(0, 30)), draw=order)  # type: ignore[arg-type]
    tie_break: Any = draw(st.sampled_from(tie_breaks))
    rule = EqualShares(completion="none", then="greedy", tie_break=tie_break, min_votes=draw(st.integers(0, 2)), limits=draw(LIMITS))
    return Case(rule, given_)


@settings(max_examples=150, deadline=None)
@given(shelves())
def test_what_is_left_goes_to_the_most_votes_that_fit(case: Case) -> None:
    indexed, walk, filled = opened(case)
    won = [indexed.ids[one] for one in walk.run.bought]
    assert [indexed.ids[one] for one in filled.taken] == by_hand(case, won)
    costs = [indexed.cost[one] for one in filled.taken]
    left = case.election.budget_cents - walk.run.spent
    assert filled.left == [left - sum(costs[:many]) for many in range(len(costs) + 1)]
    assert not filled.unparted
    if not walk.run.unparted:
        outcome = case.rule.count(case.election)
        assert list(outcome.selected) == [*won, *by_hand(case, won)]


def test_what_costs_just_the_money_left_is_taken_and_a_cent_more_is_not() -> None:
    for cents, taken in ((39, ["a"]), (40, ["a", "b"]), (41, ["a", "b"])):
        left = [cents, cents - 30, cents - 40][: len(taken) + 1]
        assert told(shelf(cents, (Project("a", 30), 3), (Project("b", 10), 2))) == (taken, left, [], ())


def test_what_was_bought_is_not_taken_again_and_counts_against_the_limits() -> None:
    # The share is ten cents: "a" is bought by its three voters, and its site is full then.
    field = [Project("a", 30, site="s"), Project("b", 25, site="s"), Project("c", 15), Project("d", 99)]
    ballots = [{"a"}] * 3 + [{"b"}] * 2 + [{"c"}] + [{"d"}] * 4
    case = Case(EqualShares(completion="none", tie_break=("id",), limits=(MaxPer(key="site", most=1),)), Election.of(field, ballots, 100))
    assert told(case) == (["c"], [70, 55], [], ())
    free = Case(EqualShares(completion="none", tie_break=("id",)), case.election)
    assert told(free) == (["b", "c"], [70, 45, 30], [], ())


def test_what_was_taken_counts_against_the_limits_too() -> None:
    field = [(Project("a", 30, theme="t"), 4), (Project("b", 25, theme="t"), 3), (Project("c", 20, theme="t"), 2)]
    assert told(shelf(100, *field, limits=(MaxSpending(key="theme", cents=50),)))[0] == ["a", "c"]
    assert told(shelf(100, *field, limits=(MaxPer(key="theme", most=1),)))[0] == ["a"]


EQUAL = (Project("a", 30), 3), (Project("b", 30), 3)


def test_equal_projects_that_nothing_parts_need_a_draw_unless_all_of_them_fit() -> None:
    # Without a draw the first by its id is shown, and the count stays open.
    assert told(shelf(59, *EQUAL, tie_break=("draw",))) == (["a"], [59, 29], [("a", "b")], ("a", "b"))
    assert told(shelf(60, *EQUAL, tie_break=("draw",))) == (["a", "b"], [60, 30, 0], [("a", "b")], ())
    assert told(shelf(59, *EQUAL, tie_break=("draw",), draw=("b", "a", "zz"))) == (["b"], [59, 29], [("b", "a")], ())


def test_so_they_do_where_the_money_is_enough_but_a_limit_lets_in_one_only() -> None:
    field = [(replace(one, site="s"), votes) for one, votes in EQUAL]
    assert told(shelf(100, *field, tie_break=("draw",), limits=(MaxPer(key="site", most=1),)))[2:] == ([("a", "b")], ("a", "b"))
    assert told(shelf(100, *field, tie_break=("draw",), limits=(MaxPer(key="site", most=2),)))[2:] == ([("a", "b")], ())


def test_equal_projects_of_which_one_at_most_fits_are_no_tie() -> None:
    field = [(Project("a", 30), 3), (Project("b", 60), 3)]
    assert told(shelf(59, *field, tie_break=("draw",))) == (["a"], [59, 29], [], ())
    assert told(shelf(60, *field, tie_break=("draw",))) == (["a"], [60, 30], [("a", "b")], ("a", "b"))
    assert told(shelf(29, *field, tie_break=("draw",))) == ([], [29], [], ())


def test_whether_equal_projects_fit_is_asked_of_the_money_left_by_then() -> None:
    field = [(Project("a", 60), 5), (Project("b", 30), 3), (Project("c", 50), 3)]
    for tie_break in (("id",), ("draw",)):
        assert told(shelf(100, *field, tie_break=tie_break)) == (["a", "b"], [100, 40, 10], [], ())


def test_the_first_draw_that_is_needed_is_asked_for() -> None:
    field = [*EQUAL, (Project("c", 20), 2), (Project("d", 20), 2)]
    # Of 55 cents one of the first two is taken, and of the 25 left one of the others.
    assert told(shelf(55, *field, tie_break=("draw",)))[2:] == ([("a", "b"), ("c", "d")], ("a", "b"))
    assert told(shelf(85, *field, tie_break=("draw",)))[2:] == ([("a", "b"), ("c", "d")], ("c", "d"))


def test_the_criterion_that_parted_equal_projects_is_told() -> None:
    _, _, filled = opened(shelf(100, (Project("a", 30), 3), (Project("b", 20), 3), tie_break=("cheaper", "id")))
    assert [by for _, by in filled.ties] == [("cheaper",)]
    assert filled.taken == [1, 0]


def test_more_votes_come_first_and_equal_numbers_together() -> None:
    field = [(Project("a", 9), 1), (Project("b", 9), 3), (Project("c", 9), 2), (Project("d", 9), 3), (Project("e", 9), 0)]
    assert told(shelf(100, *field)) == (["b", "d", "c", "a"], [100, 91, 82, 73, 64], [("b", "d")], ())

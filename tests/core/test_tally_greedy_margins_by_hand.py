"""How near each project was, on small elections that stand at a boundary: every number is tried against a count written out."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.tally import Election, Greedy, Project, Status
from app.core.tally.limits import MinVotes
from tests.core.tally_elections import ballots, projects
from tests.core.tally_greedy import plain_greedy, with_cost, with_points, with_votes

ONE_OF_THEME = {"kind": "max_per", "key": "theme", "most": 1}
BY_VOTES: list[tuple[dict[str, Any], dict[str, tuple[int, str]], dict[str, int], int]] = [
    (
        {
            "utility": "votes_per_cost", "on_miss": "stop", "winners": 2, "min_votes": 2, "limits": (ONE_OF_THEME,),
            "tie_break": ("votes", "id"),
        },
        {"a": (2, "t"), "b": (2, "t")}, {"ab": 15, "b": 3}, 8,
    ),
    (
        {
            "utility": "votes_per_cost", "on_miss": "stop", "winners": 2, "tie_break": ("id",),
            "limits": ({"kind": "max_spending", "key": "theme", "cents": 3},),
        },
        {"a": (7, "t"), "b": (1, ""), "c": (6, ""), "d": (5, "t")}, {"a": 2, "ac": 3, "d": 1}, 5,
    ),
    (
        {"utility": "votes_per_cost", "min_votes": 0, "tie_break": ("cheaper", "id")},
        {"a": (5, ""), "b": (3, ""), "c": (0, "")}, {"ac": 3}, 7,
    ),
    (
        {"utility": "votes_per_cost", "min_votes": 2, "winners": 1, "tie_break": ("id",)},
        {"a": (7, ""), "b": (3, ""), "c": (1, ""), "d": (4, "")}, {"a": 1, "ad": 2, "b": 1}, 4,
    ),
    # a has fifteen votes, and b is cheaper: with fifteen it comes first, not only with sixteen.
    ({"tie_break": ("cheaper", "id")}, {"a": (6, ""), "b": (5, "")}, {"a": 15, "b": 3}, 6),
    # One vote makes endlessly much for no money: a is as good as b then, and named first.
    ({"utility": "votes_per_cost", "winners": 1, "min_votes": 0, "tie_break": ("id",)}, {"a": (0, ""), "b": (0, "")}, {"b": 2}, 5),
    # As many votes for a unit as a has, and then more votes.
    ({"utility": "votes_per_cost", "tie_break": ("votes", "id")}, {"a": (2, ""), "b": (4, "")}, {"a": 2, "b": 1}, 4),
    # As many votes: cheaper by one cent than a is cheap enough, as cheap as a is not.
    ({"tie_break": ("cheaper", "id")}, {"a": (5, ""), "b": (9, "")}, {"ab": 3}, 5),
    # Two have their turn before c; it is dearer than what is left after each.
    ({"tie_break": ("id",)}, {"a": (4, ""), "b": (3, ""), "c": (6, "")}, {"a": 5, "b": 4, "c": 3}, 9),
]  # fmt: skip
BY_POINTS: list[tuple[dict[str, Any], dict[str, tuple[int, str]], list[dict[str, int]], int]] = [
    (
        {"utility": "points_per_cost", "winners": 1, "min_votes": 0, "tie_break": ("older", "id")},
        {"a": (1, ""), "b": (2, "")}, [{"a": 1, "b": 2}, {"a": 4}, {"a": 4, "b": 0}], 2,
    ),
    # Nobody gave a point, and one must be given.
    ({"utility": "points_per_cost", "on_miss": "stop", "winners": 1, "min_votes": 0, "tie_break": ("votes", "id")},
     {"a": (7, ""), "b": (2, "")}, [], 8),
    (
        {"utility": "points", "on_miss": "stop", "min_votes": 0, "tie_break": ("cheaper", "id")},
        {"a": (6, ""), "b": (7, "")}, [{"a": 4, "b": 4}], 2,
    ),
    ({"utility": "points", "min_votes": 2, "tie_break": ("votes", "id")}, {"a": (6, ""), "b": (2, "")},
     [{"a": 0, "b": 4}, {"a": 1, "b": 4}, {"a": 3, "b": 0}], 6),
    (
        {"utility": "points_per_cost", "on_miss": "stop", "winners": 2, "tie_break": ("votes", "id")},
        {"a": (1, ""), "b": (2, ""), "c": (6, ""), "d": (2, "")}, [{"b": 4, "c": 2, "d": 1}], 6,
    ),
    # As many points as a, from fewer voters: votes part them, not points.
    ({"utility": "points", "tie_break": ("votes", "id")}, {"a": (5, ""), "b": (5, "")}, [{"a": 2}, {"a": 3}, {"b": 3}], 5),
    # Without a vote b has none at any cost; with its first points it has one.
    ({"utility": "points", "min_votes": 0, "tie_break": ("votes", "id")}, {"a": (5, ""), "b": (5, "")}, [], 5),
    ({"utility": "points", "min_votes": 0, "tie_break": ("votes", "id")}, {"a": (5, ""), "b": (5, "")}, [{"b": 2}], 5),
    # There is room for b, and no point is needed, but a vote is: it takes a point to be one.
    ({"utility": "points", "tie_break": ("id",)}, {"a": (5, ""), "b": (5, "")}, [{"a": 3}], 10),
]  # fmt: skip


def field(costs: dict[str, tuple[int, str]]) -> tuple[Project, ...]:
    return tuple(Project(id, cost, theme=theme) for id, (cost, theme) in costs.items())


@pytest.mark.parametrize(("given", "costs", "piles", "budget"), BY_VOTES)
def test_by_votes_each_number_is_exactly_enough(
    given: dict[str, Any], costs: dict[str, tuple[int, str]], piles: dict[str, int], budget: int
) -> None:
    rule = Greedy.model_validate(given)
    election = Election(field(costs), {frozenset(): 40} | {frozenset(names): many for names, many in piles.items()}, budget)
    outcome = rule.count(election)
    assert list(outcome.selected) == plain_greedy(rule, election)
    for row in outcome.rows:
        id = row.project
        if row.status is Status.WON:
            kept = (votes for votes in range(row.votes + 1) if id in plain_greedy(rule, with_votes(election, id, votes - row.votes)))
            assert row.spare_votes == row.votes - next(kept)
            continue
        assert row.missing_votes == next((more for more in range(1, 41) if id in plain_greedy(rule, with_votes(election, id, more))), None)
        _check_cost(rule, election, id, row.winning_cost_cents)


@pytest.mark.parametrize(("given", "costs", "marks", "budget"), BY_POINTS)
def test_by_points_each_number_is_exactly_enough(
    given: dict[str, Any], costs: dict[str, tuple[int, str]], marks: list[dict[str, int]], budget: int
) -> None:
    rule = Greedy.model_validate(given)
    election = Election.marked(field(costs), marks, budget, "points")
    for row in rule.count(election).rows:
        if row.status is Status.WON:
            assert (row.missing_points, row.spare_votes) == (None, None)
            continue
        tried = (more for more in range(1, 41) if row.project in rule.count(with_points(election, row.project, more)).selected)
        assert row.missing_points == next(tried, None)
        _check_cost(rule, election, row.project, row.winning_cost_cents)


def _check_cost(rule: Greedy, election: Election, id: str, told: int | None) -> None:
    costs = range(election.project(id).cost_cents - 1, -1, -1)
    assert told == next((cents for cents in costs if id in rule.count(with_cost(election, id, cents)).selected), None)


def test_a_project_that_nobody_chose_lacks_at_least_one_point_or_vote_where_none_is_needed() -> None:
    rule = Greedy(min_votes=0, winners=1, tie_break=("id",))
    outcome = rule.count(Election(projects({"a": 5, "b": 5}), ballots((1, "")), 9))
    assert (outcome.selected, outcome.row("b").missing_votes) == (("a",), 1)


def test_the_votes_that_a_cost_asks_for_bound_the_cost_that_wins() -> None:
    # One vote in ten for each tenth of the envelope: c's three allow a cost of 300, and 400 are left.
    rule = Greedy(limits=(MinVotes(per_cost=1),), tie_break=("id",))
    outcome = rule.count(Election(projects({"a": 600, "c": 350}), ballots((7, "a"), (3, "c")), 1000))
    assert (outcome.selected, outcome.row("c").winning_cost_cents, outcome.row("c").missing_votes) == (("a",), 300, 1)

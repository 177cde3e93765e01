"""The market of Equal Shares: who stands behind what, what it is worth to them, and what each project asks at least."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from app.core.tally import Election, EqualShares, Profile, Project
from app.core.tally.column_questions import Columns, Stride
from app.core.tally.columns import COMPILE_FROM, PLAIN, Plain, columns_for, fast
from app.core.tally.limits import MaxPer, MinVotes
from app.core.tally.scores import Scale
from app.core.tally.shares_market import Market, Utility, market
from tests.conftest import skip_or_fail

COSTS = {"a": 60, "b": 0, "c": 35, "d": 9}


def indexed(utility: Utility, election: Election, columns: Columns | None = PLAIN, **other: Any) -> Market:
    rule = EqualShares(utility=utility, **{"tie_break": ("id",), **other})
    return market(rule, election, utility, rule.scale, columns)


def approved(*piles: tuple[int, str], costs: dict[str, int] = COSTS) -> Election:
    profile = Profile.of_sets(list(costs), {frozenset(choices): many for many, choices in piles})
    return Election(tuple(Project(id, cost, site="s" if id in "ac" else "") for id, cost in costs.items()), profile, 100)


def listed(side: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(None if one is None else one.tolist() for one in side)


def test_single_ballots_stand_behind_what_they_name_without_any_weight() -> None:
    one = indexed("cost", approved((1, "ab"), (1, "a"), (1, "bd"), (1, "")))
    # The piles stand in the order of their projects: none, a, ab, bd.
    assert [listed(side) for side in one.sides] == [([1, 2], None, None), ([2, 3], None, None), ([], None, None), ([3], None, None)]
    assert (one.weight, one.worth, one.points, one.many.tolist()) == (None, None, None, [1, 1, 1, 1])
    assert (one.behind_count, one.parts, one.votes, one.standing) == ((2, 2, 0, 1), (2, 2, 0, 1), (2, 2, 0, 1), (0, 1, 3))
    assert (one.cost, one.useful, one.ids) == ((60, 0, 35, 9), (60, 1, 35, 9), tuple("abcd"))
    assert one.projects == one.election.projects
    assert (one.behind(1).tolist(), one.ballots(np.array([1, 3, 0]))) == ([2, 3], 3)
    assert one.columns is PLAIN


def test_piles_of_equal_ballots_weigh_as_much_as_they_are_many() -> None:
    one = indexed("cardinality", approved((3, "ab"), (1, "a"), (2, "bd")))
    assert [listed(side) for side in one.sides] == [([0, 1], [1, 3], None), ([1, 2], [3, 2], None), ([], [], None), ([2], [2], None)]
    assert (one.many.tolist(), one.behind_count, one.parts, one.votes) == ([1, 3, 2], (4, 5, 0, 2), (4, 5, 0, 2), (4, 5, 0, 2))
    assert (one.useful, one.ballots(np.array([1, 2]))) == ((1, 1, 1, 1), 5)


def test_points_are_what_a_project_is_worth_and_split_its_cost() -> None:
    fields = [Project(*one) for one in COSTS.items()]
    single = indexed("points", Election.marked(fields, [{"a": 1, "b": 5}, {"a": 3}, {"d": 0, "c": 2}], 100, "points"))
    # In order: a1 b5, a3, c2 d0; nothing is paid for no points.
    assert [listed(side) for side in single.sides] == [([0, 1], None, [1, 3]), ([0], None, [5]), ([2], None, [2]), ([], None, [])]
    assert (single.parts, single.behind_count, single.votes, single.useful) == ((4, 5, 2, 0), (2, 1, 1, 0), (2, 1, 1, 0), (1, 1, 1, 1))
    assert (single.weight, listed((single.start, single.project, single.points))) == (None, ([0, 2, 3, 4], [0, 1, 0, 2], [1, 5, 3, 2]))
    many = indexed("points", Election.marked(fields, [{"a": 1}, {"a": 3}, {"a": 3}, {"b": 2}], 100, "points"))
    assert [listed(side) for side in many.sides[:2]] == [([0, 1], [1, 2], [1, 3]), ([2], [1], [2])]
    assert (many.parts, many.behind_count, many.votes) == ((7, 2, 0, 0), (3, 1, 0, 0), (3, 1, 0, 0))


def test_compiled_columns_index_the_same_market() -> None:
    own = fast()
    if own is None:
        skip_or_fail("Numba is not installed")
    marks = [{"a": 1, "b": 5}, {"a": 3}, {"a": 3}, {"c": 2, "b": 4}]
    given = Election.marked([Project(*one) for one in COSTS.items()], marks, 100, "points")
    utilities: tuple[Utility, ...] = ("points", "cost")
    for utility in utilities:
        plain, compiled = indexed(utility, given), indexed(utility, given, own)
        assert compiled.columns is own
        assert [listed(side) for side in compiled.sides] == [listed(side) for side in plain.sides]
        assert compiled.parts == plain.parts


def test_by_borda_the_scale_is_left_alone_and_by_grades_it_counts() -> None:
    fields = [Project(*one) for one in COSTS.items()]
    ranked = Election.marked(fields, [{"a": 1, "b": 2, "c": 3}], 100, "ranking")
    borda = indexed("borda", ranked, scale=Scale(ranking=(9, 9, 9)))
    assert (borda.parts, borda.votes) == ((2, 1, 0, 0), (1, 1, 1, 0))
    assert indexed("points", ranked, scale=Scale(ranking=(9, 4, 1))).parts == (9, 4, 1, 0)
    graded = Election.marked(fields, [{"a": 1, "b": 0, "c": 2}], 100, "grades")
    grades = indexed("grades", graded, scale=Scale(grades=(0, 1, 7)))
    assert (grades.parts, grades.votes, grades.standing) == ((1, 0, 7, 0), (1, 1, 1, 0), (0, 1, 2))


def test_only_projects_with_the_votes_that_they_need_stand_and_none_without_any() -> None:
    election = approved((3, "ab"), (1, "a"), (2, "bd"))
    by_minimum = [indexed("cost", election, min_votes=least) for least in (0, 1, 2, 3, 4, 5)]
    assert [one.standing for one in by_minimum] == [(0, 1, 3), (0, 1, 3), (0, 1, 3), (0, 1), (0, 1), (1,)]
    assert [one.needed for one in by_minimum[:3]] == [(1, 1, 1, 1), (1, 1, 1, 1), (2, 2, 2, 2)]
    # At least its part of the envelope: for 60 of 100 cents the part of 6 voters, for 9 one.
    told = indexed("cost", election, limits=(MinVotes(per_cost=1),))
    assert (told.needed, told.standing) == ((4, 1, 3, 1), (0, 1, 3))


def test_what_a_project_asks_at_least_is_its_cost_among_all_supporters_and_the_cheapest_stands_first() -> None:
    one = indexed("cardinality", approved((3, "ac"), (1, "d"), (2, "bc")))
    # a: 60 / 3, b: free, c: 35 / 5, d: 9.
    assert [project for _, project in one.opening] == [1, 2, 3, 0]
    for bound, project in one.opening:
        rate = Fraction(one.cost[project], one.parts[project])
        assert rate * (1 - Fraction(2, 10**14)) <= Fraction(bound) <= rate
        assert not rate or Fraction(bound) < rate
    assert [round(bound * 60, 9) for bound, _ in indexed("cost", approved((3, "ac"), (1, "d"), (2, "bc"))).opening] == [0, 12, 20, 60]


def test_what_nobody_would_pay_for_is_never_asked_unless_it_is_free() -> None:
    fields = [Project(*one) for one in COSTS.items()]
    one = indexed("grades", Election.marked(fields, [{"a": 0, "b": 0, "c": 2}], 100, "grades"))
    assert one.standing == (0, 1, 2)
    assert [(round(bound, 9), project) for bound, project in one.opening] == [(0.0, 1), (17.5, 2)]


class Striding(Plain):
    """Plain columns that have a walk of their own."""

    def stride(self, market: Any) -> Stride | None:
        return lambda *_: None


@pytest.mark.parametrize(("cost", "there"), [(5, True), (2**62 - 2, True), (2**62 - 1, False), (2**63, False)])
def test_a_compiled_walk_is_taken_where_64_bits_hold_all_costs(cost: int, there: bool) -> None:
    one = indexed("cost", approved((1, "ab"), costs={"a": cost, "b": 1}), Striding())
    assert (one.stride is not None) == there
    assert indexed("cost", approved((1, "ab"))).stride is None


def test_the_columns_are_chosen_by_the_number_of_marks() -> None:
    assert indexed("cost", approved((1, "ab")), None).columns is PLAIN
    own = Striding()
    assert indexed("cost", approved((1, "ab")), own).columns is own
    assert columns_for(COMPILE_FROM - 1) is PLAIN


def test_equal_projects_are_arranged_by_the_criteria_of_the_rule_and_limits_by_its_gate() -> None:
    election = approved((1, "ab"), (2, "d"), (1, "c"))
    by_votes = indexed("cost", election, tie_break=("votes", "draw"), limits=(MaxPer(key="site", most=1),))
    assert by_votes.arrange([2, 0, 3]) == (((3,), (0, 2)), ("votes",))
    gate = by_votes.gate()
    assert not gate.open
    gate.give(by_votes.projects[0])
    assert [gate.full(project) for project in by_votes.projects] == [True, False, True, False]
    assert indexed("cost", election).gate().open

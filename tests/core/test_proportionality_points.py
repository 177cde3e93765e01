"""Groups get their part by points too: EJR+ where members give a project different points, against all groups by hand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tally import Election, Greedy, Profile, Project
from app.core.tally.limits import MaxPer
from app.core.tally.proportionality import Measure, UpTo, backing, certify
from app.core.tally.scores import Scale

IDS = "abcd"
PARTS: tuple[UpTo, ...] = ("any", "one")
MEASURES: tuple[Measure, ...] = ("money", "number", "points")


class Missed(NamedTuple):
    """A group that misses its part: by how much, what all its members reach at most, how many they are, and the most that one has."""

    by: Fraction
    reach: int
    voters: int
    got: int


NOBODY = Missed(Fraction(-(10**9)), 0, 0, 0)


@st.composite
def pointed(draw: st.DrawFn) -> tuple[Election, list[dict[str, int]]]:
    """Four projects, up to six ballots that give points, some of them 0."""
    field = [Project(id, draw(st.sampled_from([0, 1, 2, 3, 5, 8]))) for id in IDS]
    marks = draw(st.lists(st.dictionaries(st.sampled_from(IDS), st.integers(0, 3), max_size=3), min_size=1, max_size=6))
    return Election.marked(field, marks, draw(st.integers(1, 12)), "points"), marks


def groups(voters: list[dict[str, int]], id: str) -> Iterator[tuple[dict[str, int], ...]]:
    """Every group whose members all give this project something."""
    supporters = [marks for marks in voters if marks.get(id)]
    for size in range(1, len(supporters) + 1):
        yield from combinations(supporters, size)


def most_neglected(election: Election, marks: list[dict[str, int]], won: frozenset[str], id: str, up_to: UpTo, measure: Measure) -> Missed:
    """The group that misses most, the larger of two; every group is tried."""
    cost, found = election.project(id).cost_cents, [NOBODY]

    def worth(own: dict[str, int], other: str) -> int:
        each = election.project(other).cost_cents if measure == "money" else 1
        return each * (own[other] if measure == "points" else 1)

    for group in groups(marks, id):
        points = sum(own[id] if measure == "points" else 1 for own in group)
        deserved = Fraction(points * election.budget_cents, election.valid * (1 if measure == "money" else cost or 1))
        has = [sum(worth(own, other) for other in own if other in won and own[other]) for own in group]
        lost = [max(worth(own, other) for other in own if other not in won and own[other]) for own in group]
        thrown = [worth(own, id) for own in group] if up_to == "any" else lost
        reach = max(one + other for one, other in zip(has, thrown, strict=True))
        if reach <= deserved or (not cost and measure != "money"):
            found.append(Missed(deserved - reach, reach, len(group), max(has)))
    return max(found)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("up_to", PARTS)
@given(given=pointed(), won=st.frozensets(st.sampled_from(IDS), max_size=3))
@settings(max_examples=60, deadline=None)
def test_the_most_neglected_group_is_found_by_every_measure(
    measure: Measure, up_to: UpTo, given: tuple[Election, list[dict[str, int]]], won: frozenset[str]
) -> None:
    election, marks = given
    certificate = certify(election, won, measure, up_to, voters=election.valid or 1)
    found = {one.project: one for one in certificate.violations}
    for id in sorted(frozenset(IDS) - won):
        missed = most_neglected(election, marks, won, id, up_to, measure)
        assert (id in found) == (missed is not NOBODY)
        if missed is not NOBODY:
            one = found[id]
            assert Missed(one.deserved - missed.reach, missed.reach, one.voters, one.got) == missed
            assert one.held_cents == Fraction(one.voters * election.budget_cents, certificate.voters)
            assert one.cost_cents == election.project(id).cost_cents
            assert not one.barred


def test_the_points_of_a_group_are_taken_together_at_the_price_of_the_project() -> None:
    """Of 120 cents six voters hold 20 each. b costs 30: for one cent its three supporters, 2 + 3 + 5 points, deserve 10 x 20 / 30."""
    field = [Project("a", 60), Project("b", 30)]
    marks = [{"b": 2}, {"a": 1, "b": 3}, {"b": 5}, {"a": 4}, {"a": 4}, {"a": 4}]
    election = Election.marked(field, marks, 120, "points")
    (one,) = certify(election, ("a",), "points").violations
    # Up to b itself they have 2, 1 + 3 and 5: all three are the group, and the most that one of them has without b is 1.
    assert (one.project, one.voters, one.held_cents, one.deserved, one.got) == ("b", 3, Fraction(60), Fraction(20, 3), 1)
    scaled = backing(Election.marked(field, [{"b": 1}, {"a": 1, "b": 2}], 120, "grades"), "points", Scale(grades=(0, 7, 9)))
    assert scaled.points is not None
    assert sorted(scaled.points.tolist()) == [7, 7, 9]


def test_of_groups_that_miss_as_much_the_larger_is_shown() -> None:
    """Of 60 cents each of six holds 10. Two of x have nothing and miss 20 - 10; with the third, who has 10, all miss 30 - 20."""
    field = [Project("a", 10), Project("x", 10)]
    election = Election.marked(field, [{"x": 1}, {"x": 1}, {"a": 1, "x": 1}, {"a": 1}, {"a": 1}, {"a": 1}], 60, "points")
    (one,) = certify(election, ("a",), "money").violations
    assert (one.voters, one.deserved, one.got) == (3, Fraction(30), 10)


def test_what_the_voters_of_a_free_project_miss_is_told_by_number_and_nobody_misses_what_nobody_chose() -> None:
    field = [Project("a", 10), Project("x", 0), Project("y", 1)]
    election = Election(tuple(field), Profile.of_sets("axy", {frozenset("a"): 1, frozenset("ax"): 1}), 10)
    (one,) = certify(election, ("a",), "number").violations
    assert (one.project, one.cost_cents, one.voters, one.deserved, one.got) == ("x", 0, 1, Fraction(5), 1)
    assert certify(election, ("a",), "money").violations == ()


def test_the_share_of_each_is_smaller_where_more_hold_one() -> None:
    election = Election((Project("a", 10),), Profile.of_sets("a", {frozenset("a"): 2, frozenset(): 2}), 20)
    (one,) = certify(election, ()).violations
    assert (one.held_cents, one.voters) == (Fraction(20), 2)
    assert certify(election, (), voters=4).violations[0].held_cents == 10
    assert certify(election, (), voters=5).holds
    assert certify(election, (), voters=5).voters == 5
    assert certify(election, ()).voters == 2


def test_only_a_rule_that_takes_projects_one_by_one_bars_any() -> None:
    field = tuple(Project(id, 10, site="s") for id in "ab")
    election = Election(field, Profile.of_sets("ab", {frozenset("a"): 2, frozenset("b"): 2}), 40)
    rule = Greedy(limits=(MaxPer(key="site", most=1),), tie_break=("id",))
    assert [one.barred for one in certify(election, ("a",), rule=rule).violations] == [True]
    assert [one.barred for one in certify(election, ("a",)).violations] == [False]


def test_only_what_lost_is_thrown_in_up_to_one_project() -> None:
    """The only voter has 5 points, and 3 more with b make 8; 30 cents on b were worth 9. a, which has won, adds nothing again."""
    election = Election.marked([Project("a", 20), Project("b", 10)], [{"a": 5, "b": 3}], 30, "points")
    (one,) = certify(election, ("a",), "points", "one").violations
    assert (one.project, one.deserved, one.got) == ("b", Fraction(9), 5)
    dearer = Election.marked([Project("a", 20), Project("b", 12)], [{"a": 5, "b": 3}], 30, "points")
    assert certify(dearer, ("a",), "points", "one").holds

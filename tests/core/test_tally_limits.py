"""Limits hold whatever is offered, name who filled them, and pass on what is left of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.core.tally import Election, Project
from app.core.tally.barred import barred
from app.core.tally.limits import Gate, MaxPer, MaxSpending, MinVotes, needed_votes
from tests.core.staged_elections import field

PROJECTS = st.builds(
    Project,
    st.uuids().map(str),
    st.integers(0, 9),
    carrier=st.sampled_from([None, "x", "y"]),
    site=st.sampled_from(["", "m", "o"]),
    district=st.sampled_from(["", "n", "s"]),
)
KEYS = st.sampled_from(["carrier", "site", "district"])
VALUES = st.sampled_from([None, "x", "m", "n"])
AWARDS = st.builds(MaxPer, key=KEYS, most=st.integers(1, 3), value=VALUES)
SPENDING = st.builds(MaxSpending, key=KEYS, cents=st.integers(0, 15), value=VALUES)
LIMITS = st.lists(AWARDS | SPENDING, max_size=3)


@settings(deadline=None)
@given(LIMITS, st.lists(PROJECTS, max_size=12, unique_by=lambda one: one.id))
def test_what_the_gate_lets_through_breaks_no_limit(limits: list[MaxPer | MaxSpending], offered: list[Project]) -> None:
    gate, taken = Gate(limits), list[Project]()
    for project in offered:
        if not gate.full(project):
            gate.give(project)
            taken.append(project)
        else:
            assert any(_use(limit, [*taken, project], project) > _most(limit) for limit in limits), "what is refused would break one"
    assert all(_use(limit, taken, project) <= _most(limit) for limit in limits for project in taken)


def _use(limit: MaxPer | MaxSpending, taken: list[Project], like: Project) -> int:
    """How much of this limit is used by the projects that share the value of this one."""
    value = getattr(like, limit.key)
    if not value or limit.value not in (None, value):
        return 0
    same = [one for one in taken if getattr(one, limit.key) == value]
    return len(same) if isinstance(limit, MaxPer) else sum(one.cost_cents for one in same)


def _most(limit: MaxPer | MaxSpending) -> int:
    return limit.most if isinstance(limit, MaxPer) else limit.cents


@settings(deadline=None)
@given(LIMITS, st.lists(PROJECTS, max_size=12, unique_by=lambda one: one.id), st.integers(0, 12))
def test_a_fresh_gate_with_what_remains_goes_on_where_the_first_stood(
    limits: list[MaxPer | MaxSpending], offered: list[Project], cut: int
) -> None:
    gate = Gate(limits)
    for project in offered[:cut]:
        if not gate.full(project):
            gate.give(project)
    fresh, rest = Gate(gate.remaining()), [one for one in offered[cut:] if not gate.full(one)]
    for project in rest:
        assert gate.full(project) == fresh.full(project)
        if not gate.full(project):
            gate.give(project)
            fresh.give(project)


@settings(deadline=None)
@given(LIMITS, st.lists(PROJECTS, min_size=1, max_size=8, unique_by=lambda one: one.id))
def test_the_highest_cost_that_still_passes_is_the_highest(limits: list[MaxPer | MaxSpending], offered: list[Project]) -> None:
    gate, project = Gate(limits), offered[-1]
    for other in offered[:-1]:
        if not gate.full(other):
            gate.give(other)
    most = gate.most(project)
    for cost in range(20):
        assert gate.full(replace(project, cost_cents=cost)) == (most is not None and cost > most)


@settings(deadline=None)
@given(LIMITS, st.lists(PROJECTS, max_size=6, unique_by=lambda one: one.id))
def test_there_is_room_for_all_only_if_they_pass_one_by_one(limits: list[MaxPer | MaxSpending], together: list[Project]) -> None:
    one_by_one, refused = Gate(limits), 0
    for project in together:
        refused += one_by_one.full(project)
        one_by_one.give(project)
    assert Gate(limits).room_for_all(together) == (refused == 0)


def test_a_gate_without_limits_is_open() -> None:
    assert Gate(()).open
    assert Gate(()).remaining() == ()
    assert not Gate([MaxPer(key="site", most=1)]).open


MEADOW = field(a={"cost_cents": 40_00, "site": "meadow"}, b={"cost_cents": 25_00, "site": "meadow", "theme": "green"})


def test_a_project_on_a_taken_site_is_told_which_one_stands_there() -> None:
    gate = Gate([MaxPer(key="site", most=1)])
    gate.give(MEADOW[0])
    bar = gate.bar(MEADOW[1])
    assert bar is not None
    assert str(barred(7, bar, MEADOW[1], "EUR")) == "7 votes; it stands on the same site as a, taken before it."


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("carrier", "its carrier"),
        ("district", "its district"),
        ("theme", "its theme"),
        ("country", "its country"),
        ("scope", "its part of the ballot paper"),
    ],
)
def test_a_full_limit_names_what_is_shared_and_who_filled_it(key: Any, words: str) -> None:
    a, b, c = (Project(id, 100, **{key: "same"}) for id in "abc")
    gate = Gate([MaxPer(key=key, most=2)])
    for project in (b, a):
        assert gate.bar(project) is None
        gate.give(project)
    bar = gate.bar(c)
    assert bar is not None
    assert str(barred(1, bar, c, "EUR")) == f"1 vote; {words} already had as many awards as the rule allows: b, a."


def test_a_limit_of_money_is_told_with_its_amounts() -> None:
    gate, (a, b) = Gate([MaxSpending(key="site", cents=50_00)]), MEADOW
    gate.give(a)
    bar, alone = gate.bar(b), Gate([MaxSpending(key="theme", cents=20_00)]).bar(b)
    assert bar is not None
    assert alone is not None
    assert str(barred(3, bar, b, "EUR")) == "3 votes; it asks for 25.00 EUR, and with a its site would have more than 50.00 EUR."
    assert str(barred(3, alone, b, "EUR")) == "3 votes; it asks for 25.00 EUR, and its theme may have 20.00 EUR at most."


def test_a_project_that_shares_nothing_is_never_limited() -> None:
    gate = Gate([MaxPer(key="carrier", most=1), MaxPer(key="site", most=1), MaxSpending(key="theme", cents=1)])
    for project in field(a=5, b=5, c=5):
        assert gate.bar(project) is None
        gate.give(project)


def test_a_limit_on_one_value_leaves_the_others_alone() -> None:
    gate = Gate([MaxPer(key="theme", most=1, value="water")])
    water, air = Project("w", 1, theme="water"), Project("v", 1, theme="air")
    gate.give(water)
    gate.give(air)
    assert gate.full(Project("x", 1, theme="water"))
    assert not gate.full(Project("y", 1, theme="air"))


def election(**costs: int) -> Election:
    """An election of 100 ballots, one of them blank, with an envelope of 1000."""
    return Election(field(**costs), {frozenset({"a"}): 99, frozenset(): 1}, 1000)


@pytest.mark.parametrize(
    ("limit", "votes"),
    [
        (MinVotes(votes=50), 50),
        (MinVotes(percent="2.5"), 3),
        (MinVotes(percent="3"), 3),
        # Świecie 2023: a third of the part of the envelope that it asks, 30 % here, as a part of the ballots.
        (MinVotes(per_cost=3), 10),
        (MinVotes(votes=20, percent="30", per_cost=3), 30),
        (MinVotes(votes=50, scope="district"), 0),
    ],
)
def test_the_votes_needed_are_the_most_that_anything_asks(limit: MinVotes, votes: int) -> None:
    assert needed_votes([limit], 0, election(a=300)) == {"a": votes}


def test_a_part_of_the_votes_is_rounded_up_and_the_least_holds_for_all() -> None:
    assert needed_votes([MinVotes(per_cost=3)], 2, election(a=301, b=3)) == {"a": 11, "b": 2}
    assert needed_votes([], 4, election(a=301)) == {"a": 4}


def test_warsaw_asks_for_more_votes_in_the_city_than_in_a_district() -> None:
    projects = (Project("a", 1, scope="district"), Project("b", 1, scope="city"))
    asked = [MinVotes(votes=50, scope="district"), MinVotes(votes=100, scope="city")]
    assert needed_votes(asked, 1, Election(projects, {frozenset("ab"): 1}, 9)) == {"a": 50, "b": 100}


@pytest.mark.parametrize("wrong", [{"key": "name", "most": 1}, {"key": "site", "most": 0}, {"key": "site", "most": 1, "more": 1}])
def test_a_limit_that_means_nothing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MaxPer.model_validate(wrong)


def test_what_is_left_of_a_limit_still_names_the_whole_and_all_that_filled_it() -> None:
    gate = Gate([MaxPer(key="theme", most=2), MaxSpending(key="country", cents=10)])
    gate.give(Project("a", 4, theme="water", country="ML"))
    fresh = Gate(gate.remaining())
    fresh.give(Project("b", 3, theme="water"))
    assert fresh.bar(Project("c", 1, theme="water")) == (MaxPer(key="theme", most=2), ("a", "b"))
    assert fresh.bar(Project("d", 7, country="ML")) == (MaxSpending(key="country", cents=10), ("a",))
    assert fresh.bar(Project("d", 6, country="ML")) is None


def test_votes_are_needed_by_number_by_part_of_the_ballots_and_by_cost_whichever_is_more() -> None:
    # Ten ballots, one of them blank, and 1000 cents.
    election = Election((Project("a", 301, scope="city"), Project("b", 300)), {frozenset("a"): 9, frozenset(): 1}, 1000)
    a, b = election.projects
    assert MinVotes(percent="30").needed(election, a) == 3
    assert MinVotes(percent="31").needed(election, a) == 4
    assert [MinVotes(per_cost=1).needed(election, one) for one in (a, b)] == [4, 3]
    assert [MinVotes(per_cost=3).needed(election, one) for one in (a, b)] == [2, 1]
    assert MinVotes(votes=5, percent="30", per_cost=1).needed(election, a) == 5
    assert MinVotes(votes=2, percent="30", per_cost=3).needed(election, a) == 3
    assert [MinVotes(votes=5, scope="city").needed(election, one) for one in (a, b)] == [5, 0]
    assert MinVotes(per_cost=1).needed(replace(election, budget_cents=0), a) == 0
    assert needed_votes([MinVotes(votes=5, scope="city")], 2, election) == {"a": 5, "b": 2}
    many = Election((a,), {frozenset("a"): 1000}, 1000)
    assert (MinVotes(percent="50").needed(many, a), MinVotes(per_cost=1).needed(many, a)) == (500, 301)


def test_what_remains_of_a_limit_of_money_may_be_nothing_and_is_still_said() -> None:
    gate = Gate([MaxSpending(key="theme", cents=5), MaxPer(key="site", most=3), MaxPer(key="carrier", most=1)])
    gate.give(Project("a", 5, theme="water", site="m", carrier="x"))
    money, awards, *whole = gate.remaining()
    assert (money.value, money.model_dump()["cents"], money.model_dump()["by"]) == ("water", 0, ("a",))
    assert (awards.value, awards.model_dump()["most"], awards.model_dump()["by"]) == ("m", 2, ("a",))
    assert whole == list(gate.limits)
    gate.give(Project("b", 0, theme="air"))
    assert [one.value for one in gate.remaining()][:2] == ["air", "water"], "in the order of the values, not of what was taken"


def test_the_room_that_is_left_is_the_least_of_all_limits_of_money() -> None:
    gate = Gate([MaxSpending(key="theme", cents=9), MaxSpending(key="site", cents=7), MaxPer(key="carrier", most=2)])
    one = Project("b", 1, theme="water", site="m", carrier="x")
    assert gate.most(one) == 7
    gate.give(Project("a", 3, theme="water", carrier="x"))
    assert gate.most(one) == 6
    assert gate.most(Project("c", 1, carrier="x")) is None
    gate.give(Project("d", 6, theme="water", carrier="x"))
    assert (gate.most(one), gate.most(replace(one, carrier=None))) == (-1, 0)


def test_all_have_room_together_up_to_the_limit_and_not_beyond() -> None:
    gate = Gate([MaxPer(key="carrier", most=2), MaxSpending(key="theme", cents=10)])
    x = [Project(id, 5, carrier="x", theme="water") for id in "abc"]
    assert gate.room_for_all(x[:2])
    assert not gate.room_for_all(x)
    assert not gate.room_for_all([x[0], replace(x[1], cost_cents=6)])
    gate.give(x[0])
    assert gate.room_for_all(x[1:2])
    assert not gate.room_for_all(x[1:])
    assert gate.room_for_all([Project("z", 99), *x[1:2]])

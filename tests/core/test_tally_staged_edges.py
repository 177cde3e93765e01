"""A count in stages at its edges: how money is divided that is too little or too much, the order of losers, and how far it is."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from app.core.tally import Election, Project, Staged, Status
from tests.core.staged_elections import field, stage
from tests.core.tally_elections import ballots


def divided(cents: int, *parts: dict[str, Any]) -> list[int]:
    """The money of each part of a stage that has so many cents."""
    named = [{"key": f"p{place}", "label": {"en": "part"}, **one} for place, one in enumerate(parts)]
    split = {"by": "district", "parts": named, "keys": [{"kind": "equal"}] if {} in parts else []}
    counts = stage("all", each="district", split=split).counts([], cents)
    assert [value for value, _ in counts] == [one["key"] for one in named]
    return [money for _, money in counts]


@pytest.mark.parametrize(
    ("cents", "parts", "expected"),
    [
        (100, [{"cents": 30}, {}, {}], [30, 35, 35]),
        (100, [{"cents": 99}, {}, {}], [99, 1, 0]),
        (100, [{"cents": 100}, {}], [100, 0]),
        (100, [{"cents": 60}, {"cents": 40}], [60, 40]),
        # What is set aside for nobody is given to nobody.
        (100, [{"cents": 30}, {"cents": 30}], [30, 30]),
        # Too little: each has its own as far as it goes, in their order; who lives on the rest has nothing.
        (100, [{"cents": 60}, {"cents": 60}, {}], [60, 40, 0]),
        (100, [{"cents": 60}, {"cents": 30}, {"cents": 30}], [60, 30, 10]),
        (100, [{"cents": 10}, {"cents": 60}, {"cents": 50}], [10, 60, 30]),
        # A half is 50 of 100 and 50 of 101.
        (100, [{"share": "1/2"}, {"cents": 60}], [50, 50]),
        (101, [{"share": "1/2"}, {"cents": 60}, {}], [50, 51, 0]),
        (100, [{"cents": 60}, {"share": "1/2"}], [60, 40]),
        (100, [{"share": "1/4"}, {"cents": 75}], [25, 75]),
        (0, [{"cents": 5}, {}], [0, 0]),
    ],
)
def test_a_split_gives_each_part_what_there_is(cents: int, parts: list[dict[str, Any]], expected: list[int]) -> None:
    assert divided(cents, *parts) == expected


def test_equal_parts_over_the_values_that_projects_have_differ_by_a_cent_at_most() -> None:
    rule = stage("all", each="theme", where={"scope": "city"})
    here = [Project(theme, 1, theme=theme, scope="city") for theme in ("water", "air", "soil", "")]
    assert rule.counts([*here, Project("x", 1, theme="fire", scope="town")], 11) == [("air", 4), ("soil", 4), ("water", 3)]
    assert rule.counts([], 11) == []
    assert stage("all").counts(here, 11) == [(None, 11)]


def test_the_parts_of_a_stage_are_called_by_their_labels_or_their_values() -> None:
    parts = [{"key": "n", "label": {"en": "North"}, "cents": 1}]
    split = stage("all", name={"en": "Districts"}, each="district", split={"by": "district", "parts": parts})
    assert [str(split.called(value)) for value in (None, "n", "s")] == ["Districts", "Districts, North", "Districts, s"]
    assert str(stage("all", each="district").called("n")) == "all, n"
    assert [split.label(value) for value in (None, "n")] == ["all", "all:n"]
    north, south, none = (Project(id, 1, district=value) for id, value in (("a", "n"), ("b", "s"), ("c", "")))
    assert [split.admits(one) for one in (north, south, none)] == [True, False, False]
    assert [stage("all", each="district").admits(one) for one in (north, south, none)] == [True, True, False]
    assert stage("all").admits(none)


@pytest.mark.parametrize(
    ("key", "value"), [("scope", "s"), ("district", "s"), ("theme", "s"), ("country", "s"), ("tag", "s"), ("having", "carrier")]
)
def test_a_project_stands_where_all_that_is_said_holds(key: str, value: str) -> None:
    where: dict[str, Any] = {key: value}
    rule = stage("all", where=where).where
    alike = Project("a", 5, "x", scope="s", district="s", theme="s", country="s", tags=frozenset({"s", "t"}))
    assert rule.holds(alike)
    assert not rule.holds(Project("b", 5))
    for more in ({"without_tag": "t"}, {"above_cents": 5}, {"up_to_cents": 4}):
        assert not stage("all", where={**where, **more}).where.holds(alike)
    for more in ({"without_tag": "u"}, {"above_cents": 4}, {"up_to_cents": 5}):
        assert stage("all", where={**where, **more}).where.holds(alike)


def test_shares_are_of_the_whole_and_amounts_come_first() -> None:
    rule = Staged(stages=(stage("a", share="1/2"), stage("b", cents=70), stage("c", share="1/3"), stage("d")))
    assert dict(rule.set_aside(90)) == {"b": 70, "a": 20, "c": 0}
    assert dict(rule.set_aside(600)) == {"b": 70, "a": 300, "c": 200}
    assert dict(Staged(stages=(stage("d"),)).set_aside(600)) == {}


def test_losers_stand_by_the_last_stage_in_which_they_stood_there_in_its_order() -> None:
    # In the first stage a wins, then b (8), c (7), d (6); in the second all stand again, by the cost of one more vote: d first.
    per_cost = {"kind": "greedy", "utility": "votes_per_cost"}
    rule = Staged(stages=(stage("first", cents=10, leftover="kept"), stage("second", rule=per_cost, cents=1)))
    projects = field(a=10, b=40, c=30, d=20)
    outcome = rule.count(Election(projects, ballots((9, "a"), (8, "b"), (7, "c"), (6, "d")), 100))
    assert [(row.project, row.rank) for row in outcome.rows] == [("a", 1), ("d", 2), ("c", 3), ("b", 4)]
    assert str(outcome.row("d").reason) == "second: 6 votes; it asks for 0.20 EUR and 0.01 EUR was left."
    assert (outcome.row("d").left_before_cents, outcome.row("a").left_before_cents) == (1, 10)


def test_those_whom_a_limit_shuts_out_of_their_last_stage_stand_behind_all_who_stood_there_then_by_votes() -> None:
    rule = Staged(stages=(stage("first", where={"up_to_cents": 5}, cents=5), stage("second", where={"above_cents": 5})), max_per_carrier=1)
    projects = field(
        a={"cost_cents": 5, "carrier": "x"}, b={"cost_cents": 6, "carrier": "x"}, c={"cost_cents": 6, "carrier": "x"}, d=50, e=60, f=1,
    )  # fmt: skip
    outcome = rule.count(Election(projects, ballots((9, "a"), (7, "c"), (6, "b"), (3, "d"), (2, "e"), (1, "f")), 20))
    # f, which lost in the first stage, before those of the second.
    assert [row.project for row in outcome.rows] == ["a", "f", "d", "e", "c", "b"]
    assert str(outcome.row("b").reason) == "second: 6 votes; its carrier already had as many awards as the rule allows: a."
    assert (outcome.row("b").left_before_cents, outcome.row("b").status, outcome.row("b").nearest) == (None, Status.LOST, None)


def test_a_limit_that_shuts_out_later_is_told_with_what_was_near_before() -> None:
    # c, of one carrier with a, loses to a in the first stage by two votes and to its limit in the second.
    rule = Staged(stages=(stage("first", cents=5), stage("second")), max_per_carrier=1)
    projects = field(a={"cost_cents": 5, "carrier": "x"}, c={"cost_cents": 5, "carrier": "x"})
    row = rule.count(Election(projects, ballots((4, "a"), (3, "c")), 20)).row("c")
    assert str(row.reason) == "second: 3 votes; its carrier already had as many awards as the rule allows: a."
    assert (row.missing_votes, row.left_before_cents, row.left_after_cents) == (2, None, None)
    assert str(row.nearest).startswith("first: It would have won with 2 more votes")


def test_what_stood_nowhere_comes_last_the_most_votes_first_then_by_its_id() -> None:
    rule = Staged(stages=(stage("young", where={"tag": "young"}),))
    projects = field(a={"cost_cents": 9, "tags": frozenset({"young"})}, b=1, c=1, d=1, e=1)
    outcome = rule.count(Election(projects, ballots((1, "a"), (2, "d"), (5, "c"), (2, "b"), (7, "e")), 5))
    assert [row.project for row in outcome.rows] == ["a", "e", "c", "b", "d"]
    assert outcome.row("e").votes == 7


def test_just_enough_votes_to_stand_are_no_reason_to_lose() -> None:
    rule = Staged(stages=(stage("all"),), min_votes=2)
    outcome = rule.count(Election(field(a=9, b=9, c=9), ballots((3, "a"), (2, "b"), (1, "c")), 9))
    assert str(outcome.row("b").reason) == "all: 2 votes; it asks for 0.09 EUR and 0.00 EUR was left."
    assert str(outcome.row("c").reason) == "1 vote, and at least 2 are needed."


def test_a_part_in_which_votes_would_have_helped_is_nearer_than_one_in_which_they_would_not() -> None:
    # First two votes more were enough, or to ask for nothing; in the last stage, with 5 for a cost of 10, no vote helps.
    rule = Staged(stages=(stage("first", cents=10), stage("last", cents=5)))
    outcome = rule.count(Election(field(a=10, c=10), ballots((4, "a"), (3, "c")), 15))
    row = outcome.row("c")
    assert (row.missing_votes, row.winning_cost_cents) == (2, 0)
    assert str(row.nearest).startswith("first: ")
    assert str(row.reason) == "last: 3 votes; it asks for 0.10 EUR and 0.05 EUR was left."


def test_the_runs_of_all_parts_are_added_and_a_count_without_any_part_is_one_run() -> None:
    shares = {"kind": "equal_shares", "completion": "none"}
    none = Staged(stages=(stage("each", each="district"),)).count(Election(field(a=1), ballots((1, "a")), 9))
    assert (none.runs, none.portions, none.selected) == (1, (), ())
    three = Staged(stages=(stage("a", rule=shares, cents=1), stage("b", cents=1), stage("c")))
    assert three.count(Election(field(a=9), ballots((1, "a")), 9)).runs == 3


def test_each_part_is_told_as_its_own_part_of_the_whole() -> None:
    projects = field(**{id: {"cost_cents": 1, "district": id} for id in "abc"})
    told: list[tuple[str, int | None]] = []
    rule = Staged(stages=(stage("each", each="district"), stage("all")))
    rule.count_aloud(Election(projects, ballots((1, "abc")), 9), lambda doing, percent: told.append((str(doing), percent)))
    named = [(words, percent) for words, percent in told if words.startswith("Counting the part")]
    assert named == [
        ("Counting the part “each, a”", 0), ("Counting the part “each, b”", 16), ("Counting the part “each, c”", 33),
        ("Counting the part “all”", 50),
    ]  # fmt: skip
    assert [percent for _, percent in told] == sorted(percent or 0 for _, percent in told)


def test_of_three_parts_the_last_begins_after_two_thirds_rounded_down() -> None:
    projects = field(**{id: {"cost_cents": 1, "district": id} for id in "abc"})
    told: list[int | None] = []
    rule = Staged(stages=(stage("each", each="district"),))
    rule.count_aloud(Election(projects, ballots((1, "abc")), 9), lambda doing, percent: told.append(percent))
    assert sorted(set(told), key=lambda percent: percent or 0) == [0, 33, 66]


def test_a_share_is_of_the_whole_envelope_to_the_cent() -> None:
    rule = Staged(stages=(stage("a", share="1/3"), stage("b", share="1/3")))
    for budget in range(20):
        given = rule.set_aside(budget)
        assert all(abs(cents - Fraction(budget, 3)) < 1 for cents in given.values())
        assert sum(given.values()) <= budget

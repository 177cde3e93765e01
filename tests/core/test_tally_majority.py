"""Majority judgment: the median decides, ties fall by taking medians away, and money and places run out."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.core.messages import Localised
from app.core.tally import Action, Election, MajorityJudgment, Outcome, Status, read_rule
from app.core.tally.limits import MaxPer, MinVotes
from app.core.tally.majority_order import apart, grade_counts, lowered, majority_grade, majority_key, majority_runs, raised
from tests.core.majority_elections import MAJORITY, PARIS, columns, grade_elections, graded, medians, opened, plain_majority
from tests.core.tally_elections import spent

# Four grades D < C < B < A, eleven voters: P = 4 A, 3 B, 2 C, 2 D; R = 3 A, 4 B, 4 C; Q = 5 A, 1 B, 3 C, 2 D (the worst first here).
P, R, Q = (2, 2, 3, 4), (0, 4, 4, 3), (2, 3, 1, 5)
GOLDEN = columns({"p": 10, "q": 10, "r": 10}, 30, p=P, q=Q, r=R)
RULE = MajorityJudgment(grades=PARIS)
SLOW = settings(deadline=None)
COUNTS = st.lists(st.integers(0, 4), min_size=4, max_size=4).filter(any)


def test_the_median_is_the_lower_one_of_two() -> None:
    assert [majority_grade(counts) for counts in (P, R, Q)] == [2, 2, 2]
    assert majority_grade((2, 0, 0, 2)) == 0
    assert majority_grade((0, 0, 0)) is None


def test_of_three_with_the_same_median_the_one_with_most_best_grades_is_last() -> None:
    assert RULE.count(GOLDEN).selected == ("p", "r", "q")
    assert [
        "".join("DCBA"[grade] for grade in medians([g for g, many in enumerate(row) for _ in range(many)]))[:5] for row in (P, R, Q)
    ] == [
        "BBBCA",
        "BBBCB",
        "BCACA",
    ]


def test_a_row_counts_its_grades_and_says_what_told_it_apart() -> None:
    rows = {row.project: row for row in RULE.count(GOLDEN).rows}
    assert (rows["p"].grades, rows["p"].points, rows["p"].votes) == (P, 2, 11)
    assert str(rows["p"].reason) == (
        "Majority grade: I like it; 63.63636364 % of the grades are as good or better. It takes 0.10 EUR of the 0.30 EUR still left."
    )
    assert rows["p"].parted is None
    assert str(rows["r"].parted) == (
        "p has the same majority grade and stands before it: once 4 grades are taken away from the middle of each, "
        "the next one is “Favourite” there and “I like it” here."
    )
    assert str(rows["q"].parted) == (
        "r has the same majority grade and stands before it: once one such grade is taken away from each, "
        "the next one is “I like it” there and “Why not” here."
    )


def test_grades_without_names_are_told_by_number() -> None:
    row = MajorityJudgment().count(GOLDEN).row("p")
    assert str(row.reason).startswith("Majority grade: 2 on a scale from 0 to 3; ")
    own = MajorityJudgment(grades=("love", Localised(fr="Bof", en="So so"), "poor", "reject")).count(GOLDEN).row("p")
    assert str(own.reason).startswith("Majority grade: So so; ")


@given(COUNTS, COUNTS)
def test_the_order_is_that_of_medians_taken_away_one_at_a_time(one: list[int], other: list[int]) -> None:
    # Repeated until both have as many, which changes nothing where they have as many already.
    values = [
        medians([grade for grade, many in enumerate(row) for _ in range(many * rest)])
        for row, rest in ((one, sum(other)), (other, sum(one)))
    ]
    keys = [majority_key(one), majority_key(other)]
    assert (values[0] > values[1], values[0] == values[1]) == (keys[0] > keys[1], keys[0] == keys[1])


@given(COUNTS, st.permutations(range(4)))
def test_two_projects_part_at_the_first_median_that_differs(one: list[int], order: list[int]) -> None:
    other = [one[index] for index in order]
    values = [medians([grade for grade, many in enumerate(row) for _ in range(many)]) for row in (one, other)]
    parting = apart(one, other)
    if parting is None:
        assert values[0] == values[1]
    else:
        first = next(index for index, pair in enumerate(zip(*values, strict=True)) if pair[0] != pair[1])
        assert (parting.removed, parting.grade, parting.other) == (first, values[0][first], values[1][first])


@given(COUNTS, st.integers(1, 5))
def test_as_many_times_the_same_grades_are_worth_the_same(counts: list[int], times: int) -> None:
    assert majority_runs([many * times for many in counts]) == majority_runs(counts)
    assert apart(counts, [many * times for many in counts]) is None


def test_the_worst_grades_turn_into_the_best_ones_first_and_the_reverse() -> None:
    assert raised((1, 1, 1, 0), 2) == (0, 0, 1, 2)
    assert raised((0, 3, 1, 0), 2, fresh=1) == (0, 1, 1, 3)
    assert raised((1, 0, 0, 1), 9) == (0, 0, 0, 2)
    assert lowered((1, 1, 0, 2), 3) == (4, 0, 0, 0)


def test_ungraded_projects_count_as_worst_or_not_at_all() -> None:
    # Five voters. "a": 3, 3 and three times nothing; "b": five times 2.
    election = graded({"a": 1, "b": 1}, [{"a": 3, "b": 2}, {"a": 3, "b": 2}, {"b": 2}, {"b": 2}, {"b": 2}, {}], 1)
    assert MajorityJudgment(grades=PARIS).count(election).selected == ("b",)
    assert MajorityJudgment(grades=PARIS, ungraded="ignored").count(election).selected == ("a",)
    assert MajorityJudgment(grades=PARIS, ungraded="ignored", min_votes=3).count(election).selected == ("b",)
    assert MajorityJudgment(grades=PARIS).count(election).row("a").grades == (3, 0, 0, 2)


def test_with_different_numbers_of_grades_the_middle_part_tells_them_apart() -> None:
    # "a": B B B A of four, "b": B B of two: after the middle half, a has B below and A above, b still B and B.
    election = graded({"a": 1, "b": 1}, [{"a": 2, "b": 2}, {"a": 2, "b": 2}, {"a": 2}, {"a": 3}], 2)
    outcome = MajorityJudgment(grades=PARIS, ungraded="ignored").count(election)
    assert outcome.selected == ("a", "b")
    assert str(outcome.row("b").parted) == (
        "a has the same majority grade and stands before it: once the middle 50 % of the grades are taken away from each, "
        "the next one is “Favourite” there and “I like it” here."
    )


def test_a_fixed_number_wins_or_as_many_as_the_money_allows() -> None:
    election = columns({"p": 10, "q": 5, "r": 25}, 20, p=P, q=Q, r=R)
    assert RULE.count(election).selected == ("p", "q")
    stop = MajorityJudgment(grades=PARIS, on_miss="stop").count(election)
    assert (stop.selected, [step.action for step in stop.steps]) == (("p",), [Action.BOUGHT, Action.TOO_DEAR, Action.STOPPED])
    assert str(stop.row("q").reason).endswith("The count had stopped before, at a project that no longer fitted.")
    one = MajorityJudgment(grades=PARIS, winners=1).count(election)
    assert one.selected == ("p",)
    assert str(one.row("r").reason).endswith("Before its turn, as many projects had won as the rule allows.")


def test_limits_hold_and_are_told() -> None:
    election = graded({"a": 1, "b": 1, "c": 1}, [{"a": 3, "b": 2, "c": 1}], 3, carriers={"a": "x", "b": "x", "c": "y"})
    outcome = MajorityJudgment(grades=PARIS, limits=(MaxPer(key="carrier", most=1),)).count(election)
    assert outcome.selected == ("a", "c")
    assert "its carrier already had as many awards as the rule allows: a" in str(outcome.row("b").reason)


def test_too_few_grades_keep_a_project_out() -> None:
    election = graded({"a": 1, "b": 1}, [{"a": 3}, {"b": 1}, {"b": 1}, {"b": 0}], 2)
    outcome = MajorityJudgment(grades=PARIS, limits=(MinVotes(percent="50"),)).count(election)
    assert outcome.selected == ("b",)
    assert str(outcome.row("a").reason) == "1 ballot gives it a grade, and at least 2 are needed."


def test_a_tie_that_nothing_parts_waits_for_the_draw() -> None:
    election = graded({"a": 2, "b": 2}, [{"a": 3, "b": 3}], 2)
    outcome = RULE.count(election)
    assert (outcome.selected, set(outcome.needs_draw)) == ((), {"a", "b"})
    assert {row.status for row in outcome.rows} == {Status.OPEN}


def test_a_project_that_nobody_judged_never_wins() -> None:
    election = graded({"a": 0, "b": 0}, [{"a": 0}], 9)
    assert MajorityJudgment(grades=PARIS, min_votes=0).count(election).selected == ("a",)
    assert str(MajorityJudgment(grades=PARIS, min_votes=0, ungraded="ignored").count(election).row("b").reason) == (
        "0 ballots give it a grade, and at least 1 are needed."
    )
    nobody = graded({"a": 0}, [{}], 9)
    assert MajorityJudgment(min_votes=0).count(nobody).selected == ()


def test_ballots_without_grades_are_refused() -> None:
    with pytest.raises(ValueError, match="needs ballots with grades"):
        RULE.count(Election.of(GOLDEN.projects, ["p"], 30))
    with pytest.raises(ValueError, match="needs ballots with grades"):
        RULE.count(Election.marked(GOLDEN.projects, [{"p": 2}], 30, "points"))
    with pytest.raises(ValueError, match="does not know"):
        MajorityJudgment(grades=("good", "poor")).count(GOLDEN)


@SLOW
@given(MAJORITY, grade_elections())
def test_the_winners_are_those_of_the_ten_line_version(rule: MajorityJudgment, election: Election) -> None:
    outcome = rule.count(election)
    assert list(outcome.selected) == plain_majority(rule, election)
    assert outcome.spent_cents == spent(election, outcome.selected) <= election.budget_cents
    assert sorted(row.project for row in outcome.rows) == sorted(election.ids)


@SLOW
@given(MAJORITY, grade_elections(lots=False))
def test_an_open_tie_is_named_only_where_its_order_would_matter(rule: MajorityJudgment, election: Election) -> None:
    outcome = rule.count(election)
    orders = list(permutations(election.ids))
    for order in orders[:: 1 + len(orders) // 24]:
        drawn = Election(election.projects, election.profile, election.budget_cents, draw=order)
        assert outcome.needs_draw or set(rule.count(drawn).selected) == set(outcome.selected)


@SLOW
@given(MAJORITY, grade_elections())
def test_neither_names_nor_order_of_projects_matter(rule: MajorityJudgment, election: Election) -> None:
    assume("id" not in rule.tie_break)
    turned = Election.marked(
        tuple(reversed(election.projects)),
        [dict(reversed(ballot.items())) for ballot in reversed(opened(election))],
        election.budget_cents,
        "grades",
        draw=election.draw,
    )
    assert rule.count(turned).selected == rule.count(election).selected


@SLOW
@given(MAJORITY, grade_elections(lots=False))
def test_rule_and_outcome_are_stored_and_read_back_whole(rule: MajorityJudgment, election: Election) -> None:
    assert read_rule(rule.model_dump(mode="json")) == rule
    outcome = rule.count(election)
    assert Outcome.from_json(outcome.to_json()) == outcome


def test_where_nobody_gave_a_grade_there_is_one_grade_that_nobody_has() -> None:
    empty = graded({"a": 1, "b": 2}, [{}], 9).profile
    assert grade_counts(empty, None, "ignored").tolist() == [[0], [0]]
    assert grade_counts(empty, 3, "worst").tolist() == [[0, 0, 0], [0, 0, 0]]
    some = graded({"a": 1, "b": 2}, [{"a": 1}, {}], 9).profile
    assert grade_counts(some, None, "worst").tolist() == [[0, 1], [1, 0]]
    assert grade_counts(some, 2, "ignored").tolist() == [[0, 1], [0, 0]]
    with pytest.raises(ValueError, match=r"^a ballot gives a grade that the rule does not know$"):
        grade_counts(some, 1, "ignored")


def test_keys_of_grades_are_these_numbers() -> None:
    """Worst grade first: none at all; one each; three bad and one good, where from half of them on a bad grade meets the good one."""
    assert majority_key([0, 0]) == (-1,)
    assert majority_key([1, 1]) == (0, 1, 0, 0)
    assert majority_key([3, 1]) == (0, 0, 1, Fraction(-1, 2), 0, 1, 0, 0)
    assert majority_key([1, 3]) == (1, 1, -1, Fraction(1, 2), 0, 1, 0, 0)
    assert majority_key([0, 0]) < majority_key([3, 1]) < majority_key([1, 1]) < majority_key([1, 3])

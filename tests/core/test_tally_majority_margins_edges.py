"""Margins under majority judgment where one vote, one cent or a name decides: worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.core.tally import Election, MajorityJudgment, Profile
from app.core.tally.majority_order import apart, grade_counts
from app.core.tally.majority_reasons import judged as judge
from tests.core.majority_elections import PARIS, columns, graded


def judged(costs: Mapping[str, int], ballots: list[dict[str, int]], budget: int, **rule: Any) -> Any:
    """The rows by project; of grades 0 to 3."""
    draw = rule.pop("draw", ())
    return {row.project: row for row in MajorityJudgment(grades=PARIS, **rule).count(graded(costs, ballots, budget, draw=draw)).rows}


def test_more_voters_than_there_are_cannot_judge_a_project() -> None:
    rows = judged({"a": 6, "b": 0}, [{"b": 3}], 4, ungraded="ignored", min_votes=3)
    assert (rows["a"].missing_votes, rows["b"].missing_votes) == (None, None)
    # Of three voters two more may judge b, and there is money for both.
    enough = judged({"a": 1, "b": 1}, [{"a": 3}, {"a": 3}, {"a": 3, "b": 2}], 2, ungraded="ignored", min_votes=3)
    assert (enough["b"].missing_votes, enough["a"].spare_votes) == (2, 3)


def test_voters_who_had_not_judged_a_project_are_votes_for_it_once_they_do() -> None:
    # Nobody judged b, and a takes nothing that it needs: one voter is enough.
    assert judged({"a": 0, "b": 2}, [{"a": 2}], 2, tie_break=("id",))["b"].missing_votes == 1
    # a's grades are five worst ones, and one best among four is better; but three votes are needed.
    five = [{"a": 0}] * 5
    assert judged({"a": 2, "b": 2}, five, 2, min_votes=3, tie_break=("id",))["b"].missing_votes == 3


def test_a_voter_who_had_judged_a_project_is_no_further_vote_for_it() -> None:
    # The one voter who judged at all gave a the best grade; b would tie with it at one vote each, and by the draw a is first.
    rows = judged({"a": 2, "b": 6}, [{}, {"a": 3, "b": 0}], 6, winners=1, tie_break=("votes", "draw"), draw=("a", "b"))
    assert (rows["a"].spare_votes, rows["b"].missing_votes) == (1, None)
    # a: 0 0 0 3 3, judged by all five; b judged by four. With two voters more b has the same grades and votes: a is first by name.
    ballots = [{"a": 3, "b": 0}, {"a": 3, "b": 0}, {"a": 0, "b": 0}, {"a": 0, "b": 0}, {"a": 0}]
    assert judged({"a": 2, "b": 2}, ballots, 2, tie_break=("votes", "id"))["b"].missing_votes == 3
    named = [{"bc"[id == "a"]: grade for id, grade in ballot.items()} for ballot in ballots]
    assert judged({"b": 2, "c": 2}, named, 2, tie_break=("votes", "id"))["b"].missing_votes == 2
    # One voter judged b at all. It takes three best grades to be ahead of a's two, two of them from voters who left b out.
    few = [{"a": 3}, {"a": 3}, {"a": 0}, {"a": 0}, {"a": 0, "b": 0}]
    assert judged({"a": 2, "b": 2}, few, 2, tie_break=("id",))["b"].missing_votes == 3
    # Judged by four each, a is ahead by votes only until the fifth voter judges b too.
    fewer = [*ballots[:3], {"a": 0}, {"d": 0}]
    assert judged({"a": 2, "b": 2, "d": 9}, fewer, 2, tie_break=("votes", "id"))["b"].missing_votes == 2


def test_those_who_judge_it_for_the_first_time_count_before_those_who_change_their_mind() -> None:
    # b (one worst grade) needs two votes. With one fresh best grade it is 0 3, the median 0, behind a (1 1); with the other changed, 3 3.
    rows = judged({"a": 4, "b": 3}, [{"a": 1, "b": 0}, {"a": 1}], 6, ungraded="ignored", min_votes=2)
    assert (rows["a"].spare_votes, rows["b"].missing_votes) == (2, 2)
    # Two votes are needed of two voters: both, the best grade or not, are asked.
    rows = judged({"a": 3, "b": 0}, [{"b": 1}, {"b": 3}], 7, ungraded="ignored", min_votes=2, tie_break=("votes", "id"))
    assert (rows["a"].missing_votes, rows["b"].spare_votes) == (2, 2)
    # c has one best grade. b, once judged, has it too and as many votes, and is first by name; a must change both of its grades.
    rows = judged(
        {"a": 3, "b": 1, "c": 2}, [{"a": 2}, {"a": 0, "c": 3}], 3, ungraded="ignored", winners=1, tie_break=("votes", "id")
    )
    assert [rows[id].missing_votes for id in "ab"] == [2, 1]


def test_no_more_voters_can_be_spared_than_there_are() -> None:
    rows = judged({"a": 1, "b": 1}, [{"a": 3, "b": 1}], 5, ungraded="ignored")
    assert [rows[id].spare_votes for id in "ab"] == [1, 1]


def test_no_cost_is_low_enough_for_what_too_few_judged() -> None:
    rows = judged({"a": 3, "b": 3}, [{"a": 0, "b": 3}], 7, min_votes=3)
    assert [rows[id].winning_cost_cents for id in "ab"] == [None, None]


def test_where_all_fit_any_place_is_good() -> None:
    # b was judged by nobody. Last of all, behind a, it still fits.
    assert judged({"a": 0, "b": 3}, [{"a": 3}], 8, ungraded="ignored")["b"].missing_votes == 1


def test_a_project_that_ended_the_walk_by_its_cost_cannot_win_by_its_grades() -> None:
    rows = judged({"a": 3, "b": 6}, [{"a": 3, "b": 2}], 1, ungraded="ignored", on_miss="stop", winners=1, draw=("a", "b"))
    assert [(rows[id].missing_votes, rows[id].winning_cost_cents, rows[id].missing_cents) for id in "ab"] == [
        (None, 1, 2),
        (None, None, None),
    ]


def test_a_project_is_no_rival_of_its_own() -> None:
    # Judged alike, a won by the draw, b did not fit: a may lose its grade and still comes first.
    ballots = [{}, {"a": 0, "b": 0}]
    rows = judged({"a": 3, "b": 6}, ballots, 4, ungraded="ignored", on_miss="stop", winners=2, tie_break=("draw",), draw=("a", "b"))
    assert (rows["a"].spare_votes, rows["b"].winning_cost_cents, rows["b"].missing_cents) == (1, 1, 5)


def test_who_would_tie_is_asked_of_those_with_the_same_grades_only() -> None:
    # a (3) and b (0) win. c, which nobody judged, ties with a once the one voter gives it 3: dearer, it is second, and b third.
    rows = judged({"a": 1, "b": 2, "c": 4}, [{"a": 3, "b": 0}], 5, on_miss="stop", winners=2)
    assert [rows[id].spare_votes for id in "ab"] == [1, 1]
    assert rows["c"].missing_votes == 1
    # With one grade better a ties with b, and is before it by the draw.
    rows = judged({"a": 3, "b": 6}, [{"a": 2, "b": 3}], 8, tie_break=("votes", "draw"), draw=("a", "b"))
    assert (rows["b"].spare_votes, rows["a"].missing_votes, rows["a"].winning_cost_cents, rows["a"].missing_cents) == (0, 1, 2, 1)


def test_an_open_tie_counts_against_a_project() -> None:
    # With one voter more b and c have a's grades and votes, no better ones are to be had, and only a draw could part them.
    ballots = [{"a": 3, "b": 3, "c": 3}, {"a": 3, "b": 0, "c": 0}]
    rows = judged({"a": 5, "b": 5, "c": 5}, ballots, 5, tie_break=("votes", "draw"))
    assert [rows[id].missing_votes for id in "bc"] == [None, None]
    assert [judged({"a": 5, "b": 5, "c": 5}, ballots, 5, tie_break=(how,))["b"].missing_votes for how in ("id", "draw")] == [None, None]


def test_a_lower_cost_is_the_highest_that_comes_first_and_never_above_what_is_left() -> None:
    # Judged alike, the cheaper first. a must cost 2 or less; at 3, still before b, it would not fit.
    rows = judged({"a": 6, "b": 4}, [{"a": 1, "b": 1}], 2, ungraded="ignored", on_miss="stop")
    assert [(rows[id].winning_cost_cents, rows[id].missing_cents) for id in "ab"] == [(2, 8), (2, 2)]
    # By the draw b comes first at any cost, and ends the count: a cannot win however little it asks.
    rows = judged(
        {"a": 1, "b": 4}, [{"a": 1, "b": 1}], 1, ungraded="ignored", on_miss="stop", tie_break=("votes", "draw"), draw=("b", "a")
    )
    assert [(rows[id].winning_cost_cents, rows[id].missing_cents) for id in "ab"] == [(None, 4), (1, 3)]
    assert [rows[id].missing_votes for id in "ab"] == [1, None]


def test_a_larger_envelope_is_one_in_which_the_first_miss_stops_the_count_too() -> None:
    ballots = [{"a": 1, "b": 2}]
    stop, skip = (judged({"a": 2, "b": 4}, ballots, 1, on_miss=on_miss) for on_miss in ("stop", "skip"))
    assert [(stop[id].missing_cents, skip[id].missing_cents) for id in "ab"] == [(5, 1), (3, 3)]


def test_those_below_the_votes_needed_stand_last_most_votes_first_then_by_id() -> None:
    ids = "hgfedcba"
    ballots = [*(dict.fromkeys("ceg", 3) for _ in range(2)), dict.fromkeys("abdfh", 1)]
    rows = MajorityJudgment(grades=PARIS, min_votes=4).count(graded(dict.fromkeys(ids, 1), ballots, 9)).rows
    assert [(row.project, row.rank) for row in rows] == [(id, rank) for rank, id in enumerate("cegabdfh", 1)]


def test_grades_without_names_are_told_by_number_where_they_part_two_projects() -> None:
    # a: 1 1 2, b: 1 1 1: after one such grade is taken from each, a has 1 and 2, b 1 and 1.
    row = MajorityJudgment().count(columns({"a": 1, "b": 1}, 2, a=(0, 2, 1, 0), b=(0, 3, 0, 0))).row("b")
    assert str(row.parted).endswith("the next one is “2 on a scale from 0 to 2” there and “1 on a scale from 0 to 2” here.")
    assert str(judge((0, 0), ())) == "Nobody judged it."
    assert str(judge((1, 3), ())) == "Majority grade: 1 on a scale from 0 to 1; 75 % of the grades are as good or better."


def test_without_grades_nothing_parts_two_projects() -> None:
    assert (apart((0, 0), (1, 1)), apart((1, 1), (0, 0)), apart((0, 0), (0, 0))) == (None, None, None)


def test_a_grade_below_the_worst_and_ballots_without_grades_are_refused() -> None:
    for grade, grades in ((-1, 4), (-1, None)):
        profile = Profile.of_marks(("a", "b"), [{"a": grade, "b": 2}], "grades")
        with pytest.raises(ValueError, match=r"^a ballot gives a grade that the rule does not know$"):
            grade_counts(profile, grades, "worst")
    with pytest.raises(ValueError, match=r"^majority judgment needs ballots with grades$"):
        grade_counts(Election.of(columns({"a": 1}, 1, a=(1, 0)).projects, ["a"], 1).profile, 4, "worst")


def test_a_thousand_grades_are_told_apart_and_no_more() -> None:
    for highest in (999, 1000):
        profile = Profile.of_marks(("a",), [{"a": highest}], "grades")
        if highest == 999:
            assert grade_counts(profile, None, "ignored").sum() == grade_counts(profile, None, "ignored")[0, 999] == 1
            continue
        for grades in (None, 2000):
            with pytest.raises(ValueError, match="does not know"):
                grade_counts(profile, grades, "ignored")


def test_the_number_of_winners_is_a_whole_number_from_one_to_a_hundred_thousand() -> None:
    assert [MajorityJudgment(winners=many).winners for many in (None, 1, 100_000)] == [None, 1, 100_000]
    for wrong in (0, 100_001, "2"):
        with pytest.raises(ValueError, match="winners"):
            MajorityJudgment.model_validate({"winners": wrong})
    alike = columns({"a": 1, "b": 1}, 2, a=(0, 1), b=(1, 0))
    assert [MajorityJudgment(winners=many).count(alike).selected for many in (None, 1, 100_000)] == [("a", "b"), ("a",), ("a", "b")]

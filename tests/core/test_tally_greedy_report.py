"""The rows of a greedy count: their order, their words, and what is said of how near each project was."""

from __future__ import annotations

from dataclasses import replace

from app.core.tally import Action, Election, Greedy, Status
from app.core.tally.limits import MaxPer
from tests.core.tally_elections import ballots, projects

FIELD = projects({"a": 5, "b": 5, "c": 5, "d": 5, "e": 5})


def test_those_who_take_no_part_stand_last_the_nearest_first_then_by_their_ids() -> None:
    election = Election(FIELD, ballots((9, "c"), (1, "e"), (3, "b"), (3, "a"), (2, "d")), 5)
    outcome = Greedy(min_votes=4, tie_break=("id",)).count(election)
    assert [(row.project, row.rank) for row in outcome.rows] == [("c", 1), ("a", 2), ("b", 3), ("d", 4), ("e", 5)]
    assert [row.left_before_cents for row in outcome.rows] == [5, None, None, None, None]
    assert str(outcome.rows[1].reason) == "3 votes, and at least 4 are needed."
    assert (outcome.rows[1].status, outcome.rows[1].missing_cents, outcome.rows[0].left_after_cents) == (Status.LOST, None, 0)


def test_by_points_those_who_take_no_part_stand_by_their_points() -> None:
    election = Election.marked(FIELD, [{"a": 9, "d": 1, "c": 2, "b": 2}], 5, "points")
    outcome = Greedy(utility="points", min_points=3, tie_break=("id",)).count(election)
    assert [(row.project, row.points) for row in outcome.rows] == [("a", 9), ("b", 2), ("c", 2), ("d", 1), ("e", 0)]


def test_the_points_that_are_needed_are_told_in_whole_points() -> None:
    election = Election.marked(FIELD[:2], [{"a": 90, "b": 25}], 10, "points", unit=10)
    row = Greedy(utility="points", min_points=3, tie_break=("id",)).count(election).row("b")
    assert str(row.reason) == "2.5 points; at least 3 points are needed."
    # Half a point more, and there is room; cheaper is no way.
    assert (row.points, row.missing_points, row.missing_votes, row.winning_cost_cents, row.missing_cents) == (25, 5, None, None, None)
    assert str(row.nearest) == "It would have won with 0.5 more points."


def test_points_are_missing_only_where_votes_are_not() -> None:
    # Two voters are needed: a has two; b has one, and no number of points makes two of it; c has none.
    election = Election.marked(FIELD[:3], [{"a": 3, "b": 2}, {"a": 3}], 5, "points")
    two = Greedy(utility="points", min_votes=2, tie_break=("id",)).count(election)
    assert (two.selected, two.row("b").missing_points, two.row("c").missing_points) == (("a",), None, None)
    assert str(two.row("b").reason) == "2 points; 1 vote, and at least 2 are needed."
    # One voter is needed: one who gives a point is one.
    one = Greedy(utility="points", min_votes=1, tie_break=("id",)).count(election)
    assert (one.row("b").missing_points, one.row("c").missing_points) == (5, 7)


def test_with_exactly_the_points_that_are_needed_a_lower_cost_wins() -> None:
    election = Election.marked(FIELD[:2], [{"a": 4, "b": 3}], 9, "points")
    row = Greedy(utility="points", min_points=3, tie_break=("id",)).count(election).row("b")
    assert (row.winning_cost_cents, row.missing_cents, row.missing_points) == (4, 1, 2)
    short = Greedy(utility="points", min_points=4, tie_break=("id",)).count(election).row("b")
    assert (short.winning_cost_cents, short.missing_cents, short.missing_points) == (None, None, 2)


def test_before_a_draw_those_who_took_part_later_are_open_and_nothing_is_said_to_be_near() -> None:
    election = Election(FIELD, ballots((9, "a"), (5, "bc"), (3, "d"), (1, "e")), 10)
    outcome = Greedy(min_votes=2, tie_break=("draw",)).count(election)
    assert [(row.project, row.status) for row in outcome.rows] == [
        ("a", Status.WON), ("b", Status.OPEN), ("c", Status.OPEN), ("d", Status.OPEN), ("e", Status.LOST),
    ]  # fmt: skip
    assert [(row.spare_votes, row.missing_votes, row.winning_cost_cents, row.nearest) for row in outcome.rows] == [(None,) * 4] * 5
    assert [row.votes for row in outcome.rows] == [9, 5, 5, 3, 1]
    marked = Election.marked(FIELD[:2], [{"a": 3, "b": 3}], 5, "points")
    assert [row.points for row in Greedy(utility="points", tie_break=("draw",)).count(marked).rows] == [3, 3]


def test_an_open_tie_that_no_one_minds_leaves_what_needs_an_order_untold() -> None:
    # a and b both win; nothing parts them, and c, who is 2 short, is not told which envelope would do.
    election = Election(FIELD[:3], ballots((5, "ab"), (3, "c")), 13)
    outcome = Greedy(tie_break=("draw",)).count(election)
    assert (outcome.selected, outcome.row("a").spare_votes, outcome.row("c").missing_cents) == (("a", "b"), None, None)
    assert (outcome.row("c").missing_votes, outcome.row("c").winning_cost_cents) == (3, 3)
    drawn = Greedy(tie_break=("draw",)).count(replace(election, draw=("a", "b", "c")))
    assert (drawn.row("a").spare_votes, drawn.row("c").missing_cents) == (2, 2)


def test_where_points_rank_no_votes_are_told_to_spare() -> None:
    election = Election.marked(FIELD[:2], [{"a": 4, "b": 3}], 5, "points")
    assert Greedy(utility="points", tie_break=("id",)).count(election).row("a").spare_votes is None


def test_the_end_is_told_by_what_ended_the_count() -> None:
    election = Election(projects({"a": 5, "b": 9, "c": 5}), ballots((5, "a"), (3, "b"), (2, "c")), 10)
    stopped = Greedy(on_miss="stop", tie_break=("id",)).count(election)
    assert [step.action for step in stopped.steps] == [Action.BOUGHT, Action.TOO_DEAR, Action.STOPPED]
    assert str(stopped.row("c").reason) == "2 votes; the count had stopped before, at a project that no longer fitted."
    assert stopped.row("b").left_before_cents == stopped.row("c").left_before_cents == 5
    full = Greedy(on_miss="stop", winners=1, tie_break=("id",)).count(election)
    assert str(full.row("b").reason) == "3 votes; all places for winners were taken before its turn: 1."
    # With two places the miss of b ends the count, before they are taken.
    two = Greedy(on_miss="stop", winners=2, tie_break=("id",)).count(election)
    assert str(two.row("c").reason) == "2 votes; the count had stopped before, at a project that no longer fitted."


def test_a_bar_is_told_before_the_end_of_the_count_and_not_after_it() -> None:
    field = tuple(replace(one, carrier="x") for one in FIELD[:3])
    election = Election(field, ballots((5, "a"), (3, "b"), (2, "c")), 20)
    rule = Greedy(limits=(MaxPer(key="carrier", most=1),), tie_break=("id",))
    barred = rule.count(election)
    assert [step.action for step in barred.steps] == [Action.BOUGHT, Action.CARRIER, Action.CARRIER]
    assert str(barred.row("c").reason) == "2 votes; its carrier already had as many awards as the rule allows: a."
    ended = rule.model_copy(update={"winners": 1}).count(election)
    assert [step.action for step in ended.steps] == [Action.BOUGHT, Action.STOPPED, Action.STOPPED]

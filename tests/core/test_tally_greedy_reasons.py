"""The sentences of a greedy count and the numbers in them, each made by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.core.messages import Message
from app.core.tally import Action, Project, Step
from app.core.tally.greedy_reasons import (
    all_places_taken,
    greedy_reason,
    lower_cost,
    more_money,
    more_points,
    more_votes,
    nearest,
    too_few_points,
    with_points,
)
from app.core.tally.greedy_score import Scores
from app.core.tally.reasons import below_minimum, waits_for_draw


def told(action: Action, votes: int) -> str:
    return str(greedy_reason(Step("a", action, 12_50, 2_50), Project("a", 10_00), votes, "EUR"))


def test_each_turn_of_a_project_is_told_with_its_votes_its_cost_and_what_was_left() -> None:
    assert told(Action.BOUGHT, 1) == "1 vote; 10.00 EUR of the 12.50 EUR still left."
    assert told(Action.BOUGHT, 7) == "7 votes; 10.00 EUR of the 12.50 EUR still left."
    assert told(Action.TOO_DEAR, 1) == "1 vote; it asks for 10.00 EUR and 12.50 EUR was left."
    assert told(Action.STOPPED, 2) == "2 votes; the count had stopped before, at a project that no longer fitted."


def test_a_reason_without_any_turn_has_its_numbers_too() -> None:
    assert str(all_places_taken(1, 3)) == "1 vote; all places for winners were taken before its turn: 3."
    assert str(all_places_taken(4, 1)) == "4 votes; all places for winners were taken before its turn: 1."
    assert str(too_few_points(3)) == "at least 3 points are needed."
    assert str(below_minimum(1, 4)) == "1 vote, and at least 4 are needed."
    assert str(waits_for_draw(("a", "b"))) == "A public draw must first decide between these projects: a, b."


@pytest.mark.parametrize(
    ("points", "unit", "words"),
    [
        (0, 1, "0 points; why"),
        (1, 1, "1 point; why"),
        (-1, 1, "-1 points; why"),
        (30, 10, "3 points; why"),
        (-30, 10, "-3 points; why"),
        (31, 10, "3.1 points; why"),
        (-5, 10, "-0.5 points; why"),
        (1, 8, "0.125 points; why"),
        (3, 64, "0.046875 points; why"),
        # Seven decimals are too many to read: a fraction.
        (1, 128, "1/128 points; why"),
        (7, 3, "7/3 points; why"),
        (-7, 3, "-7/3 points; why"),
        (6, 3, "2 points; why"),
    ],
)
def test_points_are_told_whole_where_they_are_else_as_a_decimal_that_ends_or_a_fraction(points: int, unit: int, words: str) -> None:
    assert str(with_points(points, unit, Message("why"))) == words


@pytest.mark.parametrize(
    ("points", "unit", "words"),
    [(1, 1, "with 1 more point"), (20, 10, "with 2 more points"), (25, 10, "with 2.5 more points"), (4, 3, "with 4/3 more points")],
)
def test_the_points_that_are_missing_are_told_in_whole_points_where_they_are(points: int, unit: int, words: str) -> None:
    assert str(more_points(points, unit)) == words


def test_a_way_that_is_not_known_is_no_way() -> None:
    assert (more_votes(None), more_points(None, 1), more_money(None, "EUR"), lower_cost(None, "EUR")) == (None, None, None, None)
    assert str(more_votes(1)) == "with 1 more vote"
    assert str(more_money(5, "EUR")) == "with 0.05 EUR more in the envelope"
    # Even for nothing is a cost.
    assert str(lower_cost(0, "XOF")) == "by asking for 0.00 XOF at most"


def test_the_ways_to_win_stand_in_their_order_each_after_an_or() -> None:
    ways = [Message("with luck"), Message("with money"), Message("with time")]
    assert str(nearest()) == str(nearest(None, None)) == "Nothing was found that would alone have made it win."
    assert str(nearest(ways[0])) == "It would have won with luck."
    assert str(nearest(ways[0], None, ways[2])) == "It would have won with luck, or with time."
    assert str(nearest(*ways)) == "It would have won with luck, or with money, or with time."


VOTES = Scores("votes", {"a": 3}, None)
PER_COST = Scores("votes_per_cost", {"a": 3}, None)
POINTS = Scores("points", {"a": 3}, {"a": 50})
POINTS_PER_COST = Scores("points_per_cost", {"a": 3}, {"a": 50})


def test_what_ranks_is_points_where_there_are_any_and_votes_else() -> None:
    assert [one.amounts["a"] for one in (VOTES, PER_COST, POINTS, POINTS_PER_COST)] == [3, 3, 50, 50]
    assert [one.per_cost for one in (VOTES, PER_COST, POINTS, POINTS_PER_COST)] == [False, True, False, True]


def test_the_key_puts_the_most_first_and_what_costs_nothing_before_all_that_costs_something() -> None:
    assert [VOTES.key(3, cost) for cost in (0, 5)] == [POINTS.key(3, 5)] * 2 == [(1, -3)] * 2
    for scores in (PER_COST, POINTS_PER_COST):
        assert scores.key(3, 5) == (1, Fraction(-3, 5))
        # For nothing, one vote is as endless as three; none is no better than none for money.
        assert [scores.key(amount, 0) for amount in (3, 1, 0, -1)] == [(0, 0), (0, 0), (1, 0), (1, 0)]
        assert scores.key(0, 5) == scores.key(0, 0)
        assert sorted([scores.key(0, 5), scores.key(1, 900), scores.key(1, 0), scores.key(2, 5)]) == [
            scores.key(1, 0), scores.key(2, 5), scores.key(1, 900), scores.key(0, 5),
        ]  # fmt: skip


def test_the_score_that_is_published_is_in_whole_points_for_each_whole_unit_of_the_currency() -> None:
    assert VOTES.shown(3, 5_00, 10) == 3
    assert POINTS.shown(50, 5_00, 10) == 5
    assert POINTS.shown(51, 5_00, 10) == Fraction(51, 10)
    # Three votes for 5.00, and 5.0 points for 5.00.
    assert PER_COST.shown(3, 5_00, 10) == Fraction(3, 5)
    assert POINTS_PER_COST.shown(50, 5_00, 10) == 1
    assert PER_COST.shown(3, 0, 10) is POINTS_PER_COST.shown(3, 0, 10) is None
    assert VOTES.shown(3, 0, 10) == 3

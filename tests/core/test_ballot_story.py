"""What a ballot paid for: its part followed through the public steps, and the parts of all ballots together pay every cost."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from app.core.tally import Action, Completed, Election, EqualShares, Greedy, Outcome, Phragmen
from app.core.tally.ballot_story import story
from app.core.tally.overflow import Overflow
from tests.core.tally_elections import EQUAL_SHARES, ballots, elections, projects

ELECTION = Election(projects({"a": 600, "b": 600, "c": 400}), ballots((3, "ab"), (3, "bc"), (2, "a")), 1600)
ALONE = EqualShares(tie_break=("id",), completion="none")


def test_each_purchase_takes_its_price_from_those_who_named_it_or_all_they_have_left() -> None:
    outcome = ALONE.count(ELECTION)
    assert (outcome.share, outcome.selected) == (200, ("b", "a"))
    told = story(outcome, {"a", "b"})
    assert [(line.project, line.won, line.paid, line.left) for line in told.lines] == [("b", True, 100, 100), ("a", True, 100, 0)]
    assert str(told.lines[0].said) == "Round 1: your part paid 1.00 EUR for b."
    assert str(told.lines[1].said) == "Round 2: all that was left of your part, 1.00 EUR, went to a."
    assert (told.share, told.left) == (200, 0)


def test_a_loser_is_told_with_its_reason_and_the_part_it_could_not_spend() -> None:
    told = story(ALONE.count(ELECTION), ["c", "b"], {"b": "Puits", "c": "École"})
    assert [(line.project, line.won, line.paid) for line in told.lines] == [("b", True, 100), ("c", False, None)]
    assert str(told.lines[1].said).startswith("École: 3 votes;")
    assert told.left == 100
    assert str(told.said[0]) == "Projects on your ballot that were chosen: 1 of 2."
    assert "2.00 EUR; 1.00 EUR of it was not spent" in str(told.said[1])


def test_where_nobody_pays_only_winning_and_losing_is_told() -> None:
    told = story(Greedy(tie_break=("id",)).count(ELECTION), {"a", "b"})
    assert [(line.project, line.won, line.paid) for line in told.lines] == [("b", True, None), ("a", True, None)]
    assert (told.share, told.left, len(told.said)) == (None, None, 1)


def test_nothing_is_said_to_be_paid_while_a_draw_is_waited_for() -> None:
    tied = Election(projects({"a": 2, "b": 2}), ballots((1, "a"), (1, "b"), (1, "ab")), 3)
    outcome = ALONE.model_copy(update={"tie_break": ("draw",)}).count(tied)
    assert outcome.needs_draw
    told = story(outcome, {"a"})
    assert [(line.won, line.paid) for line in told.lines] == [(False, None)]
    assert (told.share, told.left, len(told.said)) == (None, None, 1)


def test_what_a_load_or_a_reserve_pays_is_not_said_to_come_out_of_a_share() -> None:
    told = story(Phragmen(tie_break=("id",)).count(ELECTION), {"a", "b"})
    assert [(line.won, line.paid, line.left) for line in told.lines] == [(True, None, None), (True, None, None)]
    reserve = Completed(rule=ALONE, after=Overflow(reserve_percent="1"))
    outcome = reserve.count(Election(projects({"a": 600, "b": 600}), ballots((3, "ab"), (2, "b")), 1000))
    assert [step.action for step in outcome.steps] == [Action.BOUGHT, Action.RESERVE]
    assert [(line.project, line.paid, line.left) for line in story(outcome, {"a", "b"}).lines] == [("b", 120, 80), ("a", None, None)]


def test_where_points_count_each_point_pays_the_price() -> None:
    marked = Election.marked(projects({"a": 600, "b": 600}), [{"a": 4, "b": 2}] * 2 + [{"a": 2}] * 2, 1200, "points")
    outcome = EqualShares(utility="points", tie_break=("id",), completion="none").count(marked)
    assert (outcome.selected, outcome.steps[0].price) == (("a",), 50)
    assert [line.paid for line in story(outcome, {"a": 4, "b": 2}).lines] == [200, None]
    assert [line.paid for line in story(outcome, {"a": 2}).lines] == [100]


def test_who_has_nothing_left_is_told_so_and_the_round_is_that_of_the_purchase() -> None:
    spent = Election(projects({"a": 1200, "c": 600, "d": 900}), ballots((1, "acd"), (3, "a"), (2, "c")), 1800)
    outcome = ALONE.count(spent)
    assert (outcome.share, outcome.selected) == (300, ("a", "c"))
    told = story(outcome, "acd")
    assert [(line.won, line.paid, line.left) for line in told.lines] == [(True, 300, 0), (True, 0, 0), (False, None, None)]
    assert str(told.lines[0].said) == "Round 1: your part paid 3.00 EUR for a.", "all it had, and all that was asked"
    assert str(told.lines[1].said) == "Round 2: c was bought; nothing was left of your part."
    assert str(told.said[0]) == "Projects on your ballot that were chosen: 2 of 3."
    assert str(told.said[2]) == "Amounts are rounded down to the cent."
    assert len(told.said) == 3


def test_winners_come_first_in_order_of_purchase_and_what_was_passed_over_did_not_win() -> None:
    dear = Election(projects({"a": 600, "b": 600, "c": 400}), ballots((3, "abc"), (2, "ab"), (1, "a")), 1000)
    outcome = Greedy(tie_break=("id",)).count(dear)
    assert [(step.project, step.action is Action.BOUGHT) for step in outcome.steps] == [("a", True), ("b", False), ("c", True)]
    assert [(line.project, line.won) for line in story(outcome, "abc").lines] == [("a", True), ("c", True), ("b", False)]


def test_a_blank_ballot_has_no_lines() -> None:
    assert story(ALONE.count(ELECTION), ()).lines == ()


def test_a_project_that_did_not_stand_is_refused() -> None:
    with pytest.raises(KeyError, match="'u'"):
        story(ALONE.count(ELECTION), {"a", *"zyxwvu"})


def priced(election: Election, outcome: Outcome) -> bool:
    """Whether the parts of all ballots together are a price system: each winner paid exactly, nobody over his part.

    No loser that stood could be paid from what its supporters have left (priceability: Peters and Skowron, EC 2020).
    """
    told = [(ballot, many, story(outcome, ballot)) for ballot, many in election.ballots.items()]
    for id in outcome.selected:
        paid = sum(many * (line.paid or 0) for _, many, one in told for line in one.lines if line.project == id)
        if paid != election.project(id).cost_cents:
            return False
    return all(one.left is None or 0 <= one.left <= (outcome.share or 0) for _, _, one in told)


@given(election=elections(), rule=EQUAL_SHARES)
@settings(max_examples=200, deadline=None)
def test_what_all_ballots_pay_together_is_exactly_what_each_winner_costs(election: Election, rule: EqualShares) -> None:
    outcome = rule.count(election)
    assert priced(election, outcome)


@given(election=elections())
@settings(max_examples=200, deadline=None)
def test_no_loser_could_be_paid_from_what_its_supporters_have_left(election: Election) -> None:
    outcome = ALONE.count(election)
    for row in outcome.rows:
        if row.project not in outcome.selected and row.votes:
            left = [
                many * (story(outcome, ballot).left or Fraction(0)) for ballot, many in election.ballots.items() if row.project in ballot
            ]
            assert sum(left) < row.cost_cents

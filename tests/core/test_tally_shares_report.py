"""What a count of Equal Shares tells: the outcome, its ties and its sentences; by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from app.core.tally import Election, EqualShares, Tie, shares_report
from app.core.tally.shares_completion import Completed
from app.core.tally.shares_reasons import shares_filled, shares_lost, shares_nearest, shares_won
from app.core.tally.shares_report import report
from app.core.tally.shares_run import Round, run_at
from tests.core.tally_elections import projects
from tests.core.test_tally_shares_guess import piled

NONE = EqualShares(completion="none", tie_break=("id",))
DRAWN = EqualShares(completion="none", tie_break=("draw",))


def test_the_outcome_counts_money_ballots_and_runs() -> None:
    # Three voters share 12.00 CHF, 4.00 each, and one is blank. a (6.00) is bought by its two; b (5.00) cannot be paid.
    election = Election(projects({"a": 600, "b": 500}), piled((2, "a"), (1, "b"), (1, "")), 1200, "CHF")
    outcome = NONE.count(election)
    assert (outcome.selected, outcome.needs_draw, outcome.ties) == (("a",), (), ())
    assert (outcome.budget_cents, outcome.spent_cents, outcome.currency) == (1200, 600, "CHF")
    assert (outcome.valid, outcome.blank, outcome.share, outcome.runs) == (3, 1, Fraction(400), 1)
    assert [row.project for row in outcome.rows] == ["a", "b"]
    filled = EqualShares(completion="none", tie_break=("id",), then="greedy").count(election)
    assert (filled.selected, filled.spent_cents, len(filled.steps)) == (("a", "b"), 1100, 2)


def test_while_a_draw_is_to_come_nothing_is_spent_and_nothing_filled_up() -> None:
    # One voter holds 6.00: a and b cost 4.00 each, and nothing parts them. c would fit what is left.
    field = projects({"a": 400, "b": 400, "c": 700})
    for rule in (DRAWN, EqualShares(completion="none", tie_break=("draw",), then="greedy")):
        outcome = rule.count(Election(field, piled((1, "ab"), (1, "c")), 1200))
        assert (outcome.selected, outcome.steps, outcome.spent_cents) == ((), (), 0)
        assert outcome.needs_draw == ("a", "b")
        assert {row.project for row in outcome.rows} == {"a", "b", "c"}
        assert [(tie.members, tie.mattered) for tie in outcome.ties] == [(("a", "b"), True)]


def test_what_is_filled_up_may_need_a_draw_of_its_own() -> None:
    # Three voters hold 4.00 each. c is bought; 8.00 are left, enough for a or for b, with one vote each.
    election = Election(projects({"a": 500, "b": 500, "c": 400}), piled((1, "a"), (1, "b"), (1, "c")), 1200)
    outcome = EqualShares(completion="none", tie_break=("draw",), then="greedy").count(election)
    assert (outcome.selected, outcome.needs_draw, outcome.spent_cents) == ((), ("a", "b"), 0)
    assert [(tie.members, tie.by, tie.mattered) for tie in outcome.ties] == [(("a", "b"), (), None)]
    drawn = replace(election, draw=("b", "a", "c"))
    outcome = EqualShares(completion="none", tie_break=("draw",), then="greedy").count(drawn)
    assert (outcome.selected, outcome.spent_cents) == (("c", "b"), 900)
    assert outcome.ties == (Tie(("b", "a"), ("draw",), None),)


def test_a_tie_of_projects_that_are_all_bought_in_the_end_did_not_matter_though_they_share_a_voter() -> None:
    outcome = NONE.count(Election(projects({"a": 300, "b": 300}), piled((1, "ab")), 600))
    assert outcome.selected == ("a", "b")
    assert outcome.ties == (Tie(("a", "b"), ("id",), False),)


def test_what_is_left_of_a_tie_after_its_first_purchase_is_not_told_again() -> None:
    # One voter holds 6.00, and three projects cost 3.00 each: a first, then b before c.
    outcome = NONE.count(Election(projects({"a": 300, "b": 300, "c": 300}), piled((1, "abc")), 600))
    assert outcome.selected == ("a", "b")
    assert outcome.ties == (Tie(("a", "b", "c"), ("id",), True),)


@pytest.mark.parametrize(("most", "told"), [(1, (None, None)), (2, (True, None)), (3, (True, True)), (4, (True, True))])
def test_other_falls_of_ties_are_tried_up_to_a_number_in_all(most: int, told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # The first voter holds 6.00, enough for two of a, b and c (two other falls); the second 6.00, enough for d or e (one more).
    # f and g are tied without a common voter, which costs no try.
    monkeypatch.setattr(shares_report, "MOST_REPLAYS", most)
    field = projects({"f": 300, "g": 300, "a": 300, "b": 300, "c": 300, "d": 400, "e": 400})
    outcome = EqualShares(completion="none", utility="cardinality", tie_break=("id",)).count(
        Election(field, piled((1, "abc"), (1, "de"), (2, "f"), (2, "g")), 3600)
    )
    assert outcome.selected == ("f", "g", "a", "b", "d")
    first, second, third = outcome.ties
    assert (first.members, first.mattered) == (("f", "g"), False)
    assert ((second.members, third.members), (second.mattered, third.mattered)) == ((("a", "b", "c"), ("d", "e")), told)


def test_ties_of_other_runs_are_told_after_those_of_the_last_unless_they_are_part_of_them() -> None:
    election = Election(projects({"a": 300, "b": 300, "c": 300, "d": 400}), piled((1, "abc"), (1, "d")), 1200)
    indexed, done = NONE.model_copy(update={"utility": "cardinality"}).choose(election)
    rounds = [Round(0, 1, 0, ((0,), (1,)), ("id",)), Round(2, 1, 0, ((2,), (3,)), ("id",)), Round(2, 1, 0, ((2, 3),), ())]
    outcome = report(indexed, Completed(done.walk, 2, 7, rounds))
    assert outcome.runs == 7
    assert outcome.ties == (Tie(("a", "b", "c"), ("id",), True), Tie(("c", "d"), ("id",), None))


def test_other_falls_are_tried_at_the_share_and_within_the_money_of_the_last_run() -> None:
    # Each of two voters holds 6.00, more than the envelope has for two: b is bought, then a; or c, then a.
    election = Election(projects({"a": 500, "b": 400, "c": 400}), piled((1, "a"), (1, "bc")), 900)
    indexed, _ = NONE.model_copy(update={"utility": "cardinality"}).choose(election)
    outcome = report(indexed, Completed(run_at(indexed, Fraction(600), 900), 2, 3))
    assert (outcome.selected, outcome.share, outcome.spent_cents) == (("b", "a"), Fraction(600), 900)
    assert outcome.ties == (Tie(("b", "c"), ("id",), True),)


def test_why_a_project_won_is_said_with_the_price_rounded_up() -> None:
    assert str(shares_won(3, 1, Fraction(401, 2), "EUR")) == "1 vote; bought in round 3, each supporter paying at most 2.01 EUR."
    assert str(shares_won(1, 2, Fraction(200), "CHF")) == "2 votes; bought in round 1, each supporter paying at most 2.00 CHF."
    assert str(shares_filled(1, 500, 800, "EUR")) == (
        "1 vote; taken with the 8.00 EUR left at the end, as it had most votes of those that fitted; it asks for 5.00 EUR."
    )
    assert str(shares_filled(2, 500, 800, "EUR")).startswith("2 votes; taken with the 8.00 EUR left")


def test_why_a_project_lost_is_said_with_what_its_supporters_had_rounded_down() -> None:
    never = "its supporters' shares together make 9.99 EUR, and it asks for 10.00 EUR."
    assert str(shares_lost(1, 1000, Fraction(1999, 2), Fraction(3, 2), "EUR")) == f"1 vote; all {never}"
    assert str(shares_lost(2, 1000, Fraction(1999, 2), Fraction(3, 2), "EUR")) == f"2 votes; all {never}"
    later = "its supporters had paid for other projects and had 0.01 EUR left at the end, and it asks for 10.00 EUR."
    assert str(shares_lost(1, 1000, Fraction(1000), Fraction(3, 2), "EUR")) == f"1 vote; {later}"
    assert str(shares_lost(2, 1000, Fraction(1001), Fraction(3, 2), "EUR")) == f"2 votes; {later}"


def test_how_near_a_loser_came_is_said_in_votes_and_money() -> None:
    def told(votes: int | None, cents: int | None) -> str:
        return str(shares_nearest(votes, cents, Fraction(601, 2), "EUR"))

    only, same = "naming only this project", "with the same share of 3.00 EUR for each voter"
    larger = "with 0.01 EUR more in the envelope, shared out equally."
    assert told(None, None) == "Further supporters would not have helped."
    assert told(None, 1) == f"Further supporters would not have helped; it would have won {larger}"
    assert told(1, None) == f"It would have won with 1 more supporter {only}, {same}."
    assert told(0, None) == f"It would have won with 0 more supporters {only}, {same}."
    assert told(1, 1) == f"It would have won with 1 more supporter {only}, {same}, or {larger}"
    assert told(2, 1) == f"It would have won with 2 more supporters {only}, {same}, or {larger}"
    assert told(2, 0).endswith("or with 0.00 EUR more in the envelope, shared out equally.")


def test_unless_asked_for_nothing_is_filled_up() -> None:
    election = Election(projects({"a": 600, "b": 500}), piled((2, "a"), (1, "b")), 1200)
    assert report(*NONE.choose(election)).selected == ("a",)

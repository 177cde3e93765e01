"""How near a project came under majority judgment: what is said to have been enough is, and one less is not."""

from __future__ import annotations

from hypothesis import given, settings

from app.core.tally import Election, MajorityJudgment, Row, Status
from app.core.tally.limits import MaxSpending, MinVotes
from app.core.tally.majority_reasons import majority_nearest
from tests.core.majority_elections import (
    MAJORITY,
    PARIS,
    at_cost,
    better,
    columns,
    grade_elections,
    graded,
    plain_majority,
    plain_order,
    plain_walk,
    worse,
)

SLOW = settings(deadline=None)
ENOUGH = 50
"""Cents: more than all projects of a small election cost together."""


def losers(rule: MajorityJudgment, election: Election) -> list[Row]:
    return [row for row in rule.count(election).rows if row.status is Status.LOST]


def test_a_loser_is_told_how_many_voters_how_much_money_and_how_low_a_cost() -> None:
    # One of them has room. Grades of "a": 0 1 2 2 3, of "b": 0 1 1 1 2. With one better grade "b" has 1 1 1 2 3 and the median 1; with
    # two 1 1 2 3 3: the same median as "a", the same 1 after it, and then 3 against 2.
    election = columns({"a": 60, "b": 50}, 100, a=(1, 1, 2, 1), b=(1, 3, 1, 0))
    row = MajorityJudgment(grades=PARIS).count(election).row("b")
    assert (row.missing_votes, row.missing_cents, row.winning_cost_cents) == (2, 10, 40)
    assert str(row.nearest) == (
        "It would have won if the 2 voters who thought least of it had given it the best grade, or with 0.10 EUR more in the envelope. "
        "At a cost of 0.40 EUR or less, it would have won."
    )


def test_no_grade_helps_a_project_dearer_than_the_envelope() -> None:
    row = MajorityJudgment(grades=PARIS).count(columns({"a": 60, "b": 150}, 100, a=(0, 0, 0, 1), b=(1, 0, 0, 0))).row("b")
    assert (row.missing_votes, row.missing_cents, row.winning_cost_cents) == (None, 110, 40)
    assert str(row.nearest).startswith("Better grades would not have helped; it would have won with 1.10 EUR more in the envelope.")


def test_a_winner_is_told_how_many_voters_it_had_to_spare() -> None:
    election = columns({"a": 60, "b": 60}, 60, a=(0, 0, 1, 4), b=(2, 1, 2, 0))
    # With three of its best grades gone "a" is 0 0 0 2 3, a median of 0 against 1; with two it is 0 0 2 3 3.
    assert MajorityJudgment(grades=PARIS).count(election).row("a").spare_votes == 2


def test_nothing_is_said_to_spare_where_a_tie_stays_open() -> None:
    election = graded({"a": 2, "b": 2, "c": 2}, [{"a": 3, "b": 3, "c": 2}], 4)
    outcome = MajorityJudgment(grades=PARIS).count(election)
    assert (set(outcome.selected), outcome.row("a").spare_votes, outcome.row("c").missing_cents) == ({"a", "b"}, None, None)


def test_a_larger_envelope_is_not_looked_for_where_it_changes_the_votes_needed() -> None:
    election = graded({"a": 2, "b": 5}, [{"a": 3, "b": 2}], 5)
    rule = MajorityJudgment(grades=PARIS, limits=(MinVotes(per_cost=3),))
    assert [row.missing_cents for row in losers(rule, election)] == [None]
    assert [row.missing_cents for row in losers(MajorityJudgment(grades=PARIS), election)] == [2]


def test_where_a_limit_on_money_bars_a_project_a_lower_cost_is_found_too() -> None:
    election = graded({"a": 3, "b": 3}, [{"a": 3, "b": 2}], 9, carriers={"a": "x", "b": "x"})
    rule = MajorityJudgment(grades=PARIS, limits=(MaxSpending(key="carrier", cents=5),))
    assert [row.winning_cost_cents for row in losers(rule, election)] == [2]


@SLOW
@given(MAJORITY, grade_elections())
def test_so_many_better_judging_voters_make_it_win_and_one_fewer_does_not(rule: MajorityJudgment, election: Election) -> None:
    for row in losers(rule, election):
        enough = election.valid + 1 if row.missing_votes is None else row.missing_votes
        for many in range(1, min(enough, election.valid) + 1):
            won = row.project in plain_majority(rule, better(rule, election, row.project, many))
            assert won == (many == enough), (row.project, many)


@SLOW
@given(MAJORITY, grade_elections())
def test_so_many_worse_judging_voters_leave_a_winner_and_one_more_does_not(rule: MajorityJudgment, election: Election) -> None:
    for row in rule.count(election).rows:
        if row.status is Status.WON:
            assert row.spare_votes is not None
            for many in range(1, row.votes + 1):
                won = row.project in plain_majority(rule, worse(election, row.project, many))
                assert won == (many <= row.spare_votes), (row.project, many)


@SLOW
@given(MAJORITY, grade_elections())
def test_so_much_more_money_makes_it_win_and_no_less_does(rule: MajorityJudgment, election: Election) -> None:
    for row in losers(rule, election):
        enough = ENOUGH if row.missing_cents is None else row.missing_cents
        order = plain_order(rule, election)
        if row.project in order:
            for cents in range(1, enough + 1):
                won = row.project in plain_walk(rule, election, order, election.budget_cents + cents)
                assert won == (cents == row.missing_cents), (row.project, cents)


@SLOW
@given(MAJORITY, grade_elections())
def test_so_low_a_cost_makes_it_win_and_no_higher_one_does(rule: MajorityJudgment, election: Election) -> None:
    for row in losers(rule, election):
        for cents in range(row.cost_cents):
            won = row.project in plain_majority(rule, at_cost(election, row.project, cents))
            assert won == (row.winning_cost_cents is not None and cents <= row.winning_cost_cents), (row.project, cents)


def test_what_would_have_helped_is_told_for_one_voter_and_for_several() -> None:
    def said(votes: int | None, cents: int | None, cost: int | None = None) -> str:
        return str(majority_nearest(votes, cents, cost, "EUR"))

    assert said(1, None) == "It would have won if the one voter who thought least of it had given it the best grade."
    assert said(3, None) == "It would have won if the 3 voters who thought least of it had given it the best grade."
    assert said(1, 5).endswith("had given it the best grade, or with 0.05 EUR more in the envelope.")
    assert said(None, 5) == "Better grades would not have helped; it would have won with 0.05 EUR more in the envelope."
    assert said(None, None, 0).startswith("Better grades would not have helped, and no larger envelope was found")
    assert said(None, None, 0).endswith(" At a cost of 0.00 EUR or less, it would have won.")


def test_the_lower_cost_told_is_the_highest_of_several_that_would_do() -> None:
    # "b" and "c" are judged alike, "a" better: "c" is bought after "a" for 40 or less, before it for nothing, and before "b" for 29.
    election = columns({"a": 60, "b": 30, "c": 45}, 100, a=(0, 0, 0, 4), b=(0, 4, 0, 0), c=(0, 4, 0, 0))
    outcome = MajorityJudgment(grades=PARIS).count(election)
    assert outcome.selected == ("a", "b")
    assert outcome.row("c").winning_cost_cents == 29
    bare = columns({"a": 100, "c": 5}, 100, a=(0, 0, 0, 4), c=(0, 4, 0, 0))
    assert MajorityJudgment(grades=PARIS).count(bare).row("c").winning_cost_cents == 0


def test_the_lower_cost_may_be_nothing_at_all() -> None:
    alike = {"a": (0, 0, 0, 4), "c": (0, 0, 0, 4)}
    rule = MajorityJudgment(grades=PARIS, tie_break=("cheaper", "id"))
    assert rule.count(columns({"a": 1, "c": 1}, 1, **alike)).row("c").winning_cost_cents == 0
    one_place = rule.model_copy(update={"winners": 1})
    assert one_place.count(columns({"a": 1, "c": 1}, 9, **alike)).row("c").winning_cost_cents == 0
    # By name "a" comes first at any cost, and leaves nothing.
    rule = MajorityJudgment(grades=PARIS, tie_break=("id",))
    assert rule.count(columns({"a": 9, "c": 9}, 9, **alike)).row("c").winning_cost_cents == 0
    assert rule.count(columns({"a": 0, "c": 9}, 5, **alike)).row("c").winning_cost_cents == 5

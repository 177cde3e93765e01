"""Greedy: examples worked out by hand, and sentences that are true when the votes are counted again."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given, settings

from app.core.tally import Election, Greedy, Status
from tests.core.tally_elections import GREEDY, ballots, changed, elections, projects

# Five projects and 20.00 €: a 5 votes, b 4, c 4, d 2, e 1.
FIELD = projects({"a": 900, "b": 800, "c": 700, "d": 300, "e": 400}, {"a": "Amis", "d": "Amis"})
PILES = ballots((3, "abc"), (1, "abd"), (1, "acd"), (1, "e"))


def field(budget_cents: int = 2000) -> Election:
    return Election(FIELD, PILES, budget_cents)


def test_most_votes_first_and_what_does_not_fit_is_skipped() -> None:
    # a leaves 11.00; c is cheaper than b and leaves 4.00; b does not fit; d leaves 1.00; e does not fit.
    outcome = Greedy().count(field())
    assert outcome.selected == ("a", "c", "d")
    assert outcome.left_cents == 100
    assert str(outcome.row("a").reason) == "5 votes; 9.00 EUR of the 20.00 EUR still left."
    assert str(outcome.row("b").reason) == "4 votes; it asks for 8.00 EUR and 4.00 EUR was left."
    assert str(outcome.row("b").nearest) == "It would have won with 1 more vote, or with 4.00 EUR more in the envelope."


def test_the_count_can_stop_at_the_first_project_that_does_not_fit() -> None:
    outcome = Greedy(on_miss="stop").count(field())
    assert outcome.selected == ("a", "c")
    assert str(outcome.row("d").reason) == "2 votes; the count had stopped before, at a project that no longer fitted."


def test_most_votes_for_each_euro_first() -> None:
    # Votes for a euro: d 0.67, c 0.57, a 0.56, b 0.5, e 0.25: d, c and a cost 19.00.
    outcome = Greedy(utility="votes_per_cost").count(field())
    assert outcome.selected == ("d", "c", "a")


def test_a_carrier_wins_once_where_the_rule_says_so() -> None:
    outcome = Greedy(max_per_carrier=1).count(field())
    assert outcome.selected == ("a", "c", "e")
    assert str(outcome.row("d").reason) == "2 votes; its carrier had already won as many projects as the rule allows."


def test_a_project_below_the_minimum_of_votes_is_told_how_many_it_lacked() -> None:
    outcome = Greedy(min_votes=3).count(field())
    assert outcome.selected == ("a", "c")
    assert str(outcome.row("d").reason) == "2 votes, and at least 3 are needed."
    assert outcome.row("d").missing_votes == 1


def test_without_a_single_ballot_nobody_wins_and_the_count_still_ends() -> None:
    outcome = Greedy().count(Election(FIELD, {}, 2000))
    assert outcome.selected == ()
    assert {row.status for row in outcome.rows} == {Status.LOST}
    assert outcome.valid == 0


def test_an_envelope_below_every_cost_is_kept_whole() -> None:
    outcome = Greedy().count(field(299))
    assert (outcome.selected, outcome.left_cents) == ((), 299)


def test_a_tie_left_to_the_draw_stays_open_until_the_seed_is_known() -> None:
    equal = projects({"a": 600, "b": 600, "c": 600})
    piles = ballots((2, "ab"), (1, "c"))
    waiting = Greedy().count(Election(equal, piles, 1000))
    assert waiting.needs_draw == ("a", "b")
    assert {row.project: row.status for row in waiting.rows} == dict.fromkeys("abc", Status.OPEN)
    assert str(waiting.row("a").reason) == "A public draw must first decide between these projects: a, b."
    # Either may come first, and the seed alone decides which.
    drawn = {Greedy().count(Election(equal, piles, 1000, seed=f"Loto {number}")).selected for number in range(20)}
    assert drawn == {("a",), ("b",)}


def test_a_draw_is_not_asked_for_where_both_win() -> None:
    outcome = Greedy().count(Election(projects({"a": 500, "b": 500}), ballots((2, "ab")), 1000))
    assert (outcome.selected, outcome.needs_draw) == (("a", "b"), ())
    assert outcome.ties[0].mattered is False


@settings(max_examples=300, deadline=None)
@given(GREEDY, elections())
def test_the_votes_said_to_be_missing_are_exactly_enough(rule: Greedy, election: Election) -> None:
    for row in rule.count(election).rows:
        if row.status is Status.WON:
            assert (row.missing_votes, row.missing_cents) == (None, None)
            continue
        enough = row.missing_votes if row.missing_votes is not None else 40
        for more in range(enough):
            assert row.project not in rule.count(changed(election, more={row.project: more})).selected
        if row.missing_votes is not None:
            assert row.project in rule.count(changed(election, more={row.project: enough})).selected


@settings(max_examples=200, deadline=None)
@given(GREEDY, elections())
def test_the_money_said_to_be_missing_is_exactly_enough(rule: Greedy, election: Election) -> None:
    for row in rule.count(election).rows:
        if row.status is Status.WON:
            continue
        enough = row.missing_cents if row.missing_cents is not None else 60
        for cents in range(enough):
            assert row.project not in rule.count(changed(election, cents=cents)).selected
        if row.missing_cents is not None:
            assert row.project in rule.count(changed(election, cents=enough)).selected


@settings(max_examples=150, deadline=None)
@given(GREEDY, elections(most=5, lots=False))
def test_a_draw_is_asked_for_exactly_where_it_changes_the_winners(rule: Greedy, election: Election) -> None:
    ids = [project.id for project in election.projects]
    draws = [Election(election.projects, election.ballots, election.budget_cents, draw=order) for order in permutations(ids)]
    winners = {frozenset(rule.count(one).selected) for one in draws}
    outcome = rule.count(election)
    assert bool(outcome.needs_draw) == (len(winners) > 1)
    if not outcome.needs_draw:
        assert winners == {frozenset(outcome.selected)}


@settings(max_examples=150, deadline=None)
@given(GREEDY, elections())
def test_what_could_still_be_paid_is_never_left_out(rule: Greedy, election: Election) -> None:
    skipping = rule.model_copy(update={"on_miss": "skip", "max_per_carrier": None})
    outcome = skipping.count(election)
    for row in outcome.rows:
        assert row.status is Status.WON or row.votes < rule.min_votes or row.cost_cents > outcome.left_cents

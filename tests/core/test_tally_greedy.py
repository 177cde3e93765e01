"""Greedy: examples worked out by hand, and sentences that are true when the votes are counted again."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tally import Election, Greedy, Project, Status
from app.core.tally.limits import MaxPer
from app.core.tally.scores import Scale
from tests.core.tally_elections import ballots, elections, projects
from tests.core.tally_greedy import GREEDY, limited, with_votes

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
    assert str(outcome.row("b").nearest) == (
        "It would have won with 1 more vote, or with 4.00 EUR more in the envelope, or by asking for 6.99 EUR at most."
    )
    assert outcome.row("c").spare_votes == 0
    assert [step.score for step in outcome.steps] == [5, 4, 4, 2, 1]


def test_the_count_can_stop_at_the_first_project_that_does_not_fit() -> None:
    outcome = Greedy(on_miss="stop").count(field())
    assert outcome.selected == ("a", "c")
    assert str(outcome.row("d").reason) == "2 votes; the count had stopped before, at a project that no longer fitted."


def test_most_votes_for_each_euro_first() -> None:
    # Votes for a euro: d 0.67, c 0.57, a 0.56, b 0.5, e 0.25: d, c and a cost 19.00.
    outcome = Greedy(utility="votes_per_cost").count(field())
    assert outcome.selected == ("d", "c", "a")
    assert [step.score for step in outcome.steps] == [Fraction(2, 3), Fraction(4, 7), Fraction(5, 9), Fraction(4, 8), Fraction(1, 4)]


def test_a_carrier_wins_once_where_the_rule_says_so() -> None:
    outcome = Greedy(max_per_carrier=1).count(field())
    assert outcome.selected == ("a", "c", "e")
    assert str(outcome.row("d").reason) == "2 votes; its carrier already had as many awards as the rule allows: a."


def test_no_more_win_than_there_are_places() -> None:
    outcome = Greedy(winners=2).count(field())
    assert outcome.selected == ("a", "c")
    assert str(outcome.row("b").reason) == "4 votes; all places for winners were taken before its turn: 2."
    # With 4 votes d, the cheapest, comes before b and c; no money brings it there.
    assert str(outcome.row("d").nearest) == "It would have won with 2 more votes."


def test_of_two_projects_on_one_site_the_one_with_more_votes_blocks_the_other() -> None:
    sites = (Project("a", 300, site="park"), Project("b", 300, site="park"), Project("c", 300))
    outcome = Greedy(limits=(MaxPer(key="site", most=1),)).count(Election(sites, ballots((3, "a"), (2, "b"), (1, "c")), 900))
    assert outcome.selected == ("a", "c")
    assert str(outcome.row("b").reason) == "2 votes; it stands on the same site as a, taken before it."
    assert outcome.row("b").missing_cents is None


def test_most_points_first_and_the_points_said_to_be_missing() -> None:
    # a: 3 + 3 = 6, b: 2 + 5 = 7, c: 5 + 1 = 6; for a euro: a 6/9, b 7/8, c 6/7.
    marks = [{"a": 3, "b": 2, "c": 5}, {"a": 3, "b": 5, "c": 1}]
    election = Election.marked(FIELD[:3], marks, 1700, "points")
    outcome = Greedy(utility="points").count(election)
    assert (outcome.selected, [row.points for row in outcome.rows]) == (("b", "c"), [7, 6, 6])
    assert str(outcome.row("b").reason) == "7 points; 2 votes; 8.00 EUR of the 17.00 EUR still left."
    assert outcome.row("a").missing_points == 1
    assert str(outcome.row("a").nearest) == (
        "It would have won with 1 more point, or with 7.00 EUR more in the envelope, or by asking for 6.99 EUR at most."
    )
    assert Greedy(utility="points_per_cost").count(election).selected == ("b", "c")


def test_points_can_be_parts_of_a_point() -> None:
    election = Election.marked(FIELD[:2], [{"a": 5, "b": 7}], 900, "points", unit=2)
    outcome = Greedy(utility="points").count(election)
    assert str(outcome.row("a").reason) == "2.5 points; 1 vote; it asks for 9.00 EUR and 1.00 EUR was left."
    assert outcome.steps[0].score == Fraction(7, 2)
    assert "with 1.5 more points" in str(outcome.row("a").nearest)
    assert str(Greedy(utility="points", min_points=3).count(election).row("a").reason) == "2.5 points; at least 3 points are needed."


def test_a_ranking_counts_by_the_published_scale_and_a_star_double() -> None:
    # Places 3-2-1: a 3 + 1, b 2 + 3, c 1 + 2.
    ranked = Election.marked(FIELD[:3], [{"a": 1, "b": 2, "c": 3}, {"b": 1, "c": 2, "a": 3}], 800, "ranking")
    outcome = Greedy(utility="points", scale=Scale(ranking=(3, 2, 1))).count(ranked)
    assert [(row.project, row.points) for row in outcome.rows] == [("b", 5), ("a", 4), ("c", 3)]
    starred = Election.marked(FIELD[:2], [{"a": 2}, {"b": 1}], 900, "star")
    assert Greedy(utility="points").count(starred).selected == ("a",)


def test_what_more_voters_are_against_than_for_takes_no_part() -> None:
    against = Election.marked(FIELD[:2], [{"a": 1, "b": -1}, {"a": -1, "b": 1}, {"b": -1}], 5000, "for_against")
    outcome = Greedy(utility="points").count(against)
    assert (outcome.selected, outcome.row("b").points) == (("a",), -1)
    assert str(outcome.row("b").reason) == "-1 points; at least 0 points are needed."


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
    skipping = rule.model_copy(update={"on_miss": "skip", "max_per_carrier": None, "limits": (), "winners": None})
    outcome = skipping.count(election)
    for row in outcome.rows:
        assert row.status is Status.WON or row.votes < rule.min_votes or row.cost_cents > outcome.left_cents


@settings(max_examples=150, deadline=None)
@given(GREEDY, limited(), st.integers(1, 3))
def test_more_votes_never_turn_a_winner_into_a_loser(rule: Greedy, election: Election, more: int) -> None:
    for id in rule.count(election).selected:
        assert id in rule.count(with_votes(election, id, more)).selected

"""Maximum welfare: no other choice is worth more, which is tried out; known totals of real elections."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tally import Election, Greedy, MaxWelfare, Project, max_welfare_solve
from app.core.tally.limits import MaxPer
from tests.core.tally_elections import ballots, projects, real_election, spent
from tests.core.tally_greedy import LIMITS, allowed, limited, pointed
from tests.core.test_tally_known import ELECTIONS

WELFARE = st.builds(
    MaxWelfare,
    utility=st.sampled_from(["cost", "cardinality"]),
    min_votes=st.integers(0, 2),
    max_per_carrier=st.sampled_from([None, 1]),
    limits=LIMITS,
)


def choices(rule: MaxWelfare, election: Election) -> list[tuple[int, frozenset[str]]]:
    """Every choice that keeps the envelope and the limits, with its worth."""
    worths, needed = rule.worths(election), rule.needed(election)
    field = [one for one in election.projects if worths[one.id] > 0 and election.votes[one.id] >= needed[one.id]]
    tried = (some for size in range(len(field) + 1) for some in combinations(field, size))
    kept = [some for some in tried if sum(one.cost_cents for one in some) <= election.budget_cents and allowed(rule, list(some))]
    return [(sum(worths[one.id] for one in some), frozenset(one.id for one in some)) for some in kept]


def test_two_that_together_are_worth_more_beat_the_one_that_is_worth_most() -> None:
    # 10.00: a has 5 votes and costs 9.00: 45; b and c have 4 and 3 votes and cost 5.00 each: 35. By votes alone b and c have 7.
    election = Election(projects({"a": 900, "b": 500, "c": 500}), ballots((5, "a"), (4, "b"), (3, "c")), 1000)
    outcome = MaxWelfare().count(election)
    assert outcome.selected == ("a",)
    assert [str(note) for note in outcome.notes] == [
        "The total of this choice, its costs each times its votes, is 45.00 EUR.",
        "It is the highest total there is, and no other choice reaches it.",
    ]
    outcome = MaxWelfare(utility="cardinality").count(election)
    assert (outcome.selected, str(outcome.notes[0])) == (("b", "c"), "The total of this choice is 7 votes.")
    assert str(outcome.row("a").reason) == "5 votes; no choice with it has a higher total."
    assert Greedy().count(election).selected == ("a",)


def test_a_total_that_several_choices_reach_is_told_and_falls_the_same_way_each_time() -> None:
    election = Election(projects({"a": 500, "b": 500, "c": 400}), ballots((2, "ab"), (1, "c")), 600)
    outcome = MaxWelfare(tie_break=("id",)).count(election)
    assert (outcome.selected, str(outcome.notes[1])) == (("a",), "It is the highest total there is, but other choices reach it too.")
    turned = Election(election.projects[::-1], ballots((2, "ab"), (1, "c")), 600)
    assert MaxWelfare(tie_break=("id",)).count(turned).selected == ("a",)


def test_limits_hold_for_the_best_choice_too() -> None:
    field = (Project("a", 300, site="park"), Project("b", 300, site="park"), Project("c", 100))
    election = Election(field, ballots((3, "a"), (2, "b"), (1, "c")), 900)
    assert MaxWelfare(limits=(MaxPer(key="site", most=1),)).count(election).selected == ("a", "c")


def test_amounts_that_no_float_holds_are_compared_exactly() -> None:
    huge = 2**60
    election = Election(projects({"a": huge + 1, "b": huge}), ballots((3, "ab")), huge + 1)
    assert MaxWelfare().count(election).selected == ("a",)


def test_a_proof_that_would_take_too_long_is_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(max_welfare_solve, "MOST_NODES", 3)
    field = projects({f"p{number}": 100 + number for number in range(30)})
    election = Election(field, {frozenset(one.id for one in field): 2}, 1555)
    outcome = MaxWelfare().count(election)
    assert "has not been proved" in str(outcome.notes[1])
    assert 0 < outcome.spent_cents <= 1555


@pytest.mark.parametrize("name", ELECTIONS)
def test_the_totals_of_real_elections_are_the_known_ones(name: str) -> None:
    election, expected = real_election(name)
    for utility, known in (("cost", "maxwelfare_cost"), ("cardinality", "maxwelfare_card")):
        rule = MaxWelfare(utility=utility, min_votes=0)
        outcome = rule.count(election)
        total = sum(rule.worths(election)[id] for id in outcome.selected)
        assert Fraction(total, 100 if utility == "cost" else 1) == Fraction(expected[known]["welfare"])
        assert "has not been proved" not in str(outcome.notes[1])


@settings(max_examples=150, deadline=None)
@given(WELFARE, limited())
def test_no_other_choice_is_worth_more(rule: MaxWelfare, election: Election) -> None:
    _agrees(rule, election)


@settings(max_examples=60, deadline=None)
@given(pointed())
def test_no_other_choice_has_more_points(election: Election) -> None:
    _agrees(MaxWelfare(utility="points"), election)


def _agrees(rule: MaxWelfare, election: Election) -> None:
    outcome, tried = rule.count(election), choices(rule, election)
    best = max(worth for worth, _ in tried)
    winners = [some for worth, some in tried if worth == best]
    assert frozenset(outcome.selected) in winners
    assert ("no other choice" in str(outcome.notes[1])) == (len(winners) == 1)
    assert spent(election, outcome.selected) == outcome.spent_cents <= election.budget_cents


def test_the_choice_does_not_depend_on_what_the_solver_proposes(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(7)
    for _ in range(20):
        costs: Any = {id: dice.randint(1, 9) for id in "abcdefgh"}
        piles = ballots(*((dice.randint(1, 4), "".join(dice.sample("abcdefgh", 3))) for _ in range(5)))
        election = Election(projects(costs), {}, 20) if not piles else Election(projects(costs), piles, 20)
        with monkeypatch.context() as patch:
            patch.setattr(max_welfare_solve, "_propose", lambda problem: [])
            alone = MaxWelfare().count(election)
        assert MaxWelfare().count(election).selected == alone.selected


def test_a_limit_counts_only_the_projects_that_share_it() -> None:
    problem = max_welfare_solve.Problem(("a", "b", "c"), (9, 9, 9), (1, 1, 1), (max_welfare_solve.Row({0: 1, 1: 1}, 1),))
    assert [problem.holds(chosen) for chosen in ([0, 2], [1, 2], [2], [0, 1])] == [True, True, True, False]

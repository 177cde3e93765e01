"""Runs side by side buy what each buys alone, or give up: whatever was guessed, however equal ballots are piled, however many ties."""

from __future__ import annotations

import random
from fractions import Fraction
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings

from app.core.tally import Election, EqualShares, Project
from app.core.tally.columns import PLAIN
from app.core.tally.shares_completion import Ahead, complete
from app.core.tally.shares_lanes import Group, Lanes
from app.core.tally.shares_market import Market, market
from app.core.tally.shares_run import Before, Run, run_at
from tests.core.shares_brute import Case, cases
from tests.core.tally_elections import real_election


def _market(rule: EqualShares, election: Election) -> Market:
    return market(rule, election, rule.utility, rule.scale, PLAIN)


def _runs(
    indexed: Market, first: Fraction, step: int, many: int, guess: tuple[int, ...] = (), *, rough: bool = False
) -> list[Run | None]:
    """Side by side: what is decided is as in the run alone, and what has a tie there is left open, but unless `rough` nothing else."""
    shares, limit = [first + index * step for index in range(many)], indexed.election.budget_cents
    found = Lanes(indexed, shares, limit, Before(guess, [0] * len(indexed.cost))).runs()
    for share, run in zip(shares, found, strict=True):
        alone = run_at(indexed, share, limit).run
        tied = any(len(one.members) > 1 for one in alone.rounds)
        if tied or not rough:
            assert (run is None) == tied
        if run is not None:
            assert (run.share, run.bought, run.spent, run.overspent) == (share, alone.bought, alone.spent, alone.overspent)
    return found


def crowd(seed: int, utility: str, *, piled: bool = False) -> tuple[EqualShares, Election]:
    """Three hundred voters and twelve projects, uneven in cost and in how many like them; `piled`: many ballots are alike."""
    dice = random.Random(seed)
    ids = [f"p{index:02}" for index in range(12)]
    liked = {id: dice.uniform(0.05, 0.6) for id in ids}
    voted = [frozenset(id for id in ids if dice.random() < liked[id]) for _ in range(300)]
    voted += voted[:200] if piled else []
    field = tuple(Project(id, dice.randrange(1_000, 19_000)) for id in ids)
    return EqualShares(utility=utility, tie_break=("id",), step_cents=1), Election.of(field, voted, 60_000)


@pytest.mark.parametrize("piled", [False, True])
@pytest.mark.parametrize("utility", ["cost", "cardinality"])
@pytest.mark.parametrize("seed", range(6))
def test_lanes_buy_what_each_buys_alone(seed: int, utility: str, piled: bool) -> None:
    indexed = _market(*crowd(seed, utility, piled=piled))
    assert indexed.weight is not None
    found = _runs(indexed, Fraction(150), 7, 40)
    assert sum(run is not None for run in found) > 8
    orders = {run.bought for run in found if run}
    assert len(orders) > 1, "lanes that part are the hard case"
    for guess in (*orders, tuple(range(12)), tuple(range(11, -1, -1))):
        assert [run and run.bought for run in _runs(indexed, Fraction(150), 7, 40, guess)] == [run and run.bought for run in found]


def test_a_run_that_spends_too_much_is_cut_short() -> None:
    indexed = _market(*crowd(2, "cost"))
    found = _runs(indexed, Fraction(150), 40, 12)
    assert {run.overspent for run in found if run} == {True, False}


@settings(max_examples=200, deadline=None)
@given(cases())
def test_lanes_give_up_where_ties_are_many(case: Case) -> None:
    indexed = _market(case.rule, case.election)
    if indexed.worth is None and indexed.gate().open and all(indexed.cost[one] for one in indexed.standing):
        _runs(indexed, Fraction(case.election.budget_cents, case.election.valid or 1), case.rule.step_cents, 8, rough=True)


def test_two_projects_alike_are_left_to_the_exact_run() -> None:
    election = Election.of((Project("a", 30), Project("b", 30)), [frozenset("a"), frozenset("b")], 100)
    assert _runs(_market(EqualShares(tie_break=("id",)), election), Fraction(50), 1, 3) == [None, None, None]


def test_a_cost_that_all_purses_just_make_is_left_to_the_exact_run() -> None:
    election = Election.of((Project("a", 100),), [frozenset("a")] * 3, 100)
    found = _runs(_market(EqualShares(tie_break=("id",)), election), Fraction(97, 3), 1, 3, rough=True)
    assert [run is None for run in found] == [False, True, False]


@pytest.mark.parametrize("hair", [Fraction(0), Fraction(1, 2**45), Fraction(-1, 2**45)])
def test_a_purse_within_a_hair_of_its_part_is_left_to_the_exact_run(hair: Fraction) -> None:
    """Three pay 40 each for b, and then hold as much as each of five is to pay for a."""
    election = Election.of((Project("a", 300), Project("b", 120)), [frozenset("a")] * 2 + [frozenset("ab")] * 3, 500)
    indexed = _market(EqualShares(utility="cardinality", tie_break=("id",)), election)
    found = Lanes(indexed, [Fraction(99), 100 + hair, Fraction(101)], 500, Before((), [0, 0])).runs()
    assert [run and run.bought for run in found] == [(1, 0), None, (1, 0)]


def test_groups_that_bought_the_same_go_on_within_the_bounds_of_both() -> None:
    def group(lane: int, bought: list[int], money: list[int], slack: int) -> Group:
        purses = np.array([money])
        return Group(np.array([lane]), np.array([bought]), purses, np.array([[0.5], [inf]]), purses[0], purses[0], slack, 70)

    both = group(0, [0, 1], [5, 9], 3).together(group(2, [1, 0], [7, 4], 8))
    assert (both.lanes.tolist(), both.bought.tolist(), both.money.tolist()) == ([0, 2], [[0, 1], [1, 0]], [[5, 9], [7, 4]])
    assert (both.few.tolist(), both.most.tolist(), both.slack, both.spent) == ([5, 4], [7, 9], 8, 70)
    assert both.least.tolist() == [[0.5, 0.5], [inf, inf]]


@pytest.mark.parametrize("seed", range(6))
def test_a_completion_is_the_same_without_lanes(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rule, election = crowd(seed, "cost", piled=seed % 2 == 0)
    indexed = _market(rule, election)
    heard: list[tuple[int, int]] = []
    side_by_side = complete(indexed, "add1_until_exhaustive", election.valid, 1, lambda *one: heard.append(one))
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(Ahead, "at", lambda *_: None)
    alone = complete(indexed, "add1_until_exhaustive", election.valid, 1, lambda *one: told.append(one))
    assert (side_by_side.final, side_by_side.runs, heard) == (alone.final, alone.runs, told)
    assert side_by_side.final.rounds[0].payers > 0, "who paid is known of the run that counts"


def test_a_real_district_is_decided_side_by_side() -> None:
    election, _ = real_election("Poland_Warszawa_2024_Ochota")
    rule = EqualShares(tie_break=("id",))
    found = _runs(_market(rule, election), Fraction(election.budget_cents, election.valid), 100, 24, rough=True)
    assert sum(run is not None for run in found) > 20

"""Steps that change nothing are skipped, and none that changes something: with every step run the outcome is the same."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings

from app.core.tally import Election, EqualShares, Project, shares_completion
from app.core.tally.columns import PLAIN
from app.core.tally.shares_completion import Completed, complete
from app.core.tally.shares_market import market
from app.core.tally.shares_run import run_at
from app.core.tally.shares_stretch import Stretch
from tests.core.shares_brute import Case, cases
from tests.core.tally_elections import real_election


def _completed(rule: EqualShares, election: Election) -> Completed:
    indexed = market(rule, election, rule.utility, rule.scale, PLAIN)
    return complete(indexed, rule.completion, election.valid, rule.step_cents)


def _same(rule: EqualShares, election: Election, monkeypatch: pytest.MonkeyPatch) -> tuple[Completed, Completed]:
    """The count with leaps wherever it can, and with none."""
    monkeypatch.setattr(shares_completion, "SHORTEST_LEAP", 1)
    monkeypatch.setattr(shares_completion, "CALM", 0)
    leaping = _completed(rule, election)
    monkeypatch.setattr(shares_completion, "CALM", 10**9)
    walking = _completed(rule, election)
    assert (leaping.final.bought, leaping.final.share) == (walking.final.bought, walking.final.share)
    assert leaping.runs == walking.runs
    return leaping, walking


def middling(seed: int, utility: str) -> Case:
    """Sixty voters and nine projects, where many voters turn from poor to rich between two steps."""
    dice = random.Random(seed)
    ids = [f"p{index}" for index in range(9)]
    field = [Project(id, dice.randrange(50, 900), site=dice.choice(["", "", "s"])) for id in ids]
    marks = [{id: dice.randrange(1, 4) for id in dice.sample(ids, dice.randrange(1, 7))} for _ in range(60)]
    completion = dice.choice(["add1_until_exhaustive", "add1_until_infeasible"])
    rule = EqualShares(utility=utility, step_cents=1, tie_break=("id",), completion=completion)
    return Case(rule, Election.marked(field, marks, 2400, "points"))


@pytest.mark.parametrize("utility", ["cost", "cardinality", "points"])
@pytest.mark.parametrize("seed", range(8))
def test_leaps_over_steps_change_no_outcome(seed: int, utility: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = middling(seed, utility)
    _same(case.rule, case.election, monkeypatch)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_leaps_change_no_outcome_where_ties_are_many(case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        _same(case.rule, case.election, patch)


@pytest.mark.parametrize("seed", range(10))
def test_what_is_proven_for_a_stretch_holds_at_every_share_in_it(seed: int) -> None:
    case = middling(seed, "cost")
    indexed = market(case.rule, case.election, "cost", case.rule.scale, PLAIN)
    for low in (Fraction(40), Fraction(61, 2), Fraction(80)):
        run = run_at(indexed, low, 10**9).run
        length = Fraction(8)
        while length > Fraction(1, 64) and Stretch(indexed, run, low + length).holds() < 1:
            length /= 2
        if Stretch(indexed, run, low + length).holds() == 1:
            for part in range(33):
                assert run_at(indexed, low + length * part / 32, 10**9).run.bought == run.bought


def test_nine_thousand_steps_of_one_cent_take_a_few_hundred_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    election, _ = real_election("Netherlands_Amsterdam_304")
    made = []
    monkeypatch.setattr(shares_completion, "run_at", lambda *given, **more: made.append(1) or run_at(*given, **more))
    rule = EqualShares(tie_break=("id",), min_votes=0, step_cents=1)
    outcome = rule.count(election)
    assert outcome.runs > 9000
    assert len(made) < 300
    assert set(outcome.selected) == set(EqualShares(tie_break=("id",), min_votes=0, step_cents=100).count(election).selected)


def test_a_dear_project_of_one_voter_beside_a_cheap_one_needs_no_million_runs() -> None:
    election = Election.of([Project("a", 10**12), Project("b", 1)], [{"a"}, {"b"}], 100)
    outcome = EqualShares(step_cents=1).count(election)
    assert (outcome.selected, outcome.runs) == (("b",), 10**12 - 50 + 1)

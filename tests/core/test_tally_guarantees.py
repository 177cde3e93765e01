"""Guarantees hold with any rule inside: no part spends too much, no limit is passed, each district has its own where that is possible."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tally import Completed, Election, Outcome, Staged, Status, read_rule
from app.core.tally.limits import MaxPer, MaxSpending
from tests.core.staged_elections import placed_elections, stage

INNER: list[dict[str, Any]] = [
    {"kind": "greedy"},
    {"kind": "greedy", "on_miss": "stop"},
    {"kind": "greedy", "utility": "votes_per_cost", "winners": 2},
    {"kind": "equal_shares", "completion": "none"},
    {"kind": "phragmen", "on_miss": "skip"},
    {"kind": "equal_shares", "utility": "cardinality", "completion": "add1_until_infeasible", "step_cents": 1},
    {"kind": "equal_shares", "completion": "add1_until_exhaustive", "then": "greedy", "step_cents": 1},
]
STAGES: list[dict[str, Any]] = [
    {},
    {"each": "district", "share": "1/3"},
    {"where": {"scope": "city"}, "cents": 5},
    {"where": {"tag": "young"}, "share": "1/4", "leftover": "kept"},
    {"where": {"up_to_cents": 3}, "after": {"reserve_percent": "60", "partial": True, "reserve_list": 1}},
]
LIMITS: list[dict[str, Any]] = [
    {"kind": "max_per", "key": "site", "most": 1},
    {"kind": "max_per", "key": "district", "most": 2},
    {"kind": "max_per", "key": "scope", "most": 2, "value": "city"},
    {"kind": "max_spending", "key": "carrier", "cents": 6},
    {"kind": "min_votes", "votes": 2, "scope": "district"},
]


@st.composite
def rules(draw: st.DrawFn) -> Staged:
    """One to three stages, each with a rule of its own, and limits over all of them."""
    chosen = draw(st.lists(st.sampled_from(STAGES), min_size=1, max_size=3))
    stages = [stage("pqr"[place], **{**one, "rule": draw(st.sampled_from(INNER))}) for place, one in enumerate(chosen)]
    limits = draw(st.lists(st.sampled_from(LIMITS), max_size=3))
    return Staged.model_validate({"stages": stages, "limits": limits, "max_per_carrier": draw(st.sampled_from([None, 1]))})


def _kept(rule: Staged, election: Election, outcome: Outcome) -> None:
    """Every limit of this rule holds for what was selected."""
    won = [election.project(id) for id in outcome.selected]
    carriers = Counter(one.carrier for one in won if one.carrier)
    assert rule.max_per_carrier is None or all(many <= rule.max_per_carrier for many in carriers.values())
    for limit in rule.limits:
        if isinstance(limit, MaxPer | MaxSpending):
            used = Counter[str]()
            for one in won:
                if (value := getattr(one, limit.key)) and limit.value in (None, value):
                    used[value] += 1 if isinstance(limit, MaxPer) else one.cost_cents
            assert all(amount <= (limit.most if isinstance(limit, MaxPer) else limit.cents) for amount in used.values())
        else:
            assert all(election.votes[one.id] >= limit.needed(election, one) for one in won)


@settings(max_examples=600, deadline=None)
@given(rules(), placed_elections())
def test_whatever_rules_are_inside_no_part_spends_too_much_and_no_limit_is_passed(rule: Staged, election: Election) -> None:
    outcome = rule.count(election)
    _kept(rule, election, outcome)
    for part in outcome.portions:
        assert 0 <= part.spent_cents <= part.budget_cents
    assert sum(part.budget_cents - part.passed_cents for part in outcome.portions) <= election.budget_cents
    paid = {row.project: row.cost_cents if row.paid_cents is None else row.paid_cents for row in outcome.rows}
    assert sum(paid[id] for id in outcome.selected) == outcome.spent_cents + outcome.reserve_cents
    assert outcome.spent_cents <= election.budget_cents
    assert {row.project for row in outcome.rows if row.status is Status.WON} == set(outcome.selected)
    assert len(outcome.rows) == len(election.projects)


@settings(max_examples=300, deadline=None)
@given(rules(), placed_elections())
def test_what_follows_the_stages_passes_no_limit_either(rule: Staged, election: Election) -> None:
    outcome = Completed.model_validate({"rule": rule, "after": {"reserve_percent": "50", "partial": True}}).count(election)
    _kept(rule, election, outcome)
    assert outcome.left_cents >= 0


@settings(max_examples=200, deadline=None)
@given(rules(), placed_elections())
def test_the_order_of_projects_and_ballots_decides_nothing_whatever_rules_are_inside(rule: Staged, election: Election) -> None:
    other = Election(election.projects[::-1], dict(reversed(election.ballots.items())), election.budget_cents, draw=election.draw)
    first, second = rule.count(election), rule.count(other)
    assert (first.selected, first.portions, first.needs_draw) == (second.selected, second.portions, second.needs_draw)
    assert [(row.project, str(row.reason)) for row in first.rows] == [(row.project, str(row.reason)) for row in second.rows]
    assert read_rule(rule.model_dump(mode="json")) == rule


@settings(max_examples=400, deadline=None)
@given(placed_elections(), st.integers(1, 2))
def test_each_district_has_its_best_projects_where_the_money_allows(election: Election, least: int) -> None:
    best = {"kind": "greedy", "limits": [{"kind": "max_per", "key": "district", "most": least}]}
    rule = Staged(stages=(stage("each", where={"having": "district"}, rule=best), stage("all")))
    voted: dict[str, list[int]] = {}
    for one in election.projects:
        if one.district and election.votes[one.id]:
            voted.setdefault(one.district, []).append(one.cost_cents)
    # Enough money for the dearest of each: then no district goes without, whichever of its projects are best.
    enough = sum(sum(sorted(costs)[-least:]) for costs in voted.values())
    won = Counter(election.project(id).district for id in rule.count(election).selected)
    if election.budget_cents >= enough:
        assert all(won[district] >= min(least, len(costs)) for district, costs in voted.items())

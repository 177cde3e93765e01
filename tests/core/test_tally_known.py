"""The count gives the outcomes that are known: the demonstration's ten scenarios and seven real elections."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.tally import Greedy, rule_from
from tests.core.rennes import demonstration
from tests.core.tally_elections import real_election, rennes

SCENARIOS = demonstration()["expected"]["scenarios"]
METHODS: dict[str, dict[str, Any]] = {
    "greedy_skip": {"kind": "greedy"},
    "greedy_no_skip": {"kind": "greedy", "on_miss": "stop"},
    "equal_shares_cost": {"kind": "equal_shares", "completion": "none"},
    "equal_shares_cost_add1_until_exhaustive": {"kind": "equal_shares", "completion": "add1_until_exhaustive"},
    "equal_shares_cost_add1_until_overspend": {"kind": "equal_shares", "completion": "add1_until_infeasible"},
    "equal_shares_cardinality_add1_until_exhaustive": {
        "kind": "equal_shares",
        "utility": "cardinality",
        "completion": "add1_until_exhaustive",
    },
}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: f"{scenario['method']}-{scenario['envelope']}")
def test_each_scenario_of_the_demonstration_comes_out_to_the_last_euro(scenario: dict[str, Any]) -> None:
    parameters = dict(METHODS[scenario["method"]])
    if scenario.get("one_award_per_carrier"):
        parameters["max_per_carrier"] = 1
    draw = tuple(scenario.get("draw", ()))
    if draw:
        parameters["tie_break"] = ("draw",)
    outcome = rule_from(parameters.pop("kind"), **parameters).count(rennes(scenario["envelope"], draw))
    assert sorted(outcome.selected) == scenario["laureates"]
    assert len(outcome.selected) == scenario["count"]
    assert (outcome.spent_cents, outcome.left_cents) == (scenario["spent"] * 100, scenario["left"] * 100)
    assert outcome.needs_draw == ()


def test_the_votes_of_the_demonstration_are_the_published_ones() -> None:
    assert len(SCENARIOS) == 10
    outcome = Greedy().count(rennes(230890))
    expected = demonstration()["expected"]
    assert {row.project: row.votes for row in outcome.rows} == expected["votes"]
    assert outcome.valid == expected["valid_ballots"]


def test_the_tie_of_the_demonstration_is_told_and_matters_only_with_the_small_envelope() -> None:
    (tie,) = Greedy().count(rennes(230890)).ties
    assert (tie.members, tie.by, tie.mattered) == (("P22", "P05"), ("cheaper",), False)
    (tie,) = Greedy().count(rennes(216815)).ties
    assert tie.mattered is True
    assert Greedy(tie_break=("draw",)).count(rennes(216815)).needs_draw == ("P05", "P22")


ELECTIONS = [
    "Netherlands_Amsterdam_304",
    "Netherlands_Assen_2024",
    "Poland_Katowice_2024_Bogucice",
    "Poland_Krakow_2025_Stare_Miasto",
    "Poland_Lodz_2023_Baluty-Centrum",
    "Poland_Swiecie_2023",
    "Poland_Warszawa_2024_Ochota",
]
RULES: dict[str, dict[str, Any]] = {
    "greedy_cost": {"kind": "greedy"},
    "greedy_card": {"kind": "greedy", "utility": "votes_per_cost"},
    "mes_cost": {"kind": "equal_shares", "completion": "none"},
    "mes_card": {"kind": "equal_shares", "utility": "cardinality", "completion": "none"},
    "mes_cost_add1": {"kind": "equal_shares", "completion": "add1_until_exhaustive"},
    "mes_card_add1": {"kind": "equal_shares", "utility": "cardinality", "completion": "add1_until_exhaustive"},
    "mes_cost_add1_until_infeasible": {"kind": "equal_shares", "completion": "add1_until_infeasible"},
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", ELECTIONS)
def test_real_elections_come_out_as_an_independent_program_counted_them(name: str, rule: str) -> None:
    """Same projects in the same order of purchase, ties to the smallest id, a share for each ballot of the file."""
    election, expected = real_election(name)
    parameters: dict[str, Any] = {"tie_break": ("id",), "min_votes": 0, **RULES[rule]}
    if parameters["kind"] == "equal_shares":
        parameters["blank_ballots_hold_a_share"] = True
    outcome = rule_from(parameters.pop("kind"), **parameters).count(election)
    known = expected[rule].get("after_add1", expected[rule])
    assert list(outcome.selected) == (known["selected"] if isinstance(known, dict) else known)

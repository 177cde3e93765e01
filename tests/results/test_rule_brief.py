"""The rule in one sentence, as the booth says it: every rule there is has one."""

from __future__ import annotations

import pytest

from app.core.presets import presets
from app.core.tally import AnyRule, rule_from
from app.results.rule_brief import rule_in_brief

GREEDY = {"kind": "greedy"}


@pytest.mark.parametrize(
    ("rule", "start"),
    [
        (rule_from("greedy"), "The projects with the most votes win"),
        (rule_from("greedy", utility="votes_per_cost"), "The projects with the most votes for the money"),
        (rule_from("greedy", utility="points"), "The projects with the most points win"),
        (rule_from("equal_shares"), "Every voter holds an equal part"),
        (rule_from("phragmen"), "Every voter earns money"),
        (rule_from("majority_judgment"), "The projects with the best grade"),
        (rule_from("max_welfare"), "The set of projects wins"),
        (rule_from("panel"), "A committee"),
        (rule_from("completed", rule=GREEDY, after={"reserve_list": 1}), "The projects with the most votes win"),
    ],
)
def test_each_rule_is_said_in_one_sentence(rule: AnyRule, start: str) -> None:
    said = str(rule_in_brief(rule))
    assert said.startswith(start)
    assert said.count(".") == 1


def test_a_comparison_says_that_another_count_may_stand() -> None:
    said = str(rule_in_brief(rule_from("compared", rule={"kind": "equal_shares"}, rival=GREEDY)))
    assert "if more voters prefer its outcome" in said


def test_parts_of_an_envelope_are_named_with_the_rule_they_share() -> None:
    said = str(rule_in_brief(presets()["grenoble_2017"].rule))
    assert said.startswith("The envelope is given out in parts, one after another: One project above 200,000 €, Projects up to 200,000 €.")
    assert "In each: The projects with the most votes" in said

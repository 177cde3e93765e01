"""The demonstration's 22 rules against its 34 files."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.eligibility import Verdict
from tests.core.rennes import context, demonstration, dossier, files, rulebook


@pytest.mark.parametrize("file", files(), ids=lambda file: file["id"])
def test_each_file_gets_exactly_the_failures_recorded_for_it(file: dict[str, Any]) -> None:
    found = rulebook().automatic_failures(dossier(file), context())
    assert {one.rule_key for one in found} == set(file.get("failed_rules", ()))


def test_the_rulebook_holds_the_22_rules_in_order_and_in_their_own_words() -> None:
    published = [(rule["key"], rule["text"]) for rule in demonstration()["eligibility_rules"]]
    plain = str.maketrans({"\u202f": " ", "\u00a0": " ", "’": "'"})
    assert [(rule.key, rule.wording["fr"].translate(plain)) for rule in rulebook().rules] == published
    assert all(rule.wording["en"] for rule in rulebook().rules)


def test_three_rules_are_also_for_an_officer_and_one_for_the_count() -> None:
    admissible = rulebook().check(dossier(files()[0]), context())
    by_verdict = {verdict: [one.rule_key for one in admissible if one.verdict is verdict] for verdict in Verdict}
    assert by_verdict[Verdict.OFFICER] == ["non_profit", "no_worship_or_political_purpose", "no_youth_worksite"]
    assert by_verdict[Verdict.LATER] == ["one_award_per_carrier"]
    assert [rule.key for rule in rulebook().officer_rules()] == by_verdict[Verdict.OFFICER]


@pytest.mark.parametrize(
    ("file", "rule", "fact"),
    [
        ("X02", "country_dac_eligible", "Chile: not on the list as of 2026-10-15."),
        ("X03", "max_travel_share", "68 % of the budget is travel; at most 25 %."),
        ("X04", "local_partner_required", "No local partner is named."),
        ("X07", "max_rate", "The request is 93.75 % of the cost (45000.00 EUR of 48000.00 EUR); at most 70 %."),
        ("X08", "balanced_budget", "Charges are 19800.00 EUR and products 18300.00 EUR."),
    ],
)
def test_a_failure_tells_the_fact_found(file: str, rule: str, fact: str) -> None:
    (one,) = [one for one in files() if one["id"] == file]
    facts = {found.rule_key: str(found.fact) for found in rulebook().automatic_failures(dossier(one), context())}
    assert facts[rule] == fact

"""Our elections as Pabulib files: the public checker agrees, our rule comes back, and no order of voting is told."""

import importlib.util
import json
from datetime import date
from typing import Any

import pytest

from app.core.formats import (
    Entry,
    Heading,
    blank_of,
    canonical,
    declared_rule,
    election_file,
    projects_of,
    read_pabulib,
    rule_of,
    write_pabulib,
)
from app.core.tally import Election, EqualShares, Greedy, Project, TallyRule
from app.core.tally.limits import MaxPer
from app.settings import ROOT
from tests.conftest import skip_or_fail

RENNES = json.loads((ROOT / "app/demo/data/rennes.json").read_text("utf-8"))
CHOICES = [ballot["choices"] for ballot in RENNES["sample_ballots"]]
HEADING = Heading(
    "Solidarité\ninternationale ; 1 € par habitant·e", "France", "Rennes", "2026", 230_890_00, date(2026, 11, 1), date(2026, 11, 30),
    min_length=3, max_length=6,
)


def counted(rule: TallyRule, heading: Heading = HEADING, ballots: list[list[str]] = CHOICES) -> tuple[list[Entry], dict[str, Any]]:
    """The demonstration's projects in the order of a count, and the rule as data."""
    named = {project["id"]: project for project in RENNES["projects"]}
    projects = [Project(id, project["requested"] * 100) for id, project in named.items()]
    outcome = rule.count(Election.of(projects, ballots, heading.budget_cents, draw=tuple(sorted(named))))
    won = set(outcome.selected)
    entries = [Entry(row.project, named[row.project]["title"], row.cost_cents, row.project in won) for row in outcome.rows]
    return entries, rule.model_dump(mode="json")


def exported(rule: TallyRule, heading: Heading = HEADING) -> str:
    entries, data = counted(rule, heading)
    return write_pabulib(election_file(heading, entries, [*CHOICES, []], rule=data))


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (Greedy(), "greedy"),
        (Greedy(min_votes=100), "greedy-threshold"),
        (Greedy(on_miss="stop"), "greedy-no-skip"),
        (Greedy(on_miss="stop", min_votes=100), "greedy-no-skip"),
        (Greedy(utility="votes_per_cost"), "unknown"),
        (Greedy(max_per_carrier=1), "unknown"),
        (Greedy(winners=3), "unknown"),
        (Greedy(limits=(MaxPer(key="theme", most=1),)), "unknown"),
        (EqualShares(), "unknown"),
    ],
)
def test_an_exported_election_passes_the_public_checker(rule: TallyRule, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    if not importlib.util.find_spec("pabulib"):
        skip_or_fail("pabulib-checker is not installed")
    text = exported(rule)
    assert read_pabulib(text, name="x").meta["rule"] == name
    report = importlib.import_module("pabulib.checker").Checker().process_files([text])
    capsys.readouterr()
    assert report["metadata"]["valid"] == 1, report
    assert not report[1]["results"].get("errors"), report


@pytest.mark.parametrize("rule", [Greedy(tie_break=("cheaper", "draw")), EqualShares(), Greedy(max_per_carrier=2)])
def test_our_rule_comes_back_from_the_comment(rule: TallyRule) -> None:
    file = election_file(HEADING, [], [[], []], rule=rule.model_dump(mode="json"))
    again = read_pabulib(write_pabulib(file), name="x")
    assert again.meta["comment"].startswith("#1: ")
    assert rule_of(again) == rule.model_dump(mode="json")
    assert blank_of(again) == 2


@pytest.mark.parametrize("comment", ["", "#1: free text", "#1: rule as data: {", "#1: rule as data: [1]", "rule as data: " + "[" * 100_000])
def test_a_comment_without_our_rule_gives_none(comment: str) -> None:
    file = election_file(HEADING, [], [], rule={})
    file = type(file)(**{**vars(file), "meta": {**file.meta, "comment": comment}})
    assert rule_of(file) is None
    assert blank_of(file) == 0


def test_what_the_format_has_no_column_for_is_told_only_where_the_rule_looks_at_it() -> None:
    entry = Entry("A", "Puits", 100, country="SN", filed=4)
    plain, older = Greedy(), Greedy(tie_break=("older", "draw"), limits=(MaxPer(key="country", most=1),))
    assert projects_of(election_file(HEADING, [entry], [["A"]], rule=plain.model_dump(mode="json"))) == {}
    told = read_pabulib(write_pabulib(election_file(HEADING, [entry], [["A"]], rule=older.model_dump(mode="json"))), name="x")
    assert projects_of(told) == {"A": {"country": "SN", "filed": 4}}
    assert rule_of(told) == older.model_dump(mode="json")


@pytest.mark.parametrize("said", ['{"A":4}', '{"A":{"country":7,"filed":"x"}}', "[1]", "{"])
def test_strange_words_about_projects_tell_nothing(said: str) -> None:
    file = election_file(HEADING, [], [], rule={})
    file = type(file)(**{**vars(file), "meta": {**file.meta, "comment": f"#4: Quotepart projects as data: {said}"}})
    assert not any(projects_of(file).values())


def test_amounts_below_the_unit_leave_the_rule_unnamed() -> None:
    file = election_file(HEADING, [Entry("A", "Puits", 100_50)], [["A"]], rule=Greedy().model_dump(mode="json"))
    assert file.meta["rule"] == "unknown"
    assert rule_of(file) == Greedy().model_dump(mode="json")


def test_equal_shares_has_no_exact_name_in_the_format() -> None:
    assert declared_rule(EqualShares().model_dump(mode="json")) == ("unknown", None)


def test_a_threshold_that_everyone_reaches_is_none() -> None:
    stored = Greedy(min_votes=5).model_dump(mode="json")
    assert declared_rule(stored, fewest_votes=5) == ("greedy", None)
    assert declared_rule(stored, fewest_votes=4) == ("greedy-threshold", 5)


def test_the_order_of_voting_is_not_told_and_blank_ballots_are_only_counted() -> None:
    entries, rule = counted(Greedy())
    one, other = (election_file(HEADING, entries, ballots, rule=rule) for ballots in ([*CHOICES, []], [[], *reversed(CHOICES)]))
    assert write_pabulib(one) == write_pabulib(other)
    assert read_pabulib(write_pabulib(one), name="again") == one
    assert len(one.ballots) == 600
    assert blank_of(one) == 1
    assert blank_of(election_file(HEADING, entries, CHOICES, rule=rule, blank=7)) == 7


def test_a_budget_for_all_and_a_single_choice_are_declared() -> None:
    heading = Heading("d", "France", "Rennes", "2026", 1000, date(2026, 1, 1), date(2026, 1, 2), max_length=1, max_total_cents=550)
    file = election_file(heading, [Entry("A", "", 500, category="eau, santé"), Entry("B", "b", 500)], [["A"], ["A"]], rule={})
    assert (file.vote_type, file.meta["fully_funded"], file.meta["max_sum_cost"]) == ("choose-1", "1", "5.5")
    assert dict(file.projects[0].other) == {"votes": "2", "name": "A", "category": "eau santé"}


def test_canonical_json_is_written_in_one_way_only() -> None:
    assert canonical({"b": [1], "a": "é"}) == '{"a":"é","b":[1]}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"a": float("nan")})

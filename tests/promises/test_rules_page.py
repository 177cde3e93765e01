"""docs/rules.md is true: each table and each sum of its examples is what the program counts."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache

import pytest

from app.core.tally import Election, Outcome, Project, rule_from
from app.core.tally.comparison import compare
from app.core.tally.proportionality import certify
from app.settings import ROOT

HAPPENS = {"taken": "bought", "too dear": "too_dear", "count stopped": "stopped"}
TIES = ("cheaper", "id")
RULES = {
    "Most votes first": ("greedy", {}),
    "Most votes first, and stop": ("greedy", {"on_miss": "stop"}),
    "A fixed number of winners": ("greedy", {"winners": 2}),
    "Most votes for each euro": ("greedy", {"utility": "votes_per_cost"}),
    "Equal Shares": ("equal_shares", {"completion": "none"}),
    "Equal Shares, parts raised together": ("equal_shares", {"completion": "add1_until_infeasible", "step_cents": 10_00}),
    "Equal Shares, every project worth the same": ("equal_shares", {"completion": "none", "utility": "cardinality"}),
    "Phragmén": ("phragmen", {}),
    "The most useful set": ("max_welfare", {}),
}


@cache
def sections() -> dict[str, str]:
    """The text under each heading of the third level."""
    text = (ROOT / "docs" / "rules.md").read_text("utf-8")
    parts = re.split(r"^### (.+)$", re.sub(r"^## .*$", "### end", text, flags=re.M), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def tables(heading: str) -> list[list[dict[str, str]]]:
    """The tables of a section, each a list of rows by column."""
    found: list[list[dict[str, str]]] = []
    for block in re.findall(r"(?:^\|.*\|\n)+", sections()[heading], flags=re.M):
        columns, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in block.strip().splitlines())
        found.append([dict(zip(columns, row, strict=True)) for row in rows])
    return found


def chosen(heading: str) -> tuple[tuple[str, ...], int]:
    """The winners that the page names, in order, and what it says they cost, in cents."""
    found = re.search(r"\*\*Chosen:\*\* ([A-E ]+)\. \*\*Spent:\*\* (\d+)\.", sections()[heading])
    assert found, heading
    return tuple(found[1].split()), int(found[2]) * 100


@cache
def example() -> Election:
    """The vote that the page tells."""
    costs, piles = tables("The example")
    ballots = [row["projects"].split() for row in piles for _ in range(int(row["ballots"]))]
    return Election.of([Project(row["project"], int(row["cost"]) * 100) for row in costs], ballots, 1000_00)


def counted(heading: str) -> Outcome:
    kind, parameters = RULES[heading]
    return rule_from(kind, **({} if kind == "max_welfare" else {"tie_break": TIES}), **parameters).count(example())


def test_the_votes_of_the_example_are_as_told() -> None:
    assert dict(example().votes) == {"A": 5, "B": 4, "C": 2, "D": 2, "E": 3}


@pytest.mark.parametrize("heading", RULES)
def test_each_rule_chooses_what_the_page_says(heading: str) -> None:
    outcome, (winners, spent) = counted(heading), chosen(heading)
    assert (outcome.selected if heading != "The most useful set" else tuple(sorted(outcome.selected)), outcome.spent_cents) == (
        winners,
        spent,
    )


@pytest.mark.parametrize("heading", [name for name in RULES if tables(name)])
def test_each_turn_is_as_the_page_tells_it(heading: str) -> None:
    told = [row for table in tables(heading) for row in table]
    steps = counted(heading).steps
    for row, step in zip(told, steps, strict=True):
        assert (row["project"], int(row["left"]) * 100) == (step.project, step.left_after_cents)
        if "what happens" in row:
            assert HAPPENS[row["what happens"]] == step.action.value
        else:
            assert step.price == Fraction(int(row["each pays"]) * 100)


def test_the_sentences_around_the_tables_are_true() -> None:
    lost = counted("Most votes first").row("E")
    assert (lost.missing_votes, lost.missing_cents) == (2, 90_00)
    raised = counted("Equal Shares, parts raised together")
    assert (raised.share, [(step.payers, step.part_payers) for step in raised.steps]) == (130_00, [(5, 0), (2, 2)])
    filled = rule_from("equal_shares", completion="add1_until_infeasible", step_cents=10_00, then="greedy", tie_break=TIES)
    assert filled.count(example()).selected == ("A", "B", "C")
    assert [counted("Phragmén").steps[turn].price for turn in range(3)] == [6000, 7500, Fraction(40000, 3)]


def test_the_comparison_step_adopts_what_the_page_says() -> None:
    shares, greedy = counted("Equal Shares, parts raised together"), counted("Most votes first")
    rules = {"shares": rule_from("equal_shares", step_cents=10_00, tie_break=TIES), "greedy": rule_from("greedy", tie_break=TIES)}
    preferred = compare(example(), rules, known={"shares": shares, "greedy": greedy}).rules[1].by_number
    assert (preferred.more, preferred.less) == (2, 0)
    step = rule_from("compared", rule=rules["shares"].model_dump(mode="json"), rival=rules["greedy"].model_dump(mode="json"))
    assert step.count(example()).selected == ("A", "B", "C")


def test_majority_judgment_ranks_as_the_page_says() -> None:
    (table,) = tables("Majority judgment")
    grades, costs = ("poor", "fair", "good", "excellent"), {"A": 450, "B": 240, "C": 150, "D": 300, "E": 400}
    columns = {row["project"]: [grade for grade, name in enumerate(grades) for _ in range(int(row[name]))] for row in table}
    ballots = [{id: column[voter] for id, column in columns.items()} for voter in range(5)]
    election = Election.marked([Project(id, cost * 100) for id, cost in costs.items()], ballots, 1000_00, "grades")
    outcome = rule_from("majority_judgment", winners=2, tie_break=("id",)).count(election)
    assert (outcome.selected, outcome.spent_cents) == chosen("Majority judgment")
    assert [row.project for row in outcome.rows][:3] == ["C", "A", "B"]


def test_the_group_that_does_not_get_its_part_is_the_one_told() -> None:
    field = [Project("A", 500_00), Project("B", 500_00), Project("C", 400_00)]
    election = Election.of(field, [["A", "B"]] * 6 + [["C"]] * 4, 1000_00)
    greedy = rule_from("greedy", tie_break=("id",)).count(election)
    (missed,) = certify(election, greedy.selected).violations
    assert (missed.project, missed.voters, missed.held_cents, missed.got) == ("C", 4, 400_00, 0)
    shares = rule_from("equal_shares", tie_break=("id",)).count(election)
    assert sorted(shares.selected) == ["A", "C"]
    assert certify(election, shares.selected).holds

"""`quotepart compare`: every rule that fits the ballots of a file, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from app.core.formats import PabulibElection, write_table
from app.core.formats.amounts import plain
from app.core.formats.comparison_json import COLUMNS, comparison_rows, rounded, rule_name
from app.core.messages import Message, Value, say
from app.core.money import Money
from app.core.problems import Invalid
from app.core.tally import AnyRule
from app.core.tally.comparison import OFFICIAL, ComparedRule, Comparison, compare, shadow_rules
from app.core.tally.progress import Told, untold
from app.exchange.counting import open_election
from app.exchange.declared import declared, election_of

Form: TypeAlias = Literal["table", "csv", "json"]
SHORT: dict[str, Message] = {
    "rule": say("Rule"),
    "winners": say("Chosen"),
    "spent": say("Spent"),
    "served": say("Voters with something"),
    "number": say("Projects each"),
    "money": say("Money each"),
    "shared": say("In common"),
    "prefer": say("More / fewer prefer it"),
    "fair": say("Neglected, by money / number"),
}


def compare_file(path: Path, *, told: Told = untold) -> tuple[PabulibElection, Comparison]:
    """Count the file at `path` by every rule that fits, the one it declares first. Raises Missing and Malformed."""
    file = open_election(path, told)
    rules = rules_for(file, str(path))
    first = next(iter(rules.values()))
    election = election_of(file, first)
    return file, compare(election, rules, told=told)


def rules_for(file: PabulibElection, name: str) -> dict[str, AnyRule]:
    """The rule that the file declares, if it is one of ours, and every other rule that fits its ballots."""
    try:
        official = declared(file, name)
    except Invalid:
        return shadow_rules(file.profile.kind)
    return {OFFICIAL: official, **shadow_rules(file.profile.kind, official)}


def written(file: PabulibElection, comparison: Comparison, form: Form) -> str:
    """The comparison as a table for people, as CSV, or as JSON with exact numbers."""
    if form == "json":
        return comparison.model_dump_json(indent=2)
    if form == "csv":
        rows = comparison_rows(comparison.rules, comparison.currency, str)
        return write_table(list(COLUMNS), rows).decode().replace("\r\n", "\n").rstrip("\n")
    return "\n".join([*_about(file, comparison), "", *_table(comparison)])


def _about(file: PabulibElection, comparison: Comparison) -> list[str]:
    budget = Money(comparison.budget_cents, comparison.currency)
    size: dict[str, Value] = {"projects": comparison.projects, "ballots": file.profile.total, "voters": comparison.voters, "budget": budget}
    return [
        str(say("Projects: %(projects)d. Ballots: %(ballots)d, naming a project: %(voters)d. Envelope: %(budget)s.", **size)),
        str(say("Each rule beside the first: winners in common, and how many voters have more or fewer projects.")),
    ]


def _table(comparison: Comparison) -> list[str]:
    rows = [[str(title) for title in SHORT.values()], *(_row(one, comparison) for one in comparison.rules)]
    width = [max(len(row[column]) for row in rows) for column in range(len(SHORT))]
    return ["  ".join(_aligned(cell, width[at], at) for at, cell in enumerate(row)).rstrip() for row in rows]


def _row(one: ComparedRule, comparison: Comparison) -> Sequence[str]:
    facts = one.statistics
    return [
        str(_name(one.name)), str(len(one.selected)), plain(one.spent_cents),
        f"{rounded(100 * facts.served_share, 1)} %", str(rounded(facts.average_winners)), str(rounded(facts.average_cents / 100)),
        str(one.shared), f"{one.by_number.more} / {one.by_number.less}",
        f"{len(one.fair_by_money.violations)} / {len(one.fair_by_number.violations)}",
    ]  # fmt: skip


def _name(name: str) -> Message:
    return say("The rule the file declares") if name == OFFICIAL else rule_name(name)


def _aligned(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column == 0 else cell.rjust(width)

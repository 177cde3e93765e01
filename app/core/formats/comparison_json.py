"""Rules side by side as JSON: one document with its own JSON Schema, and the same as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.core.formats.csv_tables import Cell
from app.core.messages import Message, say
from app.core.money import Money
from app.core.tally.comparison import OFFICIAL, SHADOWS, ComparedRule

Spoken = dict[str, str]
COLUMNS: dict[str, Message] = {
    "rule": say("Rule"),
    "winners": say("Projects chosen"),
    "spent": say("Spent"),
    "voters_with_a_winner": say("Voters with at least one project chosen"),
    "winners_per_voter": say("Projects chosen for each voter, on average"),
    "money_per_voter": say("Money for the projects of each voter, on average"),
    "same_winners": say("Winners in common with the rule that decides"),
    "more_projects": say("Voters with more projects than under the rule that decides"),
    "fewer_projects": say("Voters with fewer projects"),
    "more_money": say("Voters with more money for their projects"),
    "less_money": say("Voters with less money for their projects"),
    "neglected_by_money": say("Projects whose supporters miss their part, by money"),
    "neglected_by_number": say("Projects whose supporters miss their part, by number"),
    "selected": say("Identifiers of the projects chosen"),
}


class RulePart(BaseModel):
    """One rule: its name for people, and what it gives. Fractions are written "p/q", amounts in hundredths of the currency's unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Spoken
    result: ComparedRule


class ComparisonDocument(BaseModel):
    """What other rules would have chosen on the same ballots; the first rule is the one that decides."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["quotepart-comparison/1"]
    edition: str
    complete: bool = Field(description="Whether every rule has counted; the others follow within minutes.")
    envelope_cents: int = Field(ge=0)
    currency: str = Field(pattern="^[A-Z]{3}$")
    projects: dict[str, str] = Field(description="Title by identifier.")
    rules: list[RulePart]


def rule_name(name: str) -> Message:
    """What people call a rule that is compared. Raises KeyError for an unknown one."""
    return say("The rule that decides") if name == OFFICIAL else SHADOWS[name]


def comparison_document(
    edition: str,
    names: Mapping[str, str],
    rules: Sequence[ComparedRule],
    money: Money,
    *,
    complete: bool,
    speak: Callable[[Message], Mapping[str, str]],
) -> ComparisonDocument:
    """The document of a comparison within an envelope (`money`); titles by id in `names`."""
    return ComparisonDocument(
        format="quotepart-comparison/1",
        edition=edition,
        complete=complete,
        envelope_cents=money.cents,
        currency=money.currency,
        projects=dict(names),
        rules=[RulePart(label=dict(speak(rule_name(one.name))), result=one) for one in rules],
    )


def comparison_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the document."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **ComparisonDocument.model_json_schema(mode="serialization")}


def comparison_rows(rules: Sequence[ComparedRule], currency: str, name: Callable[[str], str]) -> list[list[Cell]]:
    """A line for each rule under COLUMNS; `name` writes the rule. Averages are rounded to the hundredth."""
    return [
        [
            name(one.name), len(one.selected), Money(one.spent_cents, currency), one.statistics.served,
            rounded(one.statistics.average_winners), rounded(one.statistics.average_cents / 100), one.shared,
            one.by_number.more, one.by_number.less, one.by_money.more, one.by_money.less,
            len(one.fair_by_money.violations), len(one.fair_by_number.violations), " ".join(one.selected),
        ]
        for one in rules
    ]  # fmt: skip


def rounded(value: Fraction, places: int = 2) -> Decimal:
    """A fraction as people read it, rounded half to even."""
    return Decimal(round(value * 10**places)).scaleb(-places)

"""A published result as JSON: one document with its own JSON Schema, so that other programs can rely on its shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.core.formats.pabulib_export import Heading
from app.core.messages import Message
from app.core.tally import AnyRule, Outcome, Row, Status, Tie

Spoken = dict[str, str]
Speak = Callable[[Message], Mapping[str, str]]
"""Gives a sentence in every language of the site: {"fr": "…", "en": "…"}."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ElectionPart(_Part):
    """Which election this was. Days are days of the place."""

    description: str
    country: str
    unit: str
    instance: str
    vote_begins: date
    vote_ends: date


class BallotsPart(_Part):
    """How many ballots there were; null ballots were refused with a reason and are in none of the other numbers."""

    valid: int = Field(ge=0)
    blank: int = Field(ge=0)
    null: int = Field(ge=0)


class ProjectPart(_Part):
    """One project in the order of the result. Amounts in hundredths of the currency's unit, null where there was no turn."""

    rank: int = Field(ge=1)
    id: str
    name: str
    votes: int = Field(ge=0)
    cost_cents: int = Field(ge=0)
    status: Status
    reason: Spoken = Field(description="One exact sentence for each language.")
    left_before_cents: int | None
    left_after_cents: int | None
    missing_votes: int | None = Field(description="The smallest number of further supporters that would have sufficed, all else equal.")
    missing_cents: int | None = Field(description="The smallest increase of the envelope that would have sufficed, all else equal.")


class TiePart(_Part):
    """Projects that stood equal, in the order in which they fell, and what told them apart."""

    members: list[str]
    by: list[str]
    mattered: bool | None


class ResultDocument(_Part):
    """The result of a participatory budget, as published."""

    format: Literal["quotepart-result/1"]
    election: ElectionPart
    rule: dict[str, JsonValue] = Field(description="The rule as data: its kind and its parameters.")
    currency: str = Field(pattern="^[A-Z]{3}$")
    budget_cents: int = Field(ge=0)
    spent_cents: int = Field(ge=0)
    left_cents: int = Field(ge=0)
    ballots: BallotsPart
    selected: list[str] = Field(description="The winners in order of purchase.")
    needs_draw: list[str] = Field(description="Projects that only a public draw can part; empty once the result is complete.")
    projects: list[ProjectPart]
    ties: list[TiePart]


def result_document(
    heading: Heading, names: Mapping[str, str], outcome: Outcome, rule: AnyRule, *, null: int, speak: Speak
) -> ResultDocument:
    """The document of an outcome. `names` by project id; raises KeyError where one is missing."""
    return ResultDocument(
        format="quotepart-result/1",
        election=ElectionPart(
            description=heading.description,
            country=heading.country,
            unit=heading.unit,
            instance=heading.instance,
            vote_begins=heading.begin,
            vote_ends=heading.end,
        ),
        rule=rule.model_dump(mode="json"),
        currency=outcome.currency,
        budget_cents=outcome.budget_cents,
        spent_cents=outcome.spent_cents,
        left_cents=outcome.left_cents,
        ballots=BallotsPart(valid=outcome.valid, blank=outcome.blank, null=null),
        selected=list(outcome.selected),
        needs_draw=list(outcome.needs_draw),
        projects=[_project(row, names[row.project], speak) for row in outcome.rows],
        ties=[_tie(tie) for tie in outcome.ties],
    )


def result_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the document, to be published beside it."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **ResultDocument.model_json_schema(mode="serialization")}


def _project(row: Row, name: str, speak: Speak) -> ProjectPart:
    return ProjectPart(
        rank=row.rank,
        id=row.project,
        name=name,
        votes=row.votes,
        cost_cents=row.cost_cents,
        status=row.status,
        reason=dict(speak(row.reason)),
        left_before_cents=row.left_before_cents,
        left_after_cents=row.left_after_cents,
        missing_votes=row.missing_votes,
        missing_cents=row.missing_cents,
    )


def _tie(tie: Tie) -> TiePart:
    return TiePart(members=list(tie.members), by=list(tie.by), mattered=tie.mattered)

"""A published result as JSON: one document with its own JSON Schema, so that other programs can rely on its shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.core.formats.pabulib_export import Heading
from app.core.messages import Message
from app.core.tally import Action, AnyRule, Outcome, Row, Status, Step, Tie
from app.core.tally.comparison import ComparedRule
from app.core.tally.proportionality import Certificate
from app.core.tally.statistics import Statistics

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


class FlowPart(_Part):
    """What some voters paid together for one project: hundredths of the currency's unit as a fraction p/q."""

    project: str
    cents: str


class StepPart(_Part):
    """One turn of the count. Where voters pay: `price` is what each gave (for each point, where points count), a fraction p/q of cents.

    `payers` gave that much; `part_payers` gave all they had left, which was less; `held` is what all supporters had before.
    """

    project: str
    action: Action
    stage: str
    left_before_cents: int
    left_after_cents: int
    price: str | None
    payers: int | None
    part_payers: int | None
    held: str | None


class PortionPart(_Part):
    """One part of the envelope in a count in stages."""

    stage: str
    name: Spoken
    budget_cents: int
    spent_cents: int
    passed_cents: int


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
    missing_points: int | None = Field(description="The same in points, where ballots give points.")
    winning_cost_cents: int | None = Field(description="The highest lower cost at which it would have been chosen, all else equal.")
    spare_votes: int | None = Field(description="For a project chosen: how many votes it could have done without.")
    nearest: Spoken | None = Field(description="How near it came, as a sentence.")
    points: int | None = Field(description="Its points, in the units of the ballots, or its majority grade as a number, 0 the worst.")
    grades: list[int] = Field(description="How many ballots gave each grade, the worst first.")
    support: str | None = Field(description="The largest part of its cost that its supporters could ever pay: a fraction p/q, 1 is enough.")
    flow: list[FlowPart] = Field(description="What its supporters paid for other projects, the most first.")
    paid_cents: int | None = Field(description="What it is given, where that is not its cost.")


class TiePart(_Part):
    """Projects that stood equal, in the order in which they fell, and what told them apart."""

    members: list[str]
    by: list[str]
    mattered: bool | None


class ResultDocument(_Part):
    """The result of a participatory budget, as published."""

    format: Literal["quotepart-result/2"]
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
    share: str | None = Field(description="What each voter held at the end, in hundredths of the currency's unit: a fraction p/q.")
    runs: int = Field(ge=1, description="How many times Equal Shares was run.")
    steps: list[StepPart] = Field(description="Every turn of the count, from which anyone can follow what a ballot paid for.")
    portions: list[PortionPart] = Field(description="The parts of the envelope, where there were several.")
    notes: list[Spoken] = Field(description="Sentences about the count as a whole.")
    rival: list[str] = Field(description="What the way of counting that was not adopted would have chosen.")
    reserve_list: list[str] = Field(description="The projects that would be next, in order.")
    voters: Statistics | None = Field(description="What the voters got; null for a count made before this was kept.")
    parts_kept: Certificate | None = Field(description="Whether every group of voters got its part (EJR+ up to any project, by money).")

    def totals_only(self, why: Spoken) -> ResultDocument:
        """The same without anything that tells more of the ballots than their totals, not even who won first; `why` is the note."""
        hidden: dict[str, Any] = {"projects": [], "ties": [], "share": None, "runs": 1, "steps": [], "portions": [], "rival": []}
        hidden |= {"selected": sorted(self.selected), "reserve_list": [], "voters": None, "parts_kept": None}
        return self.model_copy(update={**hidden, "notes": [why]})


def result_document(
    heading: Heading,
    names: Mapping[str, str],
    outcome: Outcome,
    rule: AnyRule,
    *,
    null: int,
    speak: Speak,
    gives: ComparedRule | None = None,
) -> ResultDocument:
    """The document of an outcome; `gives` is what it gives the voters. `names` by project id; raises KeyError where one is missing."""
    return ResultDocument(
        format="quotepart-result/2",
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
        share=_exact(outcome.share),
        runs=outcome.runs,
        steps=[_step(step) for step in outcome.steps],
        portions=[PortionPart(**{**vars(one), "name": dict(speak(one.name))}) for one in outcome.portions],
        notes=[dict(speak(note)) for note in outcome.notes],
        rival=list(outcome.rival),
        reserve_list=list(outcome.reserve_list),
        voters=gives.statistics if gives else None,
        parts_kept=gives.fair_by_money if gives else None,
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
        missing_points=row.missing_points,
        winning_cost_cents=row.winning_cost_cents,
        spare_votes=row.spare_votes,
        nearest=dict(speak(row.nearest)) if row.nearest else None,
        points=row.points,
        grades=list(row.grades),
        support=_exact(row.support),
        flow=[FlowPart(project=one.project, cents=str(one.cents)) for one in row.flow],
        paid_cents=row.paid_cents,
    )


def _step(step: Step) -> StepPart:
    return StepPart(
        project=step.project,
        action=step.action,
        stage=step.stage,
        left_before_cents=step.left_before_cents,
        left_after_cents=step.left_after_cents,
        price=_exact(step.price),
        payers=step.payers,
        part_payers=step.part_payers,
        held=_exact(step.held),
    )


def _exact(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _tie(tie: Tie) -> TiePart:
    return TiePart(members=list(tie.members), by=list(tie.by), mattered=tie.mattered)

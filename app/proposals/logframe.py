"""The logical frame of a project, page by page: the need, for whom, what is done when, how it is measured, what may go wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from app.core.forms import Day, Form
from app.core.messages import Message, say
from app.proposals.forms import BLANK, Mark, SectionForm, Upto60, Upto150, Upto200, Upto300, Upto500, Upto1000, Upto2000, Upto4000
from app.proposals.models import BudgetLine, Proposal

MARKERS = ("gender_equality", "climate_adaptation", "climate_mitigation")
SEXES: dict[str, Message] = {"women": say("Women and girls"), "men": say("Men and boys")}
AGES: dict[str, Message] = {
    "0_14": say("0 to 14 years"),
    "15_24": say("15 to 24 years"),
    "25_59": say("25 to 59 years"),
    "60_on": say("60 years and more"),
}
GROUPS: dict[str, tuple[str, str]] = {f"{sex}_{age}": (sex, age) for age in AGES for sex in SEXES}
"""A group of people by sex and age: its key -> the keys of both."""
LIKELIHOODS: dict[str, Message] = {"low": say("unlikely"), "medium": say("possible"), "high": say("likely")}
ACTIVITY = ("label", "month", "months")
INDICATOR = ("label", "unit", "baseline", "target", "source")
RISK = ("what", "likelihood", "answer")
People = Annotated[Annotated[int, Field(ge=0, le=100_000_000)] | None, BLANK]
Month = Annotated[Annotated[int, Field(ge=1, le=120)] | None, BLANK]


class NeedForm(SectionForm):
    """The need, and who asked for the project."""

    need: Upto4000 = ""
    origin: Upto2000 = ""


class BeneficiariesForm(SectionForm):
    """For whom: how many people, by sex and age where that is known."""

    beneficiaries: People = None
    beneficiaries_who: Upto1000 = ""
    women_0_14: People = None
    men_0_14: People = None
    women_15_24: People = None
    men_15_24: People = None
    women_25_59: People = None
    men_25_59: People = None
    women_60_on: People = None
    men_60_on: People = None

    @classmethod
    def answers(cls, proposal: Proposal, lines: Sequence[BudgetLine]) -> dict[str, Any]:
        groups = {key: proposal.beneficiary_groups.get(key) for key in GROUPS}
        return {"beneficiaries": proposal.beneficiaries, "beneficiaries_who": proposal.beneficiaries_who} | groups

    def columns(self) -> dict[str, Any]:
        groups = {key: count for key in GROUPS if (count := getattr(self, key)) is not None}
        return {"beneficiaries": self.beneficiaries, "beneficiaries_who": self.beneficiaries_who, "beneficiary_groups": groups}


class Activity(Form):
    """Something that is done: from which month of the project (1 is the first), for how many months."""

    label: Upto300 = ""
    month: Month = None
    months: Month = None


class ActivitiesForm(SectionForm):
    """What the project aims at, and what is done for it, when."""

    groups = {"activities": ACTIVITY}

    objectives: Upto2000 = ""
    activities: Annotated[list[Activity], Field(max_length=40)] = []


class Indicator(Form):
    """How the carrier will measure that it worked, and where the figure will be read."""

    label: Upto200 = ""
    unit: Upto60 = ""
    baseline: Upto60 = ""
    target: Upto60 = ""
    source: Upto200 = ""


class IndicatorsForm(SectionForm):
    """How success is measured."""

    groups = {"indicators": INDICATOR}

    indicators: Annotated[list[Indicator], Field(max_length=20)] = []

    @classmethod
    def answers(cls, proposal: Proposal, lines: Sequence[BudgetLine]) -> dict[str, Any]:
        return {"indicators": [{name: str(row.get(name, "")) for name in INDICATOR} for row in proposal.indicators]}


class Risk(Form):
    """What may go wrong, how likely that is, and what is done about it."""

    what: Upto500 = ""
    likelihood: Annotated[Literal["", "low", "medium", "high"], BeforeValidator(lambda value: value or "")] = ""
    answer: Upto500 = ""


class RisksForm(SectionForm):
    """What may go wrong."""

    groups = {"risks": RISK}

    risks: Annotated[list[Risk], Field(max_length=20)] = []


class MarkersForm(SectionForm):
    """The donors' markers, each with its reason."""

    gender_equality: Mark = None
    gender_equality_reason: Upto500 = ""
    climate_adaptation: Mark = None
    climate_adaptation_reason: Upto500 = ""
    climate_mitigation: Mark = None
    climate_mitigation_reason: Upto500 = ""

    @classmethod
    def answers(cls, proposal: Proposal, lines: Sequence[BudgetLine]) -> dict[str, Any]:
        marks = {name: proposal.markers.get(name) for name in MARKERS}
        return marks | {f"{name}_reason": proposal.marker_reasons.get(name, "") for name in MARKERS}

    def columns(self) -> dict[str, Any]:
        marks = {name: value for name in MARKERS if (value := getattr(self, name)) is not None}
        return {"markers": marks, "marker_reasons": {name: why for name in MARKERS if (why := getattr(self, f"{name}_reason"))}}


class FeedbackForm(SectionForm):
    """What the city's people will see of it: how, when, where."""

    feedback: Upto2000 = ""
    feedback_on: Day = None
    feedback_place: Upto150 = ""


class SustainabilityForm(SectionForm):
    """What remains once the money is spent."""

    sustainability: Upto2000 = ""


def people_counted(groups: Mapping[str, int | None]) -> int | None:
    """The sum of the groups by sex and age; None while no group is given."""
    known = [count for key, count in groups.items() if key in GROUPS and count is not None]
    return sum(known) if known else None

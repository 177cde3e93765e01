"""The part of the form of a vote that says how a ballot is filled in: fields for people, and the frozen style of core they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from app.core.ballots import AnyStyle, Approval, Grades, Points, Ranking, Star, style_from
from app.core.ballots import ForAgainst as ForOrAgainst
from app.core.ballots.grade_names import PARIS, GradeName
from app.core.forms import Cents, Form, Tick, errors_of
from app.core.problems import Invalid
from app.polls.choices import GradeScale, StyleChoice
from app.polls.rule_rows import Few, blank

SCALES: Mapping[GradeScale, tuple[GradeName, ...]] = {
    GradeScale.PARIS: PARIS,
    GradeScale.SEVEN: ("excellent", "very_good", "good", "fairly_good", "passable", "poor", "reject"),
}


class StyleForm(Form):
    """How a ballot is filled in. `min_choices` and `max_choices` count projects chosen, ranked, voted for or given points.

    Fields that the style chosen does not look at play no part. `max_against` blank is no limit, 0 leaves nothing but votes for.
    """

    style: StyleChoice
    min_choices: Few = None
    max_choices: Few = None
    max_total: Cents = None
    points: Few = None
    points_most: Few = None
    points_spare: Tick = False
    scale: GradeScale = GradeScale.PARIS
    max_against: Annotated[Annotated[int, Field(ge=0, le=1000)] | None, BeforeValidator(blank)] = None
    stars: Few = None

    def ballot_style(self) -> AnyStyle:
        """The style as core knows it. Raises Invalid at the field."""
        given = self._parameters()
        try:
            return style_from(self.style.value, **{name: value for name, value in given.items() if value is not None})
        except ValidationError as faults:
            found = {name.rpartition("-")[2]: why for name, why in errors_of(faults).items()}
            raise Invalid({NAMES.get(name, name): why for name, why in found.items()}) from None

    def _parameters(self) -> dict[str, Any]:
        choices = {"min_choices": self.min_choices or 1, "max_choices": self.max_choices, "max_total_cents": self.max_total}
        match self.style:
            case StyleChoice.KNAPSACK:
                return {"budget": "envelope"}
            case StyleChoice.APPROVAL:
                return choices
            case StyleChoice.POINTS:
                least, most = self.min_choices or 1, self.points_most
                return {"total": self.points or 10, "min_projects": least, "max_per_project": most, "all_of_them": not self.points_spare}
            case StyleChoice.RANKING:
                return {"min_places": self.min_choices or 1, "max_places": self.max_choices}
            case StyleChoice.GRADES:
                return {"grades": SCALES[self.scale]}
            case StyleChoice.FOR_AGAINST:
                return {"max_for": self.max_choices, "max_against": self.max_against}
            case StyleChoice.STAR:
                limited = self.min_choices or self.max_choices or self.max_total
                inner = {"kind": "approval", **choices} if limited else {"kind": "knapsack", "budget": "envelope"}
                return {"choice": inner, "stars": self.stars or 1}


NAMES: Mapping[str, str] = {
    "total": "points", "min_projects": "min_choices", "max_per_project": "points_most", "min_places": "min_choices",
    "max_places": "max_choices", "max_for": "max_choices", "max_total_cents": "max_total",
}  # fmt: skip
"""Parameter of a style -> the field of the form that says it."""


def style_values(style: AnyStyle) -> dict[str, Any]:
    """What the form shows of a style: the fields that make it."""
    shown: dict[str, Any] = {"style": style.kind}
    match style:
        case Approval():
            return shown | _choices(style)
        case Points():
            more = {"points": style.total, "min_choices": style.min_projects, "points_most": style.max_per_project}
            return shown | more | {"points_spare": "" if style.all_of_them else "yes"}
        case Ranking():
            return shown | {"min_choices": style.min_places, "max_choices": style.max_places}
        case Grades():
            return shown | {"scale": next((key.value for key, names in SCALES.items() if names == style.grades), None)}
        case ForOrAgainst():
            return shown | {"max_choices": style.max_for, "max_against": style.max_against}
        case Star():
            return shown | {"stars": style.stars} | (_choices(style.choice) if isinstance(style.choice, Approval) else {})
        case _:
            return shown


def _choices(style: Approval) -> dict[str, Any]:
    total = None if style.max_total_cents is None else f"{style.max_total_cents / 100:.2f}"
    return {"min_choices": style.min_choices, "max_choices": style.max_choices, "max_total": total}

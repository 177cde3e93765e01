"""A configuration to start an edition from: what a city that exists, or a scheme like it, has fixed, and what was filled in for it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, field_validator

from app.core.ballots.registry import AnyBallotStyle
from app.core.envelope.exact import Cents, Name, Percent, Rule
from app.core.tally.registry import AnyRule


def _in_both(given: dict[str, str]) -> dict[str, str]:
    if given.keys() != {"en", "fr"}:
        raise ValueError("a text of a preset is in English and in French")
    return given


Texts: TypeAlias = Annotated[dict[str, Name], AfterValidator(_in_both)]
"""One text for people in both languages."""

Yardstick: TypeAlias = Literal["equal", "population", "income", "area"]


class Sum(Rule):
    """A part of the money that has its own amount in the source."""

    name: Texts
    cents: Cents


class MoneyHint(Rule):
    """What the source says of the envelope: an amount, one for each inhabitant, or its parts; `divided_by` names what parts depend on."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    cents: Cents | None = None
    cents_per_inhabitant: Cents | None = None
    parts: tuple[Sum, ...] = ()
    divided_by: tuple[Yardstick, ...] = ()


class Electorate(Rule):
    """Who may vote: from which age (None: any), where people live or work, and below which age a guardian agrees."""

    min_age: Annotated[int, Field(ge=0, le=120)] | None = None
    who: Literal["residents", "live_work_or_study", "registered", "nobody"] = "residents"
    guardian_below: Annotated[int, Field(ge=0, le=25)] | None = None


class Request(Rule):
    """What one project may ask for, in cents and as a part of its cost, and how long it may take; None where nothing is said."""

    min_cents: Cents | None = None
    max_cents: Cents | None = None
    max_percent: Percent | None = None
    months: tuple[int, int] | None = None


class Assumed(Rule):
    """A field of the preset that the source leaves open, by its place ("rule.tie_break"), and why it was filled so."""

    field: Annotated[str, Field(pattern=r"^[a-z_0-9]+(\.[a-z_0-9]+)*$")]
    why: Texts


class Preset(Rule):
    """A whole configuration. `ballot` None: nobody votes, a panel decides. `notes`: what else the source fixes, in words.

    Projects are expected to bear the `scope`, `district` and `tags` that the stages of `rule` look at.
    """

    key: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
    name: Texts
    money: MoneyHint
    electorate: Electorate = Electorate()
    request: Request = Request()
    ballot: AnyBallotStyle | None
    rule: AnyRule
    notes: tuple[Texts, ...] = ()
    assumed: tuple[Assumed, ...] = ()

    @field_validator("assumed")
    @classmethod
    def _once_each(cls, assumed: tuple[Assumed, ...]) -> tuple[Assumed, ...]:
        if len({one.field for one in assumed}) < len(assumed):
            raise ValueError("a field is assumed twice")
        return assumed


def texts(en: str, fr: str) -> Texts:
    """A text in both languages."""
    return {"en": en, "fr": fr}


def assumed(field: str, en: str, fr: str) -> Assumed:
    """A gap that was filled."""
    return Assumed(field=field, why=texts(en, fr))


TIES = assumed(
    "rule.tie_break",
    "Nothing is said of ties: the cheaper project first, then a public draw.",
    "Rien n’est dit des égalités : le projet le moins cher d’abord, puis un tirage au sort public.",
)


def stage_ties(*places: int) -> tuple[Assumed, ...]:
    """The same gap in the rules of these stages."""
    return tuple(TIES.model_copy(update={"field": f"rule.stages.{place}.rule.tie_break"}) for place in places)


def greedy_assumed(field: str = "rule.kind") -> Assumed:
    """The source gives no way of counting."""
    return assumed(
        field,
        "The way of counting is not given: most votes first, passing over what no longer fits.",
        "Le dépouillement n’est pas précisé : le plus de voix d’abord, en passant ce qui ne tient plus dans l’enveloppe.",
    )

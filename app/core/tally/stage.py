"""One stage of a count: which projects stand in it, what money it has, and by which rule it is counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from app.core.envelope.exact import Cents, Exact, Name, Rule, exact
from app.core.envelope.split import PartKey, Split
from app.core.messages import Localised, Message, say
from app.core.money import share_out
from app.core.sentences import wrong
from app.core.tally.election import Project
from app.core.tally.limits import Key
from app.core.tally.overflow import Overflow
from app.core.tally.plain_rules import PlainRule

Word = Annotated[str, Field(min_length=1, max_length=200)]


class Where(Rule):
    """Which projects stand in a stage: those for which all that is said here holds; with nothing said, all of them.

    `above_cents` and `up_to_cents` are a cost band, open below and closed above: 5 000 € exactly is not above 5 000 €. `having`: only
    projects that have something to be limited or divided by, such as a district.
    """

    scope: Word | None = None
    district: Word | None = None
    theme: Word | None = None
    country: Word | None = None
    tag: Word | None = None
    without_tag: Word | None = None
    above_cents: Cents | None = None
    up_to_cents: Cents | None = None
    having: Key | None = None

    def holds(self, project: Project) -> bool:
        """Whether this project stands here."""
        same = all(getattr(self, key) in (None, getattr(project, key)) for key in ("scope", "district", "theme", "country"))
        tagged = (self.tag is None or self.tag in project.tags) and (self.without_tag is None or self.without_tag not in project.tags)
        dear_enough = self.above_cents is None or project.cost_cents > self.above_cents
        fits = dear_enough and (self.up_to_cents is None or project.cost_cents <= self.up_to_cents)
        return same and tagged and fits and bool(self.having is None or getattr(project, self.having))


class Stage(Rule):
    """One stage. Its money is `cents`, or `share` of the whole envelope ("1/4"), or with neither all that is not set aside for others.

    `each`: a count of its own for each value of this key, a district for instance; the money is divided by `split`, whose parts are
    those values, or in equal parts over the values that projects have, in the order of their names. A project without such a value,
    or whose value is not in the split, does not stand here. `leftover`: what a count does not spend goes to the "next" stages that
    live on the rest, or is "kept". `after`: what happens with money that covers only a part of the next project.
    """

    key: PartKey
    name: Annotated[dict[str, Name], Field(min_length=1)]
    where: Where = Where()
    each: Key | None = None
    cents: Cents | None = None
    share: Exact | None = None
    split: Split | None = None
    rule: PlainRule
    after: Overflow | None = None
    leftover: Literal["next", "kept"] = "next"

    @field_validator("share")
    @classmethod
    def _not_both(cls, share: str | None, info: ValidationInfo) -> str | None:
        if share is not None and info.data.get("cents") is not None:
            raise wrong(say("A stage has either a fixed share or a fixed amount, not both."))
        return share

    @field_validator("split")
    @classmethod
    def _over_values(cls, split: Split | None, info: ValidationInfo) -> Split | None:
        if split is not None and info.data.get("each") is None:
            raise wrong(say("Say what the money of this stage is divided by: the district, the theme …"))
        return split

    @property
    def on_the_rest(self) -> bool:
        """Whether it lives on what is not set aside, and on what earlier stages left over."""
        return self.cents is None and self.share is None

    def called(self, value: str | None) -> Message:
        """The name of the part of the envelope that the count of this value has; of the whole stage for None."""
        if value is None:
            return say("%(stage)s", stage=Localised(self.name))
        names = {part.key: part.name for part in self.split.parts} if self.split else {}
        return say("%(stage)s, %(part)s", stage=Localised(self.name), part=names.get(value, value))

    def label(self, value: str | None) -> str:
        """What the steps of this count bear as their stage."""
        return self.key if value is None else f"{self.key}:{value}"

    def admits(self, project: Project) -> bool:
        """Whether this project may stand in one of its counts."""
        value = self._value(project)
        return self.where.holds(project) and (self.each is None or value in self._values(value))

    def members(self, projects: Sequence[Project], value: str | None) -> list[Project]:
        """Which of these projects stand in the count of this value."""
        return [one for one in projects if self.where.holds(one) and (self.each is None or self._value(one) == value)]

    def counts(self, projects: Sequence[Project], cents: int) -> list[tuple[str | None, int]]:
        """The counts of this stage, in order: a value (None: the stage as a whole) and its money; together `cents` at most."""
        if self.each is None:
            return [(None, cents)]
        if self.split is not None:
            return list(zip([part.key for part in self.split.parts], self._divided(self.split, cents), strict=True))
        values = sorted({value for one in projects if self.where.holds(one) and (value := self._value(one))})
        return list(zip(values, share_out(cents, [1] * len(values)), strict=True)) if values else []

    def _value(self, project: Project) -> str | None:
        return (getattr(project, self.each) or None) if self.each else None

    def _values(self, found: str | None) -> tuple[str | None, ...]:
        """The values that have a count; without a split, whichever is found."""
        return tuple(part.key for part in self.split.parts) if self.split else (found,) if found else ()

    def _divided(self, split: Split, cents: int) -> list[int]:
        """By the split; where its fixed parts are more than there is, each has what is left of its own, in their order."""
        if sum(part.cents or 0 for part in split.parts) <= cents and split.problem(cents, 1, "EUR") is None:
            return split.divide(cents, 1)
        given, left = [], cents
        for part in split.parts:
            due = part.cents if part.cents is not None else int(exact(part.share or "0") * cents)
            given.append(min(due, left))
            left -= given[-1]
        return given

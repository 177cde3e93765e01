"""How an envelope is divided into sub-envelopes, by theme, district or cost band, without losing or inventing a cent."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from app.core.envelope.exact import Cents, Exact, Name, Rule, exact
from app.core.messages import Localised, Message, say
from app.core.money import Money, share_out
from app.core.sentences import wrong

PartKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]


class Part(Rule):
    """One sub-envelope: a theme, a district, a cost band, or the city as a whole.

    With `share` (of the whole, "1/5") or `cents` it is set aside first; the other parts share the rest by the keys.
    """

    key: PartKey
    label: Annotated[dict[str, Name], Field(min_length=1)]
    share: Exact | None = None
    cents: Cents | None = None

    @field_validator("cents")
    @classmethod
    def _not_both(cls, cents: int | None, info: ValidationInfo) -> int | None:
        if cents is not None and info.data.get("share") is not None:
            raise wrong(say("A part has either a fixed share or a fixed amount, not both."))
        return cents

    @property
    def by_keys(self) -> bool:
        """Does this part take its share of the rest by the keys?"""
        return self.share is None and self.cents is None

    @property
    def name(self) -> Localised:
        """Its label, for a sentence."""
        return Localised(self.label)


class Key(Rule):
    """One yardstick: each part in equal measure, by population, or by any named figures (income, area …).

    `weight` says how much it counts beside the other keys: 1/4 and 3/4, or 1 and 3. `values` gives a figure for each part.
    """

    kind: Literal["equal", "population", "custom"]
    weight: Exact = "1"
    name: dict[str, Name] = Field(default_factory=dict)
    values: dict[PartKey, Exact] = Field(default_factory=dict)

    @field_validator("weight")
    @classmethod
    def _counts(cls, weight: str) -> str:
        if exact(weight) == 0:
            raise wrong(say("A key of the split needs a weight above 0. Remove it if it must not count."))
        return weight

    @field_validator("name")
    @classmethod
    def _custom_is_named(cls, name: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        if info.data.get("kind") == "custom" and not name:
            raise wrong(say("Say what these figures measure, for instance the mean income."))
        return name

    def shares(self, parts: tuple[str, ...]) -> dict[str, Fraction]:
        """The share of each part by this key alone; they sum to 1."""
        values = {part: Fraction(1) if self.kind == "equal" else exact(self.values[part]) for part in parts}
        whole = sum(values.values())
        return {part: value / whole for part, value in values.items()}

    def words(self) -> Message:
        """What it measures: "in equal parts", "by population" or the name of its figures."""
        match self.kind:
            case "equal":
                return say("in equal parts")
            case "population":
                return say("by population")
            case _:
                return say("by %(figures)s", figures=Localised(self.name))


class Split(Rule):
    """Sub-envelopes: what is set aside first, then the rest as Σ weight × key, by largest remainder (see `share_out`).

    Each part is within one unit of its exact share. A larger envelope may make one part a unit smaller, as with every
    largest-remainder rule (the "Alabama paradox": M. L. Balinski and H. P. Young, Fair Representation, 1982, ch. 5).
    """

    by: Literal["theme", "district", "cost_band"]
    parts: Annotated[tuple[Part, ...], Field(max_length=200)]
    keys: Annotated[tuple[Key, ...], Field(max_length=10)] = ()

    @field_validator("parts")
    @classmethod
    def _parts_make_sense(cls, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        if not parts:
            raise wrong(say("A split needs at least one part."))
        keys = [part.key for part in parts]
        for key in keys:
            if keys.count(key) > 1:
                raise wrong(say("The part “%(key)s” is given twice.", key=key))
        fixed = sum((exact(part.share) for part in parts if part.share is not None), Fraction(0))
        if fixed > 1:
            raise wrong(say("The fixed shares add up to %(sum)s: more than the whole.", sum=fixed))
        return parts

    @field_validator("keys")
    @classmethod
    def _keys_fit_the_parts(cls, keys: tuple[Key, ...], info: ValidationInfo) -> tuple[Key, ...]:
        parts: tuple[Part, ...] = info.data.get("parts", ())
        shared = [part for part in parts if part.by_keys]
        if shared and not keys:
            raise wrong(say("Say how the parts share the envelope: equally, by population or by other figures."))
        for key in keys:
            _check_values(key, shared, {part.key for part in parts})
        return keys

    def divide(self, total: int, unit: int) -> list[int]:
        """`total` cents over the parts, in whole `unit`s of cents; the sum is exactly `total`. Call `problem` first."""
        fixed = {part.key: part.cents for part in self.parts if part.cents is not None}
        weights = self._weights(Fraction(total), sum(fixed.values()))
        rest = total - sum(fixed.values())
        loose = [key for key in weights if key not in fixed]
        units = share_out(rest // unit, [weights[key] for key in loose]) if rest else [0] * len(loose)
        given = fixed | {key: count * unit for key, count in zip(loose, units, strict=True)}
        return [given[part.key] for part in self.parts]

    def problem(self, total: int, unit: int, currency: str) -> Message | None:
        """Why this split cannot divide `total` cents into whole `unit`s, None if it can."""
        fixed = sum(part.cents or 0 for part in self.parts)
        if any((part.cents or 0) % unit for part in self.parts) or total % unit:
            return say("The envelope is rounded to whole units: fixed amounts of the split must be whole too.")
        shares = sum((exact(part.share) for part in self.parts if part.share is not None), Fraction(0)) * total
        left = total - fixed - shares
        amounts = {"envelope": Money(total, currency), "parts": Money(fixed + int(shares), currency)}
        if left < 0:
            return say("The parts set aside add up to %(parts)s, more than the envelope of %(envelope)s.", **amounts)
        if left > 0 and not any(part.by_keys for part in self.parts):
            return say(
                "The parts add up to %(parts)s, but the envelope is %(envelope)s. Correct a part, or add one for the rest.", **amounts
            )
        return None

    def explain(self, currency: str) -> tuple[Message, ...]:
        """The rule in plain words: one line for each part set aside, one for each key, one for the rounding."""
        lines = []
        for part in self.parts:
            if part.cents is not None:
                lines.append(say("%(part)s: %(amount)s, set aside first", part=part.name, amount=Money(part.cents, currency)))
            elif part.share is not None:
                lines.append(say("%(part)s: %(share)s of the envelope, set aside first", part=part.name, share=exact(part.share)))
        whole = sum((exact(key.weight) for key in self.keys), Fraction(0))
        if any(part.by_keys for part in self.parts):
            lines += [say("%(share)s of the rest %(how)s", share=exact(key.weight) / whole, how=key.words()) for key in self.keys]
        return (*lines, say("What rounding leaves over goes, one unit each, to the largest remainders, the first in the list when equal."))

    def _weights(self, total: Fraction, fixed: int) -> dict[str, Fraction]:
        """The exact cents due to each part that has no fixed amount."""
        weights = {part.key: exact(part.share) * total for part in self.parts if part.share is not None}
        shared = tuple(part.key for part in self.parts if part.by_keys)
        rest = total - fixed - sum(weights.values())
        whole = sum((exact(key.weight) for key in self.keys), Fraction(0))
        for part in shared:
            weights[part] = Fraction(0)
        for key in self.keys if shared else ():
            for part, share in key.shares(shared).items():
                weights[part] += rest * exact(key.weight) / whole * share
        return weights


def _check_values(key: Key, shared: list[Part], known: set[str]) -> None:
    if key.kind == "equal":
        if key.values:
            raise wrong(say("Equal parts need no figures."))
        return
    for unknown in sorted(set(key.values) - known):
        raise wrong(say("There is no part “%(key)s” in this split.", key=unknown))
    for part in shared:
        if part.key not in key.values:
            raise wrong(say("Give a figure for “%(part)s”, 0 if it has none.", part=part.name))
    if shared and not _positive(key.values, shared):
        raise wrong(say("At least one part needs a figure above 0."))


def _positive(values: Mapping[str, str], parts: list[Part]) -> bool:
    return any(exact(values[part.key]) > 0 for part in parts)

"""The rows of the form of a vote: parts of the envelope, and quotas; each turns into the frozen values of core."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, TypeAlias, get_args

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from app.core.envelope.exact import Percent, exact, written
from app.core.forms import Cents, Form, Text, Tick
from app.core.messages import say
from app.core.sentences import wrong
from app.core.tally.limits import AnyLimit, MaxPer, MaxSpending
from app.core.tally.plain_rules import PlainRule
from app.core.tally.stage import Stage, Where
from app.polls.choices import Same


def blank(typed: Any) -> Any:
    """None for what was left empty."""
    return None if isinstance(typed, str) and not typed.strip() else typed


def without_sign(typed: Any) -> Any:
    """« 2,5 % » as people write it."""
    return blank(typed.replace("%", "").strip() if isinstance(typed, str) else typed)


Few: TypeAlias = Annotated[Annotated[int, Field(ge=1, le=1000)] | None, BeforeValidator(blank)]
"""A number from 1 to 1,000, or blank (None): no limit."""
PercentOrNone: TypeAlias = Annotated[Percent | None, BeforeValidator(without_sign)]
SAME: tuple[Same, ...] = get_args(Same)
HOW = ("each", "best")


def _a_group(who: str) -> str:
    """« theme:eau » (one theme), « each:theme » (every theme by itself), « best:theme » (the best of every theme), or "" (all)."""
    kind, _, value = who.partition(":")
    if who and not ((kind in SAME and value) or (kind in HOW and value in SAME)):
        raise wrong(say("Choose one of the answers offered."))
    return who


Who: TypeAlias = Annotated[Text, Field(max_length=200), AfterValidator(_a_group)]


def _above_nothing(cents: int | None) -> int | None:
    if cents is not None and cents < 1:
        raise wrong(say("Enter an amount above 0."))
    return cents


Sum: TypeAlias = Annotated[Cents, AfterValidator(_above_nothing)]


class PartRow(Form):
    """One part of the envelope: which projects stand in it, its money (an amount, a percentage, or all that is not set aside).

    `most` winners of the group; `keep`: what is left over does not go to the parts after it.
    """

    model_config = ConfigDict(validate_default=True)

    name: Annotated[Text, Field(min_length=1, max_length=80)]
    who: Who = ""
    above: Sum = None
    up_to: Sum = None
    money: Sum = None
    percent: PercentOrNone = None
    most: Few = None
    keep: Tick = False

    @field_validator("up_to")
    @classmethod
    def _a_band(cls, typed: int | None, info: ValidationInfo) -> int | None:
        if typed is not None and (info.data.get("above") or 0) >= typed:
            raise wrong(say("Enter more than the amount before."))
        return typed

    @field_validator("percent")
    @classmethod
    def _one_measure(cls, typed: str | None, info: ValidationInfo) -> str | None:
        if typed is not None and info.data.get("money") is not None:
            raise wrong(say("A part has an amount or a percentage, not both. Empty one of the two."))
        return typed

    @field_validator("most")
    @classmethod
    def _of_a_group(cls, typed: int | None, info: ValidationInfo) -> int | None:
        who = info.data.get("who")
        if typed is not None and who == "":
            raise wrong(say("A number of winners here needs a theme, a country or a district. For all projects use « Most winners »."))
        if typed is None and who is not None and who.startswith("best:"):
            raise wrong(say("Say how many are the best of each."))
        return typed

    @property
    def share(self) -> str | None:
        """Its part of the whole envelope, as core writes it."""
        return None if self.percent is None else written(exact(self.percent) / 100)

    def limits(self) -> tuple[AnyLimit, ...]:
        """How many of its group may win."""
        kind, _, value = self.who.partition(":")
        if self.most is None:
            return ()
        group = {"key": value} if kind in HOW else {"key": kind, "value": value}
        return (MaxPer.model_validate({**group, "most": self.most}),)

    def stage(self, place: int, rule: PlainRule) -> Stage:
        """The stage of core, counted by `rule`."""
        kind, _, value = self.who.partition(":")
        where: dict[str, Any] = {"above_cents": self.above, "up_to_cents": self.up_to}
        where |= {kind: value} if kind in SAME else {"having": value} if kind == "best" else {}
        own = {"each": value if kind == "each" else None, "leftover": "kept" if self.keep else "next"}
        return Stage.model_validate(
            {
                "key": f"part{place}", "name": {"fr": self.name}, "where": Where.model_validate(where), "cents": self.money,
                "share": self.share, "rule": rule, **own,
            }
        )  # fmt: skip


class QuotaRow(Form):
    """A quota beside the limits that hold for every theme, country or district alike: for one of them, or money for each."""

    model_config = ConfigDict(validate_default=True)

    who: Who = ""
    most: Few = None
    money: Sum = None

    @field_validator("who")
    @classmethod
    def _somebody(cls, typed: str) -> str:
        if not typed or typed.startswith("best:"):
            raise wrong(say("Say for which projects this quota holds."))
        return typed

    @field_validator("most")
    @classmethod
    def _of_one(cls, typed: int | None, info: ValidationInfo) -> int | None:
        if typed is not None and info.data.get("who", "").startswith("each:"):
            raise wrong(say("The number of awards that holds for each of them has its own field above. Empty this one."))
        return typed

    @field_validator("money")
    @classmethod
    def _something(cls, typed: int | None, info: ValidationInfo) -> int | None:
        if typed is None and info.data.get("most", 0) is None:
            raise wrong(say("Enter a number of awards or an amount: without one there is no quota."))
        return typed

    def limits(self) -> list[AnyLimit]:
        """The limits of core that it stands for."""
        kind, _, value = self.who.partition(":")
        group = {"key": value} if kind == "each" else {"key": kind, "value": value}
        most = [] if self.most is None else [MaxPer.model_validate({**group, "most": self.most})]
        money = [] if self.money is None else [MaxSpending.model_validate({**group, "cents": self.money})]
        return [*most, *money]


def all_shares(rows: tuple[PartRow, ...]) -> Fraction:
    """What these parts set aside of the whole envelope, as a share."""
    return sum((exact(row.share) for row in rows if row.share is not None), Fraction(0))

"""One part of a ballot: the projects it is about, and how they are marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, ValidationInfo, field_validator

from app.core.ballots.approval import Approval
from app.core.ballots.ballot_style import Marks, Number
from app.core.ballots.for_against import ForAgainst
from app.core.ballots.grades import Grades
from app.core.ballots.knapsack import Knapsack
from app.core.ballots.points import Points
from app.core.ballots.ranking import Ranking
from app.core.ballots.slate import Slate
from app.core.ballots.star import Star
from app.core.envelope import Rule
from app.core.envelope.exact import Name
from app.core.messages import Message, say, say_count
from app.core.sentences import wrong

Where: TypeAlias = Literal["city", "district", "theme", "all"]
SimpleStyle: TypeAlias = Annotated[Approval | Knapsack | Points | Ranking | Grades | ForAgainst | Star, Field(discriminator="kind")]
"""A style for one part, or for a whole ballot that has only one."""


class Part(Rule):
    """Marks for the projects of the whole "city" (those without a district), of a "district", of one `theme`, or for "all".

    In a part by district the voter chooses up to `districts` of them, and `style` holds for each by itself, money included. With `own`
    one of these is the voter's own: a paper that knows it refuses more than `districts` - 1 others, an open ballot box can only count
    them. `weight` multiplies what the marks of this part are worth.
    """

    where: Where
    theme: Name | None = None
    districts: Number = 1
    own: bool = False
    style: SimpleStyle
    weight: Number = 1

    @field_validator("theme")
    @classmethod
    def _of_its_theme(cls, theme: str | None, info: ValidationInfo) -> str | None:
        if (theme is None) == (info.data.get("where") == "theme"):
            raise wrong(say("A part by theme names its theme, and no other part does."))
        return theme

    def holds(self, project: str, slate: Slate) -> bool:
        """Whether this part is about this project."""
        match self.where:
            case "city":
                return not slate.districts.get(project)
            case "district":
                return bool(slate.districts.get(project))
            case "theme":
                return slate.themes.get(project) == self.theme
            case _:
                return True

    def rule_line(self, slate: Slate) -> Message:
        """Which projects, and the rule of their marks."""
        match self.where:
            case "city":
                return say("For the whole city: %(rule)s", rule=self.style.rule_line(self._slate("", slate)))
            case "district":
                return self._district_line(slate)
            case "theme":
                return say("On the theme %(theme)s: %(rule)s", theme=self.theme or "", rule=self.style.rule_line(slate))
            case _:
                return say("Among all projects: %(rule)s", rule=self.style.rule_line(slate))

    def problems(self, marks: Marks, slate: Slate) -> tuple[Message, ...]:
        """What is wrong in this part, each told with its place."""
        if self.where != "district":
            label = {"city": say("The whole city"), "theme": say("Theme %(theme)s", theme=self.theme or "")}.get(self.where)
            return _told(label or say("All projects"), self.style.check(marks, self._slate("", slate)))
        by_district: dict[str, dict[str, int]] = {}
        for id, mark in marks.items():
            by_district.setdefault(slate.districts[id], {})[id] = mark
        problems = list(self._too_many(sorted(by_district), slate))
        for district, own in sorted(by_district.items()):
            problems += _told(say("District %(district)s", district=district), self.style.check(own, self._slate(district, slate)))
        return tuple(problems)

    def _too_many(self, districts: list[str], slate: Slate) -> tuple[Message, ...]:
        others = [one for one in districts if one != slate.own_district] if self.own and slate.own_district else districts
        most = self.districts - (others is not districts)
        if len(others) <= most:
            return ()
        if others is districts:
            return (
                say_count(
                    "Choose projects of at most %(count)d district; yours are of %(districts)s.",
                    "Choose projects of at most %(count)d districts; yours are of %(districts)s.",
                    most,
                    districts=tuple(districts),
                ),
            )
        if most == 0:
            return (say("Choose projects of your own district only; yours are also of %(districts)s.", districts=tuple(others)),)
        return (
            say_count(
                "Besides your own district, choose projects of at most %(count)d other; yours are of %(districts)s.",
                "Besides your own district, choose projects of at most %(count)d others; yours are of %(districts)s.",
                most,
                districts=tuple(others),
            ),
        )

    def _district_line(self, slate: Slate) -> Message:
        rule = self.style.rule_line(replace(slate, envelope_words=say("the envelope of the district")))
        if self.own and self.districts == 1:
            return say("In your own district: %(rule)s", rule=rule)
        if self.own:
            return say_count(
                "In your own district and in one other of your choice, for each: %(rule)s",
                "In your own district and in up to %(count)d others of your choice, for each: %(rule)s",
                self.districts - 1,
                rule=rule,
            )
        return say_count(
            "In one district of your choice: %(rule)s",
            "In up to %(count)d districts of your choice, for each: %(rule)s",
            self.districts,
            rule=rule,
        )

    def _slate(self, district: str, slate: Slate) -> Slate:
        """The paper as this part sees it: the money of the district, or of the city where it has its own."""
        if self.where in ("city", "district"):
            return replace(slate, envelope_cents=slate.envelopes.get(district, slate.envelope_cents))
        return slate


def _told(label: Message, problems: Iterable[Message]) -> tuple[Message, ...]:
    return tuple(say("%(part)s: %(problem)s", part=label, problem=problem) for problem in problems)


def weighed(marks: Mapping[str, int], weight: int) -> dict[str, int]:
    """The marks of a part as points, each counted `weight` times."""
    return {id: mark * weight for id, mark in marks.items()}

"""A ballot in parts: some marks for the city, some for a district, some for the theme of the year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, field_validator

from app.core.ballots.approval import Approval
from app.core.ballots.ballot_style import BallotStyle, Marks, ProfileKind
from app.core.ballots.part import Part, weighed
from app.core.ballots.slate import Slate
from app.core.messages import Message, say, say_count
from app.core.sentences import wrong


class Scoped(BallotStyle):
    """Each part by its own rule: 15 projects of one chosen district and 10 of the city (Warsaw), 2 of one theme and 3 of any (Angers).

    Parts are by place (city, district) or by theme, and a project stands in one of them. A last part for "all" may follow: it holds
    what the parts before it, filled in their order, have no room for, so that all parts are then approvals. Any part may be left
    blank. All parts give marks of one kind; where they weigh differently, the count takes them as points.
    """

    kind: Literal["scoped"] = "scoped"
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=20)]

    @field_validator("parts")
    @classmethod
    def _fit_together(cls, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        if len({(part.where, part.theme) for part in parts}) < len(parts):
            raise wrong(say("Two parts of the ballot are about the same projects."))
        if {"city", "district"} & {part.where for part in parts} and any(part.where == "theme" for part in parts):
            raise wrong(say("Divide the ballot by place or by theme, not by both."))
        if any(part.where == "all" for part in parts[:-1]):
            raise wrong(say("The part for all projects comes last."))
        if len(parts) > 1 and parts[-1].where == "all" and not all(_plain(part) for part in parts):
            raise wrong(say("Beside a part for all projects, the others may only limit the choices for the city or for themes."))
        if len({part.style.profile_kind for part in parts}) > 1:
            raise wrong(say("All parts of a ballot must be marked in the same way."))
        if any(part.weight > 1 and part.style.profile_kind not in ("approval", "points", "star") for part in parts):
            raise wrong(say("Only choices, points and stars can weigh more in one part than in another."))
        return parts

    @property
    def profile_kind(self) -> ProfileKind:
        """The kind of its parts; points where one weighs more."""
        return "points" if any(part.weight > 1 for part in self.parts) else self.parts[0].style.profile_kind

    def means(self, mark: int) -> bool:
        """Whether any part knows it; each part looks at its own marks again."""
        return any(part.style.means(mark) for part in self.parts)

    def rule_line(self, slate: Slate) -> Message:
        """The rules of all parts, one after the other."""
        line = self.parts[0].rule_line(slate)
        for part in self.parts[1:]:
            line = say("%(first)s %(then)s", first=line, then=part.rule_line(slate))
        return line

    def longest_mark(self, projects: int) -> str:
        """The longest that any part may have."""
        return max((part.style.longest_mark(projects) for part in self.parts), key=len)

    def told(self, marks: Marks, slate: Slate) -> Message:
        """How many projects are named."""
        return say_count("%(count)d project chosen", "%(count)d projects chosen", len(marks))

    def mark_problems(self, marks: Marks, slate: Slate) -> tuple[Message, ...]:
        """What is wrong in each part, and projects that stand in none."""
        problems: list[Message] = []
        placed: set[str] = set()
        for part, own in self._divided(marks, slate):
            placed |= own.keys()
            problems += part.problems(own, slate) if own else ()
        problems += [say("No part of this ballot is about project %(project)s.", project=id) for id in sorted(marks.keys() - placed)]
        return tuple(problems)

    def counted(self, marks: Marks, slate: Slate) -> dict[str, int]:
        """The marks of all parts, each multiplied by the weight of its part."""
        values: dict[str, int] = {}
        for part, own in self._divided(dict(self.written(marks)), slate):
            values |= weighed(own, part.weight)
        return values

    def _divided(self, marks: Marks, slate: Slate) -> Iterator[tuple[Part, dict[str, int]]]:
        """Each part with its marks; what goes over the room of a part moves on to a last part for all."""
        waiting = dict(sorted(marks.items()))
        for part in self.parts:
            own = [id for id in waiting if part.holds(id, slate)]
            if part is not self.parts[-1] and self.parts[-1].where == "all" and isinstance(part.style, Approval):
                own = own[: part.style.max_choices]
            yield part, {id: waiting.pop(id) for id in own}


def _plain(part: Part) -> bool:
    return isinstance(part.style, Approval) and part.style.max_total_cents is None and part.weight == 1 and part.where != "district"

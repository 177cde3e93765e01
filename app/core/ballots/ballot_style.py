"""What all ballot styles have in common: a ballot gives marks, and a style says which marks may stand together."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from app.core.ballots.slate import Slate
from app.core.envelope import Rule
from app.core.messages import Message, say

Number = Annotated[int, Field(strict=True, ge=1, le=1000)]
"""How many of something a ballot may or must hold."""

ProfileKind: TypeAlias = Literal["approval", "points", "ranking", "grades", "for_against", "star"]
"""What the marks of a ballot mean to the count; the same words as those of `core.tally.profile`."""

Marks: TypeAlias = Mapping[str, int]
"""One ballot: each project it names with its mark, such as points, a place or a grade; 1 where a choice is all there is to say."""


class BallotStyle(Rule):
    """Base of every ballot style. A blank ballot, with no mark at all, is always allowed and counted apart."""

    kind: str

    @property
    @abstractmethod
    def profile_kind(self) -> ProfileKind:
        """What the marks mean to the count."""

    @abstractmethod
    def rule_line(self, slate: Slate) -> Message:
        """The rule in one line, as read while voting."""

    @abstractmethod
    def means(self, mark: int) -> bool:
        """Whether this style knows such a mark."""

    @abstractmethod
    def mark_problems(self, marks: Marks, slate: Slate) -> tuple[Message, ...]:
        """What is wrong with marks that stand beside known projects and mean something each; there is at least one."""

    def check(self, marks: Marks, slate: Slate) -> tuple[Message, ...]:
        """Everything that is wrong with this ballot; empty if it can be cast."""
        given = dict(self.written(marks))
        problems = [unknown(id) for id in sorted(given.keys() - slate.costs.keys())]
        problems += [strange(id) for id, mark in given.items() if not self.means(mark)]
        sound = {id: mark for id, mark in given.items() if id in slate.costs and self.means(mark)}
        return (*problems, *(self.mark_problems(sound, slate) if sound else ()))

    def written(self, marks: Marks) -> tuple[tuple[str, int], ...]:
        """The one way of writing these marks, in whatever order they were made: (project, mark) by project."""
        return tuple(sorted(marks.items()))

    def counted(self, marks: Marks, slate: Slate) -> dict[str, int]:
        """What the count takes from a ballot that can be cast: the values of a profile of `profile_kind`."""
        return dict(self.written(marks))


def unknown(project: str) -> Message:
    """The ballot names a project that does not stand."""
    return say("There is no project %(project)s on this ballot.", project=project)


def strange(project: str) -> Message:
    """The ballot gives a mark that this style does not know."""
    return say("The mark beside project %(project)s means nothing on this ballot.", project=project)

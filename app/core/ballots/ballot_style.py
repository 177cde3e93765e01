"""What all ballot styles have in common: a ballot gives marks, and a style says which marks may stand together."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from app.core.ballots.slate import Slate
from app.core.envelope import Rule
from app.core.messages import Localised, Message, say

Number = Annotated[int, Field(strict=True, ge=1, le=1000)]
"""How many of something a ballot may or must hold."""

ProfileKind: TypeAlias = Literal["approval", "points", "ranking", "grades", "for_against", "star"]
"""What the marks of a ballot mean to the count; the same words as those of `core.tally.profile`."""

Marks: TypeAlias = Mapping[str, int]
"""One ballot: each project it names with its mark, such as points, a place or a grade; 1 where a choice is all there is to say."""


_MARK = re.compile(r"0|-?[1-9][0-9]{0,5}")


class BallotStyle(Rule):
    """Base of every ballot style. A blank ballot, with no mark at all, is always allowed and counted apart.

    A ballot is written as its entries: the text of each mark, sorted. Here an entry is “project:mark”, the mark as a whole number
    in the one way of writing it; where a choice is all there is to say (`style.Style`) it is the project alone.
    """

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

    def entries(self, marks: Marks) -> tuple[str, ...]:
        """The ballot with these marks as it is written."""
        return tuple(sorted(f"{id}:{mark}" for id, mark in self.written(marks)))

    def marks_in(self, entries: Iterable[str]) -> dict[str, int] | None:
        """The marks that entries write, in whatever order; None where they are not written in the one way."""
        listed = tuple(entries)
        parts = [entry.rpartition(":") for entry in listed]
        if not all(id and _MARK.fullmatch(mark) for id, _, mark in parts):
            return None
        marks = {id: int(mark) for id, _, mark in parts}
        return marks if self.entries(marks) == tuple(sorted(listed)) else None

    def named(self, entries: Iterable[str]) -> set[str]:
        """The projects that entries name, whatever they say of them."""
        return {entry.rpartition(":")[0] for entry in entries}

    @abstractmethod
    def longest_mark(self, projects: int) -> str:
        """The longest text a mark may have on a ballot with so many projects: every sealed ballot has room for it."""

    def largest(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Entries at least as long as any ballot over these projects."""
        longest = self.longest_mark(len(ids))
        return tuple(f"{id}:{longest}" for id in ids)

    def limit_cents(self, slate: Slate) -> int | None:
        """What the projects named on one ballot may cost together; None if that does not matter."""
        return None

    def limit_choices(self) -> int | None:
        """How many projects one ballot may name; None if as many as there are."""
        return None

    def mark_words(self, mark: int) -> Message | Localised | None:
        """What a mark says, to be read beside its project; None where being named says it all."""
        return None

    @abstractmethod
    def told(self, marks: Marks, slate: Slate) -> Message:
        """How far the ballot is filled, with its numbers."""

    def check(self, marks: Marks | Sequence[str], slate: Slate) -> tuple[Message, ...]:
        """Everything that is wrong with this ballot, given as marks or as entries; empty if it can be cast."""
        if not isinstance(marks, Mapping):
            strangers = [unknown(id) for id in sorted(self.named(marks) - slate.costs.keys())]
            read = self.marks_in(marks)
            return tuple(strangers) if strangers else (UNWRITTEN,) if read is None else self.check(read, slate)
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


UNWRITTEN = say("This ballot is not written as the ballots of this vote are. Go back to your choices and check them again.")


def unknown(project: str) -> Message:
    """The ballot names a project that does not stand."""
    return say("There is no project %(project)s on this ballot.", project=project)


def strange(project: str) -> Message:
    """The ballot gives a mark that this style does not know."""
    return say("The mark beside project %(project)s means nothing on this ballot.", project=project)

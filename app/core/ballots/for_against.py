"""For and against: a voter supports some projects, and may speak against others."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.core.ballots.ballot_style import BallotStyle, Marks, Number, ProfileKind
from app.core.ballots.slate import Slate
from app.core.messages import Message, say, say_count


class ForAgainst(BallotStyle):
    """At most `max_for` projects voted for and `max_against` voted against (None: as many as there are). Marks are 1 and -1.

    Cascais 2016: each voter sent messages for or against a project. `max_against` 0 leaves nothing but votes for.
    """

    kind: Literal["for_against"] = "for_against"
    max_for: Number | None = None
    max_against: Annotated[int, Field(strict=True, ge=0, le=1000)] | None = None

    @property
    def profile_kind(self) -> ProfileKind:
        """Votes for and against."""
        return "for_against"

    def means(self, mark: int) -> bool:
        """For or against."""
        return mark in (1, -1)

    def rule_line(self, slate: Slate) -> Message:
        """How many for, how many against."""
        most, against = self.max_for, self.max_against
        line = (
            say("Vote for as many projects as you like.")
            if most is None
            else say_count("Vote for up to %(count)d project.", "Vote for up to %(count)d projects.", most)
        )
        if against is None:
            return say("%(for)s You may also vote against projects.", **{"for": line})
        if against == 0:
            return line
        return say_count(
            "%(for)s You may also vote against %(count)d project.",
            "%(for)s You may also vote against up to %(count)d projects.",
            against,
            **{"for": line},
        )

    def longest_mark(self, projects: int) -> str:
        """A vote against."""
        return "-1"

    def mark_words(self, mark: int) -> Message:
        """For or against."""
        return say("For") if mark > 0 else say("Against")

    def told(self, marks: Marks, slate: Slate) -> Message:
        """How many for, how many against."""
        chosen = sum(mark > 0 for mark in marks.values())
        return say("%(for)d for, %(against)d against", **{"for": chosen, "against": len(marks) - chosen})

    def mark_problems(self, marks: Marks, slate: Slate) -> tuple[Message, ...]:
        """Too many for, too many against."""
        problems, chosen = [], sum(mark > 0 for mark in marks.values())
        refused = len(marks) - chosen
        if self.max_for is not None and chosen > self.max_for:
            problems.append(
                say_count(
                    "Vote for at most %(count)d project; you have voted for %(chosen)d.",
                    "Vote for at most %(count)d projects; you have voted for %(chosen)d.",
                    self.max_for,
                    chosen=chosen,
                )
            )
        if self.max_against == 0 and refused:
            problems.append(say("On this ballot you cannot vote against a project."))
        elif self.max_against is not None and refused > self.max_against:
            problems.append(
                say_count(
                    "Vote against at most %(count)d project; you have voted against %(chosen)d.",
                    "Vote against at most %(count)d projects; you have voted against %(chosen)d.",
                    self.max_against,
                    chosen=refused,
                )
            )
        return tuple(problems)

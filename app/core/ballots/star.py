"""Star: choices as on other ballots, one of which counts double."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.core.ballots.approval import Approval
from app.core.ballots.ballot_style import BallotStyle, Marks, Number, ProfileKind
from app.core.ballots.knapsack import Knapsack
from app.core.ballots.slate import Slate
from app.core.messages import Message, say, say_count


class Star(BallotStyle):
    """Choices under another style, `choice`, of which up to `stars` may bear a star and count double (Reykjavik: one, in a knapsack).

    A mark is 1 for a choice and 2 for a choice with a star.
    """

    kind: Literal["star"] = "star"
    choice: Annotated[Approval | Knapsack, Field(discriminator="kind")] = Knapsack()
    stars: Number = 1

    @property
    def profile_kind(self) -> ProfileKind:
        """Choices, some with a star."""
        return "star"

    def means(self, mark: int) -> bool:
        """Chosen, or chosen with a star."""
        return mark in (1, 2)

    def rule_line(self, slate: Slate) -> Message:
        """The rule of the choices, and the stars."""
        return say_count(
            "%(choose)s You may give a star to %(count)d of them: it counts double.",
            "%(choose)s You may give a star to up to %(count)d of them: these count double.",
            self.stars,
            choose=self.choice.rule_line(slate),
        )

    def longest_mark(self, projects: int) -> str:
        """A star."""
        return "2"

    def limit_cents(self, slate: Slate) -> int | None:
        """That of the choices."""
        return self.choice.limit_cents(slate)

    def limit_choices(self) -> int | None:
        """That of the choices."""
        return self.choice.limit_choices()

    def mark_words(self, mark: int) -> Message | None:
        """A star, or nothing more than the choice."""
        return say("With a star: counts double") if mark == 2 else None

    def told(self, marks: Marks, slate: Slate) -> Message:
        """How many choices, how many stars."""
        given = sum(mark == 2 for mark in marks.values())
        chosen = self.choice.told(marks, slate)
        return say_count(
            "%(chosen)s, %(given)d of %(count)d star", "%(chosen)s, %(given)d of %(count)d stars", self.stars, chosen=chosen, given=given
        )

    def mark_problems(self, marks: Marks, slate: Slate) -> tuple[Message, ...]:
        """What is wrong with the choices, and too many stars."""
        problems, given = self.choice.check(tuple(marks), slate), sum(mark == 2 for mark in marks.values())
        if given <= self.stars:
            return problems
        return (
            *problems,
            say_count(
                "Give a star to at most %(count)d project; you have given %(given)d.",
                "Give a star to at most %(count)d projects; you have given %(given)d.",
                self.stars,
                given=given,
            ),
        )

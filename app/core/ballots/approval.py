"""Approval: a voter names the projects they want, between a smallest and a largest number, perhaps within a sum."""

from __future__ import annotations

from typing import Literal

from pydantic import ValidationInfo, field_validator

from app.core.ballots.ballot_style import Number
from app.core.ballots.slate import Slate
from app.core.ballots.style import Style, too_few
from app.core.envelope.exact import Cents
from app.core.messages import Message, say, say_count
from app.core.sentences import wrong


class Approval(Style):
    """Between `min_choices` and `max_choices` projects (None: no largest number); equal numbers mean exactly so many.

    With `max_total_cents` the choices may also cost no more than that together.
    """

    kind: Literal["approval"] = "approval"
    min_choices: Number = 1
    max_choices: Number | None = None
    max_total_cents: Cents | None = None

    @field_validator("max_choices")
    @classmethod
    def _not_below_smallest(cls, most: int | None, info: ValidationInfo) -> int | None:
        if most is not None and most < info.data.get("min_choices", 1):
            raise wrong(say("The largest number of choices is below the smallest."))
        return most

    def limit_cents(self, slate: Slate) -> int | None:
        """The sum written in the rule, if any."""
        return self.max_total_cents

    def limit_choices(self) -> int | None:
        """The largest number of choices, if any."""
        return self.max_choices

    def rule_line(self, slate: Slate) -> Message:
        """The numbers, and the sum if there is one."""
        if self.max_total_cents is None:
            return self._numbers()
        limit = slate.money(self.max_total_cents)
        return say("%(choose)s Together they may cost at most %(limit)s.", choose=self._numbers(), limit=limit)

    def count_problems(self, chosen: int) -> tuple[Message, ...]:
        """Too few or too many choices, with both numbers."""
        least, most = self.min_choices, self.max_choices
        if least == most and chosen != most:
            return (
                say_count(
                    "Choose exactly %(count)d project; you have chosen %(chosen)d.",
                    "Choose exactly %(count)d projects; you have chosen %(chosen)d.",
                    least,
                    chosen=chosen,
                ),
            )
        if chosen < least:
            return (too_few(least, chosen),)
        if most is not None and chosen > most:
            return (
                say_count(
                    "Choose at most %(count)d project; you have chosen %(chosen)d.",
                    "Choose at most %(count)d projects; you have chosen %(chosen)d.",
                    most,
                    chosen=chosen,
                ),
            )
        return ()

    def _numbers(self) -> Message:
        least, most = self.min_choices, self.max_choices
        if most is None and least == 1:
            return say("Choose as many projects as you like.")
        if most is None:
            return say_count("Choose at least %(count)d project.", "Choose at least %(count)d projects.", least)
        if least == most:
            return say_count("Choose exactly %(count)d project.", "Choose exactly %(count)d projects.", least)
        if least == 1:
            return say_count("Choose up to %(count)d project.", "Choose up to %(count)d projects.", most)
        return say("Choose %(least)d to %(most)d projects.", least=least, most=most)

"""Knapsack: a voter shares out a sum among the projects, as the city will."""

from __future__ import annotations

from typing import Literal

from app.core.ballots.ballot_style import Number
from app.core.ballots.slate import Slate
from app.core.ballots.style import Style, too_few
from app.core.envelope.exact import Cents
from app.core.messages import Message, say


class Knapsack(Style):
    """Projects that cost no more than `budget` together: the edition's own "envelope", or a sum in cents; at least `min_choices`."""

    kind: Literal["knapsack"] = "knapsack"
    budget: Literal["envelope"] | Cents = "envelope"
    min_choices: Number = 1

    def limit_cents(self, slate: Slate) -> int:
        """The sum to share out."""
        return slate.envelope_cents if self.budget == "envelope" else self.budget

    def limit_choices(self) -> int | None:
        """Money is the only limit."""
        return None

    def count_problems(self, chosen: int) -> tuple[Message, ...]:
        """Too few choices; money is the only limit above."""
        return (too_few(self.min_choices, chosen),) if chosen < self.min_choices else ()

    def rule_line(self, slate: Slate) -> Message:
        """The sum to share out, and the smallest number of projects if it is more than one."""
        limit = slate.envelope() if self.budget == "envelope" else slate.money(self.budget)
        if self.min_choices == 1:
            return say("Share out %(limit)s among the projects of your choice.", limit=limit)
        return say("Share out %(limit)s among at least %(least)d projects of your choice.", limit=limit, least=self.min_choices)

"""Knapsack: a voter shares out a sum among the projects, as the city will."""

from __future__ import annotations

from typing import Literal

from app.core.ballots.style import Slate, Style
from app.core.envelope.exact import Cents
from app.core.messages import Message, say


class Knapsack(Style):
    """Any projects that cost no more than `budget` together: the edition's own "envelope", or a sum in cents."""

    kind: Literal["knapsack"] = "knapsack"
    budget: Literal["envelope"] | Cents = "envelope"

    def limit_cents(self, slate: Slate) -> int:
        """The sum to share out."""
        return slate.envelope_cents if self.budget == "envelope" else self.budget

    def limit_choices(self) -> int | None:
        """Money is the only limit."""
        return None

    def count_problems(self, chosen: int) -> tuple[Message, ...]:
        """None: money is the only limit."""
        return ()

    def rule_line(self, slate: Slate) -> Message:
        """The sum to share out."""
        return say("Share out %(limit)s among the projects of your choice.", limit=slate.money(self.limit_cents(slate)))

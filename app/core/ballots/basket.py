"""The state of a ballot being filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.ballots.ballot_style import BallotStyle, Marks, unknown
from app.core.ballots.slate import Slate
from app.core.messages import Message, say, say_count


@dataclass(frozen=True)
class Basket:
    """A ballot being filled: what is chosen, and what is left of choices and of money (None: no limit).

    `choices` are its entries. `spent_cents` counts each known project once. The lefts never fall below 0.
    """

    style: BallotStyle
    slate: Slate
    choices: tuple[str, ...]
    count: int
    spent_cents: int
    limit_cents: int | None
    left_cents: int | None
    left_choices: int | None

    @property
    def problems(self) -> tuple[Message, ...]:
        """Why this ballot cannot be cast as it is; empty if it can."""
        return self.style.check(self.choices, self.slate)

    @property
    def marks(self) -> Marks:
        """The mark beside each project named."""
        return self.style.marks_in(self.choices) or {}

    def can_add(self, project: str) -> Message | None:
        """Why this project cannot be added now, and by how much it is too dear; None if it can."""
        if project in self.marks:
            return say("You have already chosen this project.")
        if project not in self.slate.costs:
            return unknown(project)
        if self.left_choices == 0:
            return say_count("You have already made your %(count)d choice.", "You have already made your %(count)d choices.", self.count)
        cost = self.slate.costs[project]
        if self.left_cents is not None and cost > self.left_cents:
            money = self.slate.money
            return say(
                "It costs %(cost)s and you have %(left)s left: that is %(over)s too much.",
                cost=money(cost),
                left=money(self.left_cents),
                over=money(cost - self.left_cents),
            )
        return None


    def swap_for(self, project: str) -> str | None:
        """The cheapest chosen project whose leaving makes room for this one; None where money is not what is missing, or none is enough."""
        cost = self.slate.costs.get(project)
        if cost is None or project in self.marks or self.limit_cents is None or self.spent_cents + cost <= self.limit_cents:
            return None
        missing = self.spent_cents + cost - self.limit_cents
        enough = sorted((self.slate.costs[id], id) for id in self.marks if self.slate.costs.get(id, 0) >= missing)
        return enough[0][1] if enough else None


def basket_of(style: BallotStyle, choices: Sequence[str], slate: Slate) -> Basket:
    """The basket that holds these entries, whatever the style; money plays a part only where choices have a limit of it."""
    named = style.named(choices)
    spent = sum(slate.costs.get(id, 0) for id in named)
    limit, most = style.limit_cents(slate), style.limit_choices()
    return Basket(
        style=style, slate=slate, choices=tuple(choices), count=len(named), spent_cents=spent, limit_cents=limit,
        left_cents=None if limit is None else max(limit - spent, 0), left_choices=None if most is None else max(most - len(named), 0),
    )  # fmt: skip

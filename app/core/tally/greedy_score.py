"""What ranks projects under greedy: votes or points, alone or for each unit of money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeAlias

from app.core.tally.election import Election
from app.core.tally.scores import Scale, score

Utility: TypeAlias = Literal["votes", "votes_per_cost", "points", "points_per_cost"]

Key: TypeAlias = tuple[int, int | Fraction]
"""Sorts the best score first: the class, then what parts the projects of a class."""


@dataclass(frozen=True)
class Scores:
    """For each project its `votes`, its `points` where ballots give them (in units of the profile), and which of them ranks it."""

    utility: Utility
    votes: Mapping[str, int]
    points: Mapping[str, int] | None

    @classmethod
    def of(cls, election: Election, utility: Utility, scale: Scale) -> Scores:
        """Count votes and, if they are asked for, points. Raises ValueError where the points of a ballot cannot be read on the scale."""
        if not utility.startswith("points"):
            return cls(utility, election.votes, None)
        return cls(utility, election.votes, dict(zip(election.ids, score(election.profile, scale).tolist(), strict=True)))

    @property
    def amounts(self) -> Mapping[str, int]:
        """What is compared: the points where there are any, else the votes."""
        return self.votes if self.points is None else self.points

    @cached_property
    def per_cost(self) -> bool:
        """Whether the amount is divided by the cost."""
        return self.utility.endswith("per_cost")

    def key(self, amount: int, cost_cents: int) -> Key:
        """The sorting key of this amount at this cost; a project that costs nothing has endlessly much for each unit of money."""
        if not self.per_cost:
            return 1, -amount
        if cost_cents:
            return 1, Fraction(-amount, cost_cents)
        return (0 if amount > 0 else 1), 0

    def shown(self, amount: int, cost_cents: int, unit: int) -> Fraction | None:
        """The exact score to publish: votes or points, for each whole unit of the currency where it is per cost; None if it is endless."""
        unit = 1 if self.points is None else unit
        if not self.per_cost:
            return Fraction(amount, unit)
        return Fraction(amount * 100, unit * cost_cents) if cost_cents else None

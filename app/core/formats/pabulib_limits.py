"""The limits on a ballot that META declares: who breaks them is told, and counts all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from app.core.formats.amounts import cents_of, points_of
from app.core.formats.pabulib import Ballot
from app.core.messages import Message, say

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Limits:
    """Least and most of what a ballot may hold, None where META says nothing that is a number. Costs in cents; blank ballots keep all."""

    length: tuple[Decimal | None, Decimal | None]
    cost: tuple[Decimal | None, Decimal | None]
    points: tuple[Decimal | None, Decimal | None]
    total: tuple[Decimal | None, Decimal | None]
    costs: Mapping[str, int]
    prices: Whole = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "prices", np.fromiter(self.costs.values(), np.int64, len(self.costs)))

    @classmethod
    def of(cls, meta: Mapping[str, str], costs: Mapping[str, int]) -> Limits:
        """The limits in this META, for projects of these costs in cents, in the order of the file."""
        number = {key: points_of(meta[key]) for key in meta if key.startswith(("min_", "max_"))}
        cents = {key: cents_of(meta.get(key, "")) for key in ("min_sum_cost", "max_sum_cost")}
        cost = tuple(None if amount is None else Decimal(amount) for amount in cents.values())
        pair = {name: (number.get(f"min_{name}"), number.get(f"max_{name}")) for name in ("length", "points", "sum_points")}
        return cls(pair["length"], (cost[0], cost[1]), pair["points"], pair["sum_points"], costs)

    def outside(self, ballot: Ballot) -> Message | None:
        """The sentence on a ballot that breaks a limit; None where it keeps them all."""
        named = dict.fromkeys(ballot.choices)
        if not named:
            return None
        if _breaks(Decimal(len(named)), self.length):
            return say("This ballot is outside the limits in META (projects named: %(found)d); it still counts.", found=len(named))
        if _breaks(Decimal(sum(self.costs[id] for id in named)), self.cost):
            return say("What this ballot names costs more or less together than META allows; it still counts.")
        if ballot.points and (
            any(_breaks(one, self.points) for one in ballot.points) or _breaks(sum(ballot.points, Decimal()), self.total)
        ):
            return say("The points of this ballot are outside the limits in META; it still counts.")
        return None

    def broken(self, first: Whole, length: Whole, project: Whole, points: Whole | None) -> NDArray[np.bool_]:
        """Which of many ballots break a limit: ballot i holds `length[i]` marks from `first[i]` on. None may name a project twice."""
        found = _broken(length, self.length)
        if any(bound is not None for bound in self.cost):
            found |= _broken(_sums(self.prices[project], first, length), self.cost)
        if points is not None:
            found |= _broken(_sums(points, first, length), self.total)
            found |= _sums(_broken(points, self.points).astype(np.int64), first, length) > 0
        return found & (length > 0)


def _breaks(value: Decimal, bounds: Sequence[Decimal | None]) -> bool:
    least, most = bounds
    return (least is not None and value < least) or (most is not None and value > most)


def _broken(values: Whole, bounds: Sequence[Decimal | None]) -> NDArray[np.bool_]:
    least, most = bounds
    found = np.zeros(len(values), np.bool_)
    if least is not None:
        found |= values < int(least.to_integral_value("ROUND_CEILING"))
    if most is not None:
        found |= values > int(most.to_integral_value("ROUND_FLOOR"))
    return found


def _sums(values: Whole, first: Whole, length: Whole) -> Whole:
    """The sum of the `length[i]` values from `first[i]` on, for each i."""
    upto = np.concatenate(([0], np.cumsum(values)))
    return np.asarray(upto[first + length] - upto[first], np.int64)

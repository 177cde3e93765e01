"""What the supporters of each project held and paid in a finished run of Equal Shares, from whole numbers of ballots counted once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from app.core.tally.profile import Whole
from app.core.tally.shares_kinds import by_payment
from app.core.tally.shares_market import Market
from app.core.tally.shares_run import Walk

MOST = 10
"""To how many other projects, those that took most, the money of a project's supporters is followed."""


@dataclass(frozen=True)
class Account:
    """What the supporters of one project held, in quick cents, and how many ballots held anything: before each purchase, and at the end.

    `left` is what they held at the end exactly, `flow` what they paid for others, the most first.
    """

    held: NDArray[np.float64]
    live: Whole
    left: Fraction
    flow: list[tuple[int, Fraction]]


class Books:
    """Accounts of a finished run; `market` and `exact` with one pile for all ballots that paid for the same."""

    def __init__(self, market: Market, walk: Walk) -> None:
        self.bought = walk.run.bought
        self.market, self.exact = by_payment(market, walk)
        self._prices = self.exact.prices()
        self._whole = self.exact.share.numerator * (self.exact.common // self.exact.share.denominator)
        self._quick = np.array([price / self.exact.common for price in self._prices])

    def account(self, one: int, most: int = MOST) -> Account:
        """The account of this project, its flow to so many others."""
        owner, weight, _ = self.market.sides[one]
        table = self.exact.fates(owner, weight)
        paid, ballots, share = table[:, :-1], table[:, -1], float(self.exact.share)
        # What those emptied by each purchase gave for it; in the last place, what is left at the end.
        rest = ballots * share - paid @ self._quick
        given = paid.sum(axis=0) * self._quick + rest[:-1]
        start = self.market.behind_count[one]
        held = np.maximum(start * share - np.concatenate(([0.0], np.cumsum(given))), 0.0)
        live = start - np.concatenate(([0], np.cumsum(ballots[:-1])))
        left = Fraction(self._rest(table, len(self.bought)), self.exact.common)
        return Account(held, live, left, self._flow(table, given, start * share * 1e-9, most))

    def _rest(self, table: Whole, index: int) -> int:
        """What those emptied by this purchase held before it, over the common denominator; the last index: by none."""
        row: list[int] = table[index].tolist()
        return row[-1] * self._whole - sum(many * price for many, price in zip(row[:-1], self._prices, strict=True) if many)

    def _flow(self, table: Whole, given: NDArray[np.float64], doubt: float, most: int) -> list[tuple[int, Fraction]]:
        """Those that took most: more than `most` are worked out exactly where quick numbers leave open which they are."""
        if not most:
            return []
        least = np.sort(given)[-most] - 2 * doubt if len(given) > most else 0.0
        full, sums = table.sum(axis=0).tolist(), []
        for index in np.flatnonzero((given >= least) & (given > -doubt)).tolist():
            sum_ = full[index] * self._prices[index] + self._rest(table, index)
            if sum_:
                sums.append((self.bought[index], sum_))
        sums.sort(key=lambda pair: (-pair[1], self.market.ids[pair[0]]))
        return [(other, Fraction(sum_, self.exact.common)) for other, sum_ in sums[:most]]

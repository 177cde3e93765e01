"""What the supporters of each project held and paid in a finished run of Equal Shares, from whole numbers of ballots counted once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.core.tally.profile import Whole
from app.core.tally.shares_kinds import by_payment
from app.core.tally.shares_market import Market
from app.core.tally.shares_run import Walk

MOST = 10
"""To how many other projects, those that took most, the money of a project's supporters is followed."""

Rows: TypeAlias = list[list[int]]
"""The `fates` of the ballots behind a project."""

CELLS = 2**21
"""So many numbers are kept at once while the ballots behind many projects are counted."""


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
    """Accounts of a finished run; `market` and `exact` with one pile for all ballots that paid for the same.

    It takes longer to put them `together` than one project alone would save.
    """

    def __init__(self, market: Market, walk: Walk, *, together: bool = True) -> None:
        self.bought = walk.run.bought
        self.market, self.exact = by_payment(market, walk) if together else (market, walk.purses.exact)
        self._prices = self.exact.prices()
        self._whole = self.exact.share.numerator * (self.exact.common // self.exact.share.denominator)
        self._quick = np.array([price / self.exact.common for price in self._prices])

    def accounts(self, ones: list[int], most: int = MOST) -> dict[int, Account]:
        """The accounts of these projects, with the flow of each to so many others."""
        size, found = len(self.bought) + 1, dict[int, Account]()
        rows = max(CELLS // (size * size), 1)
        for first in range(0, len(ones), rows):
            found |= self._accounts(ones[first : first + rows], most)
        return found

    def _accounts(self, ones: list[int], most: int) -> dict[int, Account]:
        size, share = len(self.bought) + 1, float(self.exact.share)
        tables = np.array([self.exact.fates(*self.market.sides[one][:2]) for one in ones], np.int64).reshape(-1, size, size)
        paid, ballots, before = tables[:, :, :-1], tables[:, :, -1], np.zeros((len(ones), 1), np.int64)
        # What those emptied by each purchase gave for it; in the last place, what is left at the end.
        rest = ballots * share - paid @ self._quick
        given = paid.sum(axis=1) * self._quick + rest[:, :-1]
        start = np.array([self.market.behind_count[one] for one in ones], np.int64)[:, None]
        held = np.maximum(start * share - np.concatenate((before, np.cumsum(given, axis=1)), axis=1), 0.0)
        live = start - np.concatenate((before, np.cumsum(ballots[:, :-1], axis=1)), axis=1)
        doubt, full, found = (start * share * 1e-9)[:, 0].tolist(), tables.sum(axis=1).tolist(), dict[int, Account]()
        for row, (one, gave) in enumerate(zip(ones, given.tolist(), strict=True)):
            table: Rows = tables[row].tolist()
            left = Fraction(self._rest(table, len(self.bought)), self.exact.common)
            found[one] = Account(held[row], live[row], left, self._flow(table, gave, full[row], doubt[row], most))
        return found

    def _rest(self, table: Rows, index: int) -> int:
        """What those emptied by this purchase held before it, over the common denominator; the last index: by none."""
        row = table[index]
        return row[-1] * self._whole - sum(map(mul, row, self._prices)) if row[-1] else 0

    def _flow(self, table: Rows, given: list[float], full: list[int], doubt: float, most: int) -> list[tuple[int, Fraction]]:
        """Those that took most: more than `most` are worked out exactly where quick numbers leave open which they are."""
        if not most:
            return []
        least = sorted(given)[-most] - 2 * doubt if len(given) > most else 0.0
        sums, common = [], self.exact.common
        for index, cents in enumerate(given):
            if cents >= least and cents > -doubt:
                sums.append((full[index] * self._prices[index] + self._rest(table, index), self.bought[index]))
        sums.sort(key=lambda pair: (-pair[0], self.market.ids[pair[1]]))
        return [(other, Fraction(sum_, common)) for sum_, other in sums[:most] if sum_]

"""What voters hold under Equal Shares, exact: one fraction for each purchase, and whole numbers of ballots.

A voter's purse is the share less the prices of all that was bought from his ballot while his purse lasted, or nothing once it was
emptied. So what any set of voters holds follows from how many of them paid for each project, and nobody's purse is kept as a
fraction. All prices stand over one common denominator, which grows with each purchase.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from operator import mul

import numpy as np
from numpy.typing import NDArray

from app.core.tally.columns import spots_of
from app.core.tally.profile import Places, Whole
from app.core.tally.shares_market import Market


class Exact:
    """The exact side of one run. `order` (m,) is the round in which a project was bought, -1 for none; `out` (n,) see `Purses`."""

    def __init__(self, market: Market, share: Fraction, order: Places, out: Places) -> None:
        self.market, self.share, self.order, self.out = market, share, order, out
        self.common = share.denominator
        self._prices: list[int] = []
        self._bought: list[tuple[int, Places, int]] = []
        self._rows = (market.start, market.project, market.points)
        self._full: NDArray[np.bool_] | None = None

    def of(self, market: Market, out: Places, full: NDArray[np.bool_]) -> Exact:
        """The same of a finished run for other piles of the same voters; `full` (n, rounds): whether a pile paid in full in a round."""
        other = Exact(market, self.share, self.order, out)
        other._bought, other._prices, other.common, other._full = self._bought, self._prices, self.common, full
        return other

    def fates(self, piles: Places, weight: Whole | None) -> Whole:
        """For each round in which any of these piles were emptied (last row: in none), how many ballots (or points) paid in which round.

        The last column tells how many ballots these are.
        """
        return self.market.columns.fates(piles, weight, self.out, self._rows, self.order, len(self._bought), self._full)

    def note(self, cost: int, emptied: Places, rich: int) -> None:
        """A purchase: its cost, the piles that it emptied, and how many ballots (or their points) paid in full, 0 if nothing is paid."""
        self._bought.append((cost, emptied, rich))

    def prices(self, before: int | None = None) -> list[int]:
        """The prices (a ballot, or a point) of the purchases before this round, all over `common`. Worked out when first asked for."""
        last = len(self._bought) if before is None else before
        while len(self._prices) < last:
            cost, emptied, rich = self._bought[len(self._prices)]
            if not rich:
                self._prices.append(0)
                continue
            need = cost * self.common - self.sum(emptied, len(self._prices))
            finer = rich // gcd(need, rich)
            price = need * finer // rich
            if finer > 1:
                self._prices = [one * finer for one in self._prices]
                self.common *= finer
            self._prices.append(price)
        return self._prices

    def price(self, round_: int) -> Fraction:
        """What each ballot (or point) paid in this round, in cents."""
        return Fraction(self.prices(round_ + 1)[round_], self.common)

    def sum(self, piles: Places, before: int, weight: Whole | None = None) -> int:
        """What these piles, none of them empty yet before this round, held then: cents over `common`. `weight`: not all ballots of each."""
        prices = self.prices(before)
        if weight is None and self.market.weight is not None:
            weight = self.market.many[piles]
        ballots = len(piles) if weight is None else int(weight.sum())
        whole: int = ballots * self.share.numerator * (self.common // self.share.denominator)
        if not before or not len(piles):
            return whole
        paid: list[int] = self.market.columns.paid(piles, weight, before, self.out, self._rows, self.order, before, self._full).tolist()
        spent: int = sum(map(mul, paid, prices))
        return whole - spent

    def each(self, piles: Places, before: int) -> tuple[list[int], NDArray[np.integer]]:
        """The different sums that single voters of these piles (none empty before this round) held then, and which of them each held."""
        prices = self.prices(before)
        whole = self.share.numerator * (self.common // self.share.denominator)
        start, project, points = self._rows
        spots, lengths = spots_of(start, piles)
        bought = self.order[project[spots]]
        done = (bought >= 0) & (bought < before)
        table = np.zeros((len(piles), before), bool if points is None else np.int64)
        row = np.repeat(np.arange(len(piles)), lengths)[done]
        table[row, bought[done]] = True if points is None else points[spots][done]
        short = np.packbits(table, axis=1) if points is None and before else table
        _, first, back = np.unique(short, axis=0, return_index=True, return_inverse=True)
        kinds = table[first].astype(np.int64)
        sums = [whole - sum(count * prices[index] for index, count in enumerate(kind) if count) for kind in kinds.tolist()]
        return sums, back.reshape(-1)

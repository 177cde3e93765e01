"""Where the money of each loser's supporters went under Equal Shares, for all losers in one walk over the purchases."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from app.core.tally.profile import Places, Whole
from app.core.tally.shares_exact import Exact
from app.core.tally.shares_market import Market

MOST = 10
"""To how many other projects, those that took most, the money of a project's supporters is followed."""


def flows(market: Market, exact: Exact, bought: tuple[int, ...], losers: list[int]) -> dict[int, list[tuple[int, Fraction]]]:
    """For each loser the projects that its supporters paid most for, the most first, and what they paid, in exact cents."""
    prices, common = exact.prices(), exact.common
    whole = exact.share.numerator * (common // exact.share.denominator)
    given: dict[int, list[tuple[int, int]]] = {one: [] for one in losers}
    for index, other in enumerate(bought):
        if not prices[index]:
            continue
        owner = market.behind(other)
        last = exact.out[owner]
        worth = None if market.worth is None else market.worth[market.column[other] : market.column[other + 1]]
        full = last > index
        sums = _sums(market, owner[full], None if worth is None else worth[full]) * prices[index]
        emptied = owner[last == index]
        if len(emptied):
            sums += _sums(market, emptied, None) * whole
            for before in range(index):
                paid = _payers(market, exact, emptied, before)
                if paid is not None and prices[before]:
                    sums -= _sums(market, *paid) * prices[before]
        for one in losers:
            if sums[one]:
                given[one].append((other, sums[one]))
    return {one: [(other, Fraction(sum_, common)) for other, sum_ in _most(market, pairs)] for one, pairs in given.items()}


def _most(market: Market, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return sorted(pairs, key=lambda pair: (-pair[1], market.ids[pair[0]]))[:MOST]


def _sums(market: Market, piles: Places, worth: Whole | None) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """For each project how many ballots of these piles (or their points) support it: whole numbers without bound."""
    amount = worth if market.weight is None else market.many[piles] * (1 if worth is None else worth)
    return market.columns.backed(piles, market.start, market.project, amount, len(market.cost)).astype(object)


def _payers(market: Market, exact: Exact, piles: Places, before: int) -> tuple[Places, Whole | None] | None:
    """Those of these piles that had paid in this earlier round, and their points for it."""
    other = int(np.flatnonzero(exact.order == before)[0])
    column = slice(market.column[other], market.column[other + 1])
    owner = market.owner[column]
    spots = np.searchsorted(owner, piles)
    spots[spots == len(owner)] = 0
    found = owner[spots] == piles if len(owner) else np.zeros(len(piles), bool)
    if not found.any():
        return None
    return piles[found], None if market.worth is None else market.worth[column][spots[found]]

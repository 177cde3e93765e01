"""Ballots that paid for the same in a finished run of Equal Shares: they held the same all along, so that all of them are one pile.

What is then asked of the run is asked of far fewer piles.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.core.tally.columns import counted, spots_of
from app.core.tally.profile import Places, Whole
from app.core.tally.shares_exact import Exact
from app.core.tally.shares_market import Market
from app.core.tally.shares_run import Walk

WORD = 30
"""So many purchases at most are told apart at once, each by one bit."""

ROOM = 4
"""Kinds are numbered by a list of so many spots for each pile; where that holds but FEW bits, by sorting."""

FEW = 4


def by_payment(market: Market, walk: Walk) -> tuple[Market, Exact]:
    """The market with a pile for each kind of ballots, and what these hold; the market itself where ballots give points.

    A pile of it has only those marks that were paid for in full, and stands behind a project with those of its ballots that support it.
    """
    exact, out = walk.purses.exact, walk.purses.out
    exact.prices()
    if market.worth is not None or not market.cost:
        return market, exact
    kind, size = _kinds(market, walk)
    one_of = np.zeros(size, np.int64)
    one_of[kind] = np.arange(len(kind))
    start, project = _paid(market, walk, one_of)
    column, owner, weight = market.columns.behind(market.column, market.owner, market.weight, kind, size)
    many = counted(kind, None if market.weight is None else market.many, size)
    grouped = replace(market, start=start, project=project, many=many, column=column, owner=owner, weight=weight)
    full = np.zeros((size, len(walk.run.bought)), bool)
    full[np.repeat(np.arange(size), np.diff(start)), walk.purses.order[project]] = True
    return grouped, exact.of(grouped, out[one_of], full)


def _kinds(market: Market, walk: Walk) -> tuple[Whole, int]:
    """The kind of each pile, by what emptied it, in this order, and by what it paid for in full, and how many kinds there are."""
    out, bought = walk.purses.out, walk.run.bought
    kind: Whole = np.minimum(out, len(bought)).astype(np.int64)
    size, first = len(bought) + 1, 0
    while True:
        left = len(bought) - first
        bits = min(left, (ROOM * len(out) // size).bit_length() - 1, WORD)
        listed = bits == left or bits >= FEW
        bits = bits if listed else min(left, WORD)
        for index in range(first, first + bits):
            market.columns.tell_apart(kind, market.behind(bought[index]), out, index)
        kind, size = _numbered(kind, size << bits) if listed else _sorted(kind)
        first += bits
        if first == len(bought):
            return kind, size


def _numbered(kind: Whole, size: int) -> tuple[Whole, int]:
    """The numbers (each below `size`) counted anew in their order, without those that do not occur, and how many do."""
    seen = np.zeros(size, np.int64)
    seen[kind] = 1
    np.cumsum(seen, out=seen)
    again: Whole = seen.take(kind)
    again -= 1
    return again, int(seen[-1])


def _sorted(kind: Whole) -> tuple[Whole, int]:
    """The same by sorting, whatever the numbers are."""
    values, again = np.unique(kind, return_inverse=True)
    return again, len(values)


def _paid(market: Market, walk: Walk, piles: Whole) -> tuple[Whole, Places]:
    """The projects that these piles paid for in full, and where those of each begin."""
    spots, lengths = spots_of(market.start, piles)
    project = market.project[spots]
    round_ = walk.purses.order[project]
    full = (round_ >= 0) & (round_ < np.repeat(walk.purses.out[piles], lengths))
    ends = np.concatenate(([0], np.cumsum(full)))
    return ends[np.concatenate(([0], np.cumsum(lengths)))], project[full]

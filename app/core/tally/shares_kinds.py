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
"""So many purchases are told apart at once, each by one bit."""


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
    sides = [_grouped(kind.take(owner), weight, size) for owner, weight, _ in market.sides]
    column = np.concatenate(([0], np.cumsum([len(owner) for owner, _ in sides])))
    owner, weight = (np.concatenate(parts) for parts in zip(*sides, strict=True))
    many = counted(kind, None if market.weight is None else market.many, size)
    grouped = replace(market, start=start, project=project, many=many, column=column, owner=owner, weight=weight)
    return grouped, exact.of(grouped, out[one_of])


def _kinds(market: Market, walk: Walk) -> tuple[Whole, int]:
    """The kind of each pile, by what it paid for in full and by what emptied it, and how many kinds there are."""
    out, bought = walk.purses.out, walk.run.bought
    kind: Whole = np.minimum(out, len(bought)).astype(np.int64)
    size = 0
    for first in range(0, max(len(bought), 1), WORD):
        word = np.zeros(len(out), np.int64)
        for index in range(first, min(first + WORD, len(bought))):
            owner = market.behind(bought[index])
            word[owner.compress(out.take(owner) > index)] += 1 << (index - first)
        values, kind = np.unique(kind * 2**WORD + word, return_inverse=True)
        size = len(values)
    return kind, size


def _paid(market: Market, walk: Walk, piles: Whole) -> tuple[Whole, Places]:
    """The projects that these piles paid for in full, and where those of each begin."""
    spots, lengths = spots_of(market.start, piles)
    project = market.project[spots]
    round_ = walk.purses.order[project]
    full = (round_ >= 0) & (round_ < np.repeat(walk.purses.out[piles], lengths))
    ends = np.concatenate(([0], np.cumsum(full)))
    return ends[np.concatenate(([0], np.cumsum(lengths)))], project[full]


def _grouped(kind: Whole, weight: Whole | None, size: int) -> tuple[Whole, Whole]:
    """The kinds behind a project, and how many of their ballots are."""
    many = counted(kind, weight, size)
    some = np.flatnonzero(many)
    return some, many[some]

"""One run of the Method of Equal Shares at a given share.

Method: Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive Utilities" (NeurIPS 2021).
A project's rate (what a supporter pays for each unit of usefulness) only rises as money is spent, so only the projects whose last known
rate could still be the lowest are worked out again. Rates are known within bounds; where bounds overlap, exact fractions decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import inf
from typing import NamedTuple

import numpy as np

from app.core.tally.limits import Bar
from app.core.tally.profile import Places
from app.core.tally.shares_market import Market
from app.core.tally.shares_purses import Offer, Purses


@dataclass(frozen=True)
class Round:
    """One purchase, by index: the projects that stood `equal`, in groups that no criterion could part, and the criteria `by` which.

    `payers` ballots gave the price in full, `part_payers` all they had left. `commute`: which of the equal came first changes nothing.
    """

    project: int
    payers: int
    part_payers: int
    equal: tuple[tuple[int, ...], ...]
    by: tuple[str, ...] = ()
    commute: bool = True

    @property
    def members(self) -> tuple[int, ...]:
        """All projects that stood equal, in the order in which they fell."""
        return tuple(one for group in self.equal for one in group)


@dataclass
class Run:
    """What one run bought, in order. `unparted`: equal projects that need a draw; `overspent`: it was cut short; `barred`: by a limit."""

    share: Fraction
    rounds: list[Round] = field(default_factory=list)
    spent: int = 0
    overspent: bool = False
    unparted: tuple[int, ...] = ()
    barred: dict[int, tuple[int, Bar]] = field(default_factory=dict)

    @property
    def bought(self) -> tuple[int, ...]:
        """The projects in order of purchase."""
        return tuple([one.project for one in self.rounds])


class Advance(NamedTuple):
    """How far a compiled walk came: for each purchase the project, who paid in full and in part, how many parts were full, who was emptied.

    `slack` and `spent` are those after it; `over` says that nothing more can be bought, or that the limit of spending is passed.
    """

    rounds: list[tuple[int, int, int, int, Places]]
    slack: int
    spent: int
    over: bool


class Before(NamedTuple):
    """What a run at about this share bought, and about what each supporter paid for each project (units): where to look first."""

    bought: tuple[int, ...]
    hints: list[int]


class Walk:
    """A run on its way: what can still be bought, with the last known rates, and what was bought."""

    def __init__(self, market: Market, share: Fraction, first: Mapping[int, int] | None = None, before: Before | None = None) -> None:
        self.market, self.first = market, first or {}
        self.run, self.purses, self.gate = Run(share), Purses(market, share), market.gate()
        self.before: tuple[int, ...] = () if before is None else before.bought
        if before is not None:
            self.purses.hints = list(before.hints)
        self._offers: dict[int, Offer] = {}
        self._heap = list(market.opening)
        self._bar()

    def advance(self, limit: int) -> bool:
        """Go on in one compiled loop while quick numbers decide, where that is to be had. False if the run is over."""
        stride = self.market.stride if self.gate.open and not self.first else None
        if stride is None:
            return True
        low = np.full(len(self.market.cost), np.inf)
        for bound, one in self._heap:
            low[one] = bound
        found: Advance = stride(self, low, min(limit, 2**62))
        for one, payers, part_payers, rich, emptied in found.rounds:
            self.purses.exact.note(self.market.cost[one], emptied, rich)
            self.purses.bought.append(one)
            self.run.rounds.append(Round(one, payers, part_payers, ((one,),)))
        self.purses.slack, self.run.spent = found.slack, found.spent
        if found.over:
            return False
        self._heap = [(float(low[one]), one) for one in np.flatnonzero(low < np.inf).tolist()]
        heapify(self._heap)
        return True

    def step(self) -> bool:
        """Buy one project more; False if nothing can be bought any more."""
        equal = self._cheapest()
        if not equal:
            return False
        groups, by = self.market.arrange(equal) if len(equal) > 1 else (((equal[0],),), ())
        bought = Round(equal[0], 0, 0, groups, by)
        commute = self._commute(bought.members)
        if len(groups[0]) > 1 and not self._commute(groups[0]):
            self.run.unparted = self.run.unparted or groups[0]
        one = self.first.get(len(self.run.rounds), groups[0][0])
        payers, part_payers = self.purses.buy(one, self._offers[one])
        for other in equal:
            if other != one:
                heappush(self._heap, (self._offers[other].low, other))
        self.run.rounds.append(Round(one, payers, part_payers, groups, by, commute))
        self.run.spent += self.market.cost[one]
        self.gate.give(self.market.projects[one])
        self._bar()
        return True

    def _cheapest(self) -> list[int]:
        """Take from the heap all projects with the lowest rate of now. What may ask no more than the best so far is measured against it."""
        fresh: dict[int, Offer] = {}
        dearer: list[tuple[float, int]] = []
        guess, high = self._guess(), inf
        if guess is not None and (offer := self.purses.offer(guess)) is not None:
            fresh[guess] = offer
            high = self._sharp(fresh, guess).high
        while self._heap and self._heap[0][0] <= high:
            _, one = heappop(self._heap)
            low = None if one in fresh or high == inf else self.purses.more_than(high, one)
            if low is not None:
                dearer.append((low, one))
            elif one in fresh:
                dearer.append((fresh[one].low, one))
            elif (offer := self.purses.offer(one)) is not None:
                fresh[one] = offer
                high = min(high, self._sharp(fresh, one).high) if offer.low <= high else high
                dearer.append((offer.low, one))
        self._offers = fresh
        rivals = [one for low, one in dearer if low <= high]
        for entry in dearer:
            if high < entry[0] < inf:
                heappush(self._heap, entry)
        return self._lowest(rivals)

    def _guess(self) -> int | None:
        """What the run before bought in this round, if it is still to be had."""
        index = len(self.run.rounds)
        one = self.before[index] if index < len(self.before) else None
        return None if one is None or self.purses.order[one] >= 0 or one in self.run.barred else one

    def _sharp(self, fresh: dict[int, Offer], one: int) -> Offer:
        """The offer with a bound from above; worked out exactly where there was none."""
        if fresh[one].high == float("inf"):
            rate = self.purses.rate(one, fresh[one])
            fresh[one] = fresh[one]._replace(high=float(rate) * (1 + 1e-15), exact=rate)
        return fresh[one]

    def _lowest(self, rivals: list[int]) -> list[int]:
        """Of these, those with the lowest rate exactly; the others go back to the heap."""
        if len(rivals) < 2:
            return rivals
        exact = {one: self.purses.rate(one, self._offers[one]) for one in rivals}
        least = min(exact.values())
        for one in rivals:
            if exact[one] > least:
                heappush(self._heap, (self._offers[one].low, one))
        return [one for one in rivals if exact[one] == least]

    def _bar(self) -> None:
        """Take from the heap the projects that a limit now keeps out."""
        if self.gate.open:
            return
        for other in self.market.standing:
            if self.purses.order[other] < 0 and other not in self.run.barred:
                bar = self.gate.bar(self.market.projects[other])
                if bar:
                    self.run.barred[other] = (len(self.run.rounds), bar)
        self._heap = [entry for entry in self._heap if entry[1] not in self.run.barred]
        heapify(self._heap)

    def _commute(self, ids: tuple[int, ...]) -> bool:
        """Whether these equal projects will all be bought, whichever comes first: no voter in common, and room for all of them."""
        if len(ids) == 1:
            return True
        voters = np.concatenate([self.market.behind(one) for one in ids if self.market.cost[one]] or [np.zeros(0, np.int32)])
        return len(np.unique(voters)) == len(voters) and self.gate.room_for_all([self.market.projects[one] for one in ids])


def run_at(market: Market, share: Fraction, limit: int, first: Mapping[int, int] | None = None, before: Before | None = None) -> Walk:
    """Buy at the lowest rate until nobody can, or until more than `limit` cents are spent.

    `first` names, for a round counted from 0, which of several equal projects to buy. `before` tells only where to look first.
    """
    walk = Walk(market, share, first, before)
    while walk.advance(limit) and walk.run.spent <= limit and walk.step():
        pass
    walk.run.overspent = walk.run.spent > limit
    return walk

"""Questions about Equal Shares that only further runs answer: a larger envelope for a loser, fewer votes for a winner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, inf

from app.core.tally.shares_completion import Completed
from app.core.tally.shares_fill import fill
from app.core.tally.shares_margins import Margin, Margins
from app.core.tally.shares_market import Market
from app.core.tally.shares_run import Walk, run_at

ALWAYS = 3_000_000
"""So many marks may be walked through for these questions however quick the count was."""

ENOUGH = 8
"""With fewer further runs than this next to nothing would be found, so none is made."""

MOST_RUNS = 300
NO_LIMIT = 2**200


@dataclass(frozen=True)
class Tried:
    """Who wins with so much more in the envelope, and about what each loser's supporters then hold at the end."""

    winners: frozenset[int]
    held: Mapping[int, float]


class Further:
    """Further runs at other shares, about half as many as the count made, so that the explanations do not cost a multiple of it."""

    def __init__(self, market: Market, done: Completed, losers: list[int], *, filling: bool) -> None:
        self.market, self.done, self.losers, self.filling = market, done, losers, filling
        left = max(min(done.runs, MOST_RUNS) // 2, ALWAYS // max(len(market.project), 1))
        self._left = left if left >= ENOUGH else 0
        self._known: dict[int, Tried] = {}

    def missing_cents(self, one: int, margin: Margin) -> int | None:
        """With so many cents more in the envelope it would have won, with one fewer not; None if nothing is found or runs are used up.

        The search follows what its supporters would still lack, in turns with halving the interval, so a smaller sum may win as well.
        """
        market, voters = self.market, self.done.voters
        if one not in market.standing or not market.parts[one] or not voters:
            return None
        low, held, slope = 0, float(margin.held), market.behind_count[one] / voters
        high, most, blind = None, voters * sum(market.cost), False
        for turn in range(400):
            if high is not None and high - low == 1:
                return high
            if self._left <= 0 or (high is None and low > most):
                return None
            cents = self._next(low, high, max(market.cost[one] - held, 0.0) / slope, halve=blind or turn % 3 == 2)
            tried = self._tried(cents)
            if one in tried.winners:
                high = cents
                continue
            now, blind = tried.held.get(one, held), not tried.held
            slope = (now - held) / (cents - low) if now > held else slope
            low, held = cents, now
        return None

    def _next(self, low: int, high: int | None, further: float, *, halve: bool) -> int:
        """Where to look next between what does not win and what does."""
        if high is None:
            return low + max(ceil(further), 1, low if halve else 1)
        return (low + high) // 2 if halve else min(max(low + ceil(further), low + 1), high - 1)

    def _tried(self, cents: int) -> Tried:
        """The run with so much more; nobody wins it if it would overspend or need a draw."""
        if cents not in self._known:
            self._left -= 1
            envelope = self.market.election.budget_cents + cents
            walk = run_at(self.market, self.done.final.share + Fraction(cents, self.done.voters), envelope)
            winners = frozenset(() if walk.run.overspent or walk.run.unparted else walk.run.bought)
            if winners and self.filling:
                winners |= frozenset(fill(self.market, walk, envelope - walk.run.spent).taken)
            self._known[cents] = Tried(winners, {} if walk.run.overspent else {one: self._held(walk, one) for one in self.losers})
        return self._known[cents]

    def _held(self, walk: Walk, one: int) -> float:
        money, (owner, weight, worth) = walk.purses.money, walk.purses.of(one)
        return self.market.columns.cover(money, owner, weight, worth, inf)[0] * 2.0**-walk.purses.shift

    def spare_votes(self, one: int) -> int | None:
        """How many ballots naming only this winner might be fewer, at the same share; None if runs are used up."""
        if self._left <= 0:
            return None
        self._left -= 3
        others = tuple(other for other in self.market.standing if other != one)
        without = replace(self.market, standing=others)
        walk = run_at(without, self.done.final.share, NO_LIMIT)
        margin = Margins(without, walk, [one], -self.market.votes[one]).of[one]
        return None if margin.missing_votes is None else max(-margin.missing_votes, 0)

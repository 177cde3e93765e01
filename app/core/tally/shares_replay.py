"""The final run of Equal Shares once more, purchase by purchase, now that all its prices are known exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.core.tally.columns import part_of_points
from app.core.tally.limits import Gate
from app.core.tally.profile import Places, Whole
from app.core.tally.shares_exact import Exact
from app.core.tally.shares_market import Market
from app.core.tally.shares_purses import Purses
from app.core.tally.shares_run import Round, Walk


@dataclass
class Moment:
    """The purses just before a purchase (`round` None: at the end), what the limits still allow, and the rate of the purchase."""

    index: int
    round: Round | None
    rate: Fraction
    purses: Purses
    gate: Gate


class Film:
    """A finished run, kept so that it can be played as often as wanted: what the payers of each purchase had left after it."""

    def __init__(self, market: Market, walk: Walk, exact: Exact) -> None:
        self.market, self.run = market, walk.run
        self.purses = Purses(market, walk.run.share)
        self.purses.exact, self.purses.out = exact, exact.out
        self.purses.slack += 2 * len(walk.run.rounds)
        prices = [exact.price(index) for index in range(len(walk.run.rounds))]
        self.rates = [price / market.useful[one.project] for price, one in zip(prices, walk.run.rounds, strict=True)]
        self._after = [self._pay(one.project, prices[index], index) for index, one in enumerate(walk.run.rounds)]

    def _pay(self, one: int, price: Fraction, index: int) -> tuple[Places, Whole]:
        owner, _, worth = self.purses.of(one)
        if not price:
            return owner[:0], self.purses.money[:0].copy()
        units = price * Fraction(2) ** self.purses.shift
        part = int(units) if worth is None else part_of_points(worth, fine(units))
        after: Whole = np.maximum(self.purses.money.take(owner) - part, 1) * (self.purses.out.take(owner) > index)
        self.purses.money[owner] = after
        return owner, after

    def moments(self) -> Iterator[Moment]:
        """The moments of the run, in order. The same purses change from one moment to the next."""
        purses, gate = self.purses, self.market.gate()
        purses.money[:], purses.bought = purses.units(purses.share), []
        for index, one in enumerate(self.run.rounds):
            yield Moment(index, one, self.rates[index], purses, gate)
            owner, after = self._after[index]
            purses.money[owner] = after
            purses.bought.append(one.project)
            gate.give(self.market.projects[one.project])
        yield Moment(len(self.run.rounds), None, Fraction(0), purses, gate)


def fine(units: Fraction) -> tuple[int, int]:
    """A fraction of units rounded down to 1 / 2**52, so that its whole part and its remainder fit floats."""
    return (units.numerator << 52) // units.denominator, 1 << 52

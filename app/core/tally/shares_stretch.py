"""Proof that a run of Equal Shares buys the same projects in the same order at every share of an interval, from its two ends alone.

With the purchases given, every purse grows with the share and every price falls. Let a purse be `a` at the low end, `z` at the high
end, and `x` at a share in between, and let it lie at most `off` from the straight line between `a` and `z`. A purchase keeps this:
who is poor at both ends is poor all along, who is rich at both is rich all along, and the rest, few on a short interval, can add no
more to the error than their payment changes. So the price strays from its own straight line by at most the errors of the poor and the
rest, divided by the rich. A rival stays behind if at both ends, even with all errors against us, its supporters could not pay
its cost at the rate of the purchase: the sum is a straight line too, up to its errors. This is the idea of the "add-opt" completion
of Kraiczy, Robinson, Elkind, "Streamlining Equal Shares" (2025), for the rule with equal payments: nothing between two shares is run
that can be shown to change nothing. The bounds are rounded against us throughout, so a proof may fail where it need not, never hold
where it must not.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from app.core.tally.profile import Places, Whole
from app.core.tally.shares_market import Market
from app.core.tally.shares_purses import Offer, Purses
from app.core.tally.shares_run import Round, Run

Floats = NDArray[np.float64]


class Stretch:
    """One attempt at the proof, from `run.share` to `high`."""

    def __init__(self, market: Market, run: Run, high: Fraction) -> None:
        self.market, self.run = market, run
        self.top = Purses(market, high)
        self.bottom = Purses(market, run.share, self.top.shift)
        self.off: Floats = np.zeros(len(market.many))
        self._least = {one: self._opening(one) for one in market.standing if market.parts[one]}

    def _opening(self, one: int) -> float:
        return self.market.cost[one] / self.market.parts[one] / self.market.useful[one] * (1 - 1e-14)

    def holds(self) -> float:
        """1 if it is proven; else a guess, below 1, of how much of the interval it holds for."""
        for index, one in enumerate(self.run.rounds):
            part = self._purchase(index, one)
            if part < 1:
                return part
        for rival in self._rivals(len(self.run.rounds), float("inf")):
            if self.top.offer(rival) is not None:
                low, high = (float(purses.held(rival)) for purses in (self.bottom, self.top))
                return min(max((self.market.cost[rival] - low) / (high - low or 1.0), 0.0), 0.999)
        return 1.0

    def _rivals(self, index: int, rate: float) -> list[int]:
        """The projects that no limit keeps out, and whose rate may come down to this."""
        barred = self.run.barred
        return [one for one, least in self._least.items() if least <= rate and (one not in barred or barred[one][0] > index)]

    def _purchase(self, index: int, bought: Round) -> float:
        one = bought.project
        self._least.pop(one, None)
        offers = self.bottom.offer(one), self.top.offer(one)
        if offers[0] is None or offers[1] is None:
            return 0.0
        if self.market.cost[one]:
            step = _Step(self, one, offers[0], offers[1])
            for rival in self._rivals(index, step.rate):
                part = self._behind(step, rival)
                if part < 1:
                    return part
            self.bottom.buy(one, offers[0])
            self.top.buy(one, offers[1])
            step.settle()
        else:
            self.bottom.buy(one, offers[0])
            self.top.buy(one, offers[1])
        return 1.0

    def _behind(self, step: _Step, rival: int) -> float:
        """1 if this rival is more expensive all along, else a guess of how long."""
        offer = self.top.offer(rival)
        if offer is None:
            del self._least[rival]
            return 1.0
        self._least[rival] = offer.low
        return 1.0 if offer.low > step.rate or step.constant(rival, offer) else step.short_of(rival)


class _Step:
    """One purchase at both ends: the parts paid (units, for a ballot or a point), and how far the part may stray between."""

    def __init__(self, stretch: Stretch, one: int, low: Offer, high: Offer) -> None:
        self.stretch, self.one, self.low, self.high = stretch, one, low, high
        market, bottom, top = stretch.market, stretch.bottom, stretch.top
        self.owner, self.weight, self.worth = bottom.of(one)
        self.most, error = _level(bottom, market, one, low)
        self.least, other = _level(top, market, one, high)
        self.most, self.least = self.most + error, max(self.least - other, 0.0)
        self.doubt = (bottom.slack + top.slack + 4) + (error + other) * bottom.worth_most
        self.rate = max(low.high if low.high < float("inf") else 0.0, self.most * 2.0**-bottom.shift / market.useful[one] * (1 + 1e-14))
        self._before()

    def _before(self) -> None:
        a, z, off = self._held(self.owner)
        worth = 1.0 if self.worth is None else self.worth.astype(np.float64)
        top, cap = worth * self.most, worth * self.least
        self.rich = a >= top
        poor = z < cap
        stray = np.where(poor, off, np.where(self.rich, 0.0, np.minimum(z, top) - np.minimum(a, cap))) + self.doubt * (z > 0)
        parts = _total(np.where(self.rich, worth, 0.0), self.weight)
        self.stray = min(_total(stray, self.weight) * (1 + 1e-9) / parts if parts else float("inf"), self.most - self.least) + self.doubt
        self._off = off

    def _held(self, owner: Places) -> tuple[Whole, Whole, Floats]:
        return self.stretch.bottom.money[owner], self.stretch.top.money[owner], self.stretch.off[owner]

    def settle(self) -> None:
        """After both ends have paid: how far each purse may now stray."""
        a, z, _ = self._held(self.owner)
        worth = 1.0 if self.worth is None else self.worth.astype(np.float64)
        off = np.minimum(np.where(self.rich, self._off + worth * self.stray, z), z - a) + self.doubt
        self.stretch.off[self.owner] = np.where(z > 0, off, 0.0)

    def constant(self, rival: int, offer: Offer) -> bool:
        """Whether nobody is poor at either end, here and for the rival: then both rates stay as they are, and so does their order."""
        if self.low.poor or self.high.poor or offer.poor or self.low.exact is None or self.high.exact is None or offer.exact is None:
            return False
        other = self.stretch.bottom.offer(rival)
        rates = {self.low.exact, self.high.exact}
        if other is None or other.poor or other.exact is None or len(rates) > 1 or other.exact != offer.exact:
            return False
        return not (other.error == float("inf") or offer.error == float("inf")) and other.exact >= self.low.exact

    def short_of(self, rival: int) -> float:
        """1 if the rival's supporters cannot pay its cost at this rate, at either end and between; else a guess of how long."""
        market = self.stretch.market
        owner, weight, own = self.stretch.bottom.of(rival)
        a, z, off = self._held(owner)
        ratio = market.useful[rival] / market.useful[self.one] * (1 + 1e-15)
        worth = ratio if own is None else own.astype(np.float64)
        top, cap = worth * self.most, worth * self.least
        rich, poor = a >= top, z < cap
        stray = np.where(poor, off, np.where(rich, worth * self.stray, np.minimum(z, top) - np.minimum(a, cap)))
        error = _total(stray + self.doubt * (1 + ratio), weight) * (1 + 1e-9)
        low, high = _total(np.minimum(a, top), weight), _total(np.minimum(z, worth * self.least), weight)
        need = float(self.stretch.bottom.units(market.cost[rival])) * (1 - 1e-12) - 1
        if max(low, high) + error < need:
            return 1.0
        return 0.5 if high < need else min(max((need - low) / (high - low), 0.0), 0.999) if low < need else 0.0


def _level(purses: Purses, market: Market, one: int, offer: Offer) -> tuple[float, float]:
    """The part that each pays, in units, and its error."""
    if offer.error < float("inf"):
        return offer.level, offer.error
    assert offer.exact is not None, "an offer without an error is exact"
    return float(purses.units(offer.exact * market.useful[one])), 2.0


def _total(amounts: Floats, weight: Whole | None) -> float:
    return float(amounts.sum() if weight is None else amounts @ weight)

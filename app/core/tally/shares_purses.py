"""The purses of all voters in one run of Equal Shares: quick whole numbers that propose, exact fractions that decide.

A purse is kept in small units, a power of two to the cent, each at most `slack` units from the truth; an empty one is exactly 0.
Wherever the slack leaves open who is poor, who can pay or which project is cheaper, `Exact` is asked.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.core.tally.column_questions import NEVER
from app.core.tally.columns import part_of_points
from app.core.tally.profile import Places, Whole
from app.core.tally.shares_exact import Exact
from app.core.tally.shares_market import Market

TRUSTED = 2**22
"""A price is good enough to be paid if it is known to this part of a share; beyond, it is worked out exactly, so that errors never grow."""


def shift_for(market: Market, share: Fraction) -> int:
    """How many bits finer than a cent a unit can be, so that 64 bits hold what all purses hold together, and floats what each does."""
    whole = int(share) + 1
    together = whole * max(int(market.many.sum()), 1)
    return min(50 - whole.bit_length(), 61 - together.bit_length())


def in_units(cents: Fraction | int, shift: int) -> int:
    """So many cents in units of 2**-shift cents, rounded down."""
    return (cents.numerator << shift) // cents.denominator if shift >= 0 else cents.numerator // (cents.denominator << -shift)


class Offer(NamedTuple):
    """What a project asks now. The rate (cents for a unit of usefulness) is within `low` and `high`; `level` is a part, in units.

    `live` ballots hold anything; `rich` counts who would pay in full (ballots, or their points), `poor` the ballots that would give all;
    `exact` is the rate where it is known.
    """

    low: float
    high: float
    level: float = 0.0
    error: float = 0.0
    live: int = 0
    rich: int = 0
    poor: int = 0
    exact: Fraction | None = None


class Split(NamedTuple):
    """Exactly who pays what: the `price` (a ballot, or a point), the piles that hold less, just that, and more than their part."""

    price: Fraction
    poor: Places
    even: Places
    rich: Places


class Purses:
    """All purses at one `share`, from the first purchase on."""

    def __init__(self, market: Market, share: Fraction, shift: int | None = None) -> None:
        piles = len(market.many)
        self.market, self.share = market, share
        self.shift = shift_for(market, share) if shift is None else shift
        self.money: Whole = np.full(piles, self.units(share), np.int64)
        self.out: Places = np.full(piles, NEVER, np.int32)
        self.order: Places = np.full(len(market.cost), -1, np.int32)
        self.bought: list[int] = []
        # The part of a project only rises: its last one is where to begin the next look.
        self.hints = [0] * len(market.cost)
        self.exact = Exact(market, share, self.order, self.out)
        self.slack = 1
        self.trusted = max(self.units(share) // TRUSTED, 16)
        self.worth_most = 1 if market.worth is None else int(market.worth.max(initial=1))

    def units(self, cents: Fraction | int) -> int:
        """So many cents in units, rounded down."""
        return in_units(cents, self.shift)

    def of(self, one: int) -> tuple[Places, Whole | None, Whole | None]:
        """The piles behind this project, their ballots (None: one each), and what it is worth to them (None: the same to all)."""
        return self.market.sides[one]

    def offer(self, one: int) -> Offer | None:
        """What this project asks now; None if its supporters cannot pay it (any more)."""
        cost = self.market.cost[one]
        if not cost:
            return Offer(0.0, 0.0, exact=Fraction(0))
        need, (owner, weight, worth) = self.units(cost), self.of(one)
        doubt = self.slack * self.market.behind_count[one] + 1
        look = self.market.columns.look(self.money, owner, weight, worth, need, doubt, self.hints[one])
        if look.total + doubt < need:
            return None
        if look.total - doubt <= need or not look.rich:
            return self._exact_offer(one)
        level = look.rest / look.rich
        self.hints[one] = int(level * 0.99)
        error = (self.slack * look.poor + 1) / look.rich + level * 2.0**-50
        if not look.poor and look.gap > self.slack + self.worth_most + 1:
            rate = Fraction(cost, look.rich * self.market.useful[one])
            return Offer(_below(rate), _above(rate), level, error, look.live, look.rich, 0, rate)
        scale = 2.0**-self.shift / self.market.useful[one]
        sure = look.gap > error * self.worth_most + 2 * self.slack
        high = (level + error) * scale * (1 + 1e-14) if sure else float("inf")
        return Offer((level - error) * scale * (1 - 1e-14), high, level, error, look.live, look.rich, look.poor)

    def more_than(self, high: float, one: int) -> float | None:
        """A bound of its rate from below, above `high`, infinite if it cannot be paid; None if it may be as cheap as that.

        What its supporters would give at that rate falls short, and for each unit more the rich of them alone would give one.
        """
        owner, weight, worth = self.of(one)
        if worth is not None:
            return None
        cap = min(int(high * self.market.useful[one] * 2.0**self.shift * (1 + 1e-14)) + 2, 2**62)
        given, rich = self.market.columns.capped(self.money, owner, weight, cap)
        short = self.units(self.market.cost[one]) - given - self.slack * self.market.behind_count[one] - 1
        if short <= 0:
            return None
        return (cap + short / rich) * 2.0**-self.shift / self.market.useful[one] * (1 - 1e-15) if rich else float("inf")

    def _exact_offer(self, one: int) -> Offer | None:
        split = self.split(one)
        if split is None:
            return None
        rate = split.price / self.market.useful[one]
        return Offer(_below(rate), _above(rate), error=float("inf"), exact=rate)

    def rate(self, one: int, offer: Offer) -> Fraction:
        """The exact rate of a project that can be paid."""
        if offer.exact is not None:
            return offer.exact
        split = self.split(one)
        assert split is not None, "only what can be paid has a rate"
        return split.price / self.market.useful[one]

    def split(self, one: int) -> Split | None:
        """Exactly who would pay what for this project, or None if its supporters cannot pay. Nothing is paid."""
        owner, _, worth = self.of(one)
        live = self.money[owner] > 0
        piles, worth = owner[live], None if worth is None else worth[live]
        need, rest = self.market.cost[one] * self._common(), piles
        poor = np.zeros(len(piles), bool)
        while True:
            rich = self._many(rest, None if worth is None else worth[~poor])
            if not rich:
                return None
            below = self._compare(piles, worth, need, rich)
            more = (below < 0) & ~poor
            if not more.any():
                even = (below == 0) & ~poor
                return Split(Fraction(need, rich * self._common()), piles[poor], piles[even], piles[~(poor | even)])
            need -= self.exact.sum(piles[more], len(self.bought))
            poor |= more
            rest = piles[~poor]

    def held(self, one: int) -> Fraction:
        """Exactly what all supporters of this project hold together, in cents."""
        owner, weight, _ = self.of(one)
        return self._held(owner, weight, self.money.take(owner) > 0)

    def cover(self, one: int, cap: Fraction) -> Fraction:
        """Exactly what its supporters could give if none gave more than `cap` cents (for each point)."""
        poor, rich = self.split_at(one, cap)
        return poor + cap * rich

    def split_at(self, one: int, cap: Fraction) -> tuple[Fraction, int]:
        """If none gave more than `cap`: what those hold who have less, and how many ballots (or points) could give the cap."""
        owner, weight, worth = self.of(one)
        if worth is None and (quick := self._split_quickly(owner, weight, cap)) is not None:
            return quick
        live = self.money.take(owner) > 0
        owner, weight, worth = owner[live], None if weight is None else weight[live], None if worth is None else worth[live]
        poor = self._compare(owner, worth, cap.numerator * self._common(), cap.denominator) < 0
        many = worth if weight is None else weight if worth is None else weight * worth
        return self._held(owner, weight, poor), int(np.count_nonzero(~poor) if many is None else many[~poor].sum())

    def _split_quickly(self, owner: Places, weight: Whole | None, cap: Fraction) -> tuple[Fraction, int] | None:
        """The same where no purse is so near the cap that only fractions tell them apart, else None."""
        held, level = self.money.take(owner), float(self.units(cap))
        doubt = self.slack + 1 + level * 1e-15
        poor, rich = held < level - doubt, held > level + doubt
        if np.count_nonzero(poor) + np.count_nonzero(rich) < len(held):
            return None
        many = np.count_nonzero(rich) if weight is None else weight.compress(rich).sum()
        poor &= held != 0
        return self._held(owner, weight, poor), int(many)

    def _held(self, piles: Places, weight: Whole | None, some: NDArray[np.bool_]) -> Fraction:
        """What some of these piles hold, none of which is empty."""
        own = None if weight is None else weight.compress(some)
        return Fraction(self.exact.sum(piles.compress(some), len(self.bought), own), self._common())

    def _common(self) -> int:
        self.exact.prices()
        return self.exact.common

    def _many(self, piles: Places, worth: Whole | None) -> int:
        if worth is None:
            return self.market.ballots(piles)
        return int(worth.sum()) if self.market.weight is None else int(worth @ self.market.many[piles])

    def _compare(self, piles: Places, worth: Whole | None, need: int, rich: int) -> NDArray[np.integer]:
        """For each pile -1, 0 or 1: whether a voter holds less than, just or more than his part, need / (rich * common) a point."""
        level = float(self.units(Fraction(need, rich * self._common())))
        held, part = self.money[piles], level if worth is None else worth * level
        side: NDArray[np.integer] = np.sign(held - part).astype(np.int8)
        close = np.flatnonzero(np.abs(held - part) <= self.slack + (1 if worth is None else worth) + np.abs(part) * 1e-15)
        if len(close):
            side[close] = self._decided(piles[close], None if worth is None else worth[close], need, rich)
        return side

    def _decided(self, piles: Places, worth: Whole | None, need: int, rich: int) -> NDArray[np.integer]:
        sums, kind = self.exact.each(piles, len(self.bought))
        if worth is None:
            signs = [(one * rich > need) - (one * rich < need) for one in sums]
            decided: NDArray[np.integer] = np.array(signs, np.int8)[kind]
            return decided
        pairs = zip(kind.tolist(), worth.tolist(), strict=True)
        return np.array([(sums[one] * rich > need * part) - (sums[one] * rich < need * part) for one, part in pairs], np.int8)

    def buy(self, one: int, offer: Offer) -> tuple[int, int]:
        """Take the price from the supporters of this project; how many ballots paid it in full, and how many gave all they had left."""
        round_ = len(self.bought)
        owner, _, worth = self.of(one)
        columns, cost = self.market.columns, self.market.cost[one]
        if not cost:
            self._note(one, owner[:0], 0)
            return self.market.ballots(owner), 0
        sure = offer.error * self.worth_most <= self.trusted and offer.rich > 0
        doubt = offer.error * self.worth_most + self.slack + 2
        price = (int(offer.level), 1) if worth is None else offer.level.as_integer_ratio()
        emptied = columns.pay(self.money, self.out, owner, worth, (offer.level, doubt), price, round_) if sure else None
        if emptied is None:
            return self._buy_exactly(one)
        self.slack += int(offer.error * self.worth_most) + 2
        self._note(one, emptied, offer.rich)
        return offer.live - offer.poor, offer.poor

    def _buy_exactly(self, one: int) -> tuple[int, int]:
        split, round_ = self.split(one), len(self.bought)
        assert split is not None, "only what can be paid is bought"
        owner, _, worth = self.of(one)
        price = split.price * Fraction(2) ** self.shift
        pair = price.as_integer_ratio()
        payers = np.concatenate((split.even, split.rich))
        rich = self._many(payers, None if worth is None else worth[np.searchsorted(owner, payers)])
        if worth is None:
            part: Whole | int = int(price)
        else:
            part = part_of_points(worth[np.searchsorted(owner, split.rich)], _shortened(pair))
        self.money[split.rich] = np.maximum(self.money[split.rich] - part, 1)
        for emptied in (split.poor, split.even):
            self.money[emptied], self.out[emptied] = 0, round_
        self.slack += 2
        self._note(one, split.poor, rich)
        return self.market.ballots(payers), self.market.ballots(split.poor)

    def _note(self, one: int, emptied: Places, rich: int) -> None:
        self.exact.note(self.market.cost[one], emptied, rich)
        self.order[one] = len(self.bought)
        self.bought.append(one)


def _shortened(pair: tuple[int, int]) -> tuple[int, int]:
    """A fraction whose whole part and remainder fit floats."""
    whole, rest = divmod(pair[0], pair[1])
    return (whole << 52) + (rest << 52) // pair[1], 1 << 52


def _below(rate: Fraction) -> float:
    return float(rate) * (1 - 1e-15)


def _above(rate: Fraction) -> float:
    return float(rate) * (1 + 1e-15)

"""The final run of Equal Shares once more, purchase by purchase, now that all its prices are known exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.core.tally.columns import part_of_points
from app.core.tally.limits import Gate
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


def replay(market: Market, walk: Walk) -> Iterator[Moment]:
    """The moments of a finished run, in order. The same purses change from one moment to the next."""
    run, exact = walk.run, walk.purses.exact
    purses = Purses(market, run.share)
    purses.exact, purses.out = exact, walk.purses.out
    gate = market.gate()
    for index, one in enumerate(run.rounds):
        price = exact.price(index)
        yield Moment(index, one, price / market.useful[one.project], purses, gate)
        _pay(purses, one.project, price, index)
        purses.bought.append(one.project)
        gate.give(market.projects[one.project])
    yield Moment(len(run.rounds), None, Fraction(0), purses, gate)


def _pay(purses: Purses, one: int, price: Fraction, index: int) -> None:
    owner, _, worth = purses.of(one)
    if not price:
        return
    units = price * Fraction(2) ** purses.shift
    part = int(units) if worth is None else part_of_points(worth, fine(units))
    held = purses.money[owner]
    purses.money[owner] = np.where(purses.out[owner] > index, np.maximum(held - part, 1), 0) * (held > 0)
    purses.slack += 2


def fine(units: Fraction) -> tuple[int, int]:
    """A fraction of units rounded down to 1 / 2**52, so that its whole part and its remainder fit floats."""
    return (units.numerator << 52) // units.denominator, 1 << 52

"""What is left after Equal Shares, given to the projects with most votes that still fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from app.core.tally.limits import Gate
from app.core.tally.shares_market import Market
from app.core.tally.shares_run import Walk


@dataclass
class Filled:
    """What was added, with the money left before each and the equal projects of its tie; `unparted` needs a draw."""

    taken: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    ties: list[tuple[tuple[int, ...], tuple[str, ...]]] = field(default_factory=list)
    unparted: tuple[int, ...] = ()


def fill(market: Market, walk: Walk, left_cents: int) -> Filled:
    """Go through what was not bought, most votes first, and take what fits the money left and the limits."""
    filled, gate = Filled(left=[left_cents]), market.gate()
    for one in walk.run.bought:
        gate.give(market.projects[one])
    waiting = sorted((one for one in market.standing if walk.purses.order[one] < 0), key=lambda one: -market.votes[one])
    for _, level in groupby(waiting, key=lambda one: market.votes[one]):
        equal = list(level)
        groups, by = market.arrange(equal) if len(equal) > 1 else ((tuple(equal),), ())
        fitting = [one for one in equal if _fits(market, gate, one, filled.left[-1])]
        if len(fitting) > 1:
            filled.ties.append((tuple(one for group in groups for one in group), by))
        for group in groups:
            _take(market, gate, filled, group)
    return filled


def _take(market: Market, gate: Gate, filled: Filled, group: tuple[int, ...]) -> None:
    fitting = [one for one in group if _fits(market, gate, one, filled.left[-1])]
    together = sum(market.cost[one] for one in fitting) <= filled.left[-1]
    if len(fitting) > 1 and not (together and gate.room_for_all([market.projects[one] for one in fitting])):
        filled.unparted = filled.unparted or tuple(fitting)
    for one in group:
        if _fits(market, gate, one, filled.left[-1]):
            filled.taken.append(one)
            filled.left.append(filled.left[-1] - market.cost[one])
            gate.give(market.projects[one])


def _fits(market: Market, gate: Gate, one: int, left: int) -> bool:
    return market.cost[one] <= left and not gate.full(market.projects[one])

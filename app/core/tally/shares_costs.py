"""At which lower cost a losing project would have been bought."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from app.core.tally.limits import Gate, MaxSpending, MinVotes
from app.core.tally.shares_market import Market
from app.core.tally.shares_replay import Moment
from app.core.tally.shares_tie import goes_first


def room_for(market: Market, gate: Gate, one: int) -> int:
    """The highest cost below its own with which this project has votes enough and breaks no limit now; -1 if there is none."""
    cost, project = market.cost[one], market.projects[one]
    bar = gate.bar(project)
    if one in market.standing and bar is None:
        return cost - 1
    if bar is not None and not isinstance(bar.limit, MaxSpending):
        return -1
    asked = [limit for limit in market.rule.limits if isinstance(limit, MinVotes)]
    low, high = -1, cost - 1
    while low < high:
        middle = (low + high + 1) // 2
        cheaper = replace(project, cost_cents=middle)
        needed = max([1, market.rule.min_votes, *(limit.needed(market.election, cheaper) for limit in asked)])
        if market.votes[one] >= needed and gate.bar(cheaper) is None:
            low = middle
        else:
            high = middle - 1
    return low


def highest_cost(market: Market, moment: Moment, one: int, room: int) -> int | None:
    """The highest cost up to `room` at which it is bought before what is about to be, or None.

    Where the usefulness does not depend on the cost, its supporters can give so much at that rate. By cost, they can give
    sum(min(purse, rate * cost)): less the cost this is concave in it and 0 at 0, so the costs that win are those below its root, which
    Newton's method reaches from above.
    """
    if room < 0:
        return None
    root = _root(moment, one, room) if market.utility == "cost" else moment.purses.cover(one, moment.rate)
    ties = {market.cost[other] for other in (moment.round.members if moment.round else ())}
    highest = min(int(root), room)
    tried = sorted({0, highest, highest - 1, *ties, *(cost - 1 for cost in ties)}, reverse=True)
    return next((cost for cost in tried if 0 <= cost <= highest and _wins(market, moment, one, cost)), None)


def _root(moment: Moment, one: int, room: int) -> Fraction:
    cost = Fraction(room)
    while True:
        poor, rich = moment.purses.split_at(one, moment.rate * cost)
        if not cost or poor + rich * moment.rate * cost >= cost:
            return cost
        cost = poor / (1 - rich * moment.rate)


def _wins(market: Market, moment: Moment, one: int, cost: int) -> bool:
    cap = moment.rate * (cost or 1) if market.utility == "cost" else moment.rate
    poor, rich = moment.purses.split_at(one, cap)
    cover = poor + rich * cap
    if not cost:
        return moment.rate > 0 or goes_first(market, moment, one, cost=cost)
    # Where all give all they have, just enough is enough at a lower rate too; else it is a tie.
    return cover > cost or (cover == cost and (not rich or goes_first(market, moment, one, cost=cost)))

"""How near a loser came to being taken with the money that Equal Shares left, where that goes to the projects with most votes."""

from __future__ import annotations

from app.core.tally.shares_costs import room_for
from app.core.tally.shares_fill import Filled
from app.core.tally.shares_market import Market
from app.core.tally.shares_run import Run
from app.core.tally.ties import TieBreaker


def filled_margin(market: Market, run: Run, filled: Filled, one: int) -> tuple[int | None, int | None]:
    """The fewest further votes, and the highest lower cost, with which this project is taken before one that was, or after them all."""
    gate, fewest, dearest = market.gate(), None, None
    for other in run.bought:
        gate.give(market.projects[other])
    for index, left in enumerate(filled.left):
        following = filled.taken[index] if index < len(filled.taken) else None
        if following is not None:
            more = _ahead(market, one, following)
            if market.cost[one] <= left and not gate.full(market.projects[one]):
                more = max(more, 1, market.needed[one] - market.votes[one])
                fewest = more if fewest is None else min(fewest, more)
        room = min(room_for(market, gate, one), left)
        if room >= 0 and (following is None or _ahead(market, one, following) <= 0):
            dearest = room if dearest is None else max(dearest, room)
        if following is not None:
            gate.give(market.projects[following])
    return fewest, dearest


def _ahead(market: Market, one: int, other: int) -> int:
    """How many votes more let this project fall before the other."""
    short = market.votes[other] - market.votes[one]
    votes = {**market.election.votes, market.ids[one]: market.votes[one] + short}
    breaker = TieBreaker(market.rule.tie_break, market.election, votes)
    pair = {market.ids[one], market.ids[other]}
    return short if breaker.arrange(pair).groups[0] == (market.ids[one],) else short + 1

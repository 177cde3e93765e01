"""How near a loser came to being taken with the money that Equal Shares left, where that goes to the projects with most votes."""

from __future__ import annotations

from dataclasses import replace

from app.core.tally.election import Project
from app.core.tally.shares_costs import room_for
from app.core.tally.shares_fill import Filled
from app.core.tally.shares_market import Market
from app.core.tally.shares_run import Run
from app.core.tally.ties import first_of_two


def filled_margin(market: Market, run: Run, filled: Filled, one: int) -> tuple[int | None, int | None]:
    """The fewest further votes, and the highest lower cost, with which this project is taken before one that was, or after them all."""
    gate, fewest, dearest = market.gate(), None, None
    for other in run.bought:
        gate.give(market.projects[other])
    for index, left in enumerate(filled.left):
        following = filled.taken[index] if index < len(filled.taken) else None
        if market.cost[one] <= left and not gate.full(market.projects[one]):
            # Where nothing follows, it is left out for want of the votes it needs alone.
            short = 1 if following is None else _ahead(market, one, following)
            more = max(short, 1, market.needed[one] - market.votes[one])
            fewest = more if fewest is None else min(fewest, more)
        room = min(room_for(market, gate, one), left)
        if following is not None:
            room = _cheap_enough(market, one, following, room)
            gate.give(market.projects[following])
        if room >= 0:
            dearest = room if dearest is None else max(dearest, room)
    return fewest, dearest


def _ahead(market: Market, one: int, other: int) -> int:
    """How many votes more let this project fall before the other."""
    short = market.votes[other] - market.votes[one]
    return short if _first(market, market.projects[one], market.votes[other], other) else short + 1


def _cheap_enough(market: Market, one: int, other: int, room: int) -> int:
    """The highest cost up to `room` with which this project falls before the other; -1 if there is none."""
    if market.votes[one] != market.votes[other]:
        return room if market.votes[one] > market.votes[other] else -1
    project, limit = market.projects[one], market.cost[other]
    tried = sorted({room, min(room, limit), min(room, limit - 1)}, reverse=True)
    wins = (cost for cost in tried if cost >= 0 and _first(market, replace(project, cost_cents=cost), market.votes[one], other))
    return next(wins, -1)


def _first(market: Market, project: Project, votes: int, other: int) -> bool:
    """Whether a project with as many votes as the other, at the cost it has here, comes before it."""
    return first_of_two(market.rule.tie_break, market.election, project, votes, market.projects[other], votes)

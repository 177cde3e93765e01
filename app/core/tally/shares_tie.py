"""Whether a project would fall first in a tie, with more votes or at another cost than it has."""

from __future__ import annotations

from dataclasses import replace

from app.core.tally.shares_market import Market
from app.core.tally.shares_replay import Moment
from app.core.tally.ties import TieBreaker


def goes_first(market: Market, moment: Moment, one: int, more: int = 0, cost: int | None = None) -> bool:
    """Whether it would be bought before those that are about to be, all at one rate: with so many votes more, at this cost."""
    election, id = market.election, market.ids[one]
    if cost is not None:
        election = replace(election, projects=tuple(replace(two, cost_cents=cost) if two.id == id else two for two in election.projects))
    breaker = TieBreaker(market.rule.tie_break, election, {**market.election.votes, id: market.votes[one] + more})
    members = () if moment.round is None else moment.round.members
    return breaker.arrange({*(market.ids[other] for other in members), id}).groups[0] == (id,)

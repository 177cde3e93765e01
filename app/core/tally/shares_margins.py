"""How near a losing project came under Equal Shares, read off one replay of the final run.

A project that loses changes nothing in the run, and neither do new ballots that name only this project until it
is bought. So for each purchase we ask how many of them would have let it go first, and at the end how many would have
made up what its supporters no longer had; the smallest answer is exact, and no further run is needed.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from app.core.tally.election import Election
from app.core.tally.rule import TallyRule
from app.core.tally.shares_run import Market, Purse, Round, Run
from app.core.tally.ties import TieBreaker


class Losers:
    """Watches the replay of a run, and keeps for each losing project the fewest further supporters and the money left behind it."""

    def __init__(self, rule: TallyRule, election: Election, market: Market, run: Run) -> None:
        self.missing: dict[str, int] = {}
        self.held: dict[str, Fraction] = {}
        self._rule, self._election, self._market, self._run = rule, election, market, run
        self._ids = [project.id for project in election.projects if project.id not in run.bought]
        self._round = 0

    def __call__(self, bought: Round | None, purse: Purse) -> None:
        """Look at the purse before a purchase, or at the end (None)."""
        for id in self._ids:
            if bought is None:
                self.held[id] = self._market.held(id, purse)
            if self._round < self._run.barred.get(id, self._round + 1):
                self._keep(id, self._before(id, bought, purse) if bought else self._at_end(id))
        self._round += 1

    def _keep(self, id: str, more: int | None) -> None:
        if more is not None:
            self.missing[id] = min(more, self.missing.get(id, more))

    def _least(self, id: str, exact: Fraction) -> int:
        """At least this many, at least one, and enough to pass the minimum of votes."""
        return max(1, ceil(exact), self._rule.min_votes - self._election.votes[id])

    def _at_end(self, id: str) -> int | None:
        short = max(self._market.cost[id] - self.held[id], Fraction(0))
        if short and not self._run.share:
            return None
        return self._least(id, short / (self._run.share or 1))

    def _before(self, id: str, bought: Round, purse: Purse) -> int | None:
        if not self._market.cost[id]:
            return self._for_nothing(id, bought)
        cap = bought.rate * self._market.usefulness(id)
        each = min(self._run.share, cap)
        if not each:
            return None
        short = self._market.cost[id] - self._market.cover(id, purse, cap)
        more = self._least(id, short / each)
        # Just enough at exactly the same rate is a tie, unless new supporters give all they have: then a lower cap is enough too.
        tie = more * each == short and self._run.share >= cap
        return more if not tie or self._goes_first(id, bought, more) else more + 1

    def _for_nothing(self, id: str, bought: Round) -> int | None:
        """A project that costs nothing goes before all that cost something, and is tied with those that do not."""
        least = self._least(id, Fraction(0))
        if bought.rate:
            return least
        ahead = self._election.votes[bought.project] - self._election.votes[id]
        return next((more for more in (least, ahead, ahead + 1) if more >= least and self._goes_first(id, bought, more)), None)

    def _goes_first(self, id: str, bought: Round, more: int) -> bool:
        votes = {**self._election.votes, id: self._election.votes[id] + more}
        breaker = TieBreaker(self._rule.tie_break, self._election, votes)
        return breaker.arrange({*bought.equal.flat, id}).groups[0] == (id,)

"""The Method of Equal Shares: each voter holds an equal share of the envelope, and projects are bought by those who want them."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Annotated, Literal

from pydantic import Field

from app.core.tally.election import Election
from app.core.tally.outcome import Outcome
from app.core.tally.rule import TallyRule
from app.core.tally.shares_report import report
from app.core.tally.shares_run import Market, Round, Run
from app.core.tally.ties import TieBreaker


class EqualShares(TallyRule):
    """Each ballot holds an equal share of the envelope; its voters buy what they named, the lowest rate first.

    In each round the project is bought whose supporters pay least for each unit of usefulness, splitting the cost equally, those
    who have less giving all they have. `utility`: what a project is worth to its supporter, its "cost" or 1 ("cardinality").
    `completion` says how money left over is used. "none": not at all. The others start the count again and again, every voter's share
    being `step_cents` larger each time: "add1_until_exhaustive" keeps the first outcome where no project with enough votes fits the
    money left; "add1_until_infeasible" keeps the last outcome before one that overspends. Both keep the last outcome before one
    that overspends, and end as soon as all that may be bought is bought.
    Blank ballots hold a share only if `blank_ballots_hold_a_share`. A project without a single vote never wins.
    In the rows, `missing_votes` is the smallest number of further ballots naming only this project with which one run at the same
    final share buys it; the completion is not repeated. `missing_cents` is not looked for.
    Source: Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive Utilities", NeurIPS 2021.
    """

    kind: Literal["equal_shares"] = "equal_shares"
    utility: Literal["cost", "cardinality"] = "cost"
    completion: Literal["none", "add1_until_exhaustive", "add1_until_infeasible"] = "add1_until_infeasible"
    step_cents: Annotated[int, Field(strict=True, ge=1, le=10**12)] = 100
    blank_ballots_hold_a_share: bool = False

    def count(self, election: Election) -> Outcome:
        """Choose the winners, running the method as often as the completion asks."""
        breaker = TieBreaker(self.tie_break, election, election.votes)
        standing = frozenset(id for id, votes in election.votes.items() if votes >= max(self.min_votes, 1))
        market = Market(election, standing, by_cost=self.utility == "cost", max_per_carrier=self.max_per_carrier, breaker=breaker)
        voters = election.valid + (election.blank if self.blank_ballots_hold_a_share else 0)
        final, runs, ties = self._complete(market, Fraction(election.budget_cents, voters or 1), election.budget_cents)
        return report(self, election, market, final, runs, ties)

    def _complete(self, market: Market, share: Fraction, budget_cents: int) -> tuple[Run, int, list[Round]]:
        """The run that counts, how many were made, and the purchases of all runs at which a tie could have mattered."""
        final = run = market.run(share, budget_cents)
        runs, ties = 1, [one for one in run.rounds if not one.commute]
        while not (run.unparted or self.completion == "none" or self._enough(market, run, budget_cents)):
            run = market.run(self._next_share(market, run), budget_cents)
            runs += 1
            ties += [one for one in run.rounds if not one.commute]
            if run.overspent:
                # A tie that only a draw can part may hide a run that does not overspend.
                final.unparted = run.unparted
                break
            final = run
        return final, runs, ties

    def _enough(self, market: Market, run: Run, budget_cents: int) -> bool:
        waiting = [id for id in market.standing.difference(run.bought) if id not in run.barred]
        if self.completion == "add1_until_exhaustive":
            return all(market.cost[id] > budget_cents - run.spent for id in waiting)
        return not waiting

    def _next_share(self, market: Market, run: Run) -> Fraction:
        """One step more; while nothing can be bought at all, as many steps as let the first project be bought."""
        steps = 1
        if not run.rounds:
            first = min(Fraction(market.cost[id], sum(market.weights[id])) for id in market.standing)
            steps = max(1, ceil((first - run.share) / self.step_cents))
        return run.share + steps * self.step_cents

"""The Method of Equal Shares: each voter holds an equal share of the envelope, and projects are bought by those who want them."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from app.core.messages import say
from app.core.tally.election import Election
from app.core.tally.outcome import Outcome
from app.core.tally.progress import Told, untold
from app.core.tally.rule import TallyRule
from app.core.tally.scores import Scale
from app.core.tally.shares_completion import Completed, Completion, Heard, complete
from app.core.tally.shares_market import Market, Utility, market
from app.core.tally.shares_report import report


class EqualShares(TallyRule):
    """Each ballot holds an equal share of the envelope; its voters buy what they named, the lowest rate first.

    In each round the project is bought whose supporters pay least for each unit of usefulness, each paying in proportion to his, those
    who have less giving all they have. `utility`: what a project is worth to its supporter: its "cost"; 1 ("cardinality"); the
    "points" that the ballot gives it, "borda" (k - 1 for the first of the k named, down to 0) or "grades" (0 for the worst), all by
    `scale`.
    `completion` says how money left over is used. "none": not at all. The others start the count again and again, every voter's share
    being `step_cents` larger each time: "add1_until_exhaustive" keeps the first outcome where no project with enough votes fits the
    money left; "add1_until_infeasible" keeps the last outcome before one that overspends. Both keep the last outcome before one
    that overspends, and end as soon as all that may be bought is bought. `then` "greedy" gives what is left afterwards to the
    projects with most votes that still fit.
    Blank ballots hold a share only if `blank_ballots_hold_a_share`. A project without a single vote never wins.
    What the rows say of a loser is about one run at the final share, everything else unchanged; the completion is not repeated.
    `missing_votes`: the fewest further ballots naming only this project (and giving it the most that any ballot gives a project), with
    which it is bought; the votes that projects need stay as they are. `winning_cost_cents`: the highest lower cost at which it is
    bought. `missing_cents`: so much more in the envelope, each share being larger by an equal part of it, and the run buys it, while
    with one cent less it does not; it is looked for within a number of runs, the nearest losers first. For a winner `spare_votes` is
    how many ballots naming only this project might be fewer.
    Source: Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive Utilities", NeurIPS 2021.
    """

    kind: Literal["equal_shares"] = "equal_shares"
    utility: Utility = "cost"
    scale: Scale = Scale()
    completion: Completion = "add1_until_infeasible"
    then: Literal["greedy"] | None = None
    step_cents: Annotated[int, Field(strict=True, ge=1, le=10**12)] = 100
    blank_ballots_hold_a_share: bool = False

    def count(self, election: Election) -> Outcome:
        """Choose the winners, running the method as often as the completion asks, and say why and how near each project was."""
        return self.count_aloud(election, untold)

    def count_aloud(self, election: Election, told: Told) -> Outcome:
        """The same; how far the runs are is told by the money that the last one gave out, as half of the work."""

        def heard(runs: int, spent: int) -> None:
            placed = Fraction(spent, election.budget_cents or 1)
            told(say("Equal Shares, run %(run)d: %(share)s of the envelope is given out", run=runs, share=placed), int(50 * placed))

        told(say("Counting the ballots"), None)
        indexed, done = self.choose(election, None if told is untold else heard)
        told(say("Working out why each project won or lost"), 50)
        return report(indexed, done, filling=self.then == "greedy")

    def choose(self, election: Election, heard: Heard | None = None) -> tuple[Market, Completed]:
        """The choice alone, without any explanation: the runs of the method."""
        indexed = market(self, election, self.utility, self.scale)
        voters = election.valid + (election.blank if self.blank_ballots_hold_a_share else 0)
        return indexed, complete(indexed, self.completion, voters, self.step_cents, heard)

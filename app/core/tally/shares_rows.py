"""The rows of a decided Equal Shares count: what became of each project, why, and how near it was."""

from __future__ import annotations

from fractions import Fraction

from app.core.messages import Message
from app.core.tally.barred import barred
from app.core.tally.outcome import Action, Flow, Row, Status, Step
from app.core.tally.reasons import below_minimum, waits_for_draw
from app.core.tally.shares_completion import Completed
from app.core.tally.shares_envelope import Further
from app.core.tally.shares_fill import Filled
from app.core.tally.shares_filled_margins import filled_margin
from app.core.tally.shares_margins import Margin, Margins
from app.core.tally.shares_market import Market
from app.core.tally.shares_reasons import shares_filled, shares_lost, shares_nearest, shares_won


class Rows:
    """The steps and rows of the final run, and of what was filled up after it."""

    def __init__(self, market: Market, done: Completed, filled: Filled, *, filling: bool) -> None:
        self.market, self.run, self.filled, self.filling = market, done.final, filled, filling
        losers = [one for one in range(len(market.cost)) if done.walk.purses.order[one] < 0 and one not in filled.taken]
        self.margins = Margins(market, done.walk, losers)
        self.further = Further(market, done, losers, filling=filling)
        self.steps = self._bought() + self._added()

    def _bought(self) -> tuple[Step, ...]:
        left, steps = self.market.election.budget_cents, []
        for index, one in enumerate(self.run.rounds):
            after = left - self.market.cost[one.project]
            id, price, held = self.market.ids[one.project], self.margins.exact.price(index), self.margins.held[index]
            steps.append(Step(id, Action.BOUGHT, left, after, price, one.payers, one.part_payers, held))
            left = after
        return tuple(steps)

    def _added(self) -> tuple[Step, ...]:
        left = self.filled.left
        return tuple(
            Step(self.market.ids[one], Action.BOUGHT, left[index], left[index + 1], score=Fraction(self.market.votes[one]))
            for index, one in enumerate(self.filled.taken)
        )

    def all(self) -> tuple[Row, ...]:
        """The winners in order of purchase, then the losers, those with most votes first."""
        rows = [self._winner(rank, step) for rank, step in enumerate(self.steps, 1)]
        losers = sorted(self.margins.losers, key=lambda one: (-self.margins.nearness(one), -self.market.votes[one], self.market.ids[one]))
        cents = {one: self.further.missing_cents(one, self.margins.of[one]) for one in losers}
        losers.sort(key=lambda one: (-self.market.votes[one], self.market.ids[one]))
        return tuple(rows + [self._loser(rank, one, cents[one]) for rank, one in enumerate(losers, len(rows) + 1)])

    def _winner(self, rank: int, step: Step) -> Row:
        market, currency, index = self.market, self.market.election.currency, rank - 1
        one = self.run.bought[index] if index < len(self.run.bought) else self.filled.taken[index - len(self.run.bought)]
        votes, cost, spare = market.votes[one], market.cost[one], None
        if step.price is None:
            reason = shares_filled(votes, cost, step.left_before_cents, currency)
        else:
            reason = shares_won(rank, votes, step.price * self._dearest(one), currency)
            spare = self.further.spare_votes(one)
        money = (step.left_before_cents, step.left_after_cents)
        return Row(step.project, rank, votes, cost, Status.WON, reason, *money, spare_votes=spare, points=self._points(one))

    def _loser(self, rank: int, one: int, cents: int | None) -> Row:
        market, currency, margin, ids = self.market, self.market.election.currency, self.margins.of[one], self.market.ids
        votes, cost = market.votes[one], market.cost[one]
        if self.filling:
            margin.keep(*filled_margin(market, self.run, self.filled, one))
        return Row(
            ids[one],
            rank,
            votes,
            cost,
            Status.LOST,
            self._why(one, margin),
            missing_votes=margin.missing_votes,
            missing_cents=cents,
            nearest=shares_nearest(margin.missing_votes, cents, self.run.share, currency),
            winning_cost_cents=margin.winning_cost,
            support=margin.cover / cost if cost else None,
            flow=tuple([Flow(ids[other], given) for other, given in self.margins.accounts[one].flow]),
            points=self._points(one),
        )

    def _why(self, one: int, margin: Margin) -> Message:
        market, currency, votes = self.market, self.market.election.currency, self.market.votes[one]
        if one not in market.standing:
            return below_minimum(votes, market.needed[one])
        if one in self.run.barred:
            return barred(votes, self.run.barred[one][1], market.projects[one], currency)
        whole = market.behind_count[one] * self.run.share
        return shares_lost(votes, market.cost[one], whole, margin.held, currency)

    def _dearest(self, one: int) -> int:
        worth = self.market.worth
        return 1 if worth is None else int(worth[self.market.column[one] : self.market.column[one + 1]].max(initial=0))

    def _points(self, one: int) -> int | None:
        return None if self.market.worth is None else self.market.parts[one]


def open_rows(market: Market, unparted: tuple[int, ...]) -> tuple[Row, ...]:
    """The rows while a draw is still to come."""
    rows, waits = [], waits_for_draw(tuple(market.ids[other] for other in unparted))
    for rank, one in enumerate(sorted(range(len(market.cost)), key=lambda one: (-market.votes[one], market.ids[one])), 1):
        votes, cost = market.votes[one], market.cost[one]
        stands = votes >= market.needed[one]
        status, reason = (Status.OPEN, waits) if stands else (Status.LOST, below_minimum(votes, market.needed[one]))
        rows.append(Row(market.ids[one], rank, votes, cost, status, reason))
    return tuple(rows)

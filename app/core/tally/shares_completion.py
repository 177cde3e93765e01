"""The completions of Equal Shares: runs with a larger and larger share, until one of them is the last that counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Literal, TypeAlias

from app.core.tally.shares_lanes import Lanes
from app.core.tally.shares_market import Market
from app.core.tally.shares_run import Before, Round, Run, Walk, run_at
from app.core.tally.shares_stretch import Stretch

Heard: TypeAlias = Callable[[int, int], None]
"""Is told after each run how many there were, and how many cents the last one gave out."""

Completion: TypeAlias = Literal["none", "add1_until_exhaustive", "add1_until_infeasible"]

CALM = 8
"""After so many runs that bought the same, the steps that follow are looked at together."""

SMALL = 2_000
"""So many marks for a project, at most on average, make it worth while to run several steps side by side."""

FEW = 100_000
"""So many piles of ballots at most: each step beside the others holds a purse for each."""

FIRST_LEAP = 8
SHORTEST_LEAP = 4
LONGER = 4


@dataclass
class Completed:
    """The run that counts, and how it was found.

    So many `voters` hold a share; `runs` counts the steps, with those that were not run as they change nothing; `ties` are the purchases of
    all runs at which a tie could have mattered.
    """

    walk: Walk
    voters: int
    runs: int = 1
    ties: list[Round] = field(default_factory=list)

    @property
    def final(self) -> Run:
        """The run that counts."""
        return self.walk.run


def complete(market: Market, completion: Completion, voters: int, step_cents: int, heard: Heard | None = None) -> Completed:
    """Run with the envelope shared out among so many voters, then as often as the completion asks, each share `step_cents` larger."""
    budget = market.election.budget_cents
    walk = run_at(market, Fraction(budget, voters or 1), budget)
    done = Completed(walk, voters)
    done.ties += _open_ties(done.final)
    leaps, ahead, final = Leaps(market, step_cents), Ahead(market, step_cents, budget), done.final
    last, unparted = final.share, final.unparted
    while not (unparted or completion == "none" or _enough(market, completion, final)):
        same = leaps.after(final)
        share = _next_share(market, final, step_cents, same)
        run = ahead.at(share, final.bought)
        if run is None:
            walk = run_at(market, share, budget, before=Before(final.bought, walk.purses.hints))
            run = walk.run
        done.runs += 1 + same
        done.ties += _open_ties(run)
        unparted = run.unparted
        if run.overspent:
            # A tie that only a draw can part may hide a run that does not overspend.
            last += same * step_cents
            break
        final, last = run, share
        done.walk = walk
        if heard:
            heard(done.runs, run.spent)
    if done.final.share != last:
        done.walk = run_at(market, last, budget)
    done.final.unparted = unparted
    return done


def _open_ties(run: Run) -> list[Round]:
    return [one for one in run.rounds if not one.commute]


def _enough(market: Market, completion: Completion, run: Run) -> bool:
    bought = set(run.bought)
    waiting = [one for one in market.standing if one not in bought and one not in run.barred and market.parts[one]]
    if completion == "add1_until_exhaustive":
        return all(market.cost[one] > market.election.budget_cents - run.spent for one in waiting)
    return not waiting


def _next_share(market: Market, run: Run, step_cents: int, same: int) -> Fraction:
    """One step after those that change nothing; while nothing can be bought at all, as many as let the first project be bought."""
    steps = 1 + same
    if not run.rounds:
        first = min(_alone(market, one) for one in market.standing if market.parts[one])
        steps = max(1, ceil((first - run.share) / step_cents))
    return run.share + steps * step_cents


def _alone(market: Market, one: int) -> Fraction:
    """The share at which its supporters, who have paid for nothing yet, can just pay this project."""
    return Fraction(market.cost[one], market.behind_count[one])


class Leaps:
    """How many steps after a run are known to change nothing: found by proofs over longer and longer stretches, tried where it is calm."""

    def __init__(self, market: Market, step_cents: int) -> None:
        self.market, self.step = market, step_cents
        self._bought: tuple[int, ...] = ()
        self._calm, self._leap, self._patience = 0, FIRST_LEAP, CALM

    def after(self, run: Run) -> int:
        """How many of the next steps buy the same projects in the same order as this run."""
        self._calm = self._calm + 1 if run.bought == self._bought else 0
        self._bought = run.bought
        if self._calm < self._patience or not run.rounds:
            return 0
        steps, failed = self._leap, False
        while steps >= SHORTEST_LEAP:
            part = Stretch(self.market, run, run.share + steps * self.step).holds()
            if part == 1:
                self._leap, self._patience = FIRST_LEAP if failed else LONGER * steps, CALM
                return steps
            failed, steps = True, min(int(steps * part * 0.95), steps - 1)
        # The next change is near: wait for it to pass, and longer where such tries have failed, for each costs as much as a few runs.
        self._calm, self._leap, self._patience = -steps, FIRST_LEAP, CALM + 2
        return 0


class Ahead:
    """The runs of the steps to come, in blocks, each larger than the one before up to a limit."""

    FIRST, MOST = 2, 16

    def __init__(self, market: Market, step_cents: int, limit: int) -> None:
        self.market, self.step, self.limit = market, step_cents, limit
        self._block: dict[Fraction, Run | None] = {}
        self._size, self._hints = self.FIRST, [0] * len(market.cost)
        self._useful = market.stride is None and market.worth is None and market.gate().open
        self._useful &= len(market.owner) <= SMALL * len(market.cost) and len(market.many) <= FEW and sum(market.cost) < 2**62
        self._useful &= all(market.cost[one] for one in market.standing)

    def at(self, share: Fraction, bought: tuple[int, ...]) -> Run | None:
        """The run at this share if quick numbers decide it, else None; `bought` by the last run below it."""
        if not self._useful or not bought:
            return None
        if share not in self._block:
            shares = [share + index * self.step for index in range(self._size)]
            lanes = Lanes(self.market, shares, self.limit, Before(bought, self._hints))
            self._block = dict(zip(shares, lanes.runs(), strict=True))
            self._size, self._hints = min(2 * self._size, self.MOST), lanes.hints
        return self._block[share]

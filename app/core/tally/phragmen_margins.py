"""How near a losing project came under Phragmén's rule, read off one replay of its run.

A project that loses changes nothing in a run, and neither do further ballots that name only it, nor a lower cost, until it is bought.
The money, and the room under each limit, only shrink from turn to turn. So for each turn before which there was room we ask what would
have brought the project there first: so many supporters who have paid nothing yet, or such a cost. The best answer is exact.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil, inf, isinf
from typing import NamedTuple

import numpy as np

from app.core.tally.election import Project
from app.core.tally.outcome import Action
from app.core.tally.phragmen_ground import Floats, Ground, Ladder
from app.core.tally.phragmen_run import Run, Turn
from app.core.tally.profile import Whole
from app.core.tally.room import Room, cost_for_votes, votes_needed
from app.core.tally.rule import TallyRule
from app.core.tally.shares_purses import in_units
from app.core.tally.ties import first_of_two

FLOATS = 16 * 2.0**-52
"""No quick number here is wrong by a larger part of itself, beside the doubt of the sums it is made of."""


class Near(NamedTuple):
    """What a loser lacked: further supporters, the highest cost that would have won; and what its supporters held at the end."""

    votes: int | None
    cost_cents: int | None
    held: Fraction | None


def near_wins(rule: TallyRule, ground: Ground, run: Run) -> dict[str, Near]:
    """For each losing project of a finished run how near it was."""
    losers = Losers(rule, ground, run)
    stand = Stand(ground, run)
    for turn in run.turns:
        losers.look(turn, stand)
        if turn.action is Action.BOUGHT:
            stand.pay(turn)
    return losers.result(stand)


class Stand:
    """What the supporters of all projects have paid before each turn of a finished run.

    Quick sums are kept in units, a power of two to the cent: each ballot's load rounded down, so that floats hold them exactly.
    """

    def __init__(self, ground: Ground, run: Run) -> None:
        self.ground, self.ladder = ground, Ladder(len(run.bought))
        most = ceil(max((turn.level for turn in run.turns), default=0)) * max(ground.votes, default=0)
        self._shift = 52 - most.bit_length()
        self.unit = 2.0**-self._shift
        self._units = np.zeros(len(ground.cost))
        self._load: Floats = np.zeros(len(ground.start) - 1)
        self._last = ground.nobody()

    def pay(self, turn: Turn) -> None:
        """The supporters of what was bought move to its level, also as supporters of other projects."""
        ground, level = self.ground, float(in_units(turn.level, self._shift))
        piles = ground.piles(ground.place[turn.project])
        more = level - self._load.take(piles)
        more = more if ground.many is None else more * ground.many.take(piles)
        ground.columns.spread(ground.start, ground.project, piles, more, self._units)
        self._load[piles], self._last[piles] = level, len(self.ladder)
        self.ladder.climb(turn.level)

    def paid(self, places: Whole) -> Floats:
        """What the supporters of these projects have paid, in cents: for each ballot less than one `unit` too little."""
        paid: Floats = self._units[places] * self.unit
        return paid

    def exact(self, place: int) -> Fraction:
        """What the supporters of one project have paid, in exact cents."""
        return Fraction(self.ladder.paid(self.ground.counts(place, self._last, len(self.ladder))), self.ladder.unit)


class Losers:
    """All losing projects of a run, followed from turn to turn; rows of the arrays are losers, columns of `_caps` purchases."""

    def __init__(self, rule: TallyRule, ground: Ground, run: Run) -> None:
        self._rule, self._run, self._election = rule, run, ground.election
        bought = set(run.bought)
        self._lost = [project for project in ground.election.projects if project.id not in bought]
        self._place = np.array([ground.place[one.id] for one in self._lost], np.int64)
        self._cost = np.array([one.cost_cents for one in self._lost], np.int64)
        self._votes = np.array(ground.votes, np.float64)[self._place]
        room = Room(rule, ground.election, [ground.election.project(id) for id in run.bought])
        self._caps = np.array([room.caps(one) for one in self._lost], np.int64).reshape(len(self._lost), len(bought) + 1)
        pairs = [(one, ground.votes[ground.place[one.id]]) for one in self._lost]
        # Without a supporter there is nobody who could pay even the lowest cost.
        top = [cost_for_votes(rule, ground.election, one, votes) if votes else -1 for one, votes in pairs]
        self._top = np.array(top, np.int64)
        self._least = np.array([max(1, votes_needed(rule, ground.election, one) - votes) for one, votes in pairs], np.float64)
        self._more = np.full(len(self._lost), inf)
        self._best = np.full(len(self._lost), -1, np.int64)

    def look(self, turn: Turn, stand: Stand) -> None:
        """What would have brought each loser before this turn: floats say it where they cannot be wrong, else it is worked out exactly."""
        level, doubt = float(turn.level), self._votes * stand.unit
        paid = stand.paid(self._place)
        caps = self._caps[:, len(stand.ladder) - 1]
        self._look_at_votes(turn, stand, np.flatnonzero(caps >= self._cost), paid, doubt)
        most = np.minimum(caps, self._top)
        held = self._votes * level - paid
        slack = FLOATS * (self._votes * level + paid) + FLOATS
        low, high = np.ceil(held - doubt - slack) - 1, np.ceil(held + slack)
        worth = (most > self._best) & (high > self._best)
        # Whole numbers from here: above 2**53 floats do not tell them apart.
        least = np.minimum(low, 2.0**62).astype(np.int64)
        sure = (low + 2 > high) | (least >= most)
        self._best = np.where(worth & sure, np.maximum(self._best, np.minimum(least, most)), self._best)
        for row in np.flatnonzero(worth & ~sure).tolist():
            self._best[row] = max(self._best[row], self._cost_before(row, turn, stand, int(most[row])))

    def _look_at_votes(self, turn: Turn, stand: Stand, rows: Whole, paid: Floats, doubt: Floats) -> None:
        level = float(turn.level)
        if not level:
            for row in rows.tolist():
                self._more[row] = min(self._more[row], self._votes_before(row, turn, stand))
            return
        share = (self._cost[rows] + paid[rows]) / level
        slack, votes, least = FLOATS * share + FLOATS, self._votes[rows], self._least[rows]
        low, high = np.ceil(share - slack), np.ceil(share + doubt[rows] / level + slack)
        more = np.maximum(low - votes, least)
        better = more < self._more[rows]
        # Where a minimum of votes asks for more than the turn does, the turn is surely reached.
        sure = (low == high) | (high - votes < least)
        self._more[rows[better & sure]] = more[better & sure]
        for row in rows[better & ~sure].tolist():
            self._more[row] = min(self._more[row], self._votes_before(row, turn, stand))

    def result(self, stand: Stand) -> dict[str, Near]:
        """The answers, after what would have been enough at the end if the count did not stop."""
        if not self._run.stopped:
            self._best = np.maximum(self._best, np.minimum(self._caps[:, -1], self._top))
            self._more = np.where(self._caps[:, -1] >= self._cost, np.minimum(self._more, self._least), self._more)
        found = {}
        for row, (project, more, best) in enumerate(zip(self._lost, self._more.tolist(), self._best.tolist(), strict=True)):
            held = None
            if self._run.stopped:
                held = int(self._votes[row]) * self._run.turns[-1].level - stand.exact(int(self._place[row]))
            found[project.id] = Near(None if isinf(more) else int(more), best if best >= 0 else None, held)
        return found

    def _votes_before(self, row: int, turn: Turn, stand: Stand) -> float:
        """The fewest new supporters who bring this loser before this turn, its cost being what it is; endless if none do."""
        project, votes, least = self._lost[row], int(self._votes[row]), int(self._least[row])
        if turn.level:
            whole = project.cost_cents + stand.exact(int(self._place[row]))
            more = max(least, ceil(whole / turn.level) - votes)
            tie = (votes + more) * turn.level == whole
            return more + 1 if tie and not self._first(project, votes + more, turn) else more
        if project.cost_cents:
            return inf
        # Nothing is to be paid by anyone yet: all that cost nothing are equal.
        ahead = self._election.votes[turn.project] - votes
        turns = sorted(more for more in {least, ahead, ahead + 1} if more >= least)
        return next((more for more in turns if self._first(project, votes + more, turn)), inf)

    def _cost_before(self, row: int, turn: Turn, stand: Stand, most: int) -> int:
        """The highest cost, `most` or lower, that brings this loser before this turn; -1 if none does."""
        votes = int(self._votes[row])
        held = votes * turn.level - stand.exact(int(self._place[row]))
        cost = min(ceil(held) - 1, most)
        if 0 <= held <= most and held.denominator == 1:
            equal = replace(self._lost[row], cost_cents=held.numerator)
            return held.numerator if self._first(equal, votes, turn) else cost
        return cost

    def _first(self, project: Project, votes: int, turn: Turn) -> bool:
        """Whether this project with so many votes would surely come before all that had the same level."""
        others = ((self._election.project(id), self._election.votes[id]) for id in turn.equal.flat if id != project.id)
        return all(first_of_two(self._rule.tie_break, self._election, project, votes, one, many) for one, many in others)

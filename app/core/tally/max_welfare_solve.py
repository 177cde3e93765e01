"""The choice with the highest worth under several limits: proposed by HiGHS, proved by branch and bound in whole numbers.

Bound: Dantzig, "Discrete-variable extremum problems", Operations Research 5, 1957, section 5; search: Horowitz and Sahni, "Computing
partitions with applications to the knapsack problem", Journal of the ACM 21, 1974.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

import highspy
import numpy as np

from app.core.tally.election import Election, Project
from app.core.tally.limits import MaxPer
from app.core.tally.rule import TallyRule
from app.core.tally.ties import TieBreaker

MOST_NODES = 300_000
"""How many nodes of the search are visited before the proof is given up."""


@dataclass(frozen=True)
class Row:
    """A limit: the amounts of the projects (by place) that it counts may not exceed `most` together."""

    amounts: Mapping[int, int]
    most: int


@dataclass(frozen=True)
class Choice:
    """The projects chosen; whether no higher total was proved possible, and whether no other choice reaches this one."""

    ids: tuple[str, ...]
    proved: bool
    unique: bool


@dataclass(frozen=True)
class Problem:
    """Projects with what they are worth, most worth for their cost first, and the limits; the first row is the envelope."""

    ids: tuple[str, ...]
    worth: tuple[int, ...]
    cost: tuple[int, ...]
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, rule: TallyRule, election: Election, standing: list[Project], worths: Mapping[str, int]) -> Problem:
        """The problem in an order that depends neither on the order of projects nor on that of ballots."""
        breaker = TieBreaker(rule.tie_break, election, election.votes)
        place = {id: index for index, id in enumerate(breaker.arrange(project.id for project in standing).flat)} if standing else {}
        ordered = sorted(standing, key=lambda one: (*_rate(worths[one.id], one.cost_cents), place[one.id]))
        cost = tuple(one.cost_cents for one in ordered)
        rows = [Row(dict(enumerate(cost)), election.budget_cents)]
        for limit in rule.gate().limits:
            found: dict[str, dict[int, int]] = {}
            for index, one in enumerate(ordered):
                value = getattr(one, limit.key)
                if value and limit.value in (None, value):
                    found.setdefault(value, {})[index] = 1 if isinstance(limit, MaxPer) else one.cost_cents
            most = limit.most if isinstance(limit, MaxPer) else limit.cents
            rows += [Row(amounts, most) for _, amounts in sorted(found.items())]
        return cls(tuple(one.id for one in ordered), tuple(worths[one.id] for one in ordered), cost, tuple(rows))

    def total(self, chosen: list[int]) -> int:
        """What these are worth together."""
        return sum(self.worth[place] for place in chosen)

    def holds(self, chosen: list[int]) -> bool:
        """Whether these keep every limit, in whole numbers."""
        return all(sum(row.amounts.get(place, 0) for place in chosen) <= row.most for row in self.rows)


def best_choice(problem: Problem) -> Choice:
    """The best choice: what HiGHS proposes is where the search begins, so that it has little left to try."""
    proposed = _propose(problem)
    search = _Search(problem, problem.total(proposed))
    proved = search.run()
    chosen = search.found if search.found is not None else proposed
    return Choice(tuple(problem.ids[place] for place in chosen), proved, proved and search.unique)


def _propose(problem: Problem) -> list[int]:
    """A choice that keeps all limits and is very likely the best; empty if the solver gives none that does."""
    if not problem.ids:
        return []
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0), ("time_limit", 20.0)):
        solver.setOptionValue(name, value)
    size, scale = len(problem.ids), max(problem.worth)
    solver.addVars(size, np.zeros(size), np.ones(size))
    for place, worth in enumerate(problem.worth):
        solver.changeColCost(place, -worth / scale * 1e4)
        solver.changeColIntegrality(place, highspy.HighsVarType.kInteger)
    for row in problem.rows:
        largest = max([1, *row.amounts.values()])
        amounts = np.array([amount / largest for amount in row.amounts.values()])
        solver.addRow(-highspy.kHighsInf, row.most / largest, len(amounts), np.array(list(row.amounts), np.int32), amounts)
    solver.run()
    values = solver.getSolution().col_value
    chosen = [place for place, value in enumerate(values) if value > 0.5]
    return chosen if problem.holds(chosen) else []


def _rate(worth: int, cost_cents: int) -> tuple[bool, Fraction]:
    return cost_cents > 0, Fraction(-worth, cost_cents) if cost_cents else Fraction(0)


class _Search:
    """Each project in turn is taken first, then left out; what cannot reach the best total known is cut off.

    `found` is the first choice in this order with the best total, whatever was proposed; `unique` turns false at the second.
    """

    def __init__(self, problem: Problem, known: int) -> None:
        self.found: list[int] | None = None
        self.unique = True
        self._problem, self._best = problem, known
        self._costs, self._worths = ([0, *accumulate(amounts)] for amounts in (problem.cost, problem.worth))
        self._taken: list[int] = []
        self._worth = 0
        self._used = [0] * len(problem.rows)

    @cached_property
    def _limits(self) -> list[list[tuple[int, int]]]:
        """For each project the rows that count it, and how much."""
        rows = self._problem.rows
        return [[(at, row.amounts[i]) for at, row in enumerate(rows) if i in row.amounts] for i in range(len(self._problem.ids))]

    def run(self) -> bool:
        """Whether the search came to its end."""
        place, size = 0, len(self._problem.ids)
        for _ in range(MOST_NODES):
            enough = self._best if self.unique or self.found is None else self._best + 1
            if place < size and self._bound(place) >= enough:
                if all(self._used[row] + amount <= self._problem.rows[row].most for row, amount in self._limits[place]):
                    self._move(place, 1)
                    self._taken.append(place)
                place += 1
                continue
            if place == size:
                self._keep()
            if not self._taken:
                return True
            place = self._taken.pop()
            self._move(place, -1)
            place += 1
        return False

    def _keep(self) -> None:
        if self._worth > self._best or (self._worth == self._best and self.found is None):
            self.found, self._best, self.unique = list(self._taken), self._worth, True
        elif self._worth == self._best:
            self.unique = False

    def _move(self, place: int, sign: int) -> None:
        self._worth += sign * self._problem.worth[place]
        for row, amount in self._limits[place]:
            self._used[row] += sign * amount

    def _bound(self, place: int) -> int:
        """No choice that goes on from here is worth more: the rest by rate, the last in part."""
        room = self._costs[place] + self._problem.rows[0].most - self._used[0]
        full = bisect_right(self._costs, room, lo=place) - 1
        worth = self._worth + self._worths[full] - self._worths[place]
        if full == len(self._problem.ids):
            return worth
        return worth + (room - self._costs[full]) * self._problem.worth[full] // self._problem.cost[full]

"""One run of the Method of Equal Shares at a given share, in whole numbers from the first to the last.

Method: Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive Utilities" (NeurIPS 2021).
All money of the voters is kept as whole multiples of one small unit (1/`unit` cent), which is refined at each
purchase so that equal payments stay whole. A project's rate (what a supporter pays for each unit of usefulness) only
rises as money is spent, so only the projects whose last known rate could still be the lowest are worked out again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import ceil, floor

from app.core.tally.election import Election
from app.core.tally.rule import Awards
from app.core.tally.ties import Arranged, TieBreaker


@dataclass(frozen=True)
class Purse:
    """What the voters hold: for each group of equal ballots the money of one voter, in `unit`ths of a cent."""

    money: list[int]
    unit: int


@dataclass(frozen=True)
class Round:
    """One purchase: the lowest `rate`, what each full payer gave (`price`, exact cents), and the projects that stood equal."""

    project: str
    rate: Fraction
    price: Fraction
    payers: int
    part_payers: int
    equal: Arranged
    commute: bool


@dataclass
class Run:
    """What one run bought, in order. `unparted` names equal projects that need a draw; `overspent` that it was cut short."""

    share: Fraction
    rounds: list[Round] = field(default_factory=list)
    spent: int = 0
    overspent: bool = False
    unparted: tuple[str, ...] = ()
    barred: dict[str, int] = field(default_factory=dict)

    @property
    def bought(self) -> tuple[str, ...]:
        """The projects in order of purchase."""
        return tuple(one.project for one in self.rounds)


Watch = Callable[[Round | None, Purse], None]


class Market:
    """The supporters of each project, indexed once for all runs of a count. Only those `standing` may be bought."""

    def __init__(
        self, election: Election, standing: frozenset[str], *, by_cost: bool, max_per_carrier: int | None, breaker: TieBreaker
    ) -> None:
        piles = [(ballot, many) for ballot, many in election.ballots.items() if ballot]
        self.many = [many for _, many in piles]
        self.supporters: dict[str, list[int]] = {project.id: [] for project in election.projects}
        for index, (ballot, _) in enumerate(piles):
            for id in ballot:
                self.supporters[id].append(index)
        self.weights = {id: [self.many[index] for index in indices] for id, indices in self.supporters.items()}
        self.cost = {project.id: project.cost_cents for project in election.projects}
        self.standing, self._election, self._by_cost, self._limit, self._breaker = standing, election, by_cost, max_per_carrier, breaker

    def usefulness(self, id: str) -> int:
        """What one supporter gains from this project: its cost, or 1 whatever it costs."""
        return self.cost[id] if self._by_cost else 1

    def held(self, id: str, purse: Purse) -> Fraction:
        """The money of all supporters of this project together, in cents."""
        return Fraction(sum(purse.money[index] * self.many[index] for index in self.supporters[id]), purse.unit)

    def cover(self, id: str, purse: Purse, cap: Fraction) -> Fraction:
        """What its supporters could give if none gave more than `cap` cents."""
        top, held = floor(cap * purse.unit), [purse.money[index] for index in self.supporters[id]]
        capped = sum(many for money, many in zip(held, self.weights[id], strict=True) if money > top)
        poor = sum(money * many for money, many in zip(held, self.weights[id], strict=True) if money <= top)
        return capped * cap + Fraction(poor, purse.unit)

    def run(self, share: Fraction, limit: int, *, watch: Watch | None = None, first: Mapping[int, str] | None = None) -> Run:
        """Buy at the lowest rate until nobody can, or until more than `limit` cents are spent.

        `watch` is told the purse before each purchase, and at the end with None. `first` names, for a round counted from 0, which of
        several equal projects to buy.
        """
        purse, run, awards = Purse([share.numerator] * len(self.many), share.denominator), Run(share), Awards(self._limit)
        heap = self._opening(share)
        while heap:
            equal = self._cheapest(heap, purse)
            if not equal:
                break
            rate, arranged = equal[0][0], self._breaker.arrange(id for _, id in equal)
            commute = self._commute(arranged.flat)
            if len(arranged.groups[0]) > 1 and not self._commute(arranged.groups[0]):
                run.unparted = run.unparted or arranged.groups[0]
            id = (first or {}).get(len(run.rounds), arranged.flat[0])
            for other in equal:
                if other[1] != id:
                    heappush(heap, other)
            price, payers, part_payers = self._price(id, purse)
            bought = Round(id, rate, price, payers, part_payers, arranged, commute)
            if watch:
                watch(bought, purse)
            run.rounds.append(bought)
            run.spent += self.cost[id]
            if run.spent > limit:
                run.overspent = True
                return run
            purse = self._pay(id, price, purse)
            heap = self._bar(id, heap, awards, run)
        if watch:
            watch(None, purse)
        return run

    def _opening(self, share: Fraction) -> list[tuple[Fraction, str]]:
        """The rates before the first purchase, when every voter holds the same."""
        heap = []
        for id in self.standing:
            price = Fraction(self.cost[id], sum(self.weights[id]))
            if price <= share:
                heap.append((price / (self.usefulness(id) or 1), id))
        heapify(heap)
        return heap

    def _cheapest(self, heap: list[tuple[Fraction, str]], purse: Purse) -> list[tuple[Fraction, str]]:
        """Take from the heap all projects with the lowest rate of now; the heap knows rates that may be out of date, never too high."""
        fresh: set[str] = set()
        equal: list[tuple[Fraction, str]] = []
        while heap and (not equal or heap[0][0] == equal[0][0]):
            rate, id = heappop(heap)
            if id in fresh:
                equal.append((rate, id))
            elif (price := self._level(id, purse)) is not None:
                fresh.add(id)
                heappush(heap, (price / (self.usefulness(id) or 1), id))
        return equal

    def _level(self, id: str, purse: Purse) -> Fraction | None:
        """The price at which the supporters, each giving that or all they have, pay the cost exactly; None if they cannot."""
        need, money = self.cost[id] * purse.unit, purse.money
        # Those who hold nothing are left out: late in a run they are many.
        held = [(one, many) for index, many in zip(self.supporters[id], self.weights[id], strict=True) if (one := money[index])]
        if sum(one * many for one, many in held) < need:
            return None
        payers = sum(many for _, many in held)
        while True:
            # A voter is poor who holds less than an equal part of what is still needed.
            top = (need - 1) // payers if payers else 0
            poor = [pair for pair in held if pair[0] <= top]
            if not poor:
                return Fraction(need, (payers or 1) * purse.unit)
            need -= sum(one * many for one, many in poor)
            payers -= sum(many for _, many in poor)
            held = [pair for pair in held if pair[0] > top]

    def _price(self, id: str, purse: Purse) -> tuple[Fraction, int, int]:
        price = self._level(id, purse)
        assert price is not None, "only what can be paid is bought"
        top = ceil(price * purse.unit)
        payers = sum(weight for index, weight in zip(self.supporters[id], self.weights[id], strict=True) if purse.money[index] >= top)
        part = sum(weight for index, weight in zip(self.supporters[id], self.weights[id], strict=True) if 0 < purse.money[index] < top)
        return price, payers, part

    def _pay(self, id: str, price: Fraction, purse: Purse) -> Purse:
        """The purse after each supporter gave the price, or all they had."""
        exact = price * purse.unit
        finer = exact.denominator
        money, paid = ([one * finer for one in purse.money] if finer > 1 else list(purse.money)), exact.numerator
        for index in self.supporters[id]:
            money[index] = max(money[index] - paid, 0)
        return Purse(money, purse.unit * finer)

    def _bar(self, id: str, heap: list[tuple[Fraction, str]], awards: Awards, run: Run) -> list[tuple[Fraction, str]]:
        """Give the award, and take from the heap the projects whose carrier has now had its last."""
        project = self._election.project(id)
        awards.give(project)
        if not awards.full(project):
            return heap
        for other in self.cost:
            if other not in run.bought and self._election.project(other).carrier == project.carrier:
                run.barred.setdefault(other, len(run.rounds))
        kept = [entry for entry in heap if entry[1] not in run.barred]
        heapify(kept)
        return kept

    def _commute(self, ids: tuple[str, ...]) -> bool:
        """Whether these equal projects will all be bought, whichever comes first: no voter and no limited carrier in common."""
        if len(ids) == 1:
            return True
        voters = [index for id in ids if self.cost[id] for index in self.supporters[id]]
        carriers = [carrier for id in ids if self._limit and (carrier := self._election.project(id).carrier)]
        return len(voters) == len(set(voters)) and len(carriers) == len(set(carriers))

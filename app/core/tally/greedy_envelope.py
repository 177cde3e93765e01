"""The smallest larger envelope with which a loser of a greedy count would have won.

A larger envelope is not always better: it may let in a dearer project first. But some things are sure. Where a project wins, whatever
stood ahead of it, costs no more and no limit bars was bought as well; so at least their costs are needed, and its own. And
whatever is bought with all that came before it fixed stays bought with more. So the search walks along the order with the lowest
envelope still possible, raises it with each purchase, and at each project too dear for it goes on without that project first, in envelopes
too small for it, and comes back to buy it only if none of those will do. No envelope is passed over, and no step is walked twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.core.tally.election import Project
from app.core.tally.limits import Gate

MOST_TURNS = 20_000
"""How many turns are looked at for one project before giving up."""


@dataclass(frozen=True)
class Terms:
    """What the search must know of the rule: a fresh gate, whether the first miss stops the count, how many may win."""

    gate: Callable[[], Gate]
    stop: bool
    winners: int | None

    @property
    def money_alone(self) -> bool:
        """Whether nothing but money can keep a project out."""
        return self.winners is None and self.gate().open


def larger_envelope(project: Project, ahead: Sequence[Project], budget_cents: int, terms: Terms) -> int | None:
    """The smallest envelope in cents, at least `budget_cents`, with which this project wins behind those `ahead` of it.

    None if no envelope helps, or if none was found in MOST_TURNS turns. Time O(m) for m projects ahead, more only where dearer
    projects come in and go out again as the envelope grows.
    """
    if not terms.money_alone:
        return _Search(project, ahead, budget_cents, terms).run()
    own = project.cost_cents
    if terms.stop:
        return max(budget_cents, own + sum(rival.cost_cents for rival in ahead))
    sure, dear = 0, []
    for rival in ahead:
        if rival.cost_cents <= own:
            sure += rival.cost_cents
        else:
            dear.append((rival.cost_cents, sure))
    return _by_money(own + sure, dear, budget_cents)


def _by_money(sure: int, dear: Sequence[tuple[int, int]], low: int) -> int | None:
    """The search where nothing but money decides: `sure` is needed in any case, `dear` are the other costs and what is sure before each."""
    low, high, paid, place = max(low, sure), None, 0, 0
    forks: list[tuple[int, int, int | None, int]] = []
    for _ in range(MOST_TURNS):
        if place == len(dear):
            return low
        cost, before = dear[place]
        place += 1
        if (enough := before + paid + cost) > low:
            if high is None or enough < high:
                forks.append((place, enough, high, paid + cost))
                high = enough
            continue
        paid += cost
        low = max(low, paid + sure)
        while high is not None and low >= high:
            # High is finite only below a fork.
            place, low, high, paid = forks.pop()
            low = max(low, paid + sure)
    return None


@dataclass
class _Search:
    """The same search where limits and places decide too, so that nothing is sure.

    `low` and `high` (None: no end) bound the envelopes in which all decisions so far are the same; `forks` are the turns to come back to:
    the place, the bounds there, and how many projects had been taken.
    """

    project: Project
    turns: Sequence[Project]
    low: int
    terms: Terms
    high: int | None = None
    paid: int = 0
    place: int = 0
    taken: list[Project] = field(default_factory=list)
    forks: list[tuple[int, int, int | None, int]] = field(default_factory=list)

    def run(self) -> int | None:
        """The smallest envelope in which every turn leaves room for the project."""
        self.gate = self.terms.gate()
        self.low = max(self.low, self.project.cost_cents)
        alive = self._room()
        for _ in range(MOST_TURNS):
            if not alive and not self._back():
                return None
            if self.place == len(self.turns):
                return self.low
            alive = self._turn(self.turns[self.place])
            self.place += 1
        return None

    def _turn(self, rival: Project) -> bool:
        """The turn of this rival; False if the project cannot win any more with envelopes between the bounds."""
        enough = self.paid + rival.cost_cents
        fork = enough > self.low and not self.terms.stop
        if (fork and self.high is not None and enough >= self.high) or self.gate.full(rival):
            return True
        if fork:
            self.forks.append((self.place, enough, self.high, len(self.taken)))
            self.high = enough
            return True
        self._take(rival)
        return self._room()

    def _take(self, rival: Project) -> None:
        self.taken.append(rival)
        self.gate.give(rival)
        self.paid += rival.cost_cents
        self.low = max(self.low, self.paid + self.project.cost_cents)

    def _room(self) -> bool:
        """Whether envelopes are left between the bounds, and a place and the limits for the project itself."""
        full = self.terms.winners is not None and len(self.taken) >= self.terms.winners
        return not full and (self.high is None or self.low < self.high) and not self.gate.full(self.project)

    def _back(self) -> bool:
        """Back to the last fork, this time with an envelope large enough to buy there; False if there is none."""
        while self.forks:
            self.place, self.low, self.high, many = self.forks.pop()
            del self.taken[many:]
            self.paid = sum(one.cost_cents for one in self.taken)
            self.gate = self.terms.gate()
            for one in self.taken:
                self.gate.give(one)
            self._take(self.turns[self.place])
            self.place += 1
            if self._room():
                return True
        return False

"""One run of Phragmén's sequential rule: who is bought next is proposed by floats, and decided exactly where it is close.

Every voter is given money at the same pace; a project is bought as soon as its supporters together hold its cost, and they then hold
nothing. Source: Phragmén 1894; Brill, Freeman, Janson, Lackner, "Phragmén's Voting Methods and Justified Representation", AAAI 2017;
with costs: Los, Christoff, Grossi, "Proportional Budget Allocations", IJCAI 2022. The level of a project, how much each voter has been
given when that happens, only rises as others are bought, so only projects whose last known level could still be the lowest are looked
at again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heapify, heappop, heappush

import numpy as np

from app.core.tally.election import Project
from app.core.tally.greedy_walk import bar_action
from app.core.tally.limits import Bar
from app.core.tally.outcome import Action
from app.core.tally.phragmen_ground import Floats, Ground, Ladder
from app.core.tally.profile import Whole
from app.core.tally.rule import TallyRule
from app.core.tally.ties import Arranged, TieBreaker

CLOSE = 1e-9
"""Levels whose floats differ by less, relatively, are compared exactly; the floats are wrong by less than a thousandth of it."""


@dataclass(frozen=True)
class Turn:
    """The turn of a project, when its supporters hold its cost at this exact `level`; `equal` had the same level."""

    project: str
    action: Action
    level: Fraction
    left_before_cents: int
    left_after_cents: int
    equal: Arranged
    commute: bool
    bar: Bar | None


@dataclass
class Run:
    """The turns of one run in order; `stopped`: a project that did not fit ended it; `unparted` needs a draw before it can go on."""

    turns: list[Turn] = field(default_factory=list)
    stopped: bool = False
    unparted: tuple[str, ...] = ()

    @property
    def bought(self) -> tuple[str, ...]:
        """The projects in order of purchase."""
        return tuple(turn.project for turn in self.turns if turn.action is Action.BOUGHT)


class Runner:
    """One run on this ground, with this envelope, among the projects of these places (each supported by someone).

    After a run that stopped, `onward` goes on as if the envelope had been larger by so many cents.
    """

    def __init__(self, rule: TallyRule, ground: Ground, among: list[int], budget_cents: int, *, stop: bool) -> None:
        self._ground, self._left, self._stop = ground, budget_cents, stop
        self._gate = rule.gate()
        self._breaker = TieBreaker(rule.tie_break, ground.election, ground.election.votes)
        self._last = ground.nobody()
        self._ladder = Ladder(len(among))
        self._heap = [(ground.cost[index] / ground.votes[index], index) for index in among]
        heapify(self._heap)
        self._fresh: dict[int, Whole | Floats] = {}

    def run(self, first: Mapping[int, str] | None = None) -> Run:
        """The whole run. `first` names, for a turn counted from 0, which of several equal projects has it."""
        run = Run()
        while self._heap and not run.stopped:
            whole, places = self._lowest()
            ids = [self._ground.election.ids[place] for place in places]
            arranged = self._breaker.arrange(ids)
            chosen = (first or {}).get(len(run.turns), arranged.flat[0])
            commute = self._commute(arranged.flat, free=not whole)
            if len(arranged.groups[0]) > 1 and not commute and not first and not self._commute(arranged.groups[0], free=not whole):
                run.unparted = arranged.groups[0]
                return run
            place = self._ground.place[chosen]
            # Equal levels are equal fractions: each own sum over its own number of supporters.
            own = self._ladder.whole(self._ground.cost[place], self._fresh[place])
            run.turns.append(self._turn(place, own, arranged, commute))
            run.stopped = self._stop and run.turns[-1].action is Action.TOO_DEAR
            for other in places:
                if other != place:
                    heappush(self._heap, (self._level(other), other))
        return run

    def onward(self, more_cents: int, stopped: Run) -> Run:
        """The turns that would have followed the one that stopped the run, this one again first."""
        self._left += more_cents
        place = self._ground.place[stopped.turns[-1].project]
        heappush(self._heap, (self._level(place), place))
        return self.run()

    def _turn(self, place: int, whole: int, equal: Arranged, commute: bool) -> Turn:
        project, votes, before = self._project(place), self._ground.votes[place], self._left
        bar = None if self._gate.open else self._gate.bar(project)
        level = self._ladder.level(whole, votes)
        if bar or project.cost_cents > before:
            action = bar_action(bar) if bar else Action.TOO_DEAR
            return Turn(project.id, action, level, before, before, equal, commute, bar)
        self._ladder.climb(level)
        self._last[self._ground.piles(place)] = len(self._ladder) - 1
        self._fresh.clear()
        self._left -= project.cost_cents
        self._gate.give(project)
        return Turn(project.id, Action.BOUGHT, level, before, self._left, equal, commute, None)

    def _level(self, place: int) -> float:
        """The level of this project as of now, as a float."""
        counts = self._fresh.get(place)
        if counts is None:
            counts = self._fresh[place] = self._ground.counts(place, self._last, len(self._ladder))
        paid = float(counts @ self._ladder.floats[: len(self._ladder)])
        return (self._ground.cost[place] + paid) / self._ground.votes[place]

    def _lowest(self) -> tuple[int, list[int]]:
        """Take from the heap all projects with exactly the lowest level; the heap knows levels that may be out of date, never too high."""
        close: list[tuple[float, int]] = []
        while self._heap and (not close or self._heap[0][0] <= close[0][0] * (1 + CLOSE)):
            level, place = heappop(self._heap)
            if place in self._fresh:
                close.append((level, place))
            else:
                heappush(self._heap, (self._level(place), place))
        lowest: list[int] = []
        least = 0
        for level, place in close:
            whole = self._ladder.whole(self._ground.cost[place], self._fresh[place]) if len(close) > 1 else 1
            # whole / votes against least / votes of the lowest so far, without dividing.
            ahead = whole * self._ground.votes[lowest[0]] - least * self._ground.votes[place] if lowest else -1
            if ahead < 0:
                for other in lowest:
                    heappush(self._heap, (self._level(other), other))
                lowest, least = [place], whole
            elif ahead == 0:
                lowest.append(place)
            else:
                heappush(self._heap, (level, place))
        return least, lowest

    def _project(self, place: int) -> Project:
        return self._ground.election.projects[place]

    def _commute(self, ids: tuple[str, ...], *, free: bool) -> bool:
        """Whether the order of these equal projects changes nothing: all that can be bought fit together and share no voter."""
        if len(ids) == 1:
            return True
        places = [self._ground.place[id] for id in ids]
        asking = [place for place in places if not self._gate.full(self._project(place))]
        fitting = [place for place in asking if self._ground.cost[place] <= self._left]
        if not fitting:
            return True
        if (self._stop and fitting != asking) or sum(self._ground.cost[place] for place in fitting) > self._left:
            return False
        voters = np.concatenate([self._ground.piles(place) for place in fitting])
        alone = free or len(voters) == len(np.unique(voters))
        return alone and self._gate.room_for_all([self._project(place) for place in fitting])

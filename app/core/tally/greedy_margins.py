"""How near a project came under a greedy rule: further votes or points, a lower cost, and for winners the votes to spare.

A project that loses changes nothing in the walk, so one walk answers for all of them. Along a walk the money, the room under each
limit and the places only shrink: a project would win in every place of the order before its last good one. What is asked is thus
only which rival it must come before, and what that takes.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from app.core.tally.election import Election, Project
from app.core.tally.greedy_score import Scores
from app.core.tally.greedy_walk import Walk
from app.core.tally.outcome import Action
from app.core.tally.room import Room, cost_for_votes, votes_needed
from app.core.tally.rule import TallyRule
from app.core.tally.ties import first_of_two


class Rivals:
    """What would have been, had one project other votes, other points or another cost, all else being the same.

    An open tie counts against the project that asks. Each question takes time O(log m) for m projects, and O(w) more for w winners
    where limits hold.
    """

    def __init__(self, rule: TallyRule, election: Election, scores: Scores, walk: Walk) -> None:
        self._rule, self._election, self._scores, self._walk = rule, election, scores, walk
        bought = [election.project(step.project) for step in walk.steps if step.action is Action.BOUGHT]
        self._room = Room(rule, election, bought)
        # To find room in the state after j purchases a project must come before the next one, or before the turn that ended the walk.
        self._next: list[Project | None] = [*bought]
        if walk.ended is None:
            self._next.append(None)
        elif walk.steps[walk.ended].action is not Action.BOUGHT:
            self._next.append(election.project(walk.order[walk.ended]))

    def missing(self, project: Project, least: int) -> int | None:
        """The fewest further votes (points, where they rank) with which this loser would have won; None if none would do.

        `least` is how many it needs to take part at all.
        """
        caps = self._room.caps(project)[: len(self._next)]
        good = bisect_right(caps, -project.cost_cents, key=lambda cap: -cap)
        if not good:
            return None
        enough = self._least_amount(project, self._next[good - 1], least)
        return None if enough is None else max(1, enough - self._scores.amounts[project.id])

    def spare(self, project: Project, place: int) -> int:
        """How many votes (points) the winner of this place in the order could have done without."""
        needed = votes_needed(self._rule, self._election, project)
        enough = self._least_amount(project, self._too_late(project, place), needed)
        return self._scores.amounts[project.id] - (needed if enough is None else enough)

    def winning_cost(self, project: Project) -> int | None:
        """The highest cost in cents below its own with which this loser would have won; None if it would not even for nothing."""
        top = cost_for_votes(self._rule, self._election, project, self._scores.votes[project.id])
        caps, best, low, high = self._room.caps(project), -1, 0, len(self._next)
        while low < high:
            # The later in the order, the less money there is; the earlier, the lower the cost that brings it there.
            middle = (low + high) // 2
            cost = self._highest_cost(project, self._next[middle], top)
            best = max(best, min(cost, caps[middle]))
            low, high = (low, middle) if cost >= caps[middle] else (middle + 1, high)
        return best if best >= 0 else None

    def _beats(self, project: Project, amount: int, cost_cents: int, rival: Project) -> bool:
        """Whether this project would surely come before its rival, had it this amount of votes or points and this cost."""
        amounts, votes = self._scores.amounts, self._scores.votes
        own, other = self._scores.key(amount, cost_cents), self._scores.key(amounts[rival.id], rival.cost_cents)
        if own != other:
            return own < other
        mine = amount if self._scores.points is None else max(votes[project.id], amount > amounts[project.id])
        changed = replace(project, cost_cents=cost_cents)
        return first_of_two(self._rule.tie_break, self._election, changed, mine, rival, votes[rival.id])

    def _least_amount(self, project: Project, rival: Project | None, least: int) -> int | None:
        """The smallest amount, `least` or more, that brings this project before its rival: only at these can it change."""
        if rival is None:
            return least
        other = self._scores.amounts[rival.id]
        if self._scores.per_cost and rival.cost_cents:
            other = -(-other * project.cost_cents // rival.cost_cents)
        votes = self._scores.votes[rival.id]
        turns = sorted({amount for amount in (least, 0, 1, other, other + 1, votes, votes + 1) if amount >= least})
        return next((amount for amount in turns if self._beats(project, amount, project.cost_cents, rival)), None)

    def _highest_cost(self, project: Project, rival: Project | None, top: int) -> int:
        """The highest cost, `top` or lower, that brings this project before its rival, -1 if none does."""
        if rival is None or rival.id == project.id:
            return top
        cost, own, other = rival.cost_cents, self._scores.amounts[project.id], self._scores.amounts[rival.id]
        equal = own * cost // other if self._scores.per_cost and other > 0 else 0
        turns = sorted({turn for turn in (top, cost, cost - 1, equal, equal - 1, 0) if 0 <= turn <= top}, reverse=True)
        return next((turn for turn in turns if self._beats(project, own, turn, rival)), -1)

    def _too_late(self, project: Project, place: int) -> Project | None:
        """The first rival behind this winner after whose turn there would be no room for it any more; None if there is none."""
        walk = self._walk.without(place)
        for id in self._walk.order[place + 1 :]:
            rival = self._election.project(id)
            walk.turn(rival)
            if not walk.room_for(project):
                return rival
        return None

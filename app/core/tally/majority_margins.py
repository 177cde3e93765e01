"""How near a project came under majority judgment: voters who had to think better of it, a lower cost, and for winners the votes to spare.

As under greedy (see `greedy_margins`), a loser changes nothing in the walk, and would win in every place of the order before its last
good one; so what is asked is only which rivals it must come before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.core.tally.election import Election, Project
from app.core.tally.greedy_walk import Walk
from app.core.tally.majority_order import Ungraded, lowered, majority_key, raised
from app.core.tally.outcome import Action
from app.core.tally.room import Room, cost_for_votes
from app.core.tally.rule import TallyRule
from app.core.tally.ties import TieBreaker, first_of_two


class GradeMargins:
    """What would have been, had one project other grades or another cost, all else being the same; open ties count against it.

    `counts` holds the grades of each project, the worst first, and `needed` the ballots that must grade it.
    """

    def __init__(
        self,
        rule: TallyRule,
        election: Election,
        walk: Walk,
        counts: Mapping[str, Sequence[int]],
        needed: Mapping[str, int],
        ungraded: Ungraded,
    ) -> None:
        self._rule, self._election, self._walk, self._counts, self._needed, self._ungraded = rule, election, walk, counts, needed, ungraded
        self._valid = election.valid
        self._keys = {id: majority_key(row) for id, row in counts.items()}
        self._rising = sorted(self._keys[id] for id in walk.order)
        self._place_of = {id: place for place, id in enumerate(walk.order)}
        bought = [election.project(step.project) for step in walk.steps if step.action is Action.BOUGHT]
        self._room = Room(rule, election, bought)
        # To find the room left after j purchases, a project must come before the next one, or before the turn that ended the walk.
        self._next: list[str | None] = [project.id for project in bought]
        if walk.ended is None:
            self._next.append(None)
        elif walk.steps[walk.ended].action is not Action.BOUGHT:
            self._next.append(walk.order[walk.ended])

    def missing_votes(self, project: Project) -> int | None:
        """The fewest voters, those who thought least of this loser, who had to give it the best grade; None if all were not enough."""
        known, valid, needed = self._election.votes[project.id], self._valid, self._needed[project.id]
        counts, fresh, good = self._counts[project.id], max(needed - known, 0), self._good_places(project)
        if known + fresh > valid:
            return None

        def wins(more: int) -> bool:
            if self._ungraded == "worst":
                votes = known + min(more, valid - known)
                return votes >= needed and self._place(project, raised(counts, more), votes) < good
            return self._place(project, raised(counts, more - fresh, fresh), known + fresh) < good

        least, most = (1, valid) if self._ungraded == "worst" else (max(fresh, 1), known + fresh)
        found = least + bisect_left(range(least, most + 1), True, key=wins)
        return found if found <= most else None

    def spare_votes(self, project: Project) -> int:
        """The most voters, those who thought best of this winner, who could have given it the worst grade without its losing."""
        counts, votes, place = self._counts[project.id], self._election.votes[project.id], self._place_of[project.id]
        walk, good = self._walk.without(place), place + 1
        for id in self._walk.order[place + 1 :]:
            walk.turn(self._election.project(id))
            if not walk.room_for(project):
                break
            good += 1

        def loses(fewer: int) -> bool:
            return self._place(project, lowered(counts, fewer), votes) >= good

        return bisect_left(range(1, sum(counts) + 1), True, key=loses)

    def winning_cost(self, project: Project) -> int | None:
        """The highest cost in cents below its own with which this loser would have won; None if it would not even for nothing."""
        votes = self._election.votes[project.id]
        top = cost_for_votes(self._rule, self._election, project, votes) if votes else -1
        caps = self._room.caps(project)
        costs = [self._highest_cost(project, rival, min(top, cap)) for rival, cap in zip(self._next, caps, strict=False)]
        return max((cost for cost in costs if cost >= 0), default=None)

    def _good_places(self, project: Project) -> int:
        """In how many first places among its rivals this loser would win."""
        good = bisect_right(self._room.caps(project)[: len(self._next)], -project.cost_cents, key=lambda cap: -cap)
        if not good:
            return 0
        rival, own = self._next[good - 1], self._place_of.get(project.id, len(self._place_of))
        place = len(self._place_of) if rival is None else self._place_of[rival]
        return place - (own < place) + 1

    def _place(self, project: Project, counts: Sequence[int], votes: int) -> int:
        """How many rivals would come before this project with these grades."""
        key, own = majority_key(counts), self._keys[project.id]
        low, high = bisect_left(self._rising, key), bisect_right(self._rising, key)
        standing = project.id in self._place_of
        before = len(self._rising) - high - (standing and own > key)
        if high - low == (standing and own == key):
            return before
        order = self._walk.order
        equal = [id for id in order[len(order) - high : len(order) - low] if id != project.id]
        known = {**self._election.votes, project.id: votes}
        for group in TieBreaker(self._rule.tie_break, self._election, known).arrange([project.id, *equal]).groups:
            if project.id in group:
                return before + len(group) - 1
            before += len(group)
        return before

    def _highest_cost(self, project: Project, rival: str | None, top: int) -> int:
        """The highest cost, `top` or lower, that brings this project before its rival, -1 if none does."""
        if rival is None or rival == project.id or top < 0 or self._keys[project.id] > self._keys[rival]:
            return top
        if self._keys[project.id] < self._keys[rival]:
            return -1
        other, votes = self._election.project(rival), self._election.votes
        turns = sorted({turn for turn in (top, other.cost_cents, other.cost_cents - 1, 0) if 0 <= turn <= top}, reverse=True)
        return next((turn for turn in turns if self._first(replace(project, cost_cents=turn), other, votes)), -1)

    def _first(self, project: Project, rival: Project, votes: Mapping[str, int]) -> bool:
        return first_of_two(self._rule.tie_break, self._election, project, votes[project.id], rival, votes[rival.id])

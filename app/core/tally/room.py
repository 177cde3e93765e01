"""What was left for a project after each purchase of a count: money, limits, and the votes that its cost asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate

from app.core.tally.election import Election, Project
from app.core.tally.limits import MinVotes
from app.core.tally.rule import TallyRule


class Room:
    """The room after 0, 1, … w purchases, in this order. It never grows."""

    def __init__(self, rule: TallyRule, election: Election, bought: Sequence[Project]) -> None:
        self._rule, self._bought = rule, bought
        ids = {project.id for project in bought}
        self._others = [project for project in election.projects if project.id not in ids]
        costs = (-project.cost_cents for project in bought)
        self._left = list(accumulate(costs, initial=election.budget_cents))

    def caps(self, project: Project) -> list[int]:
        """The highest cost in cents at which this project, not bought itself, could have been: -1 where a limit bars it at any cost."""
        rooms = self._limits.get(project.id)
        if rooms is None:
            return self._left
        return [left if room is None else min(left, room) for left, room in zip(self._left, rooms, strict=True)]

    @cached_property
    def _limits(self) -> dict[str, list[int | None]]:
        gate = self._rule.gate()
        if gate.open:
            return {}
        rooms: dict[str, list[int | None]] = {project.id: [gate.most(project)] for project in self._others}
        for bought in self._bought:
            gate.give(bought)
            for project in self._others:
                rooms[project.id].append(gate.most(project))
        return rooms


def votes_needed(rule: TallyRule, election: Election, project: Project) -> int:
    """How many votes this project, whatever its cost, needs to take part."""
    asked = [limit.needed(election, project) for limit in rule.limits if isinstance(limit, MinVotes)]
    return max(rule.min_votes, *asked) if asked else rule.min_votes


def cost_for_votes(rule: TallyRule, election: Election, project: Project, votes: int) -> int:
    """The highest cost in cents below its own at which so many votes are enough for this project; -1 if at none."""
    low, high = 0, project.cost_cents
    if votes >= votes_needed(rule, election, project):
        return high - 1
    while low < high:
        middle = (low + high) // 2
        enough = votes >= votes_needed(rule, election, replace(project, cost_cents=middle))
        low, high = (middle + 1, high) if enough else (low, middle)
    return low - 1

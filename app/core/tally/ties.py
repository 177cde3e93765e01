"""Ties: which of several equal projects comes first, by published criteria and in the end by a public draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, Literal, NamedTuple, TypeAlias

from app.core.tally.election import Election, Project

Criterion: TypeAlias = Literal["cheaper", "votes", "older", "id", "draw"]


class Arranged(NamedTuple):
    """Equal projects put in order: each group of more than one is what no criterion could part (yet)."""

    groups: tuple[tuple[str, ...], ...]
    by: tuple[Criterion, ...]

    @property
    def flat(self) -> tuple[str, ...]:
        """All members; those that nothing could part stand in the order of their ids."""
        return tuple(id for group in self.groups for id in group)


class TieBreaker:
    """Puts equal projects in order: each criterion parts what the ones before it left together.

    cheaper: lower cost first. votes: more votes first. older: the older file first (projects without a date of filing last). id: ids
    compared as text. draw: the public draw of the
    election; while it is unknown nothing after it is asked, for a tie left to the draw is not to be guessed.
    """

    def __init__(self, criteria: tuple[Criterion, ...], election: Election, votes: Mapping[str, int]) -> None:
        self._criteria = criteria
        self._election = election
        self._votes = votes

    def arrange(self, ids: Iterable[str]) -> Arranged:
        """The order of these projects, all equal under the rule itself."""
        groups, used = self._part(tuple(sorted(ids)), 0)
        return Arranged(groups, tuple(criterion for criterion in self._criteria if criterion in used))

    def _part(self, ids: tuple[str, ...], depth: int) -> tuple[tuple[tuple[str, ...], ...], set[Criterion]]:
        if len(ids) == 1 or depth == len(self._criteria):
            return (ids,), set()
        criterion = self._criteria[depth]
        if criterion == "draw" and any(self._election.lot(id) is None for id in ids):
            return (ids,), set()

        def key(id: str) -> Any:
            return _key(criterion, self._election, self._election.project(id), self._votes[id])

        parts = [tuple(part) for _, part in groupby(sorted(ids, key=key), key)]
        used: set[Criterion] = {criterion} if len(parts) > 1 else set()
        groups: tuple[tuple[str, ...], ...] = ()
        for part in parts:
            inner, more = self._part(part, depth + 1)
            groups, used = groups + inner, used | more
        return groups, used


def first_of_two(criteria: tuple[Criterion, ...], election: Election, one: Project, votes: int, other: Project, others_votes: int) -> bool:
    """Whether the one comes before the other, both equal under the rule itself; not if only a draw still to come could tell.

    The projects and their votes need not be those of the election: for asking what would have been with a lower cost or more votes.
    """
    for criterion in criteria:
        keys = _key(criterion, election, one, votes), _key(criterion, election, other, others_votes)
        if criterion == "draw" and None in keys:
            return False
        if keys[0] != keys[1]:
            return bool(keys[0] < keys[1])
    return False


def _key(criterion: Criterion, election: Election, project: Project, votes: int) -> Any:
    """What this criterion looks at: the smaller comes first."""
    match criterion:
        case "cheaper":
            return project.cost_cents
        case "votes":
            return -votes
        case "older":
            return project.filed is None, project.filed or 0
        case "id":
            return project.id
        case "draw":
            return election.lot(project.id)

"""Ties: which of several equal projects comes first, by published criteria and in the end by a public draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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
        self._keys: Mapping[Criterion, Callable[[str], Any]] = {
            "cheaper": lambda id: election.project(id).cost_cents,
            "votes": lambda id: -votes[id],
            "older": lambda id: _filed(election.project(id)),
            "id": lambda id: id,
            "draw": election.lot,
        }

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
        key = self._keys[criterion]
        parts = [tuple(part) for _, part in groupby(sorted(ids, key=key), key)]
        used: set[Criterion] = {criterion} if len(parts) > 1 else set()
        groups: tuple[tuple[str, ...], ...] = ()
        for part in parts:
            inner, more = self._part(part, depth + 1)
            groups, used = groups + inner, used | more
        return groups, used


def _filed(project: Project) -> tuple[bool, int]:
    return project.filed is None, project.filed or 0

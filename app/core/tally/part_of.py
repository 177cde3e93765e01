"""A part of an election: some of its projects, with the ballots as they bear on these, and an envelope of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.core.tally.election import Election
from app.core.tally.profile import Profile, Whole


def part_of(election: Election, ids: Iterable[str], budget_cents: int) -> Election:
    """The same election with these projects only and this envelope. Ballots that name none of them become blank; none is lost."""
    wanted = frozenset(ids)
    keep = np.array([id in wanted for id in election.ids], np.bool_)
    projects = tuple(project for project in election.projects if project.id in wanted)
    return replace(election, projects=projects, profile=restricted(election.profile, keep), budget_cents=budget_cents)


def restricted(profile: Profile, keep: NDArray[np.bool_]) -> Profile:
    """The ballots as if they had named only the projects of `keep`, shape (m,), which are numbered anew; blank ones make one pile.

    The places of a ranking close up: the first of those that remain stands first. Time O(k), and O(k log k) for rankings.
    """
    marks = keep[profile.project]
    before = np.concatenate(([0], np.cumsum(marks)))
    start = before[profile.start].astype(np.int64)
    number = (np.cumsum(keep) - 1).astype(np.int32)
    value = None if profile.value is None else profile.value[marks]
    if value is not None and profile.kind == "ranking":
        value = _closed_up(start, value)
    named = np.diff(start) > 0
    blank = profile.many[~named].sum(keepdims=True)
    many = np.concatenate((blank, profile.many[named])) if blank[0] else profile.many
    start = np.concatenate((start[:1], start[:-1][named], start[-1:])) if blank[0] else start
    return Profile(start, number[profile.project[marks]], many, int(keep.sum()), profile.kind, value, profile.unit)


def _closed_up(start: Whole, place: Whole) -> Whole:
    """The places of each ballot counted from 1 again, equal places kept equal."""
    if not len(place):
        return place
    row = np.repeat(np.arange(len(start) - 1), np.diff(start))
    order = np.lexsort((place, row))
    first = np.ones(len(order), np.bool_)
    first[1:] = (np.diff(row[order]) != 0) | (np.diff(place[order]) != 0)
    # Where a group of equal places begins, seen from the beginning of its ballot.
    begins = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    closed = np.empty_like(place)
    closed[order] = begins - start[row[order]] + 1
    return closed

"""The order of majority judgment: which of two projects has the better majority value, from their counts of grades alone.

The majority grade of a project is its median grade, the lower one of two. Between projects with the same majority grade, one such
grade is taken away from each, and their new majority grades are compared, and so on (Balinski and Laraki, "A theory of measuring,
electing, and ranking", PNAS 2007, and "Majority Judgment", MIT Press 2011, chapter 1). The grades leave in turn from below and from
above the middle, so that nothing needs taking away: grade by grade, it is enough to know how far from the middle each one reaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.core.tally.profile import Profile, summed

Ungraded: TypeAlias = Literal["worst", "ignored"]
MOST_GRADES = 1000


class Run(NamedTuple):
    """Up to `until` from the middle (as a part of the way to the ends), grades leave as `lower` from below and `upper` from above."""

    until: Fraction
    lower: int
    upper: int


class Apart(NamedTuple):
    """Where two projects part: `middle` of their grades are the same and taken away, then one has `grade` and the other `other`.

    `removed` is the number of grades taken away from each where both have equally many, else None.
    """

    middle: Fraction
    grade: int
    other: int
    removed: int | None


def grade_counts(profile: Profile, grades: int | None, ungraded: Ungraded) -> NDArray[np.int64]:
    """How many ballots give each project each grade, the worst grade first: shape (m, number of grades).

    `grades` None finds the number of grades in the ballots. With `ungraded` "worst" a ballot that is not blank gives the worst
    grade to what it leaves out. Raises ValueError on ballots without grades, or a grade outside of them.
    """
    if profile.value is None or profile.kind != "grades":
        raise ValueError("majority judgment needs ballots with grades")
    highest = int(profile.value.max()) if len(profile.value) else 0
    size = highest + 1 if grades is None else grades
    if highest >= min(size, MOST_GRADES) or (len(profile.value) and profile.value.min() < 0):
        raise ValueError("a ballot gives a grade that the rule does not know")
    index = profile.project.astype(np.int64) * size + profile.value
    counts = summed(index, profile.each, profile.size * size).reshape(profile.size, size)
    if ungraded == "worst":
        counts[:, 0] += profile.total - profile.blank - counts.sum(axis=1)
    return counts


def majority_grade(counts: Sequence[int]) -> int | None:
    """The lower median of these grades, counted from the worst; None where there are none."""
    total, below = sum(counts), 0
    for grade, many in enumerate(counts):
        below += many
        if many and 2 * below >= total:
            return grade
    return None


def majority_runs(counts: Sequence[int]) -> tuple[Run, ...]:
    """The grades in the order in which they leave, by stretches in which nothing changes; none without grades."""
    total, below = sum(counts), 0
    lower: list[tuple[int, int]] = []
    upper: list[tuple[int, int]] = []
    for grade, many in enumerate(counts):
        start, below = below, below + many
        if many and 2 * start < total:
            lower.insert(0, (total - 2 * start, grade))
        if many and 2 * below > total:
            upper.append((2 * below - total, grade))
    runs = []
    while lower and upper:
        until = min(lower[0][0], upper[0][0])
        runs.append(Run(Fraction(until, total), lower[0][1], upper[0][1]))
        lower = lower[lower[0][0] == until :]
        upper = upper[upper[0][0] == until :]
    return tuple(runs)


def majority_key(counts: Sequence[int]) -> tuple[Fraction | int, ...]:
    """A key that sorts projects by their majority value, the best last; equal exactly where taking grades away never parts them.

    Projects with different numbers of grades compare as if the grades of each were repeated until all had as many. A project
    without grades comes first. Of two that have the same grades so far, one that will meet a worse one from below is behind one that
    meets nothing new, the sooner the further; and one that will only meet a better one from above is before, the sooner the further.
    """
    runs = majority_runs(counts)
    if not runs:
        return (-1,)
    key: list[Fraction | int] = [runs[0].lower, runs[0].upper]
    for run, then in pairwise(runs):
        falls = then.lower < run.lower
        key += [-1, run.until] if falls else [1, -run.until]
        key += [then.lower, then.upper]
    return (*key, 0, 0)


def apart(counts: Sequence[int], others: Sequence[int]) -> Apart | None:
    """Where these two projects part; None where they never do, or one has no grades."""
    first, second = list(majority_runs(counts)), list(majority_runs(others))
    middle = Fraction(0)
    while first and second:
        one, other = first[0], second[0]
        if one[1:] != other[1:]:
            low = one.lower != other.lower
            removed = int(middle * sum(counts)) + (not low) if sum(counts) == sum(others) else None
            return Apart(middle, one.lower if low else one.upper, other.lower if low else other.upper, removed)
        middle = min(one.until, other.until)
        first = first[one.until == middle :]
        second = second[other.until == middle :]
    return None


def raised(counts: Sequence[int], many: int, fresh: int = 0) -> tuple[int, ...]:
    """The counts after `fresh` further best grades, and `many` ballots, those with the worst grades, giving the best one instead."""
    left, after = many, list(counts)
    after[-1] += fresh
    for grade in range(len(after) - 1):
        taken = min(after[grade], left)
        after[grade], after[-1], left = after[grade] - taken, after[-1] + taken, left - taken
    return tuple(after)


def lowered(counts: Sequence[int], many: int) -> tuple[int, ...]:
    """The counts after `many` ballots, those with the best grades, give the worst one instead."""
    return raised(counts[::-1], many)[::-1]

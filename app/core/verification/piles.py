"""The ballots that count, gathered in flat arrays as they pass by: 40 bytes for each of a million ballots."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable

import numpy as np

from app.core.tally import Profile
from app.core.verification.definition import Definition


class Piles:
    """Choices of valid ballots, and how many ballots were null by reason."""

    def __init__(self, definition: Definition) -> None:
        self._place, self._size = definition.place, len(definition.projects)
        self._starts, self._marks = array("q", [0]), array("i")
        self.nulls: Counter[str] = Counter()

    def add(self, choices: Iterable[str]) -> None:
        """One ballot whose choices all stand, none twice."""
        self._marks.extend(sorted(self._place[id] for id in choices))
        self._starts.append(len(self._marks))

    @property
    def many(self) -> int:
        """How many valid ballots, blank ones included."""
        return len(self._starts) - 1

    def null(self, reason: str) -> None:
        """One ballot that counts for nothing."""
        self.nulls[reason] += 1

    def profile(self) -> Profile:
        """All of them, equal ballots in one pile."""
        starts = np.array(self._starts, np.int64)
        return Profile(starts, np.array(self._marks, np.int32), np.ones(len(starts) - 1, np.int64), self._size).grouped()

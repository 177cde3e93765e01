"""The ballots that count, gathered in flat arrays as they pass by: some 40 bytes for each of a million ballots."""

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
        self._style, self._slate = definition.style, definition.slate
        self._kind = definition.style.profile_kind
        self._starts, self._marks, self._values = array("q", [0]), array("i"), array("q")
        self.nulls: Counter[str] = Counter()

    def add(self, choices: Iterable[str]) -> None:
        """One ballot that the frozen rules allow."""
        if self._kind == "approval":
            self._marks.extend(sorted(self._place[id] for id in choices))
        else:
            marks = self._style.counted(self._style.marks_in(choices) or {}, self._slate)
            placed = sorted((self._place[id], mark) for id, mark in marks.items())
            self._marks.extend(place for place, _ in placed)
            self._values.extend(mark for _, mark in placed)
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
        values = None if self._kind == "approval" else np.array(self._values, np.int64)
        many = np.ones(len(starts) - 1, np.int64)
        return Profile(starts, np.array(self._marks, np.int32), many, self._size, self._kind, values).grouped()

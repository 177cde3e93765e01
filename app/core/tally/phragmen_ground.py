"""The ballots of Phragmén's rule, indexed by project, and the exact levels at which its supporters paid.

A voter's load is always 0 or the level of the last bought project that this voter supports. So what the supporters of a project
have paid is a sum of whole numbers, how many of them stand at which level, times one fraction for each purchase. All levels are kept as
whole numbers over one common denominator.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.tally.column_questions import Columns
from app.core.tally.columns import columns_for
from app.core.tally.election import Election
from app.core.tally.profile import Places, Whole

Floats = NDArray[np.float64]
Levels = NDArray[np.integer]


class Ground:
    """Who supports what, indexed once for all runs: `start` and `project` by pile, `piles(i)` the supporters of project i."""

    def __init__(self, election: Election, columns: Columns | None = None) -> None:
        own = election.profile.supported()
        self.election, self.start, self.project = election, own.start, own.project
        self.cost = [project.cost_cents for project in election.projects]
        self.votes = [election.votes[id] for id in election.ids]
        self.place = {id: index for index, id in enumerate(election.ids)}
        # Where every pile is one ballot, counting needs no weights.
        self.many: Floats | None = None if own.total == own.piles else own.many.astype(np.float64)
        self.columns = columns or columns_for(len(own.project))
        self._column, _, owner = self.columns.index(own.start, own.project, own.size, wanted=False)
        # NumPy gathers fastest by indices of 64 bits.
        self._owner: Any = owner.astype(np.int64, copy=False)

    def piles(self, index: int) -> Places:
        """The piles of ballots that support this project."""
        piles: Places = self._owner[self._column[index] : self._column[index + 1]]
        return piles

    def counts(self, index: int, last: Levels, levels: int) -> Whole | Floats:
        """How many supporters of this project stand at each level, `last` saying it for each pile: exact, shape (levels,)."""
        piles = self.piles(index)
        return np.bincount(last.take(piles), None if self.many is None else self.many.take(piles), levels)

    def nobody(self) -> Levels:
        """The level of each pile before anybody has paid: 0. Small numbers, for they are looked up in no order."""
        return np.zeros(len(self.start) - 1, np.uint16 if len(self.cost) < 2**16 - 1 else np.int32)


class Ladder:
    """The levels of the purchases so far, level 0 (nothing paid yet) first: `numbers` over the denominator `unit`, and as floats."""

    def __init__(self, most: int) -> None:
        self.numbers = [0]
        self.unit = 1
        self.floats = np.zeros(most + 1)

    def __len__(self) -> int:
        return len(self.numbers)

    def whole(self, cost_cents: int, counts: Whole | Floats) -> int:
        """The cost and what all these supporters have paid, in `unit`ths of a cent."""
        return cost_cents * self.unit + self.paid(counts)

    def paid(self, counts: Whole | Floats) -> int:
        """What all these supporters have paid, in `unit`ths of a cent."""
        return sum(int(counts[level]) * self.numbers[level] for level in np.flatnonzero(counts).tolist() if level)

    def level(self, whole: int, supporters: int) -> Fraction:
        """What each gives, in cents, where so many supporters share `whole` equally."""
        return Fraction(whole, supporters * self.unit)

    def climb(self, level: Fraction) -> None:
        """The next purchase, at this level."""
        finer = level.denominator // gcd(level.denominator, self.unit)
        if finer > 1:
            self.unit *= finer
            self.numbers = [number * finer for number in self.numbers]
        self.floats[len(self.numbers)] = level.numerator / level.denominator
        self.numbers.append(level.numerator * (self.unit // level.denominator))

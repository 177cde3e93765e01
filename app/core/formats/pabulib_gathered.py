"""Ballots as they are read become the flat arrays that are counted; no object stays for a ballot."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from app.core.formats.amounts import points_of
from app.core.formats.pabulib import Ballot
from app.core.formats.pabulib_scan import Found
from app.core.formats.pabulib_tokens import Places, print_of
from app.core.tally.profile import Kind, Profile, Whole

KINDS: Mapping[str, Kind] = {
    "approval": "approval", "choose-1": "approval", "cumulative": "points", "scoring": "points", "ordinal": "ranking"
}  # fmt: skip
MOST_MARKS = 200_000_000


class Gathered:
    """Collects ballots, one by one or block by block, for projects in this order. Points are kept in the finest unit any of them needs."""

    def __init__(self, vote_type: str, ids: Mapping[str, int], default: str) -> None:
        self.kind, self.ids = KINDS[vote_type], ids
        self.default = points_of(default) or Decimal() if vote_type == "scoring" else Decimal()
        self._blocks: list[Found] = []
        self._length, self._project, self._place = array("q"), array("q"), array("q")
        self._points = list[Decimal]()
        self._voter, self._offset = array("Q"), array("q")

    def add(self, ballot: Ballot, offset: int) -> None:
        """One ballot, whose line begins at this byte; of a project named twice the first naming counts, and later ones move ahead."""
        first = {id: at for at, id in reversed(list(enumerate(ballot.choices)))}
        places = {id: place for place, id in enumerate(sorted(first, key=first.__getitem__), 1)}
        named = sorted(first, key=self.ids.__getitem__)
        self._length.append(len(named))
        self._project.extend(self.ids[id] for id in named)
        self._place.extend(places[id] for id in named)
        self._points.extend(ballot.points[first[id]] for id in named if ballot.points)
        self._voter.append(print_of(ballot.voter))
        self._offset.append(offset)

    def extend(self, found: Found) -> None:
        """The ordinary ballots of a block, their lines counted from the beginning of the file."""
        self._blocks.append(found)

    @property
    def total(self) -> int:
        """How many ballots there are so far."""
        return len(self._length) + sum(len(block.length) for block in self._blocks)

    def suspects(self) -> list[Places]:
        """Groups of places in the file where lines begin whose voters may be one and the same (fingerprints agree), each ascending."""
        voter = np.concatenate([*(block.voter for block in self._blocks), np.array(self._voter, np.uint64)])
        ordered = np.sort(voter)
        twice = ordered[1:][ordered[1:] == ordered[:-1]]
        if not len(twice):
            return []
        offset = np.concatenate([*(block.offset for block in self._blocks), np.array(self._offset, np.int64)])
        return [np.sort(offset[voter == print]) for print in np.unique(twice)[:1000]]

    def profile(self) -> Profile:
        """All ballots, each a pile of its own. Raises OverflowError where the points are too many or too large to add up."""
        if self.kind == "points":
            return self._filled(self._profile("points", *self._worths()))
        if self.kind == "ranking":
            blocks = [block.place for block in self._blocks if block.place is not None]
            return self._profile("ranking", np.concatenate([*blocks, np.array(self._place, np.int64)]), 1)
        return self._profile("approval", None, 1)

    def own_points(self) -> Profile | None:
        """Rankings whose voters wrote the points beside the places, as points; None where any mark is without. Raises OverflowError."""
        beside = len(self._points) + sum(len(block.points) for block in self._blocks if block.points is not None)
        if self.kind != "ranking" or not beside or beside < len(self._project) + sum(len(block.project) for block in self._blocks):
            return None
        return self._profile("points", *self._worths())

    def _profile(self, kind: Kind, value: Whole | None, unit: int) -> Profile:
        length = np.concatenate([*(block.length for block in self._blocks), np.array(self._length, np.int64)])
        parts = [*(block.project.astype(np.int32) for block in self._blocks), np.array(self._project, np.int32)]
        start = np.concatenate(([0], np.cumsum(length)))
        return Profile(start, np.concatenate(parts), np.ones(len(length), np.int64), len(self.ids), kind, value, unit)

    def _worths(self) -> tuple[Whole, int]:
        """The points of all marks as whole numbers, and how many of them make one point."""
        finest = max((-int(str(one.normalize().as_tuple().exponent)) for one in {*self._points, self.default}), default=0)
        unit = 10 ** max(finest, 0)
        blocks = [block.points for block in self._blocks if block.points is not None]
        single = [int(points * unit) for points in self._points]
        highest = max((int(block.max(initial=0)) * unit for block in blocks), default=0)
        if max([highest, abs(int(self.default * unit)), *map(abs, single)]) * max(self.total, 1) >= 2**62:
            raise OverflowError("these points cannot be added up")
        return np.concatenate([*(block * unit for block in blocks), np.array(single, np.int64)]), unit

    def _filled(self, profile: Profile) -> Profile:
        """The same ballots with the declared points for every project that they do not name."""
        if not self.default:
            return profile
        piles, size = profile.piles, profile.size
        if piles * size > MOST_MARKS:
            raise OverflowError("too many marks")
        value = np.full((piles, size), int(self.default * profile.unit), np.int64)
        if profile.value is not None:
            value[np.repeat(np.arange(piles), np.diff(profile.start)), profile.project] = profile.value
        start = np.arange(piles + 1, dtype=np.int64) * size
        project = np.tile(np.arange(size, dtype=np.int32), piles)
        return Profile(start, project, profile.many, size, "points", value.reshape(-1), profile.unit)

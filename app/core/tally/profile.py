"""All ballots of an election in flat arrays: small enough for a million voters, quick to walk, and never in an order that tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.core.ballots import BallotStyle, Slate

Kind: TypeAlias = Literal["approval", "points", "ranking", "grades", "for_against", "star"]

Whole: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Profile:
    """n piles of equal ballots over m projects, k marks in all (compressed sparse rows).

    Pile i holds `many[i]` ballots, each naming the projects `project[start[i]:start[i + 1]]`: indices into the projects of the
    election, ascending, none twice. `value` stands beside `project` and means, by `kind`: approval and for a blank pile nothing
    (None); points: how many `unit`ths of a point; ranking: the place, 1 first; grades: the grade, 0 the worst; for_against: 1 or -1;
    star: 2 for a starred project, else 1. Shapes: start (n + 1,), project and value (k,), many (n,).
    Raises ValueError where the arrays do not fit together, a pile is empty, or a ballot names a project twice or unknown.
    """

    start: Whole
    project: Places
    many: Whole
    size: int
    kind: Kind = "approval"
    value: Whole | None = None
    unit: int = 1

    def __post_init__(self) -> None:
        starts, marks = self.start, len(self.project)
        if len(starts) != len(self.many) + 1 or starts[0] != 0 or starts[-1] != marks or (np.diff(starts) < 0).any():
            raise ValueError("the rows of the profile do not fit together")
        if (self.value is None) != (self.kind == "approval") or (self.value is not None and len(self.value) != marks):
            raise ValueError("only approval has no values, and every mark of another kind has one")
        if len(self.many) and self.many.min() < 1:
            raise ValueError("a pile of ballots is empty")
        if marks and (self.project.min() < 0 or self.project.max() >= self.size):
            raise ValueError("a ballot names a project that does not stand")
        if marks > 1:
            falls = np.diff(self.project) <= 0
            falls[starts[1:-1][(starts[1:-1] > 0) & (starts[1:-1] < marks)] - 1] = False
            if falls.any():
                raise ValueError("the projects of a ballot must ascend, none twice")
        for array in (self.start, self.project, self.many, self.value):
            if array is not None:
                array.flags.writeable = False

    @classmethod
    def of_sets(cls, ids: Sequence[str], piles: Mapping[frozenset[str], int]) -> Profile:
        """Approval ballots: how many ballots name exactly these projects; the empty set holds the blank ones."""
        return cls._of(ids, {tuple((id, 1) for id in sorted(ballot)): many for ballot, many in piles.items()}, "approval", 1)

    @classmethod
    def of_marks(cls, ids: Sequence[str], ballots: Iterable[Mapping[str, int]], kind: Kind, unit: int = 1) -> Profile:
        """Ballots that give each project they name a value of this `kind`; equal ballots make one pile."""
        return cls._of(ids, Counter(tuple(sorted(ballot.items())) for ballot in ballots), kind, unit)

    @classmethod
    def of_entries(cls, ids: Sequence[str], piles: Mapping[frozenset[str], int], style: BallotStyle, slate: Slate) -> Profile:
        """How many ballots are written with exactly these entries; all of them can be cast under the style."""
        if style.profile_kind == "approval" and style.kind != "scoped":
            return cls.of_sets(ids, piles)  # such entries are the projects themselves
        read = {tuple(sorted(style.counted(style.marks_in(pile) or {}, slate).items())): many for pile, many in piles.items()}
        return cls._of(ids, read, style.profile_kind, 1)

    @classmethod
    def _of(cls, ids: Sequence[str], piles: Mapping[tuple[tuple[str, int], ...], int], kind: Kind, unit: int) -> Profile:
        place = {id: index for index, id in enumerate(ids)}
        if unknown := sorted({id for ballot in piles for id, _ in ballot} - place.keys()):
            raise ValueError(f"a ballot names projects that do not stand: {', '.join(unknown)}")
        rows = sorted((tuple(sorted((place[id], value) for id, value in ballot)), many) for ballot, many in piles.items())
        start = np.zeros(len(rows) + 1, np.int64)
        np.cumsum([len(row) for row, _ in rows], out=start[1:]) if rows else None
        marks = [mark for row, _ in rows for mark in row]
        project = np.array([index for index, _ in marks], np.int32)
        value = None if kind == "approval" else np.array([value for _, value in marks], np.int64)
        return cls(start, project, np.array([many for _, many in rows], np.int64), len(ids), kind, value, unit)

    @property
    def piles(self) -> int:
        """How many piles there are."""
        return len(self.many)

    @property
    def total(self) -> int:
        """How many ballots, blank ones included."""
        return int(self.many.sum())

    @property
    def blank(self) -> int:
        """How many ballots name nothing at all."""
        return int(self.many[np.diff(self.start) == 0].sum())

    @property
    def each(self) -> Whole:
        """For each mark, how many ballots made it: shape (k,)."""
        return np.repeat(self.many, np.diff(self.start))

    def supports(self) -> NDArray[np.bool_] | None:
        """Which marks support their project, shape (k,), or None where all do: not a mark against it, not 0 points."""
        if self.value is None or self.kind in ("ranking", "star", "grades"):
            return None
        return self.value > 0

    def supported(self) -> Profile:
        """The same ballots as approval: each names what it supports. For rules that ask only whom a voter wants."""
        if self.kind == "approval":
            return self
        keep = self.supports()
        if keep is None:
            return Profile(self.start, self.project, self.many, self.size)
        before = np.concatenate(([0], np.cumsum(keep)))
        return Profile(before[self.start], self.project[keep], self.many, self.size)

    def votes(self) -> Whole:
        """For each project the number of ballots that support it: shape (m,)."""
        own = self.supported()
        return summed(own.project, own.each, self.size)

    def grouped(self) -> Profile:
        """Equal ballots in one pile, piles in one order whatever the order of the ballots was. Time O(k log k)."""
        sizes = np.diff(self.start)
        order = np.argsort(sizes, kind="stable")
        kept: list[tuple[Places, Whole | None, Whole]] = []
        for size in np.unique(sizes):
            rows = order[np.searchsorted(sizes[order], size) : np.searchsorted(sizes[order], size, "right")]
            spots = self.start[rows][:, None] + np.arange(size)
            table = self.project[spots].astype(np.int64)
            if self.value is not None:
                table = np.concatenate((table, self.value[spots]), axis=1)
            table, back = np.unique(table, axis=0, return_inverse=True) if size else (table[:1], np.zeros(len(rows), np.int64))
            many = summed(back.reshape(-1), self.many[rows], len(table))
            kept.append((table[:, :size].astype(np.int32), None if self.value is None else table[:, size:], many))
        lengths = np.concatenate([np.full(len(many), table.shape[1]) for table, _, many in kept]) if kept else sizes
        return Profile(
            np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
            np.concatenate([table.reshape(-1) for table, _, _ in kept]).astype(np.int32) if kept else self.project,
            np.concatenate([many for _, _, many in kept]) if kept else self.many,
            self.size,
            self.kind,
            None if self.value is None else np.concatenate([value.reshape(-1) for _, value, _ in kept if value is not None]),
            self.unit,
        )


def summed(index: NDArray[np.integer], amount: Whole, size: int) -> Whole:
    """The whole-number sum of `amount` for each index below `size`, exact: float sums are used only while they hold every unit."""
    if len(amount) and int(np.abs(amount).max()) * len(amount) < 2**53:
        return np.bincount(index, weights=amount, minlength=size).astype(np.int64)
    total = np.zeros(size, np.int64)
    np.add.at(total, index, amount)
    return total

"""The arithmetic of Equal Shares on columns of whole numbers: what one look at the supporters of a project costs.

Two implementations give the same answers, number for number: this one in NumPy, and `kernels.py`, compiled by Numba where that is
installed. Money is kept in whole units (see `shares_purses`), so that no sum depends on its order.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.tally.column_questions import Columns, Full, Look, Rows, Stride
from app.core.tally.profile import Places, Whole

COMPILE_FROM = 20_000
"""From so many marks on compiled kernels are worth loading."""


class Plain:
    """The columns in NumPy: nothing compiled."""

    name = "plain"

    def index(self, start: Whole, project: Places, size: int, *, wanted: bool) -> tuple[Whole, NDArray[np.integer], Places]:
        """See Columns. The stable sort of 16-bit numbers is a counting sort."""
        column = np.zeros(size + 1, np.int64)
        np.cumsum(np.bincount(project, minlength=size), out=column[1:])
        order = np.argsort(project.astype(np.uint16) if size < 2**16 else project, kind="stable")
        # NumPy gathers fastest by indices of 64 bits.
        piles: Any = np.repeat(np.arange(len(start) - 1), np.diff(start))
        return column, order, piles[order]

    def look(self, money: Whole, owner: Places, weight: Whole | None, worth: Whole | None, need: int, slack: int, hint: int = 0) -> Look:
        """See Columns."""
        held, given = money.take(owner), weight
        total = int(np.add.reduce(held) if weight is None else held @ weight)
        if total + slack < need:
            return Look(total, 0, 0, 0, 0, 0.0)
        if worth is not None:
            return self._by_points(held, weight, worth, need, total)
        live = int(np.count_nonzero(held) if weight is None else weight @ (held != 0))
        # Empty purses are poor from the start: the part is at least one unit.
        rest, rich, own, size, top = need, live, total, -1, hint
        while rich and len(held) != size:
            size = len(held)
            kept = held >= (top or -(-rest // rich))
            held, weight = held.compress(kept), None if weight is None else weight.compress(kept)
            less = int(np.add.reduce(held) if weight is None else held @ weight)
            rest, own = rest - own + less, less
            rich = len(held) if weight is None else int(np.add.reduce(weight))
            if top:
                if not rich or rest < top * rich:
                    return self.look(money, owner, given, worth, need, slack)
                top, size = 0, -1
        gap = int(np.minimum.reduce(held)) - rest / rich if rich else 0.0
        return Look(total, live, rest, rich, live - rich, gap)

    def _by_points(self, held: Whole, weight: Whole | None, worth: Whole, need: int, total: int) -> Look:
        many = np.ones(len(held), np.int64) if weight is None else weight
        some = held != 0
        held, worth, many = held[some], worth[some], many[some]
        live, rest = int(many.sum()), need
        while len(held):
            rich = int(worth @ many)
            parts = worth * (rest / rich)
            poor = held < parts
            if not poor.any():
                return Look(total, live, rest, rich, live - int(many.sum()), float((held - parts).min()))
            rest -= int(held[poor] @ many[poor])
            held, worth, many = held[~poor], worth[~poor], many[~poor]
        return Look(total, live, rest, 0, live, 0.0)

    def capped(self, money: Whole, owner: Places, weight: Whole | None, cap: int) -> tuple[int, int]:
        """See Columns."""
        held = np.minimum(money.take(owner), cap)
        if weight is None:
            return int(np.add.reduce(held)), int(np.count_nonzero(held == cap))
        return int(held @ weight), int(weight @ (held == cap))

    def capped_each(
        self, money: Whole, column: Whole, owner: Places, weight: Whole | None, ones: NDArray[np.intp], caps: Whole
    ) -> tuple[Whole, Whole]:
        """See Columns."""
        found = np.empty((2, len(ones)), np.int64)
        sides = zip(column[ones].tolist(), column[ones + 1].tolist(), caps.tolist(), strict=True)
        for spot, (first, last, cap) in enumerate(sides):
            found[:, spot] = self.capped(money, owner[first:last], None if weight is None else weight[first:last], cap)
        return found[0], found[1]

    def cover(self, money: Whole, owner: Places, weight: Whole | None, worth: Whole | None, cap: float) -> tuple[int, int, int]:
        """See Columns."""
        held = money[owner]
        poor = held < (cap if worth is None else worth * cap)
        if weight is None:
            few = held[poor]
            return int(few.sum()), len(held) - len(few) if worth is None else int(worth[~poor].sum()), int(np.count_nonzero(few))
        rich = weight[~poor] if worth is None else weight[~poor] * worth[~poor]
        return int(held[poor] @ weight[poor]), int(rich.sum()), int(weight[poor & (held != 0)].sum())

    def pay(
        self, money: Whole, out: Places, owner: Places, worth: Whole | None, part: tuple[float, float], price: tuple[int, int], round_: int
    ) -> Places | None:
        """See Columns."""
        held = money.take(owner)
        if worth is None:
            least, most = ceil(part[0] - part[1]), floor(part[0] + part[1])
            rich = held > most
            if least > 0 and np.count_nonzero(rich) != np.count_nonzero(held >= least):
                return None
            poor = ~rich
            if least <= 0 and held.compress(poor).any():
                return None
            emptied: Places = owner.compress(poor & (held != 0))
            held -= price[0] // price[1]
            held *= rich
        else:
            above = held - worth * part[0]
            if bool(((np.abs(above) <= part[1]) & (held != 0)).any()):
                return None
            poor = above < 0
            emptied = owner.compress(poor & (held != 0))
            held -= part_of_points(worth, price)
            held *= ~poor
        money.put(owner, held)
        out[emptied] = round_
        return emptied

    def paid(
        self, piles: Places, weight: Whole | None, before: int, out: Places, rows: Rows, order: Places, size: int, full: Full = None
    ) -> Whole:
        """See Columns."""
        if full is not None and weight is not None:
            gave: Whole = weight @ full.take(piles, axis=0)[:, :before]
            return gave
        start, project, points = rows
        spots, lengths = spots_of(start, piles)
        bought = order[project[spots]]
        done = bought < np.minimum(np.repeat(out[piles], lengths), before)
        done &= bought >= 0
        amount = None if points is None else points[spots][done]
        if weight is not None:
            each = np.repeat(weight, lengths)[done]
            amount = each if amount is None else amount * each
        return counted(bought[done], amount, size)

    def fates(self, piles: Places, weight: Whole | None, out: Places, rows: Rows, order: Places, size: int, full: Full = None) -> Whole:
        """See Columns."""
        last = np.minimum(out[piles], size)
        if full is not None and weight is not None:
            gave, firsts = np.zeros((size + 1, size + 1), np.int64), np.flatnonzero(np.diff(last, prepend=-1))
            gave[last[firsts], :size] = np.add.reduceat(full.take(piles, axis=0) * weight[:, None], firsts, axis=0)
            gave[last[firsts], size] = np.add.reduceat(weight, firsts)
            return gave
        start, project, points = rows
        spots, lengths = spots_of(start, piles)
        bought = order[project[spots]]
        row = np.repeat(last, lengths)
        done = (bought >= 0) & (bought < row)
        amount = None if points is None else points[spots][done]
        if weight is not None:
            each = np.repeat(weight, lengths)[done]
            amount = each if amount is None else amount * each
        table = counted(row[done].astype(np.int64) * (size + 1) + bought[done], amount, (size + 1) ** 2).reshape(size + 1, size + 1)
        table[:, size] = counted(last, weight, size + 1)
        return table

    def spread(self, start: Whole, project: Places, piles: Places, each: NDArray[np.float64], total: NDArray[np.float64]) -> None:
        """See Columns."""
        spots, lengths = spots_of(start, piles)
        total += np.bincount(project.take(spots), np.repeat(each, lengths), len(total))

    def tell_apart(self, kind: Whole, owner: Places, out: Places, round_: int) -> None:
        """See Columns."""
        kind *= 2
        kind[owner.compress(out.take(owner) > round_)] += 1

    def behind(self, column: Whole, owner: Places, weight: Whole | None, kind: Whole, size: int) -> tuple[Whole, Places, Whole]:
        """See Columns."""
        starts, ballots = [0], [np.zeros(0, np.int64)]
        kinds: list[Any] = [np.zeros(0, np.int64)]
        for first, last in pairwise(column.tolist()):
            many = counted(kind.take(owner[first:last]), None if weight is None else weight[first:last], size)
            some = np.flatnonzero(many)
            starts.append(starts[-1] + len(some))
            kinds.append(some)
            ballots.append(many.take(some))
        return np.array(starts), np.concatenate(kinds), np.concatenate(ballots)

    def stride(self, market: Any) -> Stride | None:
        """See Columns."""
        return None


def part_of_points(worth: Whole, price: tuple[int, int]) -> Whole:
    """floor(worth * price) for each, without leaving 64 bits: whole part and remainder apart."""
    whole, rest = divmod(price[0], price[1])
    part: Whole = worth * whole + np.floor(worth * (rest / price[1])).astype(np.int64)
    return part


def spots_of(start: Whole, piles: NDArray[np.integer]) -> tuple[Whole, Whole]:
    """The places of all marks of these piles, one pile after the other, and how many each has."""
    first, lengths = start[piles], start[piles + 1] - start[piles]
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(first - ends + lengths, lengths) + np.arange(total), lengths


def counted(index: NDArray[np.integer], amount: Whole | None, size: int) -> Whole:
    """How often, or how much of `amount`, for each index below `size`: exact."""
    if amount is None:
        return np.bincount(index, minlength=size)[:size]
    total = np.zeros(size, np.int64)
    np.add.at(total, index, amount)
    return total


PLAIN = Plain()
_loaded: list[Columns] = []


def columns_for(marks: int) -> Columns:
    """The compiled columns for a large election where Numba is installed, else the plain ones. The answers are the same."""
    return PLAIN if marks < COMPILE_FROM else fast() or PLAIN


def fast() -> Columns | None:
    """The compiled columns, or None without Numba. Loaded when first asked for: that takes a second, too much for a small count."""
    if not _loaded and find_spec("numba") is not None:
        try:
            _loaded.append(import_module("app.core.tally.kernels").FAST)
        except (ImportError, RuntimeError):
            # Numba is there but cannot work here, for example because it finds no folder to keep what it compiled.
            _loaded.append(PLAIN)
    return _loaded[0] if _loaded else None

"""The columns of Equal Shares compiled by Numba, an optional extra: the same whole numbers as `columns.Plain`, one loop for each look.

A missing weight or worth is an array of length 0 here.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from app.core.tally.column_questions import Full, Look, Rows, Stride
from app.core.tally.kernels_told import (
    _behind,
    _capped,
    _capped_each,
    _cover,
    _fates,
    _paid,
    _pay,
    _spread,
    _tell_apart,
)
from app.core.tally.profile import Places, Whole

NONE = np.zeros(0, np.int64)
HUGE = 2**62

@njit(cache=True, nogil=True)
def _index(start, project, size, wanted):  # type: ignore[no-untyped-def]
    column = np.zeros(size + 1, np.int64)
    for mark in range(len(project)):
        column[project[mark] + 1] += 1
    for one in range(size):
        column[one + 1] += column[one]
    free = column[:-1].copy()
    order = np.empty(len(project) if wanted else 0, np.int64)
    owner = np.empty(len(project), np.int32)
    for pile in range(len(start) - 1):
        for mark in range(start[pile], start[pile + 1]):
            spot = free[project[mark]]
            free[project[mark]] = spot + 1
            owner[spot] = pile
            if wanted:
                order[spot] = mark
    return column, order, owner


# The loops over purses choose by arithmetic, not by branches: who is poor cannot be foreseen, and a wrong guess costs ten purses.
@njit(cache=True, nogil=True)
def _look(money, owner, weight, need, slack, hint, scratch, many):  # type: ignore[no-untyped-def]
    if len(weight):
        return _look_weighted(money, owner, weight, need, slack, scratch, many)
    top = max(hint, 1)
    while True:
        total, live, rich, less = 0, 0, 0, 0
        for spot in range(len(owner)):
            held = money[owner[spot]]
            few = held < top
            total += held
            live += int(held != 0)
            less += held * int(few)
            scratch[rich] = held
            rich += int(not few)
        rest = need - less
        if top == 1 or total + slack < need or (rich > 0 and rest >= top * rich):
            break
        top = 1
    if total + slack < need:
        return total, 0, 0, 0, 0, 0.0
    while rich > 0:
        top, lowest, kept = (rest + rich - 1) // rich, HUGE, 0
        for spot in range(rich):
            held = scratch[spot]
            few = held < top
            rest -= held * int(few)
            lowest = min(lowest, HUGE if few else held)
            scratch[kept] = held
            kept += int(not few)
        if kept == rich:
            return total, live, rest, rich, live - rich, lowest - rest / rich
        rich = kept
    return total, live, rest, rich, live, 0.0


@njit(cache=True, nogil=True)
def _look_weighted(money, owner, weight, need, slack, scratch, many):  # type: ignore[no-untyped-def]
    size, total, live = 0, 0, 0
    for spot in range(len(owner)):
        held = money[owner[spot]]
        scratch[size], many[size] = held, weight[spot]
        total += held * weight[spot]
        live += weight[spot] * int(held != 0)
        size += int(held != 0)
    if total + slack < need:
        return total, 0, 0, 0, 0, 0.0
    rest, rich = need, live
    while rich > 0:
        top, lowest, kept = (rest + rich - 1) // rich, HUGE, 0
        for spot in range(size):
            held, part = scratch[spot], many[spot]
            few = held < top
            rest -= held * part * int(few)
            rich -= part * int(few)
            lowest = min(lowest, HUGE if few else held)
            scratch[kept], many[kept] = held, part
            kept += int(not few)
        if kept == size:
            return total, live, rest, rich, live - rich, lowest - rest / rich
        size = kept
    return total, live, rest, rich, live - rich, 0.0


@njit(cache=True, nogil=True)
def _look_points(money, owner, weight, worth, need, slack, scratch, many, points):  # type: ignore[no-untyped-def]
    size, total, live, rich = 0, 0, 0, 0
    for spot in range(len(owner)):
        held = money[owner[spot]]
        part = weight[spot] if len(weight) else 1
        total += held * part
        if held != 0:
            scratch[size], many[size], points[size] = held, part, worth[spot]
            live += part
            rich += part * worth[spot]
            size += 1
    if total + slack < need:
        return total, 0, 0, 0, 0, 0.0
    rest, left = need, live
    while size:
        level, kept, more, gap = rest / rich, 0, rich, np.inf
        for spot in range(size):
            held, above = scratch[spot], scratch[spot] - points[spot] * level
            if above < 0:
                rest -= held * many[spot]
                left -= many[spot]
                more -= many[spot] * points[spot]
            else:
                scratch[kept], many[kept], points[kept] = held, many[spot], points[spot]
                kept += 1
                gap = min(gap, above)
        if kept == size:
            return total, live, rest, rich, live - left, gap
        size, rich = kept, more
    return total, live, rest, 0, live, 0.0


class Fast:
    """The compiled columns."""

    name = "fast"

    def __init__(self) -> None:
        self._room = np.empty((3, 0), np.int64)

    def _scratch(self, size: int) -> Whole:
        if self._room.shape[1] < size:
            self._room = np.empty((3, 2 * size), np.int64)
        return self._room

    def index(self, start: Whole, project: Places, size: int, *, wanted: bool) -> tuple[Whole, NDArray[np.integer], Places]:
        """See Columns."""
        column, order, owner = _index(start, project, size, wanted)
        return column, order, owner

    def look(self, money: Whole, owner: Places, weight: Whole | None, worth: Whole | None, need: int, slack: int, hint: int = 0) -> Look:
        """See Columns."""
        room = self._scratch(len(owner))
        own, need, slack = NONE if weight is None else weight, min(need, HUGE), min(slack, HUGE // 2)
        if worth is None:
            return Look(*_look(money, owner, own, need, slack, hint, room[0], room[1]))
        return Look(*_look_points(money, owner, own, worth, need, slack, room[0], room[1], room[2]))

    def capped(self, money: Whole, owner: Places, weight: Whole | None, cap: int) -> tuple[int, int]:
        """See Columns."""
        given, rich = _capped(money, owner, NONE if weight is None else weight, cap)
        return given, rich

    def capped_each(
        self, money: Whole, column: Whole, owner: Places, weight: Whole | None, ones: NDArray[np.intp], caps: Whole
    ) -> tuple[Whole, Whole]:
        """See Columns."""
        given, rich = np.empty(len(ones), np.int64), np.empty(len(ones), np.int64)
        _capped_each(money, column, owner, NONE if weight is None else weight, ones, caps, given, rich)
        return given, rich

    def cover(self, money: Whole, owner: Places, weight: Whole | None, worth: Whole | None, cap: float) -> tuple[int, int, int]:
        """See Columns."""
        sum_, rich, poor = _cover(money, owner, NONE if weight is None else weight, NONE if worth is None else worth, float(cap))
        return sum_, rich, poor

    def pay(
        self, money: Whole, out: Places, owner: Places, worth: Whole | None, part: tuple[float, float], price: tuple[int, int], round_: int
    ) -> Places | None:
        """See Columns."""
        whole, rest = divmod(price[0], price[1])
        points, level, slack = NONE if worth is None else worth, float(part[0]), float(part[1])
        emptied = np.empty(len(owner) + 1, np.int32)
        size = _pay(money, out, owner, points, level, slack, whole, rest / price[1], round_, emptied)
        return None if size < 0 else emptied[:size]

    def paid(
        self, piles: Places, weight: Whole | None, before: int, out: Places, rows: Rows, order: Places, size: int, full: Full = None
    ) -> Whole:
        """See Columns."""
        start, project, points = rows
        own, parts = NONE if weight is None else weight, NONE if points is None else points
        count: Whole = _paid(piles, own, before, out, start, project, parts, order, size)
        return count

    def fates(self, piles: Places, weight: Whole | None, out: Places, rows: Rows, order: Places, size: int, full: Full = None) -> Whole:
        """See Columns."""
        start, project, points = rows
        own, parts = NONE if weight is None else weight, NONE if points is None else points
        table: Whole = _fates(piles, own, out, start, project, parts, order, size)
        return table

    def spread(self, start: Whole, project: Places, piles: Places, each: NDArray[np.float64], total: NDArray[np.float64]) -> None:
        """See Columns."""
        _spread(start, project, piles, each, total)

    def tell_apart(self, kind: Whole, owner: Places, out: Places, round_: int) -> None:
        """See Columns."""
        _tell_apart(kind, owner, out, round_)

    def behind(self, column: Whole, owner: Places, weight: Whole | None, kind: Whole, size: int) -> tuple[Whole, Places, Whole]:
        """See Columns."""
        starts, kinds, ballots = np.zeros(len(column), np.int64), np.empty(len(owner), np.int32), np.empty(len(owner), np.int64)
        found = _behind(column, owner, NONE if weight is None else weight, kind, size, starts, kinds, ballots)
        return starts, kinds[:found].copy(), ballots[:found].copy()

    def stride(self, market: Any) -> Stride | None:
        """See Columns. Loaded by name: the walk is built upon this module."""
        made: Stride = import_module("app.core.tally.kernels_walk").Stride(market)
        return made


FAST = Fast()

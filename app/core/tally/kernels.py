"""The columns of Equal Shares compiled by Numba, an optional extra: the same whole numbers as `columns.Plain`, one loop for each look.

A missing weight or worth is an array of length 0 here.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from app.core.tally.columns import Full, Look, Rows, Stride
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


@njit(cache=True, nogil=True)
def _capped(money, owner, weight, cap):  # type: ignore[no-untyped-def]
    given, rich = 0, 0
    if len(weight):
        for spot in range(len(owner)):
            held, part = min(money[owner[spot]], cap), weight[spot]
            given += held * part
            rich += int(held == cap) * part
        return given, rich
    for spot in range(len(owner)):
        held = min(money[owner[spot]], cap)
        given += held
        rich += int(held == cap)
    return given, rich


@njit(cache=True, nogil=True)
def _capped_each(money, column, owner, weight, ones, caps, given, rich):  # type: ignore[no-untyped-def]
    for spot in range(len(ones)):
        first, last = column[ones[spot]], column[ones[spot] + 1]
        own = weight[first:last] if len(weight) else weight
        given[spot], rich[spot] = _capped(money, owner[first:last], own, caps[spot])


@njit(cache=True, nogil=True)
def _cover(money, owner, weight, worth, cap):  # type: ignore[no-untyped-def]
    sum_, rich, poor = 0, 0, 0
    for spot in range(len(owner)):
        held = money[owner[spot]]
        part = weight[spot] if len(weight) else 1
        points = worth[spot] if len(worth) else 1
        if held < points * cap:
            sum_ += held * part
            if held != 0:
                poor += part
        else:
            rich += part * points
    return sum_, rich, poor


@njit(cache=True, nogil=True)
def _pay(money, out, owner, worth, level, slack, whole, rest, round_, emptied):  # type: ignore[no-untyped-def]
    """How many piles are now `emptied`, written there; -1 if nothing was paid. (An array handed back does not survive the cache.)"""
    close, size = 0, 0
    least, most = int(np.ceil(level - slack)), int(np.floor(level + slack))
    for spot in range(len(owner)):
        held = money[owner[spot]]
        if len(worth):
            close += int(held != 0) * int(abs(held - worth[spot] * level) <= slack)
        else:
            close += int(held != 0) * int(held >= least) * int(held <= most)
    if close:
        return -1
    for spot in range(len(owner)):
        pile = owner[spot]
        held = money[pile]
        points = worth[spot] if len(worth) else 1
        part = points * whole + int(np.floor(points * rest)) if len(worth) else whole
        few = held < points * level if len(worth) else held <= most
        money[pile] = 0 if few else held - part
        emptied[size] = pile
        size += int(few) * int(held != 0)
    for spot in range(size):
        out[emptied[spot]] = round_
    return size


@njit(cache=True, nogil=True)
def _paid(piles, weight, before, out, start, project, points, order, size):  # type: ignore[no-untyped-def]
    count = np.zeros(size, np.int64)
    for spot in range(len(piles)):
        pile = piles[spot]
        last = min(out[pile], before)
        part = weight[spot] if len(weight) else 1
        for mark in range(start[pile], start[pile + 1]):
            bought = order[project[mark]]
            hit = int(bought >= 0) * int(bought < last)
            count[bought * hit] += hit * (part * points[mark] if len(points) else part)
    return count


@njit(cache=True, nogil=True)
def _fates(piles, weight, out, start, project, points, order, size):  # type: ignore[no-untyped-def]
    table = np.zeros((size + 1, size + 1), np.int64)
    for spot in range(len(piles)):
        pile = piles[spot]
        row = min(out[pile], size)
        part = weight[spot] if len(weight) else 1
        table[row, size] += part
        for mark in range(start[pile], start[pile + 1]):
            bought = order[project[mark]]
            hit = int(bought >= 0) * int(bought < row)
            table[row, bought * hit] += hit * (part * points[mark] if len(points) else part)
    return table


@njit(cache=True, nogil=True)
def _spread(start, project, piles, each, total):  # type: ignore[no-untyped-def]
    for spot in range(len(piles)):
        for mark in range(start[piles[spot]], start[piles[spot] + 1]):
            total[project[mark]] += each[spot]


@njit(cache=True, nogil=True)
def _tell_apart(kind, owner, out, round_):  # type: ignore[no-untyped-def]
    for pile in range(len(kind)):
        kind[pile] *= 2
    for spot in range(len(owner)):
        kind[owner[spot]] += int(out[owner[spot]] > round_)


@njit(cache=True, nogil=True)
def _behind(column, owner, weight, kind, size, starts, kinds, ballots):  # type: ignore[no-untyped-def]
    many, found = np.zeros(size, np.int64), 0
    for one in range(len(column) - 1):
        for spot in range(column[one], column[one + 1]):
            many[kind[owner[spot]]] += weight[spot] if len(weight) else 1
        for own in range(size):
            if many[own]:
                kinds[found], ballots[found] = own, many[own]
                many[own], found = 0, found + 1
        starts[one + 1] = found
    return found


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

"""The compiled loops that tell who paid, who holds what, and who is alike: see `kernels`."""

from __future__ import annotations

import numpy as np
from numba import njit


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

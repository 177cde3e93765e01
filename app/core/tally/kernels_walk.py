"""Whole stretches of a run of Equal Shares in one compiled loop, as far as quick numbers decide; the same steps as `shares_run.Walk`.

It gives back to Python wherever `Walk` would ask for exact fractions: bounds that overlap, a purse close to its part, a doubt whether the
cost can be paid, a price not known well enough, a project that costs nothing. Nothing is decided here that is not certain.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from app.core.tally.kernels import HUGE, NONE, _look, _look_points
from app.core.tally.kernels_told import _capped, _pay
from app.core.tally.shares_market import Market
from app.core.tally.shares_run import Advance, Walk

DONE, ASK = 0, 1


@njit(cache=True, nogil=True)
def _offer(one, sides, terms, state, offers, room):  # type: ignore[no-untyped-def]
    """Work out what a project asks: False where that is in doubt. Its low bound is infinite if it can no longer be paid."""
    column, owner, weight, worth = sides
    need, useful, count, cents = terms
    money, slack, scale, most = state
    low, high, level, error, live, rich, poor = offers
    first, last = column[one], column[one + 1]
    doubt = slack * count[one] + 1
    if len(worth):
        look = _look_points(money, owner[first:last], weight[first:last], worth[first:last], need[one], doubt, room[0], room[1], room[2])
    else:
        # The part of a project only rises in a run: its last one is a good guess.
        hint = np.int64(level[one] * 0.99)
        look = _look(money, owner[first:last], weight[first:last], need[one], doubt, hint, room[0], room[1])
    total, live[one], rest, rich[one], poor[one], gap = look
    if total + doubt < need[one]:
        low[one] = np.inf
        return True
    if total - doubt <= need[one] or rich[one] == 0:
        return False
    level[one] = rest / rich[one]
    error[one] = (slack * poor[one] + 1) / rich[one] + level[one] * 2.0**-50
    if poor[one] == 0 and gap > slack + most + 1:
        rate = cents[one] / (rich[one] * useful[one])
        low[one], high[one] = rate * (1 - 1e-15), rate * (1 + 1e-15)
        return True
    low[one] = (level[one] - error[one]) * scale / useful[one] * (1 - 1e-14)
    high[one] = (level[one] + error[one]) * scale / useful[one] * (1 + 1e-14)
    return gap > error[one] * most + 2 * slack


@njit(cache=True, nogil=True)
def _dearer(one, high, sides, terms, state, low):  # type: ignore[no-untyped-def]
    """Whether a project asks more than the rate `high`: then its low bound is moved above it, as `Purses.more_than` does."""
    column, owner, weight, worth = sides
    need, useful, count, _ = terms
    money, slack, scale, _ = state
    cap = high * useful[one] / scale * (1 + 1e-14) + 2
    if len(worth) or cap >= HUGE:
        return False
    first, last, whole = column[one], column[one + 1], np.int64(cap)
    given, rich = _capped(money, owner[first:last], weight[first:last], whole)
    short = need[one] - given - slack * count[one] - 1
    if short <= 0:
        return False
    low[one] = (whole + short / rich) * scale / useful[one] * (1 - 1e-15) if rich else np.inf
    return True


@njit(cache=True, nogil=True)
def _cheapest(sides, terms, state, offers, room, guess):  # type: ignore[no-untyped-def]
    """The project to be bought now, of which `guess` may be one (-1: none); -1 if nothing can be bought, -2 where that is in doubt."""
    cents, low, high = terms[3], offers[0], offers[1]
    one, fresh = guess, False
    while not fresh:
        if one < 0 or low[one] == np.inf:
            one = np.argmin(low)
        if low[one] == np.inf:
            return -1
        if cents[one] == 0 or not _offer(one, sides, terms, state, offers, room):
            return -2
        fresh = low[one] < np.inf
    for other in range(len(low)):
        if other == one or low[other] > high[one]:
            continue
        if cents[other] == 0:
            return -2
        if _dearer(other, high[one], sides, terms, state, low):
            continue
        if not _offer(other, sides, terms, state, offers, room):
            return -2
        if low[other] > high[one]:
            continue
        if high[other] >= low[one]:
            return -2
        one = other
    return one


@njit(cache=True, nogil=True)
def _advance(sides, terms, purses, numbers, offers, records, room, guesses):  # type: ignore[no-untyped-def]
    column, owner, _, worth = sides
    cents = terms[3]
    money, out, order = purses
    slack, scale, most, trusted, spent, limit, round_ = numbers
    low, _, level, error, live, rich, poor = offers
    bought, payers, parts, riches, ends, emptied = records
    done, end = 0, 0
    while spent <= limit:
        guess = guesses[round_] if round_ < len(guesses) else -1
        one = _cheapest(sides, terms, (money, slack, scale, most), offers, room, guess)
        if one == -1:
            return done, slack, spent, DONE
        if one == -2 or error[one] * most > trusted:
            return done, slack, spent, ASK
        first, last = column[one], column[one + 1]
        whole, rest = np.floor(level[one]), level[one] - np.floor(level[one])
        doubt = error[one] * most + slack + 2
        own = worth[first:last]
        price = np.int64(whole), rest if len(worth) else 0.0
        gone = _pay(money, out, owner[first:last], own, level[one], doubt, price[0], price[1], round_, emptied[end:])
        if gone < 0:
            return done, slack, spent, ASK
        end += gone
        bought[done], payers[done], parts[done], riches[done], ends[done] = one, live[one] - poor[one], poor[one], rich[one], end
        done += 1
        order[one], low[one] = round_, np.inf
        slack += np.int64(error[one] * most) + 2
        spent += cents[one]
        round_ += 1
    return done, slack, spent, DONE


class Stride:
    """The compiled walk over one market: its arrays, laid out once."""

    def __init__(self, market: Market) -> None:
        size = len(market.cost)
        self.market = market
        self._sides = market.column, market.owner, _given(market.weight), _given(market.worth)
        self._useful = np.array([float(one) for one in market.useful])
        self._count = np.array(market.behind_count, np.int64)
        self._cents = np.array(market.cost, np.int64)
        self._shift: int | None = None
        self._room = np.empty((3, max(market.behind_count, default=0) + 1), np.int64)
        self._offers = (*np.zeros((4, size)), *np.zeros((3, size), np.int64))
        self._records = (*np.zeros((5, size), np.int64), np.empty(len(market.many) + 1, np.int32))

    def __call__(self, walk: Walk, low: np.ndarray[tuple[int], np.dtype[np.float64]], limit: int) -> Advance:
        """Go on with this walk; `low` holds the bounds of what can still be bought and is brought up to date."""
        purses = walk.purses
        if self._shift != purses.shift:
            self._shift = purses.shift
            self._need = np.array([min(purses.units(one), HUGE) for one in self.market.cost], np.int64)
        numbers = purses.slack, 2.0**-purses.shift, purses.worth_most, float(purses.trusted), walk.run.spent, limit, len(purses.bought)
        self._offers[0][:], self._offers[2][:] = low, 0.0
        terms = self._need, self._useful, self._count, self._cents
        state = purses.money, purses.out, purses.order
        guesses = np.array(walk.before, np.int64)
        done, slack, spent, answer = _advance(self._sides, terms, state, numbers, self._offers, self._records, self._room, guesses)
        low[:] = self._offers[0]
        bought, payers, parts, rich, ends = (one[:done].tolist() for one in self._records[:-1])
        emptied, starts = self._records[-1][: ends[-1] if ends else 0].copy(), [0, *ends]
        rounds = [(bought[spot], payers[spot], parts[spot], rich[spot], emptied[starts[spot] : starts[spot + 1]]) for spot in range(done)]
        return Advance(rounds, int(slack), int(spent), answer == DONE)


def _given(array: np.ndarray[tuple[int], np.dtype[np.int64]] | None) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return NONE if array is None else array

"""Where a compiled walk of Equal Shares stops, steps go on from there."""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import Any

import numpy as np
import pytest

from app.core.tally.column_questions import Stride
from app.core.tally.columns import Plain
from app.core.tally.limits import MaxPer
from app.core.tally.shares_run import Advance, Round, Walk, run_at
from tests.core.test_tally_shares_run import THREE, by_hand


class Strides(Plain):
    """A compiled walk that buys a, once, and then leaves all to be done in steps."""

    def __init__(self, over: bool = False) -> None:
        self.over = over
        self.limits: list[int] = []
        self.lows: list[list[float]] = []

    def stride(self, market: Any) -> Stride | None:
        return self._go

    def _go(self, walk: Walk, low: np.ndarray[tuple[int], np.dtype[np.float64]], limit: int) -> Advance:
        self.limits.append(limit)
        self.lows.append(low.tolist())
        purses = walk.purses
        if purses.bought:
            return Advance([], purses.slack, walk.run.spent, self.over)
        purses.money[0] -= purses.units(Fraction(10, 3))
        purses.order[0] = 0
        low[:] = inf, 0.45, 0.4
        return Advance([(0, 3, 0, 3, np.zeros(0, np.int32))], 4, 10, self.over)


def test_steps_go_on_where_a_compiled_walk_stopped() -> None:
    own = by_hand(THREE, own=Strides())
    walk = Walk(own, Fraction(9))
    assert walk.advance(60) is True
    assert (walk.run.rounds, walk.run.spent, walk.purses.slack, walk.purses.bought) == ([Round(0, 3, 0, ((0,),))], 10, 4, [0])
    assert walk._heap == [(0.4, 2), (0.45, 1)]
    assert walk.purses.held(0) == 27 - 10
    whole = run_at(own, Fraction(9), 60)
    assert (whole.run.bought, whole.run.spent, whole.run.overspent) == ((0, 1, 2), 20, False)
    assert [whole.purses.exact.price(round_) for round_ in range(3)] == [Fraction(10, 3), 3, 4]


def test_a_compiled_walk_is_told_what_is_known_and_a_limit_of_64_bits() -> None:
    columns = Strides()
    own = by_hand(THREE, own=columns)
    for limit in (60, 2**62, 10**30):
        Walk(own, Fraction(9)).advance(limit)
    assert columns.limits == [60, 2**62, 2**62]
    assert columns.lows[0] == pytest.approx([1 / 3, 1 / 2, 1])


def test_a_run_that_the_compiled_walk_ended_is_over() -> None:
    own = by_hand(THREE, own=Strides(over=True))
    assert Walk(own, Fraction(9)).advance(60) is False
    assert run_at(own, Fraction(9), 60).run.bought == (0,)


def test_limits_and_named_purchases_are_left_to_steps() -> None:
    columns = Strides()
    for own, first in ((by_hand(THREE, own=columns), {5: 1}), (by_hand(THREE, own=columns, limits=(MaxPer(key="site", most=1),)), None)):
        assert Walk(own, Fraction(9), first).advance(60) is True
        assert run_at(own, Fraction(9), 60, first).run.bought == (0, 1, 2)
    assert columns.limits == []


def test_steps_alone_are_as_good() -> None:
    walk = Walk(by_hand(THREE), Fraction(9))
    assert walk.advance(60) is True
    assert (walk.run.rounds, walk._heap) == ([], list(walk.market.opening))

"""What the compiled walk of Equal Shares asks and answers at each step, against plain fractions: never wrong, nor vaguer than it says.

A purse is told in units, each at most `slack` from the truth, an empty one exactly; a cost is rounded down to a unit. So every answer is
held against all that may be true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from importlib import import_module
from random import Random
from typing import Any

import numpy as np
import pytest

from app.core.tally.columns import fast
from tests.conftest import skip_or_fail
from tests.core import columns_by_hand as by_hand
from tests.core.columns_by_hand import places, whole

INF = float("inf")


@pytest.fixture(autouse=True)
def _compiled() -> None:
    if fast() is None:
        skip_or_fail("Numba is not installed")


def kernel(name: str) -> Any:
    return getattr(import_module("app.core.tally.kernels_walk"), name)


@dataclass
class Stalls:
    """Purses, in units of `scale` cents, and projects that cost so many `cents`: for each the points that these piles give it."""

    money: list[int]
    behind: list[dict[int, int]]
    cents: list[int]
    many: list[int] = field(default_factory=list)
    useful: list[int] = field(default_factory=list)
    by_points: bool = False
    slack: int = 1
    scale: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        owner = [pile for piles in self.behind for pile in piles]
        weight = [self.many[pile] for pile in owner] if self.many else []
        worth = [points for piles in self.behind for points in piles.values()] if self.by_points else []
        column = [0, *np.cumsum([len(piles) for piles in self.behind]).tolist()]
        self.count = [sum(many for _, many, _ in self.rows(one)) for one in range(len(self.behind))]
        self.need = [int(cents / self.scale) for cents in self.cents]
        self.useful = self.useful or [1] * len(self.cents)
        self.most = max(worth, default=1)
        self.sides = whole(column), places(owner), whole(weight), whole(worth)
        self.terms = whole(self.need), np.array(self.useful, np.float64), whole(self.count), whole(self.cents)
        self.state = whole(self.money), self.slack, float(self.scale), self.most
        size = len(self.cents)
        self.low, self.high, self.level, self.error = np.zeros((4, size))
        self.live, self.rich, self.poor = np.zeros((3, size), np.int64)
        self.offers = self.low, self.high, self.level, self.error, self.live, self.rich, self.poor
        self.room = np.empty((3, max(self.count) + 1), np.int64)

    def rows(self, one: int) -> by_hand.Rows:
        """(held, ballots, points) of each pile behind this project."""
        return [(self.money[p], self.many[p] if self.many else 1, worth if self.by_points else 1) for p, worth in self.behind[one].items()]

    def offer(self, one: int) -> bool:
        return bool(kernel("_offer")(one, self.sides, self.terms, self.state, self.offers, self.room))

    def dearer(self, one: int, high: float) -> bool:
        return bool(kernel("_dearer")(one, high, self.sides, self.terms, self.state, self.low))

    def cheapest(self, guess: int = -1) -> int:
        return int(kernel("_cheapest")(self.sides, self.terms, self.state, self.offers, self.room, guess))

    def truths(self, one: int, dice: Random) -> Iterator[Fraction | None]:
        """Rates that the project may have in truth; None where it cannot be paid then."""
        for kind in ("least", "most", "any", "any"):
            rows = []
            for held, many, points in self.rows(one):
                far = {"least": -self.slack, "most": self.slack}.get(kind, dice.randint(-4, 4) * Fraction(self.slack, 4))
                rows.append((max(held + far, Fraction(1, 9)) * self.scale if held else Fraction(0), many, points))
            yield exact_rate(rows, Fraction(self.cents[one]), self.useful[one])


def exact_rate(rows: list[tuple[Fraction, int, int]], cost: Fraction, useful: int) -> Fraction | None:
    """What a supporter pays for each point and unit of usefulness, the poor giving all they hold."""
    if sum(held * many for held, many, _ in rows) < cost:
        return None
    left = sorted(rows, key=lambda row: row[0] / row[2])
    while left:
        level = cost / sum(many * points for _, many, points in left)
        held, many, points = left[0]
        if level * points <= held:
            return level / useful
        cost, left = cost - held * many, left[1:]
    raise AssertionError("what can be paid has a price")


def drawn(dice: Random, most: int = 60) -> Stalls:
    size, scale = dice.randint(1, 5), Fraction(dice.choice([1, 1, 2]), dice.choice([1, 1, 8]))
    money = [dice.choice([0, dice.randint(1, 6), dice.randint(1, most)]) for _ in range(size)]
    many = [dice.randint(1, 3) for _ in range(size)] if dice.random() < 0.5 else []
    behind = {pile: dice.randint(1, 3) for pile in range(size)}
    total = sum(held * (many[pile] if many else 1) for pile, held in enumerate(money))
    cents = max(int((total * dice.choice([Fraction(1, 9), Fraction(1, 3), Fraction(1)]) + dice.randint(-9, 9)) * scale), 1)
    return Stalls(money, [behind], [cents], many, [dice.choice([1, 3, cents])], dice.random() < 0.4, dice.randint(1, 3), scale)


@pytest.mark.parametrize("seed", range(3))
def test_an_offer_holds_whatever_the_purses_hold_in_truth(seed: int) -> None:
    dice, sure, never = Random(f"offer {seed}"), 0, 0
    for _ in range(150):
        stall = drawn(dice)
        if not stall.offer(0):
            continue
        truths = list(stall.truths(0, dice))
        if stall.low[0] == INF:
            assert truths == [None] * 4, stall
            never += 1
        else:
            assert all(rate is not None and Fraction(stall.low[0]) < rate < Fraction(stall.high[0]) for rate in truths), stall
            sure += 1
    assert sure > 20
    assert never > 5


def promised(stall: Stalls, one: int = 0) -> tuple[bool, Fraction | float, Fraction | float, float]:
    """Whether the price is known, the rate at least and at most, and how far the part may be from the truth: by hand."""
    doubt, useful = stall.slack * stall.count[one] + 1, stall.useful[one]
    look = by_hand.look(stall.rows(one), stall.need[one], doubt)
    if look.total + doubt < stall.need[one]:
        return True, INF, 0.0, 0.0
    if look.total - doubt <= stall.need[one] or not look.rich:
        return False, 0.0, 0.0, 0.0
    level, error = Fraction(look.rest, look.rich), Fraction(stall.slack * look.poor + 1, look.rich)
    gap = min(held - points * level for held, _, points in stall.rows(one) if held >= points * level)
    assert (stall.live[one], stall.rich[one], stall.poor[one]) == (look.live, look.rich, look.poor)
    assert stall.level[one] == pytest.approx(float(level), rel=1e-14)
    if not look.poor and gap > stall.slack + stall.most + 1:
        rate = Fraction(stall.cents[one], look.rich * useful)
        return True, rate, rate, float(error)
    low, high = ((level + sign * error) * stall.scale / useful for sign in (-1, 1))
    return gap > error * stall.most + 2 * stall.slack, low, high, float(error)


def near(found: float, told: float) -> bool:
    """Equal but for the rounding of floats."""
    return found == told or abs(found - told) <= 1e-12 * (1 + abs(told))


PURSES = ([5, 90], [9, 9, 9], [0, 0, 7, 21, 30], [1, 12, 25, 25], [40, 41], [3, 3, 17, 60])


@pytest.mark.parametrize("by_points", [False, True])
@pytest.mark.parametrize("many", [(), (2, 1, 3, 1, 2)])
@pytest.mark.parametrize("slack", [1, 2])
def test_an_offer_is_as_close_as_the_doubt_about_purses_and_cost_lets_it_be(slack: int, many: tuple[int, ...], by_points: bool) -> None:
    for money in PURSES:
        behind, own = {pile: 1 + pile % 3 for pile in range(len(money))}, list(many[: len(money)])
        total = sum(held * (own[pile] if own else 1) for pile, held in enumerate(money))
        costs = list(range(1, total + slack * sum(own or [len(money)]) + 4))
        stall = Stalls(money, [behind] * len(costs), costs, own, [3] * len(costs), by_points, slack)
        for one, cents in enumerate(costs):
            sure = stall.offer(one)
            told, low, high, error = promised(stall, one)
            assert sure == told, (money, cents)
            assert near(stall.low[one], float(low)), (money, cents)
            if 0 < low < INF:
                assert stall.low[one] < low <= high < stall.high[one], "rounded against the claim"
                assert near(stall.high[one], float(high)), (money, cents)
                assert near(stall.error[one], error), (money, cents)


def test_units_finer_than_a_cent_change_no_rate_and_coarser_ones_round_it() -> None:
    # Two purses of 100 cents, and 20 cents to be paid: 10 each, whatever the units are.
    for scale in (Fraction(1, 8), Fraction(1), Fraction(4)):
        stall = Stalls([int(100 / scale)] * 2, [{0: 1, 1: 1}], [20], scale=scale)
        assert stall.offer(0)
        assert stall.low[0] == pytest.approx(10, rel=1e-14)
        assert stall.level[0] * float(scale) == pytest.approx(10)
    # In units of an eighth a purse of 2 and two of 100 are 16, 800, 800. Of 176 the rich pay 160, each 80 with an error of 1 / 2 + 1 / 2.
    for scale in (Fraction(1, 8), Fraction(4)):
        stall = Stalls([16, 800, 800], [{0: 1, 1: 1, 2: 1}], [int(176 * scale)], useful=[5], scale=scale)
        assert stall.offer(0)
        assert (stall.low[0], stall.high[0]) == pytest.approx((79 * float(scale) / 5, 81 * float(scale) / 5), rel=1e-12)


def test_the_error_of_a_part_counts_what_a_float_cannot_tell() -> None:
    # One purse of 2**51 pays 2**50: one unit of the cost, and 2**50 / 2**50 of the float.
    stall = Stalls([2**51], [{0: 1}], [2**50])
    assert stall.offer(0)
    assert (stall.error[0], stall.level[0]) == (2.0, 2.0**50)


def test_a_purse_just_as_far_from_its_part_as_the_doubt_is_in_doubt() -> None:
    # One gives its 1, three give 2 of 21 each: the error of the part is (8 + 1) / 3, and 21 - 2 is just 3 + 2 * 8.
    assert not Stalls([1, 21, 21, 21], [{0: 1, 1: 1, 2: 1, 3: 1}], [7], slack=8).offer(0)
    assert Stalls([1, 22, 22, 22], [{0: 1, 1: 1, 2: 1, 3: 1}], [7], slack=8).offer(0)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_called_dearer_asks_more_whatever_the_purses_hold_in_truth(seed: int) -> None:
    dice, found = Random(f"dearer {seed}"), 0
    for _ in range(200):
        stall = drawn(dice)
        high = dice.choice([1, 3, 9, 27]) * float(stall.scale) / stall.useful[0]
        if stall.dearer(0, high):
            found += 1
            assert stall.low[0] > high
            assert all(rate is None or rate > Fraction(stall.low[0]) for rate in stall.truths(0, dice)), stall
    assert found > 20


@pytest.mark.parametrize("many", [(), (2, 1, 3, 1, 2)])
@pytest.mark.parametrize(("scale", "useful"), [(Fraction(1), 1), (Fraction(1, 2), 4)])
def test_a_dearer_project_is_known_by_what_its_supporters_give_at_that_rate(many: tuple[int, ...], scale: Fraction, useful: int) -> None:
    for money in PURSES:
        own = list(many[: len(money)])
        count, total = sum(own or [len(money)]), sum(held * (own[pile] if own else 1) for pile, held in enumerate(money))
        costs = [int(units * scale) for units in range(2, total + count + 4, 2)]
        stall = Stalls(money, [dict.fromkeys(range(len(money)), 1)] * len(costs), costs, own, [useful] * len(costs), scale=scale)
        for part in (1, 5, 6):
            stall.low[:] = 0.0
            # Two units more than the part, against all rounding.
            given, rich = by_hand.capped(stall.rows(0), part + 2)
            for one, need in enumerate(stall.need):
                short = need - given - count - 1
                told = (part + 2 + Fraction(short, rich)) * scale / useful if rich else INF
                assert stall.dearer(one, float(part * scale / useful)) == (short > 0), (money, part, need)
                assert near(stall.low[one], float(told) if short > 0 else 0.0), (money, part, need)
                assert short <= 0 or not rich or stall.low[one] < told, "rounded against the claim"


def test_no_project_is_called_dearer_by_points_or_beyond_what_64_bits_hold() -> None:
    assert not Stalls([3, 3], [{0: 1, 1: 1}], [50], by_points=True).dearer(0, 1.0)
    stall = Stalls([3, 3], [{0: 1, 1: 1}], [50])
    assert not stall.dearer(0, 2.0**62)
    assert not stall.dearer(0, INF)
    assert stall.low[0] == 0.0
    just = 2.0**62 / (1 + 1e-14)
    assert just * (1 + 1e-14) + 2 == 2.0**62
    assert not stall.dearer(0, just)
    assert stall.low[0] == 0.0
    assert stall.dearer(0, 2.0**61)
    assert stall.low[0] == INF

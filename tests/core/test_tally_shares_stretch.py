"""What a proof over a stretch of shares takes into account, by numbers worked out by hand.

A unit is half a cent. Project a asks 600 cents, 1200 units, of two ballots for it alone and of others that also name b, c (three of
them), d, e or f. Project r asks 300 cents, 600 units; to its voters it is worth half as much as a to its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import inf

import pytest

from app.core.tally import Election, EqualShares, Project, shares_purses
from app.core.tally.columns import PLAIN
from app.core.tally.shares_market import Market, market
from app.core.tally.shares_purses import Offer
from app.core.tally.shares_run import Round, Run
from app.core.tally.shares_stretch import Stretch, _level, _Step
from tests.core.test_tally_shares_run import by_hand

VOTED = ("a", "a", "ab", "ac", "ac", "ac", "ad", "ae", "af")
COSTS = {"a": 600, "b": 900, "c": 900, "d": 900, "e": 900, "f": 900, "r": 300, "s": 900, "t": 900}
BOTTOM, TOP, OFF = [600, 800, 60, 240, 0, 1], [760, 880, 150, 400, 0, 1], [2.0, 3.0, 1.5, 0.5, 0.0, 0.25]
"""At the low end 60 x 3, 240 and 1 are given by the poor, and the rest of 1200 by three, 779/3 each, wrong by (5 + 1)/3. At the high end
150 x 3 and 1, and by four 749/4 each, wrong by (4 + 1)/4. So all pay 186 to 261 2/3, and every amount is in doubt by 1 + 1 + 4 + 3 1/4.
"""
MOST, LEAST, DOUBT = Fraction(785, 3), Fraction(186), Fraction(37, 4)
STRAY = (8 * DOUBT + Fraction(9, 2) + Fraction(1, 4) + MOST - LEAST) / 3 + DOUBT
"""Eight that hold anything are in doubt, the poor stray as they did, and d lies between: all that is shared by the three that are rich."""


@pytest.fixture
def half_cents() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shares_purses, "shift_for", lambda market, share: 1)
        yield


def ends(own: Market, bottom: list[int], top: list[int], off: list[float], bought: tuple[int, ...] = ()) -> Stretch:
    """Shares from 500 to 600, of which so much is left."""
    stretch = Stretch(own, Run(Fraction(500), [Round(one, 1, 0, ((one,),)) for one in bought]), Fraction(600))
    stretch.bottom.money[:], stretch.top.money[:], stretch.off[:] = bottom, top, off
    return stretch


def step_of(stretch: Stretch, one: int = 0) -> _Step:
    low, high = stretch.bottom.offer(one), stretch.top.offer(one)
    assert low is not None
    assert high is not None
    return _Step(stretch, one, low, high)


def just_above(found: float, exact: Fraction, by: float = 1e-6) -> None:
    """Rounded against us, and by no more than that."""
    assert exact < Fraction(found) < exact + Fraction(by)


def test_the_parts_of_a_purchase_are_bounded_at_both_ends(half_cents: None) -> None:
    step = step_of(ends(by_hand(VOTED, COSTS), BOTTOM, TOP, OFF))
    assert step.most == pytest.approx(float(MOST), rel=1e-13)
    assert step.least == pytest.approx(float(LEAST), rel=1e-13)
    assert step.doubt == pytest.approx(float(DOUBT), rel=1e-12)
    assert step.rich.tolist() == [True, True, False, False, False, False]
    just_above(step.rate, MOST / 1200, 1e-13)
    just_above(step.stray, STRAY)


def test_a_part_strays_by_no_more_than_it_changes(half_cents: None) -> None:
    """With 40 units off for each of c the 38 1/2 more are too much for 75 2/3, what lies between the two parts."""
    step = step_of(ends(by_hand(VOTED, COSTS), BOTTOM, TOP, [2.0, 3.0, 40.0, 0.5, 0.0, 0.25]))
    assert step.stray == pytest.approx(float(MOST - LEAST + DOUBT), rel=1e-12)


def test_where_nobody_is_rich_all_along_a_part_strays_by_what_it_changes(half_cents: None) -> None:
    """600 units by 6 of 100 at the low end, by 400 - 1 at the high one: no purse holds 102 and more at both ends."""
    own = by_hand(("r", "rs", "rt"), COSTS)
    stretch = ends(own, [280, 280, 280], [800, 800, 800], [0.0] * 3)
    stretch.bottom.money[:] = 200
    stretch.bottom.money[0] = 201
    step = _Step(stretch, 6, Offer(0.0, 1.0, 205.0, 1.0, 3, 1, 2), Offer(0.0, 1.0, 190.0, 1.0, 3, 3, 0))
    assert not step.rich.any()
    assert step.stray == 206 - 189 + 8


def test_purses_just_rich_and_just_poor(half_cents: None) -> None:
    """Parts of 99 + 1 and 91 - 1: 100 is rich, 90 is not poor, and strays by what it can pay less or more."""
    own = by_hand(("r", "rs", "rt"), COSTS)
    stretch = ends(own, [100, 90, 99], [100, 90, 89], [0.0, 50.0, 2.0])
    step = _Step(stretch, 6, Offer(0.0, 1.0, 99.0, 1.0, 3, 1, 2), Offer(0.0, 1.0, 91.0, 1.0, 3, 3, 0))
    assert step.rich.tolist() == [True, False, False]
    assert step.doubt == 8
    assert step.stray == 10 + 8
    stretch = ends(by_hand(["r"] * 9 + ["rs", "rt"], COSTS), [100, 90, 89], [100, 90, 89], [0.0, 50.0, 2.0])
    step = _Step(stretch, 6, Offer(0.0, 1.0, 99.0, 0.0, 3, 1, 2), Offer(0.0, 1.0, 90.0, 0.0, 3, 3, 0))
    assert step.rich.tolist() == [True, False, False]
    assert step.doubt == 6
    just_above(step.stray, (11 * Fraction(6) + 2) / 9 + 6)


def test_a_part_is_not_below_nothing(half_cents: None) -> None:
    stretch = ends(by_hand(VOTED, COSTS), BOTTOM, TOP, OFF)
    step = _Step(stretch, 0, Offer(0.0, 0.5, 20.0, 3.0, 3, 1, 2), Offer(0.0, 1.0, 2.0, 5.0, 3, 3, 0))
    assert (step.most, step.least, step.doubt) == (23, 0, 14)
    assert step.rate == 0.5
    for high in (inf, 0.001):
        just_above(_Step(stretch, 0, Offer(0.0, high, 24.0, 0.0), Offer(0.0, 1.0, 2.0, 5.0)).rate, Fraction(24, 1200), 1e-15)


def test_after_a_purchase_purses_stray_by_what_their_payments_did(half_cents: None) -> None:
    """The rich stray as before and by the part, but no more than they changed; others by what they hold; the empty do not."""
    stretch = ends(by_hand(VOTED, COSTS), BOTTOM, TOP, OFF)
    step = step_of(stretch)
    stretch.bottom.money[:], stretch.top.money[:] = [341, 541, 0, 0, 0, 0], [573, 550, 0, 213, 1, 0]
    step.settle()
    assert stretch.off.tolist() == pytest.approx([float(2 + STRAY + DOUBT), float(9 + DOUBT), 0, float(213 + DOUBT), float(1 + DOUBT), 0])


def test_a_purchase_is_paid_at_both_ends(half_cents: None) -> None:
    """259 of 779/3 units are taken at the low end, 187 of 749/4 at the high one; all others ask more from the start."""
    stretch = ends(by_hand(VOTED, COSTS), BOTTOM, TOP, OFF)
    assert stretch._purchase(0, Round(0, 3, 5, ((0,),))) == 1
    assert list(stretch._least) == [1, 2, 3, 4, 5]
    assert stretch.bottom.money.tolist() == [341, 541, 0, 0, 0, 0]
    assert stretch.top.money.tolist() == [573, 693, 0, 213, 0, 0]
    assert (stretch.bottom.bought, stretch.top.bought) == ([0], [0])
    assert stretch.off.tolist() == pytest.approx([float(2 + STRAY + DOUBT), float(3 + STRAY + DOUBT), 0, float(213 + DOUBT), 0, 0])


def test_a_free_purchase_is_noted_at_both_ends(half_cents: None) -> None:
    stretch = ends(by_hand(("a", "b"), {"a": 0, "b": 900}), [3, 4], [5, 6], [0.0, 0.0])
    assert stretch._purchase(0, Round(0, 1, 0, ((0,),))) == 1
    assert (stretch.bottom.bought, stretch.top.bought) == ([0], [0])
    assert (stretch.bottom.money.tolist(), stretch.top.money.tolist()) == ([3, 4], [5, 6])


RIVALS = ("r", "r", "rs", "rt")


def rival(own: Market, bottom: list[int], top: list[int], off: list[float]) -> float:
    stretch = ends(own, BOTTOM + bottom, TOP + top, OFF + off)
    return step_of(stretch).short_of(6)


HALF = Fraction(1, 2)
PAID = 2 * HALF * MOST + 40 + 100
"""Two of r pay half of what a asks, one of r and s all of 40, one of r and t all of 100."""
ERROR = 2 * HALF * STRAY + (120 - HALF * LEAST) + 4 * DOUBT * (1 + HALF)
"""They stray by half of what the part does; that of t, between, by 120 - 93; and each is in doubt by that of both."""
ROOM = Fraction(599) - PAID - ERROR
"""How far the purse of s may stray, so that they make one unit less than the 600 asked, all doubts against us."""


@pytest.mark.parametrize(("more", "found"), [(-1.0, 1.0), (-1e-6, 1.0), (-1e-7, 0.5), (1e-6, 0.5), (1.0, 0.5)])
def test_a_rival_is_behind_while_its_supporters_cannot_pay_all_doubts_against_us(more: float, found: float, half_cents: None) -> None:
    off = float(ROOM) + more
    assert rival(by_hand(VOTED + RIVALS, COSTS), [140, 40, 100], [160, 60, 120], [0.0, off, 0.0]) == found


def test_how_long_a_rival_is_behind_is_guessed_from_the_line_between_the_ends(half_cents: None) -> None:
    """Eight pay 93 each of 95 at the high end, 744, and 70 each at the low one; 599 lie 39/184 of the way."""
    own = by_hand((*VOTED, *("r",) * 8, "rs"), COSTS)
    assert rival(own, [70, 0], [95, 0], [0.0, 0.0]) == pytest.approx(39 / 184)
    assert rival(own, [75, 0], [95, 0], [0.0, 0.0]) == 0.0
    assert rival(own, [70, 0], [74, 7], [0.0, 0.0]) == 0.999
    assert rival(own, [70, 0], [74, 6], [0.0, 0.0]) == 0.5


def by_points(costs: tuple[int, int] = (600, 600)) -> Market:
    """Four give a one point, two two, one three; and one each gives r one, two, three."""
    marks = [{"a": 1}] * 4 + [{"a": 2}] * 2 + [{"a": 3}, {"r": 1}, {"r": 2}, {"r": 3}]
    rule = EqualShares(utility="points", tie_break=("id",))
    field = (Project("a", costs[0]), Project("r", costs[1]))
    return market(rule, Election.marked(field, marks, 60, "points"), "points", rule.scale, PLAIN)


LOW, HIGH = Offer(0.0, inf, 198.0, 2.0, 7, 4, 3), Offer(0.0, inf, 92.0, 2.0, 7, 4, 3)
"""A point is paid with 90 to 200 units; so all is in doubt by 1 + 1 + 4 and by 2 + 2 for each of three points, 18."""


@pytest.mark.parametrize(("z", "stray"), [(269, Fraction(413, 4)), (270, Fraction(110))])
def test_points_are_paid_so_many_times(z: int, stray: Fraction, half_cents: None) -> None:
    """One point: 80 to 150 are between, 70. Two points: 400 are just rich, and share in four parts. Three: 269 are poor, 270 just not.
    4 x (70 + 18) + 2 x 18 + 7 + 18 = 413; with 270 - 100 in the place of 7 more than the 110 that a part changes.
    """
    stretch = ends(by_points(), [80, 400, 100, 0, 0, 0], [150, 500, z, 0, 0, 0], [3.0, 5.0, 7.0, 0.0, 0.0, 0.0])
    step = _Step(stretch, 0, LOW, HIGH)
    assert (step.most, step.least, step.doubt) == (200, 90, 18)
    assert step.rate == pytest.approx(100)
    assert step.rich.tolist() == [False, True, False]
    assert step.stray == pytest.approx(float(stray + 18), abs=1e-6)
    stretch.bottom.money[:3], stretch.top.money[:3] = [0, 100, 0], [30, 500, 0]
    step.settle()
    assert stretch.off.tolist()[:3] == pytest.approx([48, min(5 + 2 * float(stray + 18), 400) + 18, 0], abs=1e-6)


@pytest.mark.parametrize(("more", "found"), [(-1.0, 1.0), (-1e-6, 1.0), (1e-6, 0.5), (1.0, 0.5)])
def test_a_rival_is_behind_by_its_own_points(more: float, found: float, half_cents: None) -> None:
    """One point: 50, poor. Two: 400, just rich, strays by twice what a part does. Three: 200 to 270, just not poor, by 70. Each is in
    doubt by 2 x 18. 400 + 50 + 200 + 2 x 121 1/4 + 70 + 108 = 1070 1/2 and what the poor one strays, 128 1/2 of the 1199.
    """
    stretch = ends(by_points(), [80, 400, 100, 50, 400, 200], [150, 500, 269, 89, 500, 270], [3.0, 5.0, 7.0, 128.5 + more, 0.0, 0.0])
    assert _Step(stretch, 0, LOW, HIGH).short_of(1) == found


@pytest.mark.parametrize(("held", "found"), [(2**44 - 127, 1.0), (2**44 - 126, 0.5)])
def test_what_a_large_cost_asks_is_rounded_down(held: int, found: float, half_cents: None) -> None:
    """Of 2**44 units the 10**12th part is 17.6, and 1 more: three in doubt by 36 make 2**44 - 19 or 2**44 - 18 with what is held."""
    stretch = ends(by_points((600, 2**43)), [0, 0, 0, held, 0, 0], [0, 0, 0, held, 0, 0], [0.0] * 6)
    step = _Step(stretch, 0, Offer(0.0, inf, 2.0**45, 2.0), Offer(0.0, inf, 2.0**45 - 100, 2.0))
    assert step.short_of(1) == found


def test_a_price_that_is_exact_is_known_to_two_units(half_cents: None) -> None:
    stretch = ends(by_hand(VOTED, COSTS), BOTTOM, TOP, OFF)
    exact = Offer(0.0, 0.0, error=inf, exact=Fraction(1, 7))
    assert _level(stretch.top, stretch.market, 0, exact) == (171.0, 2.0)
    assert _level(stretch.top, stretch.market, 0, Offer(0.0, 0.0, 5.5, 0.25)) == (5.5, 0.25)
    with pytest.raises(AssertionError, match=r"is exact$"):
        _level(stretch.top, stretch.market, 0, Offer(0.0, 0.0, error=inf))

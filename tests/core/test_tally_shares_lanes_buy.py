"""Lanes of Equal Shares buy where quick numbers are sure, and ask for no more of them than they need."""

from __future__ import annotations

from fractions import Fraction
from math import inf
from random import Random

import numpy as np
import pytest

from app.core.tally import Election, EqualShares, Project
from app.core.tally.columns import PLAIN
from app.core.tally.shares_lanes import NOTHING, OPEN, Group, Lanes, Offers
from app.core.tally.shares_market import Market, market
from app.core.tally.shares_purses import shift_for
from app.core.tally.shares_run import Before, Round, Run, run_at
from tests.core.test_tally_shares_lanes import PILED, SINGLE, by_hand, group_of, lanes_of, units_of


def parts_of(held: list[int], many: list[int], need: int) -> tuple[Fraction, int]:
    """What each pays of `need`, the poor giving all they hold, and how many pay in full: none where all hold too little together."""
    paying = [(one, ballots) for one, ballots in zip(held, many, strict=True) if one]
    while paying:
        rich = sum(ballots for _, ballots in paying)
        level = Fraction(need, rich)
        staying = [(one, ballots) for one, ballots in paying if one >= level]
        if staying == paying:
            return level, rich
        need -= sum(one * ballots for one, ballots in paying if one < level)
        paying = staying
    return Fraction(0), 0


BITS = 10
PURSES = (0, 1, 40, 900, 1700, 1706, 1707, 1715, 1720, 1800, 2040, 2048, 2060, 2500, 3413, 3414, 3460, 5000)
"""In units of 2**-10 cents: project a asks 10240 of them, 1707 of each of six, or 3413 of each of three."""


def drawn(dice: Random) -> Group:
    """One to four lanes whose purses are much alike, and bounds that are not always the narrowest."""
    first = [dice.choice(PURSES) for _ in range(4)]
    rows = [[dice.choice([one, one, one + dice.randint(0, 3), max(one - 1, 0), dice.choice(PURSES)]) for one in first] for _ in range(4)]
    rows = rows[: dice.randint(1, 4)]
    spare = dice.choice([0, 0, 1, 30])
    most = [max(column) + spare for column in zip(*rows, strict=True)]
    return group_of(rows, dice.choice([1, 2, 3, 4, 20]), most, [max(min(column) - spare, 0) for column in zip(*rows, strict=True)])


@pytest.mark.parametrize("ballots", [PILED, SINGLE])
@pytest.mark.parametrize("seed", range(6))
def test_each_lane_is_offered_what_it_would_be_alone(seed: int, ballots: tuple[str, ...]) -> None:
    dice, own = Random(f"offers {seed}"), by_hand(ballots)
    many = [2, 1, 3] if own.weight is not None else [1, 1, 1]
    for _ in range(25):
        group = drawn(dice)
        offers = lanes_of(own, BITS, many=4)._offers(group, 0)
        for lane, held in enumerate(group.money[:, :3].tolist()):
            total, doubt = sum(one * ballots for one, ballots in zip(held, many, strict=True)), group.slack * sum(many) + 1
            level, rich = parts_of(held, many, 10240)
            assert offers.rich[lane] == rich, (held, many)
            if rich:
                assert offers.level[lane] == pytest.approx(float(level), rel=1e-14)
                assert 0 < offers.low[lane] < level / 10240 < offers.high[lane] < inf
            else:
                assert (offers.low[lane], offers.high[lane]) == (inf if 10240 - total > doubt else 0, inf)


def kept_of(lanes: Lanes, group: Group, offers: Offers) -> list[bool]:
    """In which lanes it is sure who is poor: no purse is as near to the part as it may be wrong, after one more purchase."""
    kept = []
    for held, level, error in zip(group.money[:, :3].tolist(), offers.level.tolist(), offers.error.tolist(), strict=True):
        doubt = error + 2 * group.slack + 3
        parted = not any(one and abs(one - level) <= doubt for one in held)
        kept.append(parted and error <= lanes._trusted)
    return kept


@pytest.mark.parametrize("ballots", [PILED, SINGLE])
@pytest.mark.parametrize("seed", range(8))
def test_a_price_is_paid_where_it_is_sure_who_pays_in_full(seed: int, ballots: tuple[str, ...]) -> None:
    dice, own = Random(f"buy {seed}"), by_hand(ballots)
    for _ in range(25):
        group, lanes = drawn(dice), lanes_of(own, BITS, many=4)
        offers = lanes._offers(group, 0)
        able = offers.rich > 0
        if not able.any():
            continue
        kept, size = kept_of(lanes, group, offers), len(group.lanes)
        before, level = group.money.tolist(), [int(one) for one in offers.level]
        few, most = group.few.copy(), group.most.copy()
        errors, slack = offers.error.tolist(), group.slack
        after = lanes._buy(group, 0, offers)
        chosen = [lane for lane in range(size) if kept[lane] and able[lane]]
        assert [lane for lane in after.lanes.tolist() if able[lane]] == chosen
        if len(after.lanes) == len(chosen) > 0:
            told = [[max(one - level[lane], 0) for one in before[lane][:3]] + before[lane][3:] for lane in chosen]
            assert after.money.tolist() == told
            assert (after.few <= after.money.min(axis=0)).all()
            assert (after.money.max(axis=0) <= after.most).all()
            paid, rich = [level[lane] for lane in chosen], offers.sides.rich
            assert (after.most[rich] == most[rich] - min(paid)).all()
            assert (after.few[rich] == few[rich] - max(paid)).all()
            assert (after.slack, after.spent) == (slack + int(max(errors[lane] for lane in chosen)) + 2, 10)
            assert after.bought.tolist() == [[0]] * len(chosen)
            assert (after.least[0] == inf).all()


@pytest.mark.parametrize(("last", "asked"), [(52, 0.0), (53, 0.0), (51, inf), (50, inf), (58, 0.0)])
def test_a_cost_that_is_missed_by_less_than_the_doubts_is_left_open(last: int, asked: float) -> None:
    """Three purses, each wrong by 2 at most, and the cost by 1: 160 are asked, 50 + 51 + 52 fall short by 7, 50 + 51 + 51 by 8."""
    offers = lanes_of(by_hand(SINGLE))._offers(group_of([[50, 51, last, 9]]), 0)
    assert (offers.low.tolist(), offers.high.tolist()) == ([asked], [inf])


def test_a_part_of_one_unit_is_paid_by_purses_that_hold_one() -> None:
    own = by_hand(SINGLE, {"a": 3, "b": 6, "c": 4})
    offers = lanes_of(own, 0)._offers(group_of([[1, 1, 1, 9], [0, 1, 2, 9]]), 0)
    assert (offers.rich.tolist(), offers.level.tolist()) == ([3, 1], [1.0, 2.0])


@pytest.mark.parametrize(("last", "kept"), [(0, 1), (1, 0), (2, 0), (8, 0), (9, 1)])
def test_an_empty_purse_is_never_near_to_a_part_and_one_with_a_unit_may_be(last: int, kept: int) -> None:
    """Two pay 5 of 10 units each, or three 10/3, wrong by 1/3; two slacks of 1 and 3 more make 16/3: up to 26/3 a purse is near."""
    lanes, group = lanes_of(by_hand(SINGLE), 0), group_of([[100, 100, last, 9]], slack=1)
    assert len(lanes._buy(group, 0, lanes._offers(group, 0)).lanes) == kept


def offers_by_hand(lanes: Lanes, group: Group, level: list[float], error: list[float], low: int, high: int) -> Offers:
    held = group.money[:, :3]
    sides = lanes._sides(group, 0, low, high)
    own = np.array(level), np.array(error)
    return Offers(own[0], own[0], *own, np.array([3] * len(level)), held.take([], axis=1) if low > 900 else held, sides)


def test_a_price_is_trusted_up_to_a_bound() -> None:
    lanes, group = lanes_of(by_hand(SINGLE)), group_of([[900, 900, 900, 9]] * 2, slack=1)
    offers = offers_by_hand(lanes, group, [50, 50], [16.0, 16.5], 1, 901)
    assert lanes._buy(group, 0, offers).lanes.tolist() == [0]


@pytest.mark.parametrize(("low", "high", "kept"), [(43, 57, 1), (44, 57, 0), (43, 56, 0), (45, 57, 0), (43, 55, 0)])
def test_all_that_is_near_to_a_part_must_lie_between_the_bounds(low: int, high: int, kept: int) -> None:
    """A part of 50, wrong by 1, and two slacks of 1 and 3 more: from 44 to 56."""
    lanes, group = lanes_of(by_hand(SINGLE)), group_of([[40, 900, 40, 9]], slack=1)
    sides = lanes._sides(group, 0, low, high)
    whole = np.array([50.0])
    offers = Offers(whole, whole, whole, np.array([1.0]), np.array([1]), np.zeros((1, 0), np.int64), sides)
    assert len(lanes._buy(group, 0, offers).lanes) == kept


def test_units_are_as_fine_as_the_largest_share_allows_and_trust_is_that_of_the_smallest() -> None:
    """1001 cents of seven ballots are 7007, less than 2**13: of 61 bits 48 are left; and 50 - 10 = 40 for a purse of 1001 in a float."""
    own = by_hand(PILED)
    lanes = Lanes(own, [Fraction(1), Fraction(1000)], 60, Before((), [0] * 3))
    assert lanes._scale == 2.0**-40 == 2.0 ** -shift_for(own, Fraction(1000))
    assert lanes._trusted == 2.0 ** (40 - 22)


THREE = ("a", "a", "a", "b", "b", "c")
"""a asks a third of a cent for each cent of usefulness, b a half, c one: 160, 96 and 64 units, of nobody who wants another."""


def opened(money: list[list[int]]) -> Group:
    group = group_of(money, slack=1)
    group.least = np.array([[1 / 3], [1 / 2], [1.0]]).repeat(len(money), axis=1) * (1 - 1e-14)
    return group


@pytest.mark.parametrize(
    ("guess", "asked"), [((), [0]), ((0,), [0]), ((1,), [1, 0]), ((2,), [2, 0]), ((2, 0, 1), [2, 0])]
)
@pytest.mark.parametrize("many", [1, 2])
def test_what_was_guessed_is_asked_first_and_else_only_what_may_be_cheaper(guess: tuple[int, ...], asked: list[int], many: int) -> None:
    lanes, group = lanes_of(by_hand(THREE), many=many, guess=guess), opened([[900, 900, 900]] * many)
    choice, fresh = lanes._choose(group)
    assert (choice.tolist(), list(fresh)) == ([0] * many, asked)
    assert all(group.least[one].tolist() == offers.low.tolist() for one, offers in fresh.items())


def test_what_is_bought_is_not_guessed_again() -> None:
    lanes, group = lanes_of(by_hand(THREE), guess=(0, 0)), opened([[900, 900, 900]] * 2)
    group.least[0], group.bought = inf, np.array([[0], [0]])
    choice, fresh = lanes._choose(group)
    assert (choice.tolist(), list(fresh)) == ([1, 1], [1])


@pytest.mark.parametrize("guess", [(), (0,), (1,), (2,)])
def test_each_lane_chooses_for_itself(guess: tuple[int, ...]) -> None:
    """In the second nobody can pay a; in the third nothing can be bought; in the fourth a just can or cannot be paid."""
    money = [[900, 900, 900], [20, 900, 900], [20, 20, 20], [53, 20, 20]]
    choice, _ = lanes_of(by_hand(THREE), many=4, guess=guess)._choose(opened(money))
    assert choice.tolist() == [0, 1, NOTHING, OPEN]


def test_what_asks_nearly_the_same_is_left_open() -> None:
    own = by_hand(("a", "a", "b", "b", "c"))
    choice, _ = lanes_of(own)._choose(group_of([[900, 900, 900], [900, 30, 900]], slack=1))
    assert choice.tolist() == [OPEN, 0]


class Counted(Lanes):
    """Notes what was bought at each turn, and what was looked at."""

    def __init__(self, market: Market, shares: list[Fraction], limit: int, before: Before) -> None:
        super().__init__(market, shares, limit, before)
        self.turns: list[list[tuple[int, ...]]] = []
        self.looks: list[int] = []
        self.slacks: list[int] = []

    def _turn(self, group: Group) -> list[Group]:
        self.slacks.append(group.slack)
        self.turns.append([tuple(bought) for bought in group.bought.tolist()])
        return super()._turn(group)

    def _offers(self, group: Group, one: int) -> Offers:
        self.looks.append(one)
        return super()._offers(group, one)


@pytest.mark.parametrize(("guess", "looks"), [((), [0, 1, 2]), ((0, 1, 2), [0, 1, 2]), ((2, 1, 0), [2, 0, 1, 2]), ((1, 0), [1, 0, 1, 2])])
def test_a_run_looks_at_no_more_than_it_needs(guess: tuple[int, ...], looks: list[int]) -> None:
    lanes = Counted(by_hand(THREE), [Fraction(9), Fraction(10)], 60, Before(guess, [0] * 3))
    rounds = [Round(one, 0, 0, ((one,),)) for one in range(3)]
    assert lanes.runs() == [Run(Fraction(9), rounds, 20), Run(Fraction(10), rounds, 20)]
    assert lanes.looks == looks
    # A share in whole units is less than one unit too small; each purchase adds its own error, of less than one, and two units.
    assert lanes.slacks == [1, 3, 5, 8]


def some(seed: int) -> tuple[Market, list[Fraction]]:
    """Eight projects, thirty voters."""
    dice = Random(f"lanes {seed}")
    ids = "abcdefgh"
    field = tuple(Project(id, dice.randint(20, 300)) for id in ids)
    voted = [frozenset(dice.sample(ids, dice.randint(1, 5))) for _ in range(30)]
    rule = EqualShares(utility=dice.choice(["cost", "cardinality"]), tie_break=("id",))
    own = market(rule, Election.of(field, voted, 900), rule.utility, rule.scale, PLAIN)
    return own, [Fraction(25 + index) for index in range(10)]


@pytest.mark.parametrize("seed", [28, 54, 85, 98, 111])
def test_lanes_that_meet_again_go_on_together(seed: int) -> None:
    own, shares = some(seed)
    lanes = Counted(own, shares, 900, Before((), [0] * 8))
    lanes.runs()
    sets = [frozenset(bought[0]) for bought in lanes.turns]
    assert len(set(sets)) == len(sets), "nothing is turned twice"
    assert all(frozenset(bought) == frozenset(group[0]) for group in lanes.turns for bought in group)
    assert any(len(set(group)) > 1 for group in lanes.turns), "some have met"


@pytest.mark.parametrize("bits", [3, 5, 8, 12])
@pytest.mark.parametrize("seed", range(5))
def test_coarse_lanes_buy_what_each_buys_alone_or_give_up(seed: int, bits: int) -> None:
    own, shares = some(seed)
    alone = [run_at(own, share, 900).run for share in shares]
    for guess in ((), alone[4].bought, tuple(reversed(alone[4].bought))):
        with units_of(bits):
            found = Lanes(own, shares, 900, Before(guess, [0] * 8)).runs()
        told = [None if run is None else (run.bought, run.spent, run.overspent) for run in found]
        assert told == [run and (one.bought, one.spent, one.overspent) for run, one in zip(told, alone, strict=True)]

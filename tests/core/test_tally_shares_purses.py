"""The purses of Equal Shares beside the same purses in plain fractions: whatever is asked of them, and however coarse their units are."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from app.core.tally import Election, EqualShares, Project
from app.core.tally.column_questions import NEVER
from app.core.tally.columns import PLAIN
from app.core.tally.shares_market import Market, Utility, market
from app.core.tally.shares_purses import Offer, Purses

IDS = "abcdef"
KINDS: list[tuple[Utility, bool]] = [(utility, many) for utility in ("cost", "cardinality", "points") for many in (False, True)]
SHIFTS = [None, -1, 0, 2, 6]


def drawn(dice: Random, utility: Utility, piled: bool) -> Market:
    """Six projects, some of them free, and up to nine piles of ballots; each pile one ballot if not `piled`."""
    field = [Project(id, dice.choice([0, 3, 8, 20, 34, 55, 90, 170])) for id in IDS]
    different = {tuple(sorted(dice.sample(IDS, dice.randint(0, 5)))): dice.choice([2, 3, 1]) for _ in range(9)}
    voted = [{id: dice.randint(1, 4) for id in ballot} for ballot, many in different.items() for _ in range(many if piled else 1)]
    rule = EqualShares(utility=utility, tie_break=("id",))
    points = Election.marked(field, voted + voted[:3] * piled, 100, "points")
    return market(rule, points if utility == "points" else Election.of(field, voted, 100), utility, rule.scale, PLAIN)


class Voters:
    """One purse for each pile, in exact cents."""

    def __init__(self, market: Market, share: Fraction) -> None:
        self.market, self.purse = market, [share] * len(market.many)

    def behind(self, one: int) -> list[tuple[int, int, int]]:
        """(pile, ballots, points) of those behind this project who hold anything."""
        owner, weight, worth = self.market.sides[one]
        many, points = (np.ones(len(owner), np.int64) if one is None else one for one in (weight, worth))
        rows = zip(owner.tolist(), many.tolist(), points.tolist(), strict=True)
        return [row for row in rows if self.purse[row[0]] > 0]

    def price(self, one: int) -> Fraction | None:
        """What each pays (a point), those with less giving all."""
        rest, left = Fraction(self.market.cost[one]), sorted(self.behind(one), key=lambda row: self.purse[row[0]] / row[2])
        for index, (pile, many, points) in enumerate(left):
            price = rest / sum(many * points for _, many, points in left[index:])
            if price * points <= self.purse[pile]:
                return price
            rest -= self.purse[pile] * many
        return None

    def sides(self, one: int, price: Fraction) -> tuple[list[int], list[int], list[int]]:
        """The piles that hold less than this (a point), just this, and more."""
        signs = [(pile, self.purse[pile] - price * points) for pile, _, points in self.behind(one)]
        return [one for one, sign in signs if sign < 0], [one for one, sign in signs if sign == 0], [one for one, sign in signs if sign > 0]

    def cover(self, one: int, cap: Fraction) -> tuple[Fraction, int]:
        """If none gives more than this (a point): what those give who have less, and how many ballots (or points) give it."""
        rows = self.behind(one)
        poor = sum((self.purse[pile] * many for pile, many, points in rows if self.purse[pile] < cap * points), Fraction(0))
        return poor, sum(many * points for pile, many, points in rows if self.purse[pile] >= cap * points)

    def pay(self, one: int, price: Fraction) -> tuple[int, int]:
        """How many ballots pay in full, and how many less."""
        rows = self.behind(one) if price else []
        poor = sum(many for pile, many, points in rows if self.purse[pile] < price * points)
        for pile, _, points in rows:
            self.purse[pile] = max(self.purse[pile] - price * points, Fraction(0))
        return sum(many for _, many, _ in rows) - poor, poor


def check_offer(purses: Purses, voters: Voters, one: int) -> tuple[Offer, Fraction] | None:
    """What it asks is within the bounds, and the bounds are as near as the doubts allow; None if it cannot be paid."""
    price, offer, split = voters.price(one), purses.offer(one), purses.split(one)
    if price is None:
        assert offer is None
        assert split is None
        return None
    assert offer is not None
    assert split is not None
    assert split.price == price
    assert tuple(sorted(piles.tolist()) for piles in split[1:]) == voters.sides(one, price)
    rate = price / purses.market.useful[one]
    assert offer.low <= rate <= offer.high
    assert purses.rate(one, offer) == rate
    assert offer.exact in (None, rate)
    if offer.exact is not None:
        assert rate * (1 - Fraction(1, 10**14)) <= offer.low
        assert offer.high <= rate * (1 + Fraction(1, 10**14))
    elif offer.high < float("inf"):
        room = Fraction(offer.error) * Fraction(2) ** -purses.shift / purses.market.useful[one] * 2 + rate / 10**13
        assert rate - Fraction(offer.low) <= room
        assert Fraction(offer.high) - rate <= room
    return offer, price


def check_more_than(purses: Purses, voters: Voters, one: int, high: Fraction, price: Fraction | None) -> None:
    """A bound is between `high` and the rate, and there is one where the shortfall is beyond all doubt."""
    bound, useful = purses.more_than(float(high), one), purses.market.useful[one]
    if purses.market.worth is not None:
        assert bound is None
        return
    if bound is not None:
        assert bound > high
        assert price is None or bound <= price / useful
        return
    poor, rich = voters.cover(one, high * useful)
    short = (purses.market.cost[one] - poor - rich * high * useful) * Fraction(2) ** purses.shift
    assert short <= (2 * purses.slack + 3) * purses.market.behind_count[one] + 2


def check_all(purses: Purses, voters: Voters, dice: Random) -> dict[int, tuple[Offer, Fraction]]:
    """All questions about all projects not yet bought."""
    found = {}
    for one, cost in enumerate(purses.market.cost):
        if one in purses.bought or not cost:
            continue
        assert purses.held(one) == sum(voters.purse[pile] * many for pile, many, _ in voters.behind(one))
        just = [voters.purse[pile] / points for pile, _, points in voters.behind(one)]
        caps = [Fraction(dice.randint(1, 60), dice.randint(1, 6)), *just[:2]]
        for cap in caps:
            poor, rich = voters.cover(one, cap)
            assert purses.split_at(one, cap) == (poor, rich)
            assert purses.cover(one, cap) == poor + cap * rich
        known = check_offer(purses, voters, one)
        for cap in caps:
            check_more_than(purses, voters, one, cap / purses.market.useful[one], None if known is None else known[1])
        if known is not None:
            found[one] = known
    return found


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize(("utility", "piled"), KINDS)
def test_whatever_is_asked_of_purses_is_answered_as_in_plain_fractions(utility: Utility, piled: bool, shift: int | None) -> None:
    dice = Random(f"purses {utility} {piled} {shift}")
    for _ in range(3):
        market, share = drawn(dice, utility, piled), Fraction(dice.randint(60, 240), dice.randint(1, 7))
        purses, voters = Purses(market, share, shift), Voters(market, share)
        out, order = [NEVER] * len(market.many), [-1] * len(market.cost)
        while True:
            scale, slack = Fraction(2) ** -purses.shift, purses.slack
            for pile, true in enumerate(voters.purse):
                assert abs(int(purses.money[pile]) * scale - true) <= slack * scale
                assert (purses.money[pile] == 0) == (true == 0)
            offers = check_all(purses, voters, dice)
            if not offers:
                break
            one = dice.choice(list(offers))
            offer, price = offers[one]
            poor, even, _ = voters.sides(one, price)
            assert purses.buy(one, offer) == voters.pay(one, price)
            order[one] = len(purses.bought) - 1
            for pile in (*poor, *even):
                out[pile] = order[one]
            assert purses.slack - slack in (2, 2 + int(min(offer.error * purses.worth_most, 99)))
            assert purses.exact.price(order[one]) == price
        assert (purses.out.tolist(), purses.order.tolist()) == (out, order)


@pytest.mark.parametrize("shift", [None, 0])
def test_a_free_project_takes_nothing_and_is_offered_for_nothing(shift: int | None) -> None:
    rule = EqualShares(tie_break=("id",))
    election = Election.of([Project("a", 0), Project("b", 5), Project("c", 0)], ["ab", "ab", "a", "b"], 40)
    purses = Purses(market(rule, election, "cost", rule.scale, PLAIN), Fraction(10), shift)
    before = purses.money.copy()
    free = purses.offer(0)
    assert free == Offer(0.0, 0.0, 0.0, 0.0, 0, 0, 0, Fraction(0))
    assert purses.buy(0, free) == (3, 0)
    assert purses.offer(2) == free, "also where nobody chose it"
    assert (purses.bought, purses.order.tolist(), purses.slack) == ([0], [0, -1, -1], 1)
    assert np.array_equal(before, purses.money)
    assert purses.exact.price(0) == 0
    assert purses.held(1) == 30

"""Where it is worth an exact look for a loser of Equal Shares: the quick numbers against fractions, with a purse for each voter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from math import ceil
from random import Random
from typing import Any

import numpy as np
import pytest

from app.core.tally import Election, EqualShares, Project
from app.core.tally.limits import MaxPer, MaxSpending, MinVotes
from app.core.tally.shares_books import Account, Books
from app.core.tally.shares_guess import Guess, guesses
from app.core.tally.shares_market import Market
from app.core.tally.shares_replay import Film
from tests.core.shares_brute import Case
from tests.core.tally_elections import ballots

NEAR = 1e-5
"""Doubts of quick numbers in small elections are far smaller than this."""


def piled(*piles: tuple[int, str]) -> Any:
    """Piles of equal ballots, as an election takes them in place of a profile."""
    return ballots(*piles)


@dataclass
class Spot:
    """A loser before a purchase, exactly: what its supporters hold, what they could give for it, and whether no limit keeps it out."""

    held: Fraction
    purses: list[Fraction]
    rate: Fraction
    cover: Fraction
    open: bool


class Plain:
    """A finished run once more, with one purse of fractions for each voter."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.market, done = case.rule.choose(case.election)
        self.walk = done.walk
        self.share = self.walk.run.share
        self.losers = [one for one in range(len(self.market.cost)) if one not in self.walk.run.bought]

    def cost(self, one: int) -> int:
        return self.market.cost[one]

    def stands(self, one: int) -> bool:
        return one in self.market.standing

    @cached_property
    def best_worth(self) -> int:
        worths = [worth for points, _ in self.case.voters for worth in points.values()]
        return {"cost": 1, "cardinality": 1, "borda": 0}.get(self.case.rule.utility, max(worths, default=0))

    @cached_property
    def moments(self) -> list[tuple[Fraction, list[Fraction], frozenset[str]]]:
        """Before each purchase, and at the end: its rate, all purses, and what may not be taken any more."""
        voters, gate = self.case.voters, self.case.rule.gate()
        purses, found = [self.share] * len(voters), []
        for one in (*self.walk.run.bought, None):
            rate = Fraction(0)
            if one is not None:
                id = self.market.ids[one]
                pairs = zip(purses, voters, strict=True)
                rate = self.case._rate(self.cost(one), [(purse, points[id]) for purse, (points, _) in pairs if id in points]) or rate
            found.append((rate, purses, frozenset(two.id for two in self.case.election.projects if gate.bar(two))))
            if one is not None:
                purses = [max(purse - rate * points.get(id, 0), Fraction(0)) for purse, (points, _) in zip(purses, voters, strict=True)]
                gate.give(self.case.election.project(id))
        return found

    def spots(self, one: int) -> list[Spot]:
        id, found = self.market.ids[one], []
        for rate, purses, barred in self.moments:
            own = [(purse, points[id]) for purse, (points, _) in zip(purses, self.case.voters, strict=True) if id in points]
            cover = sum((min(purse, rate * worth) for purse, worth in own), Fraction(0))
            held = [purse for purse, _ in own]
            found.append(Spot(sum(held, Fraction(0)), held, rate, cover, id not in barred))
        return found

    def each(self, one: int, spot: Spot) -> Fraction:
        """What a further voter of this project alone gives at this rate; nothing where a limit keeps the project out."""
        return min(self.share, spot.rate * self.market.useful[one] * self.best_worth) if spot.open else Fraction(0)

    def found(self) -> dict[int, Guess]:
        return guesses(*self.given())

    def given(self) -> tuple[Market, Film, dict[int, Account], int]:
        books = Books(self.market, self.walk)
        accounts = books.accounts(self.losers)
        return books.market, Film(books.market, self.walk, books.exact), accounts, self.best_worth

    def priced(self) -> Iterator[tuple[int, list[Spot], Spot]]:
        """The losers that cost anything, if anything was bought: their moments, and the end."""
        for one in self.losers if self.walk.run.bought else ():
            if self.cost(one):
                *spots, end = self.spots(one)
                yield one, spots, end


SEEDS = range(8)
LARGER = 6
"""From this seed on the elections are larger, and all by cost: what they buy takes the last money of people who are still rich."""
LIMITS = (
    *[()] * 3,
    (MaxPer(key="site", most=1),),
    (MaxSpending(key="theme", cents=60),),
    (MinVotes(votes=3), MaxPer(key="theme", most=1)),
)


@cache
def drawn(seed: int) -> list[Plain]:
    """Thirty elections of all kinds, small and full of ties, with something bought and something not."""
    dice, found = Random(f"guess {seed}"), list[Plain]()
    while len(found) < 30:
        plain = Plain(small(dice) if seed < LARGER else larger(dice))
        if plain.walk.run.bought and plain.losers:
            found.append(plain)
    return found


def small(dice: Random) -> Case:
    ids = "abcdef"[: dice.randint(3, 6)]
    costs = dice.choice([(0, 1, 2, 3, 4, 6, 9), (0, 12, 20, 24, 36, 50, 77)])
    field = [Project(id, dice.choice(costs), site=dice.choice(["", "s"]), theme=dice.choice(["t", "u"])) for id in ids]
    utility = dice.choice(["cost", "cost", "cardinality", "cardinality", "points", "borda", "grades"])
    marks = [{id: dice.randint(0, 3) for id in dice.sample(ids, dice.randint(1, min(4, len(ids))))} for _ in range(dice.randint(3, 9))]
    kind: Any = {"borda": "ranking", "grades": "grades"}.get(utility, "points")
    if kind == "ranking":
        marks = [{id: place for place, id in enumerate(one, 1)} for one in marks]
    election = Election.marked(field, marks, dice.randint(0, 4 * max(costs)), kind, draw=tuple(dice.sample(ids, len(ids))))
    ties = dice.choice([("draw",), ("cheaper", "draw"), ("id",)])
    rule = EqualShares(utility=utility, completion="none", limits=dice.choice(LIMITS), tie_break=ties, min_votes=dice.randint(0, 2))
    return Case(rule, election)


def larger(dice: Random) -> Case:
    ids = "abcdefghij"
    voters, share = dice.randint(6, 12), dice.choice([30, 60, 100])
    field = [Project(id, dice.choice([share // 3, share // 2, share, share, 2 * share, 2 * share + 1, 3 * share, 4 * share])) for id in ids]
    voted = [dice.sample(ids, dice.randint(1, 5)) for _ in range(voters)]
    return Case(EqualShares(completion="none", tie_break=("id",), min_votes=dice.randint(0, 3)), Election.of(field, voted, share * voters))


def enough_votes(plain: Plain, one: int, spots: list[Spot], end: Spot) -> float:
    """So few further votes surely win: those that the quick numbers know of, one more where they may be tied."""
    known = [float("inf")]
    if end.open and plain.share and plain.best_worth:
        known.append(float(ceil((plain.cost(one) - end.held) / plain.share + Fraction(1, 10**9)) + 1))
    for spot in spots:
        if each := plain.each(one, spot):
            ratio = (plain.cost(one) - spot.cover) / each
            known.append(float(ratio + 2 if ratio.denominator == 1 else ceil(ratio)))
    return min(known)


@pytest.mark.parametrize("seed", SEEDS)
def test_where_its_supporters_could_give_most_is_looked_at_and_nowhere_else(seed: int) -> None:
    for plain in drawn(seed):
        found = plain.found()
        for one, spots, end in plain.priced():
            most = max([end.held, *(spot.cover for spot in spots)])
            assert found[one].able == {column for column, spot in enumerate(spots) if spot.cover == most}


@pytest.mark.parametrize("seed", SEEDS)
def test_further_votes_are_counted_exactly_only_where_a_tie_is_possible(seed: int) -> None:
    for plain in drawn(seed):
        found = plain.found()
        for one, spots, end in plain.priced():
            enough, tied, sure = enough_votes(plain, one, spots, end), set(), []
            for column, spot in enumerate(spots):
                if each := plain.each(one, spot):
                    ratio = (plain.cost(one) - spot.cover) / each
                    if ratio.denominator > 1:
                        sure.append(ceil(ratio))
                    elif ratio <= enough:
                        tied.add(column)
                elif spot.open and spot.cover >= plain.cost(one):
                    tied.add(column)
            assert found[one].few == tied
            if sure and min(sure) <= enough:
                assert found[one].sure_votes == min(sure)
            else:
                assert (found[one].sure_votes or 10**9) >= min(sure, default=10**9)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_costs_nothing_is_looked_at_before_every_purchase_and_nothing_else_is_asked(seed: int) -> None:
    for plain in drawn(seed):
        found = plain.found()
        rounds = range(len(plain.walk.run.bought))
        for one in plain.losers:
            if not plain.cost(one):
                assert found[one] == Guess(few=set(rounds))


def lower_costs(plain: Plain, one: int, spot: Spot) -> tuple[Fraction, Fraction, Fraction]:
    """The highest cost that goes before this purchase but for its votes and limits: one that surely does, the true one, what is told of it.

    By cost, where those who can pay make up for all of it among them, quick numbers know no bound but what there was at first.
    """
    if plain.case.rule.utility != "cost":
        return spot.cover, spot.cover, spot.cover
    live = sum(purse > 0 for purse in spot.purses)
    cost = most = min(spot.held, spot.rate * plain.cost(one) * live)
    if spot.rate * live < 1:
        return Fraction(0), Fraction(-1), Fraction(0)
    while True:
        poor = [purse for purse in spot.purses if purse < spot.rate * cost]
        slope = 1 - spot.rate * (len(spot.purses) - len(poor))
        if slope <= 0:
            return Fraction(0), cost, most
        if sum(poor) >= slope * cost:
            break
        cost = sum(poor, Fraction(0)) / slope
    return cost if spot.rate * live > 1 and cost >= 1 else Fraction(0), cost, max(cost, Fraction(1))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_lower_cost_is_looked_for_where_the_highest_may_be_and_nowhere_else(seed: int) -> None:
    for plain in drawn(seed):
        found = plain.found()
        for one, spots, end in plain.priced():
            cost, stands = plain.cost(one), plain.stands(one)
            best = end.held if end.open and stands else Fraction(-1)
            free = best < 0
            for spot in spots:
                low, *_ = lower_costs(plain, one, spot)
                if spot.open and stands:
                    best = max(best, min(low, Fraction(cost)) - 2, Fraction(0 if free and spot.rate else -1))
            looked, possible = dict[int, float](), set[int]()
            for column, spot in enumerate(spots):
                low, root, high = lower_costs(plain, one, spot)
                sure = spot.open and stands and low == high and low.denominator > 1 and min(int(low), cost - 1) > 0
                if root >= best and not sure:
                    looked[column] = float(high)
                elif high >= best and high > root:
                    possible.add(column)
                if sure and low >= best:
                    assert (found[one].sure_cost or 0) >= min(int(low), cost - 1)
                if free and best <= 0:
                    looked[column] = max(looked.get(column, 0.0), 0.0)
                    free = not (spot.rate and spot.open and stands)
            assert looked.keys() <= found[one].cheaper.keys() <= looked.keys() | possible
            assert np.allclose([found[one].cheaper[column] for column in looked], list(looked.values()), rtol=0, atol=NEAR)

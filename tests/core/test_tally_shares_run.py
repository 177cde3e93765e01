"""One run of Equal Shares, step by step: what it buys, and what it does not even look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from math import inf
from typing import Any

import pytest

from app.core.tally import Election, EqualShares, Project
from app.core.tally.column_questions import Columns
from app.core.tally.columns import PLAIN
from app.core.tally.limits import MaxPer, MaxSpending
from app.core.tally.shares_market import Market, market
from app.core.tally.shares_purses import Offer, Purses
from app.core.tally.shares_run import Before, Round, Run, Walk, run_at
from app.core.tally.ties import TieBreaker

COSTS = {"a": 10, "b": 6, "c": 4}
THREE = ("a", "a", "a", "b", "b", "c")
"""Nobody wants two: a asks a third for each cent of its cost, b a half, c one."""


def field_of(costs: Mapping[str, int], site: str = "") -> tuple[Project, ...]:
    return tuple(Project(id, cost, site="s" if id in site else "") for id, cost in costs.items())


def by_hand(
    ballots: Iterable[str], costs: Mapping[str, int] | None = None, own: Columns = PLAIN, site: str = "", budget: int = 60, **rule: Any
) -> Market:
    """These ballots; the projects named in `site` share one."""
    field = field_of(costs or COSTS, site)
    made = EqualShares(**{"tie_break": ("id",), **rule})
    return market(made, Election.of(field, [frozenset(ballot) for ballot in ballots], budget), made.utility, made.scale, own)


class Counted(Purses):
    """Notes every question."""

    def __init__(self, market: Market, share: Fraction) -> None:
        super().__init__(market, share)
        self.asked: list[str] = []

    def offer(self, one: int) -> Offer | None:
        self.asked.append(f"offer {self.market.ids[one]}")
        return super().offer(one)

    def more_than(self, high: float, one: int) -> float | None:
        self.asked.append(f"more {self.market.ids[one]}")
        return super().more_than(high, one)

    def rate(self, one: int, offer: Offer) -> Fraction:
        self.asked.append(f"rate {self.market.ids[one]}")
        return super().rate(one, offer)


def asked_by(own: Market, share: int, guess: str = "", limit: int = 60) -> tuple[str, list[str]]:
    """What is bought, and what is asked on the way, a list for each round."""
    walk = Walk(own, Fraction(share), before=Before(tuple(own.ids.index(id) for id in guess), [0] * len(own.cost)))
    purses = walk.purses = Counted(own, Fraction(share))
    rounds = []
    going = True
    while going:
        purses.asked = []
        going = walk.run.spent <= limit and walk.step()
        rounds.append(", ".join(purses.asked))
    return "".join(own.ids[one] for one in walk.run.bought), rounds


@pytest.mark.parametrize(
    ("guess", "asked"),
    [
        ("", ["offer a", "offer b", "offer c", ""]),
        ("abc", ["offer a", "offer b", "offer c", ""]),
        ("cba", ["offer c, more a, offer a", "offer b", "offer c", ""]),
        ("b", ["offer b, more a, offer a", "offer b", "offer c", ""]),
        ("aab", ["offer a", "offer b", "offer c", ""]),
    ],
)
def test_only_what_may_be_the_cheapest_is_looked_at(guess: str, asked: list[str]) -> None:
    assert asked_by(by_hand(THREE), 9, guess) == ("abc", asked)


@pytest.mark.parametrize(
    ("guess", "asked"),
    [
        ("", ["offer a", "offer b, more d", "offer c", ""]),
        ("ab", ["offer a", "offer b, more d", "offer c", ""]),
        ("ad", ["offer a", "offer d, offer b, more d", "offer c", ""]),
    ],
)
def test_what_can_no_longer_be_paid_is_not_looked_at_again(guess: str, asked: list[str]) -> None:
    """Of 5 cents each the four of a pay 4; the three of d are among them."""
    own = by_hand(("a", "ad", "ad", "ad", "b", "b", "b", "c"), {"a": 16, "b": 6, "c": 4, "d": 12})
    assert asked_by(own, 5, guess) == ("abc", asked)


@pytest.mark.parametrize("guess", ["abdc", ""])
def test_what_asks_more_than_the_best_is_put_back_with_what_it_asks_at_least(guess: str) -> None:
    """Once a is paid, 3 of 9 cents each, the two of d hold 6 and 9 and pay 6 and 8, 8/14 for each cent of its cost, more than b's half."""
    own = by_hand(("a", "a", "ad", "d", "b", "b", "c"), {"a": 9, "b": 6, "c": 4, "d": 14})
    assert asked_by(own, 9, guess) == ("abdc", ["offer a", "offer b, more d", "offer d", "offer c", ""])


def test_equal_rates_are_told_apart_exactly_and_others_are_not() -> None:
    own = by_hand(("a", "a", "b", "b", "c"))
    assert asked_by(own, 9) == ("abc", ["offer a, more b, offer b, rate a, rate b", "offer b", "offer c", ""])


def test_of_rates_that_overlap_the_lowest_is_kept_and_the_others_are_put_back() -> None:
    walk = Walk(by_hand(("a", "a", "b", "b", "c")), Fraction(9))
    walk._offers, walk._heap = {one: Offer(0.1 + one, 2.0) for one in range(3)}, [(0.5, 7)]
    assert walk._lowest([0, 1, 2]) == [0, 1]
    assert sorted(walk._heap) == [(0.5, 7), (2.1, 2)]
    assert walk._lowest([2]) == [2]
    assert walk._lowest([2, 0]) == [0]


class Breaker(TieBreaker):
    """Notes what it is asked to arrange."""

    asked: list[list[str]]

    def arrange(self, ids: Iterable[str]) -> Any:
        ids = list(ids)
        self.asked.append(ids)
        return super().arrange(ids)


def test_only_equal_projects_are_arranged() -> None:
    own = by_hand(("a", "a", "b", "b", "c"))
    breaker = Breaker(own.rule.tie_break, own.election, own.election.votes)
    breaker.asked = []
    walk = run_at(replace(own, breaker=breaker), Fraction(9), 60)
    assert breaker.asked == [["a", "b"]]
    assert [one.equal for one in walk.run.rounds] == [((0,), (1,)), ((1,),), ((2,),)]
    assert [one.by for one in walk.run.rounds] == [("id",), (), ()]
    assert walk.run.rounds[0].members == (0, 1)


def test_free_projects_stand_equal_and_fall_by_the_criteria() -> None:
    own = by_hand(("ab", "b", "bc"), {"a": 0, "b": 0, "c": 4}, tie_break=("votes", "id"))
    walk = run_at(own, Fraction(9), 60)
    assert walk.run.bought == (1, 0, 2)
    assert [one.equal for one in walk.run.rounds] == [((1,), (0,)), ((0,),), ((2,),)]
    assert [(one.payers, one.part_payers) for one in walk.run.rounds] == [(3, 0), (1, 0), (1, 0)]


def test_equal_projects_of_the_same_voters_that_nothing_parts_need_a_draw() -> None:
    own = by_hand(("ab", "ab", "c", "d"), {"a": 6, "b": 6, "c": 4, "d": 4}, tie_break=("cheaper",))
    walk = run_at(own, Fraction(9), 60)
    assert walk.run.unparted == (0, 1)
    told = [(one.equal, one.commute) for one in walk.run.rounds]
    assert told == [(((0, 1),), False), (((1,),), True), (((2, 3),), True), (((3,),), True)]


def test_the_first_draw_that_is_needed_is_named() -> None:
    own = by_hand(("ab", "ab", "ab", "cd", "cd"), {"a": 6, "b": 6, "c": 4, "d": 4}, tie_break=("cheaper",))
    assert run_at(own, Fraction(9), 60).run.unparted == (0, 1)


def test_equal_projects_without_a_common_voter_need_none() -> None:
    own = by_hand(("a", "b"), {"a": 6, "b": 6}, tie_break=("cheaper",))
    walk = run_at(own, Fraction(9), 60)
    assert (walk.run.bought, walk.run.unparted, walk.run.rounds[0].equal) == ((0, 1), (), ((0, 1),))


def test_where_a_criterion_parts_the_first_no_draw_is_needed() -> None:
    own = by_hand(("abc", "abc"), {"a": 4, "b": 6, "c": 6}, tie_break=("cheaper",))
    walk = run_at(own, Fraction(3), 60)
    assert (walk.run.bought, walk.run.unparted) == ((0,), ())
    assert (walk.run.rounds[0].equal, walk.run.rounds[0].commute) == (((0,), (1, 2)), False)


def test_a_round_may_be_told_what_to_buy() -> None:
    own = by_hand(("ab", "ab"), {"a": 6, "b": 6}, tie_break=("id",))
    assert run_at(own, Fraction(9), 60).run.bought == (0, 1)
    assert run_at(own, Fraction(9), 60, first={0: 1}).run.bought == (1, 0)


@pytest.mark.parametrize(
    ("ids", "commute"),
    [((0,), True), ((1,), True), ((0, 1), False), ((0, 2), True), ((0, 1, 2), False), ((0, 3), True), ((3, 4), True), ((2, 5), False)],
)
def test_projects_commute_without_a_common_voter_and_with_room_for_all(ids: tuple[int, ...], commute: bool) -> None:
    """a and b share voters, c has its own; d and e are free; c and f share a site that holds one."""
    costs = {"a": 6, "b": 6, "c": 6, "d": 0, "e": 0, "f": 6}
    own = by_hand(("abde", "ade", "cde", "f"), costs, site="cf", limits=(MaxPer(key="site", most=1),))
    assert Walk(own, Fraction(9))._commute(ids) is commute


def test_a_limit_keeps_out_from_the_start_what_alone_exceeds_it_and_later_what_comes_after() -> None:
    """At most 9 cents for all of the site: a asks 10 alone; once b is bought, c no longer fits."""
    limit = MaxSpending(key="site", cents=9)
    own = by_hand(("ab", "ab", "ab", "c", "c", "d"), {"a": 10, "b": 6, "c": 4, "d": 5}, site="abc", limits=(limit,))
    walk = run_at(own, Fraction(9), 60)
    assert walk.run.bought == (1, 3)
    barred = {one: (round_, bar.limit, bar.by) for one, (round_, bar) in walk.run.barred.items()}
    assert barred == {0: (0, limit, ()), 2: (1, limit, ("b",))}


def test_the_cheapest_known_stands_first_after_others_were_kept_out() -> None:
    costs = dict.fromkeys("abcdefg", 12)
    ballots = [id for index, id in enumerate("abcdefg") for _ in range(9 - index)]
    own = by_hand(ballots, costs, site="ab", limits=(MaxPer(key="site", most=1),))
    walk = Walk(own, Fraction(30))
    for left in "cdefg", "defg", "efg", "fg", "g", "":
        assert walk.step()
        assert sorted(own.ids[one] for _, one in walk._heap) == list(left)
        assert walk._heap[:1] == sorted(walk._heap)[:1]
    assert not walk.step()
    assert list(walk.run.barred) == [1]


@pytest.mark.parametrize(
    ("limit", "bought", "over"), [(60, (0, 1, 2), False), (16, (0, 1, 2), True), (15, (0, 1), True), (20, (0, 1, 2), False)]
)
def test_a_run_goes_on_until_more_than_the_limit_is_spent(limit: int, bought: tuple[int, ...], over: bool) -> None:
    run = run_at(by_hand(THREE), Fraction(9), limit).run
    rounds = [Round(0, 3, 0, ((0,),)), Round(1, 2, 0, ((1,),)), Round(2, 1, 0, ((2,),))]
    assert run == Run(Fraction(9), rounds[: len(bought)], sum((10, 6, 4)[: len(bought)]), over)
    assert run.bought == bought


def test_a_walk_begins_with_nothing_bought_and_nothing_overspent() -> None:
    run = Walk(by_hand(THREE), Fraction(9)).run
    assert (run.bought, run.spent, run.overspent, run.unparted, run.barred) == ((), 0, False, (), {})


def test_a_bound_that_is_missing_is_worked_out_exactly() -> None:
    own = by_hand(THREE, {"a": 10, "b": 6, "c": 4}, utility="cardinality")
    walk = Walk(own, Fraction(9))
    known, open_ = Offer(3.0, 3.5), Offer(3.0, inf)
    fresh = {0: open_, 1: known}
    sharp = walk._sharp(fresh, 0)
    assert (sharp.exact, sharp.low, fresh[0]) == (Fraction(10, 3), 3.0, sharp)
    assert Fraction(10, 3) < Fraction(sharp.high) < Fraction(10, 3) * (1 + Fraction(1, 10**12))
    assert walk._sharp(fresh, 1) is known
    assert fresh[1] is known


def test_a_guess_is_what_was_bought_before_in_this_round_and_is_still_to_be_had() -> None:
    own = by_hand(("ab", "ab", "c"), site="ab", limits=(MaxPer(key="site", most=1),))
    walk = Walk(own, Fraction(9), before=Before((1, 0, 0), [1, 2, 3]))
    assert (walk._guess(), walk.purses.hints) == (1, [1, 2, 3])
    assert walk.step()
    assert (walk.run.bought, list(walk.run.barred), walk._guess()) == ((0,), [1], None)
    walk.before = (1, 2)
    assert walk._guess() == 2
    walk.before = (1, 1)
    assert walk._guess() is None
    walk.before = (1,)
    assert walk._guess() is None
    walk.before, walk.purses.order[0] = (1, 0), 4
    assert walk._guess() is None
    assert Walk(own, Fraction(9))._guess() is None


def test_hints_of_another_run_are_copied() -> None:
    hints = [1, 2, 3]
    walk = Walk(by_hand(THREE), Fraction(9), before=Before((), hints))
    walk.step()
    assert hints == [1, 2, 3] != walk.purses.hints

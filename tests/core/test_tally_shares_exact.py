"""The exact side of Equal Shares: prices over one common denominator, and what any purses held, worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from app.core.tally import Election, EqualShares, Profile, Project
from app.core.tally.column_questions import NEVER, Columns
from app.core.tally.columns import PLAIN, fast
from app.core.tally.profile import Places, Whole
from app.core.tally.shares_exact import Exact
from app.core.tally.shares_market import market
from tests.conftest import skip_or_fail

IDS = "abcd"


def places(*numbers: int) -> Places:
    return np.array(numbers, np.int32)


def exact(share: Fraction, *piles: tuple[int, str], columns: Columns = PLAIN) -> Exact:
    """Nothing bought yet; the piles stand in the order of their projects."""
    rule = EqualShares(utility="cardinality", tie_break=("id",))
    profile = Profile.of_sets(IDS, {frozenset(choices): many for many, choices in piles})
    election = Election(tuple(Project(id, 1) for id in IDS), profile, 100)
    indexed = market(rule, election, "cardinality", rule.scale, columns)
    return Exact(indexed, share, np.full(len(IDS), -1, np.int32), np.full(len(piles), NEVER, np.int32))


def buys(one: Exact, project: int, cost: int, emptied: Places, rich: int) -> None:
    """Note a purchase of the next round, and who was emptied by it."""
    round_ = sum(order >= 0 for order in one.order.tolist())
    one.note(cost, emptied, rich)
    one.order[project], one.out[emptied] = round_, round_


def test_the_price_of_each_round_is_what_the_poor_left_open_over_the_number_of_the_others() -> None:
    """Purses of 10: a costs 3 for two (1 1/2 each), b 7 for three (2 1/3), c is free, d empties the first and takes the rest of two."""
    one = exact(Fraction(10), (1, "abd"), (1, "abcd"), (1, "bd"))
    buys(one, 0, 3, places(), 2)
    assert one.price(0) == Fraction(3, 2), "asked first, with nothing worked out before"
    assert (one.common, one.prices()) == (2, [3])
    buys(one, 1, 7, places(), 3)
    buys(one, 2, 0, places(), 0)
    # The first two hold 10 - 3/2 - 7/3 = 37/6 each, the third 46/6. The first gives all it has, the others pay half of the rest.
    buys(one, 3, 19, places(0), 2)
    assert one.prices(1) == [3], "no more than is asked for"
    assert one.prices() == [18, 28, 0, 77]
    assert one.common == 12
    assert [one.price(round_) for round_ in range(4)] == [Fraction(3, 2), Fraction(7, 3), 0, Fraction(77, 12)]
    assert 2 * one.price(3) + Fraction(37, 6) == 19


def test_a_finer_unit_is_taken_only_where_a_price_needs_it() -> None:
    one = exact(Fraction(10), (2, "ab"))
    buys(one, 0, 4, places(), 2)
    assert (one.prices(), one.common) == ([2], 1)
    buys(one, 1, 3, places(), 2)
    assert (one.prices(), one.common) == ([4, 3], 2)
    assert [one.price(0), one.price(1)] == [2, Fraction(3, 2)]


def test_what_piles_held_before_each_round_counts_all_their_ballots_or_those_named() -> None:
    one = exact(Fraction(21, 2), (2, "ab"), (3, "b"))
    buys(one, 0, 4, places(), 2)
    buys(one, 1, 5, places(), 5)
    # Five ballots held 52 1/2, then 48 1/2 and 43 1/2; one of the first and two of the second pile 31 1/2, 29 1/2 and 26 1/2.
    for some, halves in ((None, [105, 97, 87]), (np.array([1, 2]), [63, 59, 53])):
        assert [Fraction(one.sum(places(0, 1), before, some), one.common) * 2 for before in range(3)] == halves
    assert one.sum(places(), 2) == 0
    assert one.sum(places(), 2, np.array([], np.int64)) == 0


@pytest.mark.parametrize("name", ["plain", "fast"])
def test_before_anything_is_bought_all_hold_their_share(name: str) -> None:
    columns = PLAIN if name == "plain" else fast()
    if columns is None:
        skip_or_fail("Numba is not installed")
    assert columns is not None
    one = exact(Fraction(21, 2), (1, "ab"), (1, "b"), columns=columns)
    assert (one.sum(places(0, 1), 0), one.common) == (42, 2)
    assert one.each(places(0, 1), 0)[0] == [21]
    assert one.each(places(0, 1), 0)[1].tolist() == [0, 0]


def test_single_voters_are_told_apart_by_what_they_paid_for_before_a_round() -> None:
    one = exact(Fraction(10), (1, "ab"), (4, "abc"), (1, "b"), (1, "d"))
    buys(one, 0, 10, places(), 5)
    buys(one, 1, 12, places(), 6)
    buys(one, 2, 4, places(), 4)
    for before, held in enumerate(([10, 10, 10, 10], [8, 8, 10, 10], [6, 6, 8, 10], [6, 5, 8, 10])):
        sums, kind = one.each(places(0, 1, 2, 3), before)
        assert [Fraction(sums[spot], one.common) for spot in kind.tolist()] == held
        assert len(sums) == len(set(held)), "each sum once only"
        assert kind.shape == (4,)
    assert one.each(places(2), 3)[1].tolist() == [0]


@pytest.mark.parametrize("rounds", [1, 3, 9, 17])
def test_points_and_many_rounds_are_told_apart_too(rounds: int) -> None:
    """More rounds than one byte has bits; points 1 and 2 for the same project are two kinds."""
    dice, ids = Random(f"each {rounds}"), [f"p{one:02}" for one in range(rounds + 1)]
    for by_points in (False, True):
        marks = [{id: dice.randint(1, 2) for id in ids if dice.random() < 0.6} for _ in range(12)]
        election = Election.marked([Project(id, 1) for id in ids], marks, 100, "points")
        utility = "points" if by_points else "cardinality"
        rule = EqualShares(utility="points" if by_points else "cardinality", tie_break=("id",))
        indexed = market(rule, election, rule.utility, rule.scale, PLAIN)
        one = Exact(indexed, Fraction(1000, 3), np.full(len(ids), -1, np.int32), np.full(len(indexed.many), NEVER, np.int32))
        for project in range(rounds):
            buys(one, project, 5 + project, places(), indexed.parts[project])
        assert utility == rule.utility
        profile = election.profile
        for before in {0, 1, rounds}:
            sums, kind = one.each(np.arange(len(indexed.many), dtype=np.int32), before)
            for pile, own in enumerate(kind.tolist()):
                spots = range(profile.start[pile], profile.start[pile + 1])
                paid = [(int(profile.project[spot]), worth(profile.value, spot, by_points)) for spot in spots]
                left = Fraction(1000, 3) - sum(one.price(project) * points for project, points in paid if project < before)
                assert Fraction(sums[own], one.common) == left


def worth(value: Whole | None, spot: int, by_points: bool) -> int:
    """What a mark is worth."""
    return int(value[spot]) if by_points and value is not None else 1


def test_a_finished_run_is_the_same_for_other_piles_of_its_voters() -> None:
    one = exact(Fraction(10), (1, "ab"), (1, "b"))
    buys(one, 0, 3, places(), 1)
    buys(one, 1, 17, places(0), 1)
    other = one.of(one.market, one.out, np.eye(2, dtype=bool))
    assert (other.common, other.prices()) == (1, [3, 10])
    assert [other.price(0), other.price(1)] == [3, 10]
    assert other.fates(places(0, 1), None).tolist() == one.fates(places(0, 1), None).tolist() == [[0, 0, 0], [1, 0, 1], [0, 1, 1]]

"""Both columns of Equal Shares, the plain and the compiled ones, answer each question as plain Python does."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from app.core.tally.column_questions import NEVER, Columns
from app.core.tally.columns import PLAIN, fast, part_of_points
from tests.conftest import skip_or_fail
from tests.core import columns_by_hand as by_hand
from tests.core.columns_by_hand import Marks, Purses, places, whole

BOTH = pytest.mark.parametrize("name", ["plain", "fast"])
SEEDS = pytest.mark.parametrize("seed", range(8))
KINDS = [(weighted, by_points) for weighted in (False, True) for by_points in (False, True)]


def columns(name: str) -> Columns:
    found = PLAIN if name == "plain" else fast()
    if found is None:
        skip_or_fail("Numba is not installed")
    assert found is not None
    assert found.name == name
    made: Columns = type(found)()  # with no room of its own yet
    return made


@BOTH
@SEEDS
def test_a_look_splits_the_cost_as_by_hand(name: str, seed: int) -> None:
    own, dice = columns(name), Random(f"look {seed}")
    for _ in range(40):
        purses = Purses.drawn(dice, dice.choice([2, 4, 40]))
        for weighted, by_points in KINDS:
            rows = purses.rows(weighted, by_points)
            total = sum(held * many for held, many, _ in rows)
            need, slack = dice.randint(max(1, total - 9), total + 3), dice.randint(0, 2)
            told = by_hand.look(rows, need, slack)
            weight, worth = whole(purses.many) if weighted else None, whole(purses.points) if by_points else None
            for hint in (0, *((1, 2, 30) if worth is None else ())):
                owner = places(list(range(len(rows))))
                assert own.look(whole(purses.held), owner, weight, worth, need, slack, hint) == told, (rows, need, slack, hint)


@BOTH
@SEEDS
def test_caps_and_covers_are_those_by_hand(name: str, seed: int) -> None:
    own, dice = columns(name), Random(f"cap {seed}")
    for _ in range(60):
        purses = Purses.drawn(dice, 5)
        owner = places(list(range(len(purses.held))))
        for weighted, by_points in KINDS:
            weight, worth = whole(purses.many) if weighted else None, whole(purses.points) if by_points else None
            cap = dice.randint(1, 6)
            if not by_points:
                assert own.capped(whole(purses.held), owner, weight, cap) == by_hand.capped(purses.rows(weighted, False), cap)
            for level in (float(cap), cap + 0.5):
                told = by_hand.cover(purses.rows(weighted, by_points), level)
                assert own.cover(whole(purses.held), owner, weight, worth, level) == told


@BOTH
@SEEDS
def test_purses_pay_as_by_hand_or_nothing_is_touched(name: str, seed: int) -> None:
    own, dice = columns(name), Random(f"pay {seed}")
    refused = 0
    for _ in range(60):
        purses = Purses.drawn(dice, 9)
        for by_points in (False, True):
            price, slack = (dice.randint(0, 20), dice.randint(1, 4)), dice.choice([0.0, 0.25, 0.5, 1.0])
            part, rows = (price[0] / price[1], slack), purses.rows(False, by_points)
            told = by_hand.pay(rows, part, price, by_points)
            money, out = whole([0, *purses.held, 7]), np.full(len(rows) + 2, NEVER, np.int32)
            worth, owner = whole(purses.points) if by_points else None, places(list(range(1, len(rows) + 1)))
            emptied = own.pay(money, out, owner, worth, part, price, 3)
            left, gone = told or (purses.held, [])
            assert (emptied is None) == (told is None), (rows, part)
            assert money.tolist() == [0, *left, 7]
            assert sorted([] if emptied is None else emptied.tolist()) == [pile + 1 for pile in gone]
            assert out.tolist() == [3 if pile - 1 in gone else NEVER for pile in range(len(rows) + 2)]
            refused += told is None
    assert 0 < refused < 120


@BOTH
@SEEDS
def test_what_was_paid_is_told_as_by_hand(name: str, seed: int) -> None:
    own, dice = columns(name), Random(f"paid {seed}")
    for _ in range(30):
        piles, rounds = dice.randint(1, 6), dice.randint(0, 4)
        marks = Marks.drawn(dice, piles, rounds)
        asked = sorted(dice.sample(range(piles), dice.randint(1, piles)))
        ballots = [dice.randint(1, 3) for _ in asked]
        for weighted, by_points in KINDS:
            many, each = ballots if weighted else [1] * len(asked), marks.points if by_points else None
            rows = whole(marks.start), places(marks.project), None if each is None else whole(each)
            weight = whole(ballots) if weighted else None
            for before in range(rounds + 1):
                given = own.paid(places(asked), weight, before, places(marks.out), rows, places(marks.order), max(rounds, 1))
                assert given.tolist() == by_hand.paid(marks, asked, many, each, before, max(rounds, 1))
            table = own.fates(places(asked), weight, places(marks.out), rows, places(marks.order), rounds)
            assert table.tolist() == by_hand.fates(marks, asked, many, each, rounds)


@BOTH
@SEEDS
def test_what_was_paid_is_told_as_by_hand_where_it_is_known_who_paid_in_full(name: str, seed: int) -> None:
    """Piles in the order in which they were emptied; beside the table of who paid, the marks may tell less."""
    own, dice = columns(name), Random(f"full {seed}")
    for _ in range(30):
        piles, rounds = dice.randint(1, 6), dice.randint(1, 4)
        marks = Marks.drawn(dice, piles, rounds)
        asked = sorted(sorted(dice.sample(range(piles), dice.randint(1, piles))), key=lambda pile: marks.out[pile])
        full = np.zeros((piles, rounds), bool)
        for pile in range(piles):
            full[pile, [round_ for round_, _ in marks.paid_in_full(pile, rounds, None)]] = True
        ballots, rows = [dice.randint(1, 3) for _ in asked], (whole(marks.start), places(marks.project), None)
        out, order = places(marks.out), places(marks.order)
        for before in range(rounds + 1):
            given = own.paid(places(asked), whole(ballots), before, out, rows, order, before, full)
            assert given.tolist() == by_hand.paid(marks, asked, ballots, None, before, before)
        table = own.fates(places(asked), whole(ballots), out, rows, order, rounds, full)
        assert table.tolist() == by_hand.fates(marks, asked, ballots, None, rounds)


@BOTH
@SEEDS
def test_kinds_are_told_apart_and_counted_behind_each_project_as_by_hand(name: str, seed: int) -> None:
    own, dice = columns(name), Random(f"kinds {seed}")
    for _ in range(30):
        piles, size = dice.randint(1, 8), dice.randint(1, 5)
        sides = [sorted(dice.sample(range(piles), dice.randint(0, piles))) for _ in range(3)]
        column = whole([sum(map(len, sides[:one])) for one in range(4)])
        owner, kinds = [pile for side in sides for pile in side], [dice.randrange(size) for _ in range(piles)]
        many = [dice.randint(1, 3) for _ in range(piles)]
        for weighted in (False, True):
            weight = whole([many[pile] for pile in owner]) if weighted else None
            starts, found, ballots = own.behind(column, places(owner), weight, whole(kinds), size)
            told = [sum(many[pile] if weighted else 1 for pile in side if kinds[pile] == one) for side in sides for one in range(size)]
            assert found.tolist() == [spot % size for spot, ballot in enumerate(told) if ballot]
            assert ballots.tolist() == [ballot for ballot in told if ballot]
            assert starts.tolist() == [sum(map(bool, told[: one * size])) for one in range(4)]
        out, kind, round_ = [dice.randint(0, 3) for _ in range(piles)], whole(kinds), dice.randint(0, 3)
        own.tell_apart(kind, places(sides[0]), places(out), round_)
        assert kind.tolist() == [2 * kinds[pile] + (pile in sides[0] and out[pile] > round_) for pile in range(piles)]


@BOTH
@SEEDS
def test_each_project_is_capped_by_itself(name: str, seed: int) -> None:
    own, dice = columns(name), Random(f"each {seed}")
    for _ in range(30):
        purses = Purses.drawn(dice, 5)
        sides = [sorted(dice.sample(range(len(purses.held)), dice.randint(0, len(purses.held)))) for _ in range(3)]
        column, owner = whole([sum(map(len, sides[:one])) for one in range(4)]), [pile for side in sides for pile in side]
        ones, caps = [dice.randrange(3) for _ in range(4)], [dice.randint(1, 6) for _ in range(4)]
        for weighted in (False, True):
            weight, rows = whole([purses.many[pile] for pile in owner]) if weighted else None, purses.rows(weighted, False)
            given, rich = own.capped_each(whole(purses.held), column, places(owner), weight, np.array(ones, np.intp), whole(caps))
            told = [by_hand.capped([rows[pile] for pile in sides[one]], cap) for one, cap in zip(ones, caps, strict=True)]
            assert list(zip(given.tolist(), rich.tolist(), strict=True)) == told


@BOTH
@SEEDS
@pytest.mark.parametrize("wanted", [True, False])
def test_marks_are_put_in_the_order_of_their_projects(name: str, seed: int, wanted: bool) -> None:
    own, dice = columns(name), Random(f"index {seed}")
    for _ in range(10):
        marks = Marks.drawn(dice, dice.randint(1, 6), 2)
        column, order, owner = own.index(whole(marks.start), places(marks.project), 6, wanted=wanted)
        told = sorted(range(len(marks.project)), key=lambda mark: (marks.project[mark], mark))
        pile_of = [pile for pile in range(len(marks.start) - 1) for _ in range(marks.start[pile], marks.start[pile + 1])]
        assert column.tolist() == [sum(one < project for one in marks.project) for project in range(7)]
        assert owner.tolist() == [pile_of[mark] for mark in told]
        if wanted:
            assert order.tolist() == told


def test_points_pay_the_floor_of_their_price() -> None:
    for price in ((7, 2), (20, 3), (4, 4), (0, 5), (1, 3)):
        assert part_of_points(whole([1, 2, 3, 10]), price).tolist() == [points * price[0] // price[1] for points in (1, 2, 3, 10)]


@BOTH
@SEEDS
def test_each_pile_adds_to_all_projects_that_it_supports(name: str, seed: int) -> None:
    own, dice = columns(name), Random(f"spread {seed}")
    for _ in range(30):
        marks = Marks.drawn(dice, dice.randint(1, 6), 2)
        piles = sorted(dice.sample(range(len(marks.out)), dice.randint(0, len(marks.out))))
        each, total = [float(dice.randint(-9, 2**40)) for _ in piles], [float(dice.randint(0, 9)) for _ in range(5)]
        added = np.array(total)
        own.spread(whole(marks.start), places(marks.project), whole(piles), np.array(each), added)
        for pile, more in zip(piles, each, strict=True):
            for one in marks.project[marks.start[pile] : marks.start[pile + 1]]:
                total[one] += more
        assert added.tolist() == total

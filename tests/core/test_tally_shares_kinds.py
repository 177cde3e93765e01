"""Ballots that paid for the same: one pile for all of them, and whatever is asked of it is answered as by the single piles."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest

from app.core.tally import Election, EqualShares, Profile, Project, shares_kinds
from app.core.tally.column_questions import NEVER
from app.core.tally.columns import PLAIN
from app.core.tally.shares_kinds import by_payment
from app.core.tally.shares_market import Market, market
from app.core.tally.shares_run import Walk, run_at

LIMIT = 10**9


def run(costs: list[int], ballots: list[frozenset[int]], share: Fraction, many: list[int] | None = None) -> tuple[Market, Walk]:
    """One run over projects 0, 1, 2 … and these ballots."""
    ids = [f"p{one:03}" for one in range(len(costs))]
    rule = EqualShares(utility="cardinality", tie_break=("id",))
    piles = Counter[frozenset[str]]()
    for ballot, number in zip(ballots, many or [1] * len(ballots), strict=True):
        piles[frozenset(ids[one] for one in ballot)] += number
    field = tuple(Project(id, cost) for id, cost in zip(ids, costs, strict=True))
    indexed = market(rule, Election(field, Profile.of_sets(ids, piles), 10**6), "cardinality", rule.scale, PLAIN)
    return indexed, run_at(indexed, share, LIMIT)


def check(indexed: Market, walk: Walk) -> int:
    """Every kind is one pile, with all its ballots, on each side they stand; how many kinds there are."""
    grouped, exact = by_payment(indexed, walk)
    order, out = walk.purses.order.tolist(), walk.purses.out.tolist()
    named = [indexed.project[indexed.start[pile] : indexed.start[pile + 1]].tolist() for pile in range(len(out))]
    kinds = [(frozenset(one for one in own if 0 <= order[one] < gone), gone) for own, gone in zip(named, out, strict=True)]
    wanted, pile_of = Counter[tuple[frozenset[int], int]](), {}
    for kind, many in zip(kinds, indexed.many.tolist(), strict=True):
        wanted[kind] += many
    for pile in range(len(grouped.many)):
        paid = frozenset(grouped.project[grouped.start[pile] : grouped.start[pile + 1]].tolist())
        pile_of[pile] = (paid, int(exact.out[pile]))
    assert len(set(pile_of.values())) == len(pile_of) == len(wanted)
    assert {kind: int(grouped.many[pile]) for pile, kind in pile_of.items()} == wanted
    assert grouped.start.tolist()[0] == 0
    for one in range(len(indexed.cost)):
        owner, weight, worth = grouped.sides[one]
        behind = Counter[tuple[frozenset[int], int]]()
        for pile, own in enumerate(named):
            behind[kinds[pile]] += int(indexed.many[pile]) * (one in own)
        assert worth is None
        assert weight is not None
        told = {pile_of[pile]: many for pile, many in zip(owner.tolist(), weight.tolist(), strict=True)}
        assert told == +behind
        plain = walk.purses.exact.fates(indexed.sides[one][0], indexed.sides[one][1])
        assert np.array_equal(exact.fates(owner, weight), plain)
    assert exact.prices() == walk.purses.exact.prices()
    return len(wanted)


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_a_kind_has_all_ballots_that_paid_for_the_same_and_were_emptied_together(seed: int, many: bool) -> None:
    dice = Random(f"kinds {seed} {many}")
    for _ in range(4):
        costs = [dice.choice([0, 2, 3, 5, 9, 14]) for _ in range(6)]
        ballots = [frozenset(dice.sample(range(6), dice.randint(0, 5))) for _ in range(12)]
        share = Fraction(dice.randint(4, 30), dice.randint(1, 4))
        check(*run(costs, ballots, share, [dice.randint(1, 3) for _ in ballots] if many else None))


@pytest.mark.parametrize("rounds", [0, 1, 29, 30, 31, 60, 61, 65])
def test_as_many_kinds_are_told_apart_as_there_are_whatever_the_number_of_purchases(rounds: int) -> None:
    """Each project costs one more than the one before, so that they are bought in order; who names only one paid for only that."""
    ballots = [frozenset({one}) for one in range(rounds)] + [frozenset({one, (one * 7 + 3) % rounds}) for one in range(rounds)]
    indexed, walk = run([one + 2 for one in range(rounds)], [*ballots, frozenset()], Fraction(1000))
    assert len(walk.run.bought) == rounds
    assert check(indexed, walk) == len(set(ballots)) + 1


@pytest.mark.parametrize(("few", "stages"), [(4, [112, 20]), (5, [])])
def test_kinds_are_listed_while_the_list_is_short_else_sorted(few: int, stages: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """48 piles have a list of 192 spots: 27 for each of the 7 rounds in which piles may be emptied, so 16 kinds, 4 purchases at once.

    Then there are 5 kinds, and the last 2 purchases fit as well. Where 4 at once are too few, all 6 are told apart by sorting.
    """
    told, numbered = list[int](), shares_kinds._numbered

    def listing(kind: Any, size: int) -> tuple[Any, int]:
        told.append(size)
        return numbered(kind, size)

    assert shares_kinds.FEW == 4
    monkeypatch.setattr(shares_kinds, "FEW", few)
    monkeypatch.setattr(shares_kinds, "_numbered", listing)
    named = [{0}, {1}, {0, 1}, {2, 3}, {0, 4}, {4, 5}]
    ballots = [frozenset({*named[pile % 6], 6 + pile}) for pile in range(48)]
    indexed, walk = run([24, 32, 24, 32, 80, 48, *[10**8] * 48], ballots, Fraction(1000))
    assert walk.run.bought == (0, 1, 2, 3, 4, 5)
    assert (check(indexed, walk), told) == (6, stages)


def test_who_was_emptied_is_another_kind_than_who_paid_in_full() -> None:
    """The first two pay 3 of 10 each for a; then the first gives its last 7 of the 16 for b, and the third the other 9."""
    indexed, walk = run([6, 16], [frozenset({0, 1}), frozenset({0}), frozenset({1})], Fraction(10))
    assert walk.run.bought == (0, 1)
    assert sorted(walk.purses.out.tolist()) == [1, NEVER, NEVER]
    assert check(indexed, walk) == 3


def test_where_ballots_give_points_and_without_projects_nothing_is_put_together() -> None:
    rule = EqualShares(utility="points", tie_break=("id",))
    election = Election.marked([Project("a", 4)], [{"a": 1}, {"a": 1}, {"a": 2}], 20, "points")
    indexed = market(rule, election, "points", rule.scale, PLAIN)
    walk = run_at(indexed, Fraction(5), LIMIT)
    again, exact = by_payment(indexed, walk)
    assert again is indexed
    assert exact is walk.purses.exact
    assert exact.price(0) == 1
    empty = market(rule, Election.of([], [[], []], 20), "cost", rule.scale, PLAIN)
    assert by_payment(empty, run_at(empty, Fraction(5), LIMIT))[0] is empty

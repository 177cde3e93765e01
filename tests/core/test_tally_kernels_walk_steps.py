"""Which project the compiled walk of Equal Shares chooses, what it looks at for that, what it takes, and when it gives back: by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest

from app.core.tally import Election, EqualShares, Project
from app.core.tally.column_questions import NEVER
from app.core.tally.columns import fast
from app.core.tally.shares_market import market
from app.core.tally.shares_purses import Purses
from app.core.tally.shares_run import Walk
from tests.conftest import skip_or_fail
from tests.core.columns_by_hand import places, whole
from tests.core.test_tally_kernels_walk import INF, Stalls, kernel

NOTHING, DOUBT = -1, -2
DONE, ASK = 0, 1


@pytest.fixture(autouse=True)
def _compiled() -> None:
    if fast() is None:
        skip_or_fail("Numba is not installed")


def two(first: int, second: int, **other: Any) -> Stalls:
    """Two projects of these costs, each before a purse of a thousand units of its own."""
    return Stalls([1000, 1000], [{0: 1}, {1: 1}], [first, second], **other)


@pytest.mark.parametrize("by_points", [False, True])
def test_the_project_with_the_lowest_rate_is_chosen_wherever_the_search_begins(by_points: bool) -> None:
    for guess in (-1, 0, 1):
        assert two(20, 30, by_points=by_points).cheapest(guess) == 0
        assert two(30, 20, by_points=by_points).cheapest(guess) == 1


def test_what_cannot_be_paid_is_never_chosen_and_never_looked_at_again() -> None:
    stall = two(2000, 3000)
    assert stall.cheapest() == NOTHING
    assert stall.low.tolist() == [INF, INF]
    stall = two(2000, 900)
    assert stall.cheapest(0) == 1, "the guess cannot be paid, the other can"
    stall.low[:] = INF, 0.0
    assert stall.cheapest(0) == 1, "the guess is bought already"
    stall.low[:] = INF
    assert stall.cheapest() == stall.cheapest(1) == NOTHING


def test_a_free_project_is_left_to_exact_fractions() -> None:
    assert two(0, 20).cheapest() == DOUBT
    assert two(20, 0).cheapest() == DOUBT
    assert two(20, 0).cheapest(1) == DOUBT
    stall = two(20, 0)
    stall.low[:] = 0.0, 21.0
    assert stall.cheapest() == 0, "it is not asked for what its bound keeps behind"


def test_a_doubt_about_the_price_of_the_first_or_of_a_rival_is_a_doubt() -> None:
    # A purse of 1000 is known to a unit, and a cost of 999 to another.
    assert two(999, 2000).cheapest(0) == DOUBT
    assert Stalls([1000, 999], [{0: 1}, {1: 1}], [998, 998]).cheapest(1) == DOUBT
    assert Stalls([5000, 1000], [{0: 1}, {1: 1}], [999, 998]).cheapest(0) == DOUBT


def test_a_right_guess_is_looked_at_alone() -> None:
    stall = two(20, 30)
    stall.low[:] = 19.0, 1.0
    assert stall.cheapest(0) == 0
    assert stall.level.tolist() == [20.0, 0.0]
    assert stall.low[1] > 20, "the other is known to ask more from what its supporters could give"


def test_without_a_guess_the_lowest_bound_is_looked_at_first() -> None:
    stall = two(30, 20)
    stall.low[:] = 29.0, 1.0
    assert stall.cheapest() == 1
    assert stall.level.tolist() == [0.0, 20.0]


def test_a_rival_whose_bound_lies_above_is_not_looked_at_and_one_just_there_is() -> None:
    known = two(20, 20)
    known.offer(0)
    for above in (False, True):
        stall = two(20, 20)
        stall.low[1] = np.nextafter(known.high[0], INF) if above else known.high[0]
        assert stall.cheapest(0) == (0 if above else DOUBT)
        assert stall.level[1] == (0.0 if above else 20.0)


@pytest.mark.parametrize("by_points", [False, True])
def test_rates_are_told_apart_as_soon_as_their_bounds_do_not_touch(by_points: bool) -> None:
    least, touching = 2**52, 0
    for more in range(20):
        high, low = least * (1 + 1e-15), (least + more) * (1 - 1e-15)
        touching += high == low
        for first, second in ((least, least + more), (least + more, least)):
            stall = Stalls([2**55, 2**55], [{0: 1}, {1: 1}], [first, second], by_points=by_points)
            assert stall.cheapest(0) == (DOUBT if high >= low else int(second == least)), more
    assert touching


def test_bounds_that_overlap_are_a_doubt_even_where_the_nearer_look_says_which_is_less() -> None:
    # A purse of 1 gives all it holds, so the part of the other is known to (1 + 1) / 1 of a unit: 98 to 102, and 99 to 103.
    stall = Stalls([1, 500, 1, 500], [{0: 1, 1: 1}, {2: 1, 3: 1}], [101, 102])
    assert stall.cheapest(0) == stall.cheapest(1) == DOUBT
    stall = Stalls([1, 500, 1, 500], [{0: 1, 1: 1}, {2: 1, 3: 1}], [101, 106])
    assert stall.cheapest(0) == stall.cheapest(1) == 0


class Walked(NamedTuple):
    """What a stretch did: the answer, and for each purchase the project, who paid in full and in part, the full parts, and the emptied."""

    answer: int
    slack: int
    spent: int
    rounds: list[tuple[int, int, int, int, list[int]]]
    money: list[int]
    out: list[int]
    order: list[int]


def walked(
    stall: Stalls, *, limit: int = 10**9, trusted: float = 16.0, round_: int = 0, spent: int = 0, guesses: tuple[int, ...] = ()
) -> Walked:
    size = len(stall.cents)
    money, out, order = whole(stall.money), np.full(len(stall.money), NEVER, np.int32), places([-1] * size)
    numbers = stall.slack, float(stall.scale), stall.most, trusted, spent, limit, round_
    records = (*np.zeros((5, size), np.int64), np.empty(len(stall.money) + 1, np.int32))
    given = money, out, order
    asked = stall.sides, stall.terms, given, numbers, stall.offers, records, stall.room, whole(list(guesses))
    done, slack, total, answer = kernel("_advance")(*asked)
    ends = [0, *records[4][:done].tolist()]
    gone = [records[5][ends[spot] : ends[spot + 1]].tolist() for spot in range(done)]
    rounds = list(zip(*(one[:done].tolist() for one in records[:4]), gone, strict=True))
    return Walked(answer, slack, total, rounds, money.tolist(), out.tolist(), order.tolist())


def shop(**other: Any) -> Stalls:
    """One project by the first two purses, one by the first and the third."""
    return Stalls([100, 50, 7], [{0: 1, 1: 1}, {0: 1, 2: 1}], [60, 40], **other)


def test_a_stretch_takes_each_price_and_notes_who_paid_and_who_was_emptied() -> None:
    # 60 is 30 each. Of 40 the third gives its 7, the first 33: its part is known to (3 + 1) / 1, where 3 is the slack after the first.
    assert walked(shop(), round_=5, spent=11) == Walked(
        DONE, 1 + 2 + 6, 111, [(0, 2, 0, 2, []), (1, 1, 1, 1, [2])], [37, 20, 0], [NEVER, NEVER, 6], [5, 6]
    )


def test_a_stretch_ends_once_more_than_the_limit_is_spent() -> None:
    assert [one[0] for one in walked(shop(), limit=59).rounds] == [0]
    assert walked(shop(), limit=59).answer == DONE
    assert [one[0] for one in walked(shop(), limit=60).rounds] == [0, 1]
    assert walked(shop(), limit=60, spent=61).rounds == []
    assert walked(shop(), limit=60, spent=1).rounds == [(0, 2, 0, 2, [])]


def test_a_price_known_less_well_than_is_trusted_is_given_back() -> None:
    error = 4 + 33 * 2.0**-50
    assert [one[0] for one in walked(shop(), trusted=error).rounds] == [0, 1]
    short = walked(shop(), trusted=4.0)
    assert (short.answer, short.slack, short.spent, short.money, short.order) == (ASK, 3, 60, [70, 20, 7], [0, -1])


@pytest.mark.parametrize(("purse", "refused"), [(34, False), (35, True), (36, True), (43, True)])
def test_a_purse_too_near_to_its_part_is_given_back(purse: int, refused: bool) -> None:
    # The rich one pays 40, known to 2; with a slack of 1 and 2 more for rounding, what holds 35 may be rich or poor.
    found = walked(Stalls([100, purse], [{0: 1, 1: 1}], [40 + min(purse, 40)]))
    assert found.answer == (ASK if refused else DONE)
    assert found.money == ([100, purse] if refused else [60, 0])
    assert (found.slack, found.spent) == ((1, 0) if refused else (5, 40 + purse))


@pytest.mark.parametrize(("purse", "refused"), [(89, False), (90, True)])
def test_so_is_one_too_near_by_points_where_the_part_is_known_to_the_most_points(purse: int, refused: bool) -> None:
    # A point costs 33.5, known to (1 + 1) / 2: three points 100.5, known to 3, with slack and rounding to 6; a purse of 90 by one of 0.5.
    # The rich one gives 67 for two points.
    stall = Stalls([400, purse + 5], [{0: 2, 1: 3}], [67 + purse + 5], by_points=True)
    found = walked(stall)
    assert found.answer == (ASK if refused else DONE)
    assert found.money == ([400, purse + 5] if refused else [400 - 67, 0])
    assert (found.slack, [one[1:4] for one in found.rounds]) == ((1, []) if refused else (6, [(1, 1, 2)]))


def test_points_pay_the_floor_of_their_part() -> None:
    # 103 for 6 points: 17 and a sixth each.
    found = walked(Stalls([400, 300, 200], [{0: 3, 1: 2, 2: 1}], [103], by_points=True))
    assert found.money == [400 - 51, 300 - 34, 200 - 17]
    # The error of the part is 1 / 6, of three points a half.
    assert (found.slack, found.rounds) == (3, [(0, 3, 0, 6, [])])


def test_a_doubt_ends_a_stretch_where_it_is() -> None:
    assert walked(two(999, 2000)) == Walked(ASK, 1, 0, [], [1000, 1000], [NEVER, NEVER], [-1, -1])
    assert walked(two(2000, 2000)) == Walked(DONE, 1, 0, [], [1000, 1000], [NEVER, NEVER], [-1, -1])


def test_each_round_is_begun_with_its_own_guess() -> None:
    stall = Stalls([1000] * 3, [{0: 1}, {1: 1}, {2: 1}], [30, 20, 10])
    stall.low[:] = 29.0, 1.0, 9.0
    found = walked(stall, round_=2, guesses=(0, 0, 2, 1))
    assert [one[0] for one in found.rounds] == [2, 1, 0]
    assert found.order == [4, 3, 2]
    stall = Stalls([1000] * 3, [{0: 1}, {1: 1}, {2: 1}], [30, 20, 10])
    stall.low[:] = 29.0, 1.0, 9.0
    walked(stall, limit=0, round_=2, guesses=(0, 0, 2, 1))
    assert stall.level.tolist() == [0.0, 0.0, 10.0], "the right guess alone was looked at"
    walked(stall, limit=0, guesses=(0,))
    assert stall.level[0] == 30.0, "a wrong one was looked at first"


def test_a_round_beyond_the_guesses_is_begun_with_the_lowest_bound() -> None:
    for guesses in ((), (0, 0)):
        stall = two(30, 20)
        stall.low[:] = 29.0, 1.0
        walked(stall, limit=0, round_=2, guesses=guesses)
        assert stall.level.tolist() == [0.0, 20.0]


def test_whom_several_rounds_emptied_is_told_apart() -> None:
    # Each project empties a purse of its own beside a rich one: 3 of 43, then 4 of 64.
    found = walked(Stalls([900, 3, 900, 4], [{0: 1, 1: 1}, {2: 1, 3: 1}], [43, 64]))
    assert [one[4] for one in found.rounds] == [[1], [3]]
    assert found.money == [860, 0, 840, 0]
    assert found.out == [NEVER, 0, NEVER, 1]


def test_whom_the_first_purchase_of_a_stretch_emptied_is_told() -> None:
    # Shares of 12. "p" and "q" ask 10 of the same two, a tie that a stretch gives back; then a purse of 2 is emptied for "r".
    field = [Project("p", 20), Project("q", 20), Project("r", 105)]
    ballots = [{"p", "q"}, {"p", "q", "r"}, *[{"r"}] * 9]
    rule = EqualShares(utility="cardinality", completion="none", tie_break=("id",))
    indexed = market(rule, Election.of(field, ballots, 11 * 12), rule.utility, rule.scale, fast())
    walk = Walk(indexed, Fraction(12))
    assert walk.advance(10**6)
    assert walk.run.rounds == []
    assert walk.step()
    assert not walk.advance(10**6)
    assert walk.run.bought == (0, 2)
    assert walk.purses.exact.price(1) == Fraction(103, 9)


def test_the_costs_are_laid_out_once_for_all_shares_with_the_same_units(monkeypatch: pytest.MonkeyPatch) -> None:
    rule, laid, units = EqualShares(completion="none", tie_break=("id",)), [], Purses.units
    election = Election.of([Project("p", 20), Project("q", 30)], [{"p"}] * 3 + [{"q"}] * 4, 80)
    indexed = market(rule, election, rule.utility, rule.scale, fast())
    walks = [Walk(indexed, Fraction(share)) for share in (11, 12, 40)]

    def counted(purses: Purses, cents: Fraction | int) -> int:
        laid.append(cents)
        return units(purses, cents)

    monkeypatch.setattr(Purses, "units", counted)
    found = []
    for walk in walks:
        laid.clear()
        assert not walk.advance(10**6)
        found.append((walk.run.bought, list(laid)))
    # A share of forty cents has units two bits coarser.
    assert found == [((1, 0), [20, 30]), ((1, 0), []), ((1, 0), [20, 30])]
    assert walks[0].purses.shift == walks[1].purses.shift > walks[2].purses.shift

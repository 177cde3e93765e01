"""Where the columns of Equal Shares meet the ends of their numbers, and from how many marks on they are compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.core.tally.column_questions import NEVER, Look
from app.core.tally.columns import PLAIN, Plain, columns_for, counted, fast, spots_of
from app.core.tally.profile import Places, Whole
from tests.conftest import skip_or_fail
from tests.core.columns_by_hand import places, whole


@pytest.mark.parametrize("size", [2**16 - 1, 2**16, 2**16 + 1, 2**17, 2**17 + 2])
def test_marks_are_put_in_order_however_many_projects_there_are(size: int) -> None:
    # Three piles; the last project would be the first if its number were kept in 16 bits.
    marked = [size - 1, 3, 0, size - 1, 2]
    column, order, owner = PLAIN.index(whole([0, 2, 3, 5]), places(marked), size, wanted=True)
    assert order.tolist() == [2, 4, 1, 0, 3]
    assert owner.tolist() == [1, 2, 0, 0, 2]
    assert (len(column), column[:5].tolist(), column[-2:].tolist()) == (size + 1, [0, 1, 1, 2, 3], [3, 5])


def test_no_round_comes_after_the_one_of_purses_that_are_never_emptied() -> None:
    rounds = 100
    rows, order = (whole([0, rounds]), places(list(range(rounds))), None), places(list(range(rounds)))
    paid = PLAIN.paid(places([0]), None, rounds, places([NEVER]), rows, order, rounds)
    assert paid.tolist() == [1] * rounds
    assert np.iinfo(np.int32).max == NEVER, "the last that such a column can hold"


def test_from_twenty_thousand_marks_on_the_columns_are_compiled() -> None:
    assert columns_for(19_999) is PLAIN
    assert columns_for(20_000) is (fast() or PLAIN)


def test_a_look_at_nobody_finds_nothing() -> None:
    none = places([])
    for worth in (None, whole([])):
        assert PLAIN.look(whole([5]), none, None, worth, 3, 1) == Look(0, 0, 0, 0, 0, 0.0)
        assert PLAIN.look(whole([5]), none, None, worth, 1, 1) == Look(0, 0, 1, 0, 0, 0.0)


@pytest.mark.parametrize("name", ["plain", "fast"])
def test_a_cost_or_a_doubt_near_the_end_of_64_bits_is_looked_at_as_any_other(name: str) -> None:
    own = PLAIN if name == "plain" else fast()
    if own is None:
        skip_or_fail("Numba is not installed")
    assert own is not None
    money, owner = whole([4, 6]), places([0, 1])
    for weight in (None, whole([1, 1])):
        # A doubt as large as the cost leaves open whether it can be paid: all would give all they have.
        assert own.look(money, owner, weight, None, 2**61, 2**61) == Look(10, 2, 2**61 - 10, 0, 2, 0.0)
        assert own.look(money, owner, weight, None, 2**62, 1) == Look(10, 0, 0, 0, 0, 0.0)
        assert own.look(money, owner, weight, None, 6, 2**63) == Look(10, 2, 6, 2, 0, 1.0)


class Counted(Plain):
    """The plain columns, which count how often they look."""

    looks = 0

    def look(self, money: Whole, owner: Places, weight: Whole | None, worth: Whole | None, need: int, slack: int, hint: int = 0) -> Look:
        self.looks += 1
        return super().look(money, owner, weight, worth, need, slack, hint)


@pytest.mark.parametrize(("hint", "looks"), [(0, 1), (9, 1), (10, 1), (11, 2), (30, 2)])
def test_only_a_hint_above_the_part_makes_a_second_look(hint: int, looks: int) -> None:
    # Of 23 the first gives its 3, the others 10 each.
    own = Counted()
    assert own.look(whole([3, 20, 25]), places([0, 1, 2]), None, None, 23, 1, hint) == Look(48, 3, 20, 2, 1, 10.0)
    assert own.looks == looks


def test_compiled_looks_share_one_room_as_long_as_it_is_enough() -> None:
    shared = fast()
    if shared is None:
        skip_or_fail("Numba is not installed")
    assert shared is not None
    own: Any = type(shared)()
    assert own._room.size == 0, "none before it is asked for"
    rooms = []
    for piles in (4, 8, 3, 9):
        own.look(whole([5] * piles), places(list(range(piles))), None, None, 10, 1)
        rooms.append(own._room)
    assert rooms[0] is rooms[1] is rooms[2] is not rooms[3], "twice as many fit as were asked for, but not nine"


def test_the_marks_of_no_pile_are_none_and_nothing_is_counted() -> None:
    spots, lengths = spots_of(whole([0, 2, 5]), places([]))
    assert (spots.tolist(), lengths.tolist()) == ([], [])
    assert counted(places([]), None, 3).tolist() == counted(places([]), whole([]), 3).tolist() == [0, 0, 0]


def test_amounts_are_counted_exactly_beyond_what_floats_hold() -> None:
    most = 2**60 + 1
    assert counted(places([1, 1, 0]), whole([most, 1, 5]), 3).tolist() == [5, most + 1, 0]
    assert counted(places([1, 1, 0]), None, 3).tolist() == [1, 2, 0]

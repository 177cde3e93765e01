"""How wide the bounds of Equal Shares for its losers are, by hand, and how often anybody's purses are looked at because of them."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.tally import Election, EqualShares, Project
from app.core.tally.limits import MinVotes
from app.core.tally.shares_guess import Table
from app.core.tally.shares_replay import Film
from tests.core.shares_brute import Case
from tests.core.tally_elections import projects
from tests.core.test_tally_shares_guess import SEEDS, Plain, drawn, piled

# Four voters share 12.00 €, 3.00 each. a (6.00): voters 1, 2, 3. b (3.00): voter 4. c (6.00): voters 1, 2. See test_tally_equal_shares.
BY_HAND = Election(projects({"a": 600, "b": 300, "c": 600}), piled((2, "ac"), (1, "a"), (1, "b")), 1200, draw=("a", "b", "c"))


def near(*numbers: float) -> Any:
    return pytest.approx(list(numbers), rel=1e-13, abs=0)


def test_a_doubt_is_some_units_for_each_ballot_and_what_floats_lose() -> None:
    table = Table(*Plain(Case(EqualShares(completion="none"), BY_HAND)).given())
    # 301 cents take 9 bits of 50, so there are 2**41 units to the cent. A purse is in doubt by one unit from the start, two for each
    # of the two purchases, and four more.
    assert table.doubt.tolist() == near((1 + 2 * 2 + 4) * 2 * 2.0**-41 + 1e-9 * 601 + 1e-12 * 2 * 300)


def test_the_bounds_of_the_example_are_counted_by_hand() -> None:
    table = Table(*Plain(Case(EqualShares(completion="none"), BY_HAND)).given())
    doubt = table.doubt[0]
    # Before a (a third of a cent for each cent of usefulness) c's two could give 2.00 each; then they hold 1.00 each.
    assert table.bound[0].tolist() == near(400 * (1 + 1e-9) + doubt, 200 * (1 + 1e-9) + doubt)
    assert table.each.tolist() == [near(200, 300)]
    assert table.most.tolist() == table.dearest.tolist() == near(200 - doubt)
    assert table.fewest.tolist() == [3], "two more who hold 3.00 each make up for 4.00; the bound is one larger, in case of a tie"


def test_a_bound_by_points_counts_the_points_and_not_the_ballots() -> None:
    # Two voters share 12.00 €, 6.00 each. a (6.00) asks 2.00 a point of the first one; b's three points are worth 6.00 at that rate.
    election = Election.marked([Project("a", 600), Project("b", 1000)], [{"a": 3, "b": 1}, {"b": 2}], 1200, "points")
    table = Table(*Plain(Case(EqualShares(completion="none", utility="points"), election)).given())
    assert table.bound.tolist() == [near(600 * (1 + 1e-9) + table.doubt[0])]
    assert table.each.tolist() == [near(600)]


def test_where_just_nothing_or_just_a_share_is_missing_the_bound_of_votes_is_larger() -> None:
    # Each of two voters holds 3.00. The first pays a (2.00) and keeps 1.00: enough for c, which lacks votes; d (7.00) lacks 6.00.
    field = [Project("a", 200), Project("b", 300), Project("c", 100, scope="x"), Project("d", 700)]
    rule = EqualShares(completion="none", limits=(MinVotes(votes=2, scope="x"),))
    table = Table(*Plain(Case(rule, Election.of(field, ["acd", "b"], 600))).given())
    assert table.fewest.tolist() == [2, 4]
    assert table.dearest[0] == -1
    assert table.dearest[1] == pytest.approx(100)


class Counted:
    """Counts the purses looked at in each turn of the search, and the moments that were played for them."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.looks: list[int] = []
        self.moments = 0
        given, moments = Table.given, Film.moments

        def looking(table: Table, row: Any, column: Any, cap: Any) -> Any:
            self.looks.append(len(row))
            return given(table, row, column, cap)

        def playing(film: Film) -> Any:
            for moment in moments(film):
                self.moments += 1
                yield moment

        patch.setattr(Table, "given", looking)
        patch.setattr(Film, "moments", playing)


LOOKS = (
    ([71, 35, 27, 3, 4, 3], 204), ([59, 23, 9, 7, 7, 7], 183), ([66, 28, 9, 4, 7, 5], 156), ([71, 25, 9, 3, 4, 3], 157),
    ([66, 32, 6, 7, 8, 5], 161), ([56, 19, 9, 1, 3, 2], 167), ([166, 147, 194, 161, 118, 110, 4], 743),
    ([170, 137, 190, 123, 94, 86, 8, 1], 669),
)  # fmt: skip
"""For the elections of each seed: how many pairs of a loser and a purchase are looked at, turn by turn; moments played for it in all."""


@pytest.mark.parametrize("seed", SEEDS)
def test_no_more_is_looked_at_than_may_be_better_than_the_best_so_far(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    turns, counted = [0] * 9, Counted(monkeypatch)
    for plain in drawn(seed):
        plain.found()
        turns = [so_far + many for so_far, many in zip(turns, [*counted.looks, *[0] * 9], strict=False)]
        counted.looks.clear()
    looks, moments = LOOKS[seed]
    assert turns == [*looks, *[0] * 9][:9]
    assert counted.moments == moments

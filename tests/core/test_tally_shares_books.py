"""What the supporters of a loser held and paid under Equal Shares: the books against a purse of fractions for each voter."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

from app.core.tally import Election, EqualShares, Project, shares_books
from app.core.tally.shares_books import Books
from app.core.tally.shares_margins import Margins
from tests.core.shares_brute import Case
from tests.core.test_tally_shares_guess import SEEDS, Plain, drawn


def paid(plain: Plain, one: int) -> list[tuple[int, Fraction]]:
    """What the supporters of this project paid for each of the others, the most first, by the change of their purses."""
    id, given = plain.market.ids[one], Counter[int]()
    behind = [id in points for points, _ in plain.case.voters]
    for index, other in enumerate(plain.walk.run.bought):
        before, after = plain.moments[index][1], plain.moments[index + 1][1]
        given[other] = sum((b - a for b, a, own in zip(before, after, behind, strict=True) if own), Fraction(0))  # type: ignore[assignment]
    amounts = [(other, Fraction(cents)) for other, cents in given.items() if cents]
    return sorted(amounts, key=lambda pair: (-pair[1], plain.market.ids[pair[0]]))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_supporters_held_before_each_purchase_and_at_the_end_is_known(seed: int) -> None:
    for plain in drawn(seed):
        books = Books(plain.market, plain.walk)
        for one in plain.losers:
            account, spots = books.accounts([one])[one], plain.spots(one)
            assert account.held.tolist() == pytest.approx([float(spot.held) for spot in spots], rel=1e-9, abs=1e-9)
            assert min(account.held) >= 0
            assert account.left == spots[-1].held
            if plain.share:
                assert account.live.tolist() == [sum(purse > 0 for purse in spot.purses) for spot in spots]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_they_paid_for_others_is_told_exactly_the_most_first(seed: int) -> None:
    for plain in drawn(seed):
        books = Books(plain.market, plain.walk)
        for one in plain.losers:
            expected = paid(plain, one)
            assert books.accounts([one])[one].flow == expected[:10]
            for most in (0, 1, 2, 3):
                assert books.accounts([one], most)[one].flow == expected[:most]


def counted(plain: Plain, one: int, most: int, patch: pytest.MonkeyPatch) -> tuple[list[tuple[int, Fraction]], int]:
    """The flow to so many others, and how many exact amounts were worked out for it."""
    books, rest, asked = Books(plain.market, plain.walk), Books._rest, list[int]()

    def asking(self: Books, table: Any, index: int) -> int:
        asked.append(index)
        return rest(self, table, index)

    patch.setattr(Books, "_rest", asking)
    return books.accounts([one], most)[one].flow, len(asked) - 1


# One voter holds 60.00 € and names six projects, of which those of 1.00, 4.00, 4.00, 9.00 and 2.00 are bought and the last is too dear.
FIELD = [Project(id, cost) for id, cost in zip("abcdef", (100, 400, 400, 900, 200, 9000), strict=True)]
SOLE = Plain(Case(EqualShares(completion="none", tie_break=("id",)), Election.of(FIELD, ["abcdef"], 6000)))


@pytest.mark.parametrize(
    ("most", "flow", "exact"),
    [
        (0, [], 0),
        (1, [("d", 900)], 1),
        (2, [("d", 900), ("b", 400)], 3),  # b and c took as much: which is told is decided exactly
        (3, [("d", 900), ("b", 400), ("c", 400)], 3),
        (4, [("d", 900), ("b", 400), ("c", 400), ("e", 200)], 4),
        (5, [("d", 900), ("b", 400), ("c", 400), ("e", 200), ("a", 100)], 5),
        (6, [("d", 900), ("b", 400), ("c", 400), ("e", 200), ("a", 100)], 5),
    ],
)
def test_only_those_that_took_most_are_worked_out_exactly(
    most: int, flow: list[tuple[str, int]], exact: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, asked = counted(SOLE, 5, most, monkeypatch)
    assert [(SOLE.market.ids[other], int(cents)) for other, cents in told] == flow
    assert asked == exact


@pytest.mark.parametrize("share", [10**12, 10**16])
def test_one_cent_of_a_share_however_large_is_told_too(share: int) -> None:
    # Three voters pay all but a cent each for a, the lowest rate; then the first gives the last one for b. c is too dear for what is left.
    field = [Project("a", 3 * (share - 1)), Project("b", share + 1), Project("c", share)]
    plain = Plain(Case(EqualShares(completion="none"), Election.of(field, ["abc", "b", "a", "a"], 4 * share)))
    assert plain.walk.run.bought == (0, 1)
    account = Books(plain.market, plain.walk).accounts([2])[2]
    assert (account.flow, account.left) == ([(0, Fraction(share - 1)), (1, Fraction(1))], Fraction(0))


def test_the_flow_goes_to_ten_others_at_most_unless_more_are_asked_for() -> None:
    # One voter pays for twelve projects; the thirteenth is too dear.
    ids = "abcdefghijklm"
    field = [Project(id, 9000 if id == "m" else 100 + place) for place, id in enumerate(ids)]
    plain = Plain(Case(EqualShares(completion="none", tie_break=("id",)), Election.of(field, [ids], 6000)))
    books = Books(plain.market, plain.walk)
    assert [plain.market.ids[other] for other, _ in books.accounts([12])[12].flow] == list("lkjihgfedc")
    assert len(books.accounts([12], 12)[12].flow) == 12


def test_projects_are_accounted_for_a_few_at_once_where_their_tables_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    # Two purchases: a table of 3 x 3 numbers for each project.
    field = [Project("a", 10), Project("b", 30), *(Project(id, 10**6) for id in "cdefg")]
    plain = Plain(Case(EqualShares(completion="none", tie_break=("id",)), Election.of(field, ["abcd", "abef", "ag", "bcg"], 400)))
    assert plain.walk.run.bought == (0, 1)
    books, parts, whole = Books(plain.market, plain.walk), list[int](), Books._accounts
    ones = plain.losers

    def counting(self: Books, ones: list[int], most: int) -> Any:
        parts.append(len(ones))
        return whole(self, ones, most)

    monkeypatch.setattr(Books, "_accounts", counting)
    for cells, expected in {1: [1] * 5, 17: [1] * 5, 18: [2, 2, 1], 26: [2, 2, 1], 45: [5], 10**6: [5]}.items():
        monkeypatch.setattr(shares_books, "CELLS", cells)
        parts.clear()
        accounts = books.accounts(ones)
        assert (parts, list(accounts)) == (expected, ones)
        assert [accounts[one].flow for one in ones] == [paid(plain, one)[:10] for one in ones]
        assert [accounts[one].left for one in ones] == [plain.spots(one)[-1].held for one in ones]


def test_ballots_are_put_together_unless_it_is_for_one_project_alone() -> None:
    plain = drawn(0)[0]
    assert Books(plain.market, plain.walk).market is not plain.market
    assert Books(plain.market, plain.walk, together=False).market is plain.market
    assert len(plain.losers) > 1
    assert Margins(plain.market, plain.walk, plain.losers[:1]).market is plain.market
    assert Margins(plain.market, plain.walk, plain.losers[:2]).market is not plain.market

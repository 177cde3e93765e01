"""The highest lower cost of a loser of Equal Shares by cost, in quick numbers: roots worked out by hand."""

from __future__ import annotations

import pytest

from app.core.tally import Election, EqualShares, Project, shares_margins
from app.core.tally.limits import MaxPer, MinVotes
from app.core.tally.shares_guess import Guess, Table
from app.core.tally.shares_margins import Margins
from tests.core.shares_brute import Case
from tests.core.test_tally_shares_guess import Plain

NONE = EqualShares(completion="none", tie_break=("id",))


def of(field: list[Project], voted: list[str], cents: int, rule: EqualShares = NONE) -> tuple[Plain, dict[str, Guess]]:
    plain = Plain(Case(rule, Election.of(field, voted, cents)))
    return plain, {plain.market.ids[one]: guess for one, guess in plain.found().items()}


def doubt(plain: Plain, id: str) -> float:
    table = Table(*plain.given())
    return float(table.doubt[table.ones.index(plain.market.ids.index(id))])


def test_where_all_its_supporters_are_needed_at_that_rate_a_lower_cost_is_a_tie_and_never_sure() -> None:
    # Twelve voters hold 10 cents each. v (87) takes 8.7 from each of ten, a tenth for each cent of usefulness; w (20) all that the first
    # two have, one half. The first and the third want l (11): they hold 10 and 1.3, and 1.3 + x/2 = x at x = 2.6. Below that both pay
    # half of it, just as for w. At the end they hold 1.3.
    field = [Project("v", 87), Project("w", 20), Project("l", 11)]
    plain, found = of(field, ["wl", "w", "vl", *["v"] * 9], 120)
    assert [plain.market.ids[one] for one in plain.walk.run.bought] == ["v", "w"]
    assert (set(found["l"].cheaper), found["l"].sure_cost) == ({1}, None)


def test_where_some_of_them_would_do_the_lower_cost_is_sure() -> None:
    # The same with a fourth voter behind l who holds 1.3 as well: 2.6 + x/2 = x at 5.2; so it goes first if it costs 5, surely.
    field = [Project("v", 87), Project("w", 20), Project("l", 13)]
    plain, found = of(field, ["wl", "w", "vl", "vl", *["v"] * 8], 120)
    assert [plain.market.ids[one] for one in plain.walk.run.bought] == ["v", "w"]
    assert (found["l"].cheaper, found["l"].sure_cost) == ({}, 5)


def test_a_whole_root_is_left_to_be_looked_at_with_its_doubt() -> None:
    # The same where twelve pay v (105) 8.75 each: the two hold 1.25, and 2.5 + x/2 = x at just 5. What is in doubt counts twice, as
    # each cent more lets the first give half a cent more.
    field = [Project("v", 105), Project("w", 20), Project("l", 13)]
    plain, found = of(field, ["wl", "w", "vl", "vl", *["v"] * 10], 140)
    assert [plain.market.ids[one] for one in plain.walk.run.bought] == ["v", "w"]
    assert (set(found["l"].cheaper), found["l"].sure_cost) == ({1}, None)
    assert found["l"].cheaper[1] == pytest.approx(5 + doubt(plain, "l") * 2 + 5e-9, rel=0, abs=1e-11)


def test_where_not_even_a_cent_goes_first_a_look_is_worth_while_up_to_a_cent() -> None:
    # Six voters hold half a cent each. v (1) takes a quarter from each of four, w (1) all that the last two have. l's two of the first
    # four hold half a cent together from then on.
    field = [Project("v", 1), Project("w", 1), Project("l", 2)]
    plain, found = of(field, ["vl", "vl", "v", "v", "w", "w"], 3)
    assert [plain.market.ids[one] for one in plain.walk.run.bought] == ["v", "w"]
    assert (found["l"].cheaper, found["l"].sure_cost) == ({1: 1.0}, None)


# Seven voters hold 2.00 each. x (4.00) takes 1.00 from each of the last four, y (1.00) 0.50 from each of the first two, z (1.00) is paid
# by the first alone. l (1.00) stands on the site of x, which is taken at once. n (nothing) and o (1 cent) lack votes.
BARRED = [
    Project("x", 400, site="s"),
    Project("y", 100),
    Project("z", 100),
    Project("l", 100, site="s"),
    Project("n", 0, scope="few"),
    Project("o", 1, scope="few"),
]
LIMITED = NONE.model_copy(update={"limits": (MaxPer(key="site", most=1), MinVotes(votes=9, scope="few"))})
VOTED = ["yzlno", "ylno", "lno", *["x"] * 4]


def test_after_its_limit_is_reached_it_is_looked_at_only_where_its_supporters_could_give_most(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Plain(Case(LIMITED, Election.of(BARRED, VOTED, 1400)))
    assert [plain.market.ids[one] for one in plain.walk.run.bought] == ["x", "y", "z"]
    given, looks = Table.given, list[list[tuple[int, int]]]()

    def looking(table: Table, row: list[int], column: list[int], cap: list[float]) -> object:
        looks.append([(table.ones[one], int(index)) for one, index in zip(row, column, strict=True)])
        return given(table, row, column, cap)  # type: ignore[arg-type]

    monkeypatch.setattr(Table, "given", looking)
    found = plain.found()
    # l's three could give 0.75, 1.50 (a half for each cent) and 3.00 (a cent), and hold 4.00 at the end; o's as many hundredths.
    assert looks[0] == [(3, 2), (5, 2)]
    assert [pair for pair in looks[1] if pair[0] == 3] == [(3, 0)], "further votes would have let it go before x"
    assert found[3].able == set()


def test_what_costs_nothing_or_a_cent_is_not_looked_at_for_a_lower_cost_but_where_there_is_one() -> None:
    plain, found = of(BARRED, VOTED, 1400, LIMITED)
    assert found["n"] == Guess(few={0, 1, 2})
    # At a quarter of a cent its three would not be enough for any cost but nothing; from y on they could pay all that it asks.
    assert set(found["o"].cheaper) == {0, 1, 2}
    assert found["o"].cheaper[0] == doubt(plain, "o")
    assert [found["o"].cheaper[index] for index in (1, 2)] == pytest.approx([1.5, 3], abs=1e-6)


def test_where_nothing_was_bought_there_is_nothing_to_look_at() -> None:
    assert of([Project("a", 100)], ["a"], 10)[1] == {"a": Guess()}


def test_where_the_best_is_surely_a_cent_less_no_lower_cost_is_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    # Twelve voters hold 62 1/6 cents. w (199) takes 33 1/6 of each of six, v (105) 35 of each of three. l (100) wants the first of the
    # one and two of the other: before w they would give 99 1/2, surely enough for 99; before v 29 + 70 = 99, which could be no more.
    field = [Project("w", 199), Project("v", 105), Project("l", 100), Project("z", 9000)]
    rule = NONE.model_copy(update={"utility": "cardinality"})
    plain, found = of(field, ["wl", "vl", "vl", "v", *["w"] * 5, *["z"] * 3], 746, rule)
    assert [plain.market.ids[one] for one in plain.walk.run.bought] == ["w", "v"]
    assert (set(found["l"].cheaper), found["l"].sure_cost) == ({1}, 99)
    asked = list[int]()
    monkeypatch.setattr(shares_margins, "highest_cost", lambda market, moment, one, room: asked.append(one))
    assert Margins(plain.market, plain.walk, [2]).of[2].winning_cost == 99
    assert asked == []

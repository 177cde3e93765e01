"""The search for a larger envelope on fields worked out by hand, and how many turns it takes: no step is walked twice."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.core.tally import Greedy, Project
from app.core.tally import greedy_envelope as search
from app.core.tally.limits import AnyLimit, MaxPer, MaxSpending

ONE, TWO = MaxPer(key="theme", most=1), MaxPer(key="theme", most=2)


def smallest(costs: Sequence[int], themed: str, least: int, *limits: AnyLimit, winners: int | None = None) -> int | None:
    """The smallest envelope for the last of these; an "x" below a cost says that the project has the theme."""
    field = [Project(str(place), cost, theme="t" * (themed[place] == "x")) for place, cost in enumerate(costs)]
    terms = search.Terms(Greedy(limits=limits).gate, False, winners)
    return search.larger_envelope(field[-1], field[:-1], least, terms)


def tried(costs: Sequence[int], themed: str, least: int, *limits: AnyLimit, winners: int | None = None) -> int | None:
    """The same, every envelope walked through."""
    for envelope in range(least, max(least, sum(costs)) + 1):
        taken: list[int] = []
        for place, cost in enumerate(costs):
            full = len(taken) == winners
            for limit in limits if themed[place] == "x" else ():
                used = [costs[one] for one in taken if themed[one] == "x"]
                full |= len(used) >= limit.most if isinstance(limit, MaxPer) else sum(used) + cost > limit.cents  # type: ignore[union-attr]
            if not full and cost <= envelope - sum(costs[one] for one in taken):
                taken.append(place)
        if taken[-1:] == [len(costs) - 1]:
            return envelope
    return None


@pytest.mark.parametrize(
    ("costs", "themed", "least", "limits", "expected"),
    [
        # With 8 the 6 comes in, the 5 does not, and 2 are left; with less, one of them takes too much.
        ((6, 5, 2), "...", 5, (), 8),
        ((1, 12, 8, 4, 6), ".....", 5, (), 31),
        # 8 misses up to 7, then 6 and 2 come in; from 8 on the 8, the 3, the 2 and the 1 take all up to 14, and the 7 misses up to 20.
        ((8, 3, 2, 1, 7, 2), "......", 5, (), 16),
        # With 9 the 6 comes in and leaves 3; the 8, the other 6 and the 5 miss.
        ((11, 6, 8, 6, 5, 3), "......", 5, (), 9),
        ((8, 7, 3, 4), "xx..", 0, (ONE,), 15),
        ((10, 2, 8), ".x.", 0, (ONE,), 20),
        ((2, 4, 3, 3), "xx.x", 0, (TWO,), None),
        ((6, 5, 2, 3, 3), "x.x.x", 5, (TWO,), None),
        ((3, 8, 5, 5, 6), "xxxx.", 0, (MaxSpending(key="theme", cents=15),), 17),
        ((1, 3), "x.", 0, (MaxSpending(key="theme", cents=0),), 3),
        ((4, 1), "x.", 1, (MaxSpending(key="theme", cents=3),), 1),
    ],
)
def test_on_a_field_made_by_hand_the_smallest_envelope_is_found(
    costs: tuple[int, ...], themed: str, least: int, limits: tuple[AnyLimit, ...], expected: int | None
) -> None:
    assert tried(costs, themed, least, *limits) == expected
    assert smallest(costs, themed, least, *limits) == expected


def test_only_where_there_is_no_limit_and_no_number_of_winners_money_decides_alone() -> None:
    assert search.Terms(Greedy().gate, False, None).money_alone is True
    assert search.Terms(Greedy().gate, True, None).money_alone is True
    assert search.Terms(Greedy().gate, False, 1).money_alone is False
    assert search.Terms(Greedy(max_per_carrier=1).gate, False, None).money_alone is False


@pytest.mark.parametrize(
    ("costs", "least", "turns", "expected"),
    [
        # Who costs no more than the project is bought before it in any envelope, and is not looked at.
        ((5, 5, 5, 5), 0, 1, 20),
        ((4, 5, 3, 5), 0, 1, 17),
        # One turn for each dearer one, and one at the end.
        ((9, 8, 7, 2), 0, 4, 2),
        # Below 6 the 6 misses, and the 5 leaves too little; back, the 6 is bought, and the 5 misses.
        ((6, 5, 2), 5, 4, 8),
        ((8, 3, 2, 1, 7, 2), 5, 5, 16),
        ((11, 6, 8, 6, 5, 3), 5, 9, 9),
    ],
)
def test_the_search_takes_no_turn_too_many(
    costs: tuple[int, ...], least: int, turns: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_TURNS", turns)
    assert smallest(costs, "." * len(costs), least) == expected
    monkeypatch.setattr(search, "MOST_TURNS", turns - 1)
    assert smallest(costs, "." * len(costs), least) is None


def test_where_limits_decide_too_every_project_ahead_has_its_turn_and_a_fork_is_come_back_to_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for costs, themed, turns, expected in (((9, 8, 7, 2), "....", 4, 2), ((8, 7, 3, 4), "xx..", 6, 15)):
        monkeypatch.setattr(search, "MOST_TURNS", turns)
        assert smallest(costs, themed, 0, ONE) == expected
        monkeypatch.setattr(search, "MOST_TURNS", turns - 1)
        assert smallest(costs, themed, 0, ONE) is None


def test_with_a_number_of_winners_no_envelope_helps_behind_as_many_that_cost_less() -> None:
    assert smallest((1, 2, 3), "...", 0, winners=2) is None
    assert smallest((1, 4, 3), "...", 0, winners=2) == tried((1, 4, 3), "...", 0, winners=2) == 4
    assert smallest((4, 1), "..", 0, winners=1) == tried((4, 1), "..", 0, winners=1) == 1
    assert smallest((0, 0), "..", 5, winners=1) is None

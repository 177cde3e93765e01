"""The search for a larger envelope finds the smallest one, tried against every envelope, with money alone and with limits."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tally import Project
from app.core.tally import greedy_envelope as search
from app.core.tally.limits import Gate, MaxPer, MaxSpending

COSTS = st.lists(st.integers(0, 12), min_size=1, max_size=9)


def wins(costs: Sequence[int], envelope: int, *, stop: bool = False, winners: int | None = None) -> bool:
    """Whether the last of these wins with this envelope."""
    left, taken, won = envelope, 0, False
    for cost in costs:
        won = cost <= left and taken != winners
        left, taken = (left - cost, taken + 1) if won else (left, taken)
        if cost > left and not won and stop:
            return False
    return won


def smallest(costs: Sequence[int], gate: Gate, *, stop: bool = False, winners: int | None = None, least: int = 0) -> int | None:
    field = [Project(str(place), cost, theme="t") for place, cost in enumerate(costs)]
    terms = search.Terms(lambda: Gate(gate.limits), stop, winners)
    return search.larger_envelope(field[-1], field[:-1], least, terms)


@settings(max_examples=1500, deadline=None)
@given(COSTS, st.integers(0, 30), st.booleans(), st.sampled_from([None, None, 1, 2, 3]))
def test_no_smaller_envelope_would_do(costs: list[int], least: int, stop: bool, winners: int | None) -> None:
    found = smallest(costs, Gate(()), stop=stop, winners=winners, least=least)
    tried = range(least, max(least, sum(costs)) + 1)
    assert found == next((envelope for envelope in tried if wins(costs, envelope, stop=stop, winners=winners)), None)


@settings(max_examples=500, deadline=None)
@given(COSTS, st.integers(0, 30))
def test_limits_that_never_bite_change_nothing(costs: list[int], least: int) -> None:
    idle = Gate((MaxPer(key="theme", most=99), MaxSpending(key="theme", cents=9999)))
    assert smallest(costs, idle, least=least) == smallest(costs, Gate(()), least=least)


def test_a_project_that_a_limit_bars_however_much_there_is_finds_no_envelope_but_one_too_small_for_its_rival() -> None:
    # One award for the theme: with 5 the first, who asks for 5, takes it; with 3 and 4 it misses, and the second wins.
    one = Gate((MaxPer(key="theme", most=1),))
    assert smallest([5, 3], one, least=1) == 3
    assert smallest([5, 3], one, least=5) is None


def test_the_search_gives_up_where_it_would_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_TURNS", 2)
    assert smallest([9, 8, 7, 2], Gate(())) is None
    assert smallest([9, 8, 7, 2], Gate((MaxPer(key="theme", most=99),))) is None

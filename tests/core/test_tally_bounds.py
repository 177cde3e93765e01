"""The numbers that a rule takes: the lowest and the highest are accepted, what lies beyond is refused, and so is a number as text."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from app.core.tally import EqualShares, Greedy, MajorityJudgment, Panel, Staged
from app.core.tally.limits import MaxPer, MinVotes
from app.core.tally.overflow import Overflow
from app.core.tally.scores import Scale
from app.core.tally.stage import Stage, Where

STAGE = {"key": "a", "name": {"en": "A"}, "rule": Greedy()}
NUMBERS: list[tuple[type[BaseModel], str, int, int, dict[str, Any]]] = [
    (Greedy, "min_votes", 0, 10**9, {}),
    (Greedy, "max_per_carrier", 1, 1000, {}),
    (Greedy, "winners", 1, 100_000, {}),
    (Greedy, "min_points", 0, 10**9, {}),
    (MajorityJudgment, "winners", 1, 100_000, {}),
    (EqualShares, "step_cents", 1, 10**12, {}),
    (MaxPer, "most", 1, 10_000, {"key": "site"}),
    (MinVotes, "votes", 0, 10**9, {}),
    (MinVotes, "per_cost", 1, 1000, {}),
    (Overflow, "reserve_list", 0, 1000, {}),
    (Panel, "max_per_carrier", 1, 1000, {}),
    (Staged, "max_per_carrier", 1, 1000, {"stages": (Stage(**STAGE),)}),
]
MANY: list[tuple[type[BaseModel], str, int, int, dict[str, Any], Any]] = [
    (Greedy, "limits", 0, 50, {}, MaxPer(key="site", most=1)),
    (Panel, "limits", 0, 50, {}, MaxPer(key="site", most=1)),
    (Staged, "limits", 0, 50, {"stages": (Stage(**STAGE),)}, MaxPer(key="site", most=1)),
    (Scale, "ranking", 1, 1000, {}, 1),
    (Scale, "grades", 1, 1000, {}, 1),
    (Where, "district", 1, 200, {}, "x"),
]


@pytest.mark.parametrize(("rule", "field", "low", "high", "other"), NUMBERS, ids=lambda one: getattr(one, "__name__", None))
def test_a_number_is_taken_from_the_lowest_to_the_highest(rule: type[BaseModel], field: str, low: int, high: int, other: Any) -> None:
    for good in (low, high):
        assert getattr(rule(**{field: good}, **other), field) == good
    for wrong in (low - 1, high + 1, str(high)):
        with pytest.raises(ValidationError):
            rule(**{field: wrong}, **other)


@pytest.mark.parametrize(("rule", "field", "low", "high", "other", "one"), MANY, ids=lambda one: getattr(one, "__name__", None))
def test_a_list_or_a_word_is_as_long_as_it_may_be(rule: type[BaseModel], field: str, low: int, high: int, other: Any, one: Any) -> None:
    for many in {max(low, 1), high}:
        given = one * many if isinstance(one, str) else (one,) * many
        assert len(getattr(rule(**{field: given}, **other), field)) == many
    for many in {low - 1, high + 1} - {-1}:
        with pytest.raises(ValidationError):
            rule(**{field: one * many if isinstance(one, str) else (one,) * many}, **other)


def test_each_point_of_a_scale_is_a_whole_number_up_to_a_million() -> None:
    assert Scale(ranking=(10**6, 0), grades=(0, 10**6)).grades == (0, 10**6)
    for wrong in ((10**6 + 1,), (-1,), ("1",)):
        with pytest.raises(ValidationError):
            Scale(grades=wrong)  # type: ignore[arg-type]


def test_a_stage_needs_a_name_and_a_count_in_stages_a_stage_of_fifty_at_most() -> None:
    with pytest.raises(ValidationError):
        Stage(**{**STAGE, "name": {}})
    stages = tuple(Stage(**{**STAGE, "key": f"s{number}"}) for number in range(51))
    assert len(Staged(stages=stages[:50]).stages) == 50
    for wrong in ((), stages):
        with pytest.raises(ValidationError):
            Staged(stages=wrong)


def test_every_way_of_breaking_a_tie_may_be_used_at_once() -> None:
    assert len(Greedy(tie_break=("cheaper", "votes", "older", "id", "draw")).tie_break) == 5


def test_a_committee_may_choose_ten_thousand_projects() -> None:
    assert len(Panel(selected=tuple(map(str, range(10_000)))).selected) == 10_000
    with pytest.raises(ValidationError, match="10000 items"):
        Panel(selected=tuple(map(str, range(10_001))))


def test_what_a_rule_does_where_nothing_is_said() -> None:
    plain = Greedy()
    assert (plain.min_votes, plain.min_points, plain.max_per_carrier, plain.limits, plain.winners) == (1, 0, None, (), None)
    assert (plain.utility, plain.on_miss, plain.tie_break) == ("votes", "skip", ("cheaper", "draw"))
    assert (EqualShares().step_cents, Overflow().reserve_list, Overflow().partial, MinVotes().votes) == (100, 0, False, 0)
    assert (Scale().ranking, Scale().grades, Scale().against) == ("borda", None, "minus")
    assert Stage(**STAGE).leftover == "next"

"""Where the money of a stage comes from, how it is divided, and which projects stand in it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from app.core.tally import Election, Staged
from tests.core.staged_elections import field, placed_elections, stage
from tests.core.tally_elections import ballots


def test_a_band_is_open_below_and_closed_above() -> None:
    rule = Staged(
        stages=(
            stage("small", where={"up_to_cents": 5}, cents=9, leftover="kept"),
            stage("large", where={"above_cents": 5, "up_to_cents": 9}, cents=20, leftover="kept"),
        )
    )
    outcome = rule.count(Election(field(a=5, b=6, c=9, d=10, e=5), ballots((1, "abcd"), (1, "a"), (1, "e")), 30))
    assert [(step.project, step.stage) for step in outcome.steps] == [("a", "small"), ("e", "small"), ("b", "large"), ("c", "large")]
    assert outcome.selected == ("a", "b", "c")


SPLIT: dict[str, Any] = {
    "by": "district",
    "parts": [{"key": key, "label": {"en": f"District {key}"}} for key in ("s", "n", "w")],
    "keys": [{"kind": "population", "values": {"s": "10", "n": "20", "w": "10"}}],
}


def test_the_money_of_a_stage_is_divided_to_the_last_cent() -> None:
    rule = Staged(stages=(stage("districts", each="district", cents=1001, split=SPLIT),))
    projects = field(a={"cost_cents": 250, "district": "s"}, b={"cost_cents": 501, "district": "n"}, c={"cost_cents": 1, "district": "x"})
    outcome = rule.count(Election(projects, ballots((1, "abc")), 2000))
    # 1001 over 10, 20 and 10: 250.25, 500.5 and 250.25. The cent left over goes to the largest remainder, the second.
    assert [(str(part.name), part.budget_cents) for part in outcome.portions] == [
        ("districts, District s", 250),
        ("districts, District n", 501),
        ("districts, District w", 250),
    ]
    assert (outcome.selected, str(outcome.row("c").reason)) == (("a", "b"), "No part of the envelope was open to this project.")


def test_fixed_parts_that_are_too_much_are_given_in_their_order() -> None:
    split = {"by": "district", "parts": [{"key": key, "label": {"en": key}, "cents": 60} for key in "ns"]}
    rule = Staged(stages=(stage("districts", each="district", split=split), stage("fixed", cents=30)))
    outcome = rule.count(Election(field(a=1), ballots((1, "a")), 100))
    assert [part.budget_cents for part in outcome.portions] == [60, 10, 30]


@pytest.mark.parametrize(
    ("stages", "budget", "aside"),
    [
        ([{"cents": 70}, {"cents": 70}, {}], 100, [70, 30]),
        ([{"share": "1/3"}, {"share": "1/3"}, {"share": "1/3"}], 100, [34, 33, 33]),
        ([{"share": "1/4"}, {"cents": 90}, {}], 100, [10, 90]),
        ([{"share": "1/6"}, {}], 100, [17]),
    ],
)
def test_amounts_are_set_aside_before_shares_and_never_more_than_there_is(
    stages: list[dict[str, Any]], budget: int, aside: list[int]
) -> None:
    rule = Staged(stages=tuple(stage(f"s{place}", **money) for place, money in enumerate(stages)))
    amounts = rule.set_aside(budget)
    assert [amounts[key] for key in sorted(amounts)] == aside


@settings(deadline=None)
@given(placed_elections())
def test_a_share_is_within_a_cent_of_its_exact_part(election: Election) -> None:
    rule = Staged(stages=(stage("a", share="1/3"), stage("b", share="2/7"), stage("c")))
    for key, part in (("a", Fraction(1, 3)), ("b", Fraction(2, 7))):
        assert abs(rule.set_aside(election.budget_cents)[key] - part * election.budget_cents) < 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"stages": []},
        {"stages": [stage("a"), stage("a")]},
        {"stages": [stage("a", share="2/3"), stage("b", share="1/2")]},
        {"stages": [{**stage("a").model_dump(), "cents": 1, "share": "1/2"}]},
        {"stages": [{**stage("a").model_dump(), "split": SPLIT}]},
        {"stages": [{**stage("a").model_dump(), "rule": {"kind": "staged", "stages": [stage("b")]}}]},
    ],
)
def test_stages_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Staged.model_validate(wrong)


@pytest.mark.parametrize(("leftover", "rest"), [("next", 30), ("kept", 20)])
def test_money_that_no_part_of_a_stage_can_have_is_left_over_as_a_whole(leftover: str, rest: int) -> None:
    rule = Staged(stages=(stage("each", each="district", cents=10, leftover=leftover), stage("all")))
    (part,) = rule.count(Election(field(a=1), ballots((1, "a")), 30)).portions
    assert (part.stage, part.budget_cents) == ("all", rest)

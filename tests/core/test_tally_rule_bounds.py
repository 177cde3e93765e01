"""What a rule may say as data: each number up to its bound and not beyond, whole numbers only, and no more of anything than is allowed."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from app.core.tally import Compared, Election, EqualShares, Greedy, Panel, Staged, read_rule, rule_from
from app.core.tally.comparison import OFFICIAL, Comparison, compare
from app.core.tally.limits import MaxPer, MaxSpending, MinVotes
from app.core.tally.overflow import Overflow
from app.core.tally.stage import Stage, Where
from app.core.tally.statistics import Statistics
from tests.core.staged_elections import stage
from tests.core.tally_elections import ballots, projects

STAGES = {"stages": [stage("all").model_dump(mode="json")]}
NUMBERS: list[tuple[type[BaseModel], dict[str, Any], str, int, int]] = [
    (Greedy, {}, "winners", 1, 100_000),
    (Greedy, {}, "min_points", 0, 10**9),
    (Greedy, {}, "min_votes", 0, 10**9),
    (Greedy, {}, "max_per_carrier", 1, 1000),
    (Staged, STAGES, "min_votes", 0, 10**9),
    (Staged, STAGES, "max_per_carrier", 1, 1000),
    (Panel, {}, "max_per_carrier", 1, 1000),
    (MaxPer, {"key": "site"}, "most", 1, 10_000),
    (MaxSpending, {"key": "site"}, "cents", 0, 10**15),
    (MinVotes, {}, "votes", 0, 10**9),
    (MinVotes, {}, "per_cost", 1, 1000),
    (Overflow, {}, "reserve_list", 0, 1000),
]


@pytest.mark.parametrize(("model", "other", "name", "least", "most"), NUMBERS)
def test_a_number_of_a_rule_is_whole_and_within_its_bounds(
    model: type[BaseModel], other: dict[str, Any], name: str, least: int, most: int
) -> None:
    for number in (least, least + 1, most):
        assert getattr(model.model_validate({**other, name: number}), name) == number
    for wrong in (least - 1, most + 1, float(least + 1), str(least + 1), True):
        with pytest.raises(ValidationError):
            model.model_validate({**other, name: wrong})


LISTS: list[tuple[type[BaseModel], dict[str, Any], str, Any, int]] = [
    (Greedy, {}, "limits", {"kind": "max_per", "key": "site", "most": 1}, 50),
    (Staged, STAGES, "limits", {"kind": "max_per", "key": "site", "most": 1}, 50),
    (Panel, {}, "limits", {"kind": "max_per", "key": "site", "most": 1}, 50),
]


@pytest.mark.parametrize(("model", "other", "name", "one", "most"), LISTS)
def test_a_rule_holds_no_more_of_anything_than_it_may(
    model: type[BaseModel], other: dict[str, Any], name: str, one: Any, most: int
) -> None:
    assert len(getattr(model.model_validate({**other, name: [one] * most}), name)) == most
    with pytest.raises(ValidationError):
        model.model_validate({**other, name: [one] * (most + 1)})


def test_a_committee_names_ten_thousand_projects_at_most() -> None:
    ids = [str(number) for number in range(10_001)]
    assert len(Panel.model_validate({"selected": ids[:-1]}).selected) == 10_000
    with pytest.raises(ValidationError):
        Panel.model_validate({"selected": ids})


def test_a_count_has_one_stage_to_fifty() -> None:
    stages = [stage(f"s{number}") for number in range(51)]
    assert [len(Staged(stages=tuple(stages[:many])).stages) for many in (1, 50)] == [1, 50]
    for many in (0, 51):
        with pytest.raises(ValidationError):
            Staged(stages=tuple(stages[:many]))


def test_the_words_of_a_stage_are_neither_empty_nor_endless() -> None:
    assert [len(Where(scope="x" * many).scope or "") for many in (1, 200)] == [1, 200]
    for many in (0, 201):
        with pytest.raises(ValidationError):
            Where(scope="x" * many)
    assert Stage.model_validate({"key": "a", "name": {"en": "A"}, "rule": {"kind": "greedy"}}).leftover == "next"
    assert len(Stage.model_validate({"key": "a", "name": {"en": "A", "fr": "A"}, "rule": {"kind": "greedy"}}).name) == 2
    with pytest.raises(ValidationError):
        Stage.model_validate({"key": "a", "name": {}, "rule": {"kind": "greedy"}})


def test_each_way_of_ranking_of_breaking_ties_and_of_limiting_is_known_by_its_name() -> None:
    for utility in ("votes", "votes_per_cost", "points", "points_per_cost"):
        assert read_rule({"kind": "greedy", "utility": utility}) == rule_from("greedy", utility=utility)
    for criterion in ("cheaper", "votes", "older", "id", "draw"):
        assert Greedy.model_validate({"tie_break": [criterion]}).tie_break == (criterion,)
    for key in ("carrier", "site", "district", "theme", "country", "scope"):
        assert (MaxPer(key=key, most=1).key, MaxSpending(key=key, cents=1).key) == (key, key)
    for measure in ("projects", "money"):
        assert Compared(rule=Greedy(), measure=measure).measure == measure
    for wrong in ({"utility": "vote"}, {"tie_break": ["older", "older"]}, {"on_miss": "end"}):
        with pytest.raises(ValidationError):
            Greedy.model_validate(wrong)


def test_a_rule_about_which_nothing_is_said_is_the_plainest() -> None:
    assert Greedy().model_dump() == {
        "kind": "greedy", "min_votes": 1, "max_per_carrier": None, "limits": (), "tie_break": ("cheaper", "draw"),
        "utility": "votes", "on_miss": "skip", "winners": None, "min_points": 0, "scale": Greedy().scale.model_dump(),
    }  # fmt: skip
    assert MinVotes().model_dump() == {"kind": "min_votes", "votes": 0, "percent": None, "per_cost": None, "scope": None}
    assert MaxPer(key="site", most=1).model_dump() == {"kind": "max_per", "key": "site", "most": 1, "value": None}
    assert MaxSpending(key="site", cents=1).model_dump() == {"kind": "max_spending", "key": "site", "cents": 1, "value": None}
    assert Panel().model_dump() == {"kind": "panel", "selected": (), "reasons": {}, "max_per_carrier": None, "limits": ()}
    staged = Staged(stages=(stage("all"),))
    assert (staged.kind, staged.min_votes, staged.max_per_carrier, staged.limits) == ("staged", 0, None, ())
    compared = Compared(rule=EqualShares())
    assert (compared.kind, compared.rival, compared.measure) == ("compared", Greedy(), "projects")
    assert Overflow().model_dump() == {"reserve_percent": None, "reserve_cents": None, "partial": False, "reserve_list": 0}


@pytest.mark.parametrize(
    "rule", [Greedy(limits=(MinVotes(votes=3), MaxPer(key="site", most=1))), Panel(limits=(MaxSpending(key="site", cents=5),)),
             Staged(stages=(stage("all"),)), Compared(rule=Staged(stages=(stage("all"),)))]
)  # fmt: skip
def test_a_rule_is_read_back_by_its_kind(rule: Any) -> None:
    assert read_rule(rule.model_dump(mode="json")) == rule
    with pytest.raises(ValidationError):
        read_rule({**rule.model_dump(mode="json"), "kind": "other"})


def test_what_is_kept_of_a_comparison_is_found_by_its_name_and_cannot_be_changed() -> None:
    made = compare(Election(projects({"a": 5}), ballots((1, "a")), 9), {OFFICIAL: Greedy()})
    kept = made.model_dump(mode="json")
    assert kept["rules"][0]["name"] == "official"
    assert Comparison.model_validate(kept) == made
    with pytest.raises(ValidationError, match="frozen"):
        made.voters = 7  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Comparison.model_validate({**kept, "more": 1})
    with pytest.raises(ValidationError):
        Statistics.model_validate({**kept["rules"][0]["statistics"], "more": 1})

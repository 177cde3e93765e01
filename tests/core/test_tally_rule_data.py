"""What a rule may say as data: whole numbers, known names, and what it is where nothing is said; what is kept is read back as it was."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from app.core.tally import Compared, Election, EqualShares, Greedy, Panel, Project, Staged, read_rule, rule_from
from app.core.tally.comparison import OFFICIAL, Comparison, compare
from app.core.tally.limits import Gate, MaxPer, MaxSpending, MinVotes
from app.core.tally.overflow import Overflow
from app.core.tally.statistics import Statistics
from tests.core.staged_elections import stage
from tests.core.tally_elections import ballots, projects

STAGES = {"stages": [stage("all").model_dump(mode="json")]}
NUMBERS: list[tuple[type[BaseModel], dict[str, Any], str, int, int]] = [
    (Staged, STAGES, "min_votes", 0, 10**9),
    (MaxSpending, {"key": "site"}, "cents", 0, 10**15),
    (MinVotes, {}, "per_cost", 1, 1000),
    (Overflow, {}, "reserve_list", 0, 1000),
]


@pytest.mark.parametrize(("model", "other", "name", "least", "most"), NUMBERS)
def test_a_number_of_a_rule_is_whole_and_neither_a_part_nor_a_word_nor_a_yes(
    model: type[BaseModel], other: dict[str, Any], name: str, least: int, most: int
) -> None:
    for number in (least, least + 1, most):
        assert getattr(model.model_validate({**other, name: number}), name) == number
    for wrong in (least - 1, most + 1, float(least + 1), str(least + 1), True):
        with pytest.raises(ValidationError):
            model.model_validate({**other, name: wrong})


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


def test_a_limit_at_its_bounds_is_kept_and_beyond_them_refused() -> None:
    for most in (1, 10_000):
        assert Gate([MaxPer(key="site", most=most)]).most(Project("a", 5, site="m")) is None
    for given in ({"most": 0}, {"most": 10_001}, {"most": "1"}):
        with pytest.raises(ValidationError):
            MaxPer.model_validate({"key": "site", **given})
    election = Election((Project("a", 5),), ballots((1, "a")), 9)
    for limit, votes in ((MinVotes(), 0), (MinVotes(votes=10**9), 10**9), (MinVotes(per_cost=1), 1), (MinVotes(per_cost=1000), 1)):
        assert limit.needed(election, election.projects[0]) == votes
    for given in ({"votes": -1}, {"votes": 10**9 + 1}, {"votes": "1"}, {"per_cost": 0}, {"per_cost": 1001}, {"per_cost": "1"}):
        with pytest.raises(ValidationError):
            MinVotes.model_validate(given)


def test_a_greedy_rule_at_its_bounds_counts_and_beyond_them_is_refused() -> None:
    election = Election(projects({"a": 5, "b": 4}), ballots((1, "ab")), 9)
    for winners, selected in ((1, ("b",)), (100_000, ("b", "a"))):
        assert Greedy(winners=winners).count(election).selected == selected
    for least in (0, 10**9):
        assert Greedy(min_points=least).count(election).selected == ("b", "a"), "plain votes give no points"
    wrong = ({"winners": 0}, {"winners": 100_001}, {"winners": "1"}, {"min_points": -1}, {"min_points": 10**9 + 1}, {"min_points": "1"})
    for given in wrong:
        with pytest.raises(ValidationError):
            Greedy.model_validate(given)

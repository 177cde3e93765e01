"""Each choice on the form becomes exactly one frozen rule, the rule fills the form again, and what does not fit is told at its field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.core.ballots import Approval
from app.core.forms import read
from app.core.problems import Invalid
from app.core.tally import AnyRule, Compared, EqualShares, Greedy, Phragmen, Staged, read_rule, rule_from
from app.core.tally.limits import MaxPer, MinVotes
from app.core.tally.stage import Stage, Where
from app.polls.forms import PollForm
from app.polls.shown import can_show, values_of
from tests.polls.stage import FORM

PLAIN = FORM | {"max_per_carrier": "", "tie_first": ""}
SHARES = {"rule": "shares_cost", "completion": "add1_until_infeasible", "step": "1"}
DRAW: dict[str, Any] = {"tie_break": ("draw",)}


def form(**typed: Any) -> PollForm:
    return read(PollForm, PLAIN | typed)


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ({"rule": "greedy_skip"}, Greedy(**DRAW)),
        ({"rule": "greedy_stop"}, Greedy(on_miss="stop", **DRAW)),
        ({"rule": "greedy_skip", "winners": "12"}, Greedy(winners=12, **DRAW)),
        ({"rule": "per_cost", "winners": "5"}, Greedy(utility="votes_per_cost", winners=5, **DRAW)),
        ({"rule": "phragmen_stop"}, Phragmen(**DRAW)),
        ({"rule": "phragmen_skip"}, Phragmen(on_miss="skip", **DRAW)),
        ({"rule": "shares_cost", "completion": "none"}, EqualShares(completion="none", **DRAW)),
        (SHARES, EqualShares(step_cents=100, **DRAW)),
        (
            {"rule": "shares_cardinality", "completion": "add1_until_exhaustive", "step": "0,10", "fill": "yes"},
            EqualShares(utility="cardinality", completion="add1_until_exhaustive", step_cents=10, then="greedy", **DRAW),
        ),
        ({"min_votes": "50", "min_percent": "2,5 %"}, Greedy(min_votes=50, limits=(MinVotes(percent="2.5"),), **DRAW)),
        (
            {"max_per_carrier": "1", "max_per_theme": "3", "max_per_country": "2"},
            Greedy(max_per_carrier=1, limits=(MaxPer(key="theme", most=3), MaxPer(key="country", most=2)), **DRAW),
        ),
        ({"tie_first": "cheaper", "tie_second": "older"}, Greedy(tie_break=("cheaper", "older", "draw"))),
        (
            SHARES | {"tie_first": "votes", "tie_second": "cheaper", "tie_third": "older"},
            EqualShares(tie_break=("votes", "cheaper", "older", "draw")),
        ),
        (
            SHARES | {"safeguard": "money", "min_percent": "5"},
            Compared(
                rule=EqualShares(limits=(MinVotes(percent="5"),), **DRAW),
                rival=Greedy(limits=(MinVotes(percent="5"),), **DRAW),
                measure="money",
            ),
        ),
        ({"rule": "phragmen_stop", "safeguard": "projects"}, Compared(rule=Phragmen(**DRAW), rival=Greedy(**DRAW), measure="projects")),
    ],
    ids=lambda given: "-".join(given.values()) if isinstance(given, dict) else "",
)
def test_each_choice_is_one_frozen_rule_and_the_rule_fills_the_form_again(typed: dict[str, str], rule: AnyRule) -> None:
    made = form(**typed)
    assert made.tally_rule() == rule
    stored = read_rule(rule.model_dump(mode="json"))
    assert can_show(made.ballot_style(), stored)


@pytest.mark.parametrize(
    ("typed", "field", "why"),
    [
        (SHARES | {"winners": "3"}, "winners", "number of winners"),
        ({"rule": "phragmen_stop", "winners": "3"}, "winners", "number of winners"),
        ({"winners": "0"}, "winners", "1 or more"),
        ({"completion": "none"}, "completion", "belongs to Equal Shares"),
        ({"rule": "phragmen_skip", "step": "1"}, "step", "belongs to Equal Shares"),
        ({"rule": "per_cost", "fill": "yes"}, "fill", "belongs to Equal Shares"),
        ({"rule": "shares_cost"}, "completion", "money left over"),
        (SHARES | {"step": ""}, "step", "every share is raised"),
        (SHARES | {"step": "0"}, "step", "every share is raised"),
        (SHARES | {"step": "beaucoup"}, "step", "amount in euros"),
        ({"rule": "shares_cost", "completion": "none", "step": "1"}, "step", "left unspent"),
        ({"safeguard": "projects"}, "safeguard", "is the rule chosen"),
        ({"rule": "greedy_stop", "safeguard": "money"}, "safeguard", "is the rule chosen"),
        ({"safeguard": "joy"}, "safeguard", "Choose one"),
        ({"min_percent": "0"}, "min_percent", "above 0"),
        ({"min_percent": "101"}, "min_percent", "up to 100"),
        ({"min_percent": "peu"}, "min_percent", "number such as"),
        ({"max_per_theme": "0"}, "max_per_theme", "1 or more"),
        ({"tie_first": "votes"}, "tie_first", "as many votes"),
        ({"tie_first": "cheaper", "tie_second": "cheaper"}, "tie_second", "once only"),
        ({"tie_second": "cheaper"}, "tie_second", "before this one"),
        ({"tie_first": "cheaper", "tie_third": "older"}, "tie_third", "before this one"),
        ({"tie_first": "draw"}, "tie_first", "Choose one"),
        ({"rule": "borda"}, "rule", "Choose one"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(typed: dict[str, str], field: str, why: str) -> None:
    with pytest.raises(Invalid) as told:
        form(**typed)
    assert list(told.value.errors) == [field]
    assert why in str(told.value.errors[field])


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(Invalid) as told:
        form(winners="x", completion="none", min_percent="-1", draw_source="")
    assert set(told.value.errors) == {"winners", "completion", "min_percent", "draw_source"}


GROUPS = ["", "theme:eau", "country:MG", "district:Nord: gare", "each:district", "each:theme", "best:country"]
PARTS = some.fixed_dictionaries(
    {"name": some.just("Une part")},
    optional={
        "who": some.sampled_from(GROUPS),
        "above": some.sampled_from(["", "100"]),
        "up_to": some.sampled_from(["", "5 000,50"]),
        "money": some.sampled_from(["", "12000"]),
        "percent": some.sampled_from(["", "25", "2,5 %", "100/3"]),
        "most": some.sampled_from(["", "2"]),
        "keep": some.just("yes"),
    },
)
QUOTAS = some.fixed_dictionaries(
    {"who": some.sampled_from(GROUPS)}, optional={"most": some.sampled_from(["", "2"]), "money": some.sampled_from(["", "9 000"])}
)
CHOICES = some.fixed_dictionaries(
    {},
    optional={
        "rule": some.sampled_from(["greedy_skip", "greedy_stop", "per_cost", "shares_cost", "shares_cardinality", "phragmen_stop"]),
        "winners": some.sampled_from(["", "1", "9"]),
        "completion": some.sampled_from(["", "none", "add1_until_exhaustive", "add1_until_infeasible"]),
        "step": some.sampled_from(["", "0.01", "12,5"]),
        "fill": some.just("yes"),
        "safeguard": some.sampled_from(["", "projects", "money"]),
        "min_votes": some.sampled_from(["0", "1", "40"]),
        "min_percent": some.sampled_from(["", "1/3", "100"]),
        "max_per_carrier": some.sampled_from(["", "2"]),
        "max_per_theme": some.sampled_from(["", "4"]),
        "max_per_country": some.sampled_from(["", "1"]),
        "tie_first": some.sampled_from(["", "cheaper", "votes", "older"]),
        "tie_second": some.sampled_from(["", "cheaper", "votes", "older"]),
        "max_per_district": some.sampled_from(["", "1"]),
        "one_per_site": some.just("yes"),
        "reserve_percent": some.sampled_from(["", "80", "79,5 %"]),
        "reserve_max": some.sampled_from(["", "5000"]),
        "partial": some.just("yes"),
        "reserve_list": some.sampled_from(["", "3"]),
        "parts": some.lists(PARTS, max_size=3),
        "quotas": some.lists(QUOTAS, max_size=2),
    },
)


@given(CHOICES)
def test_whatever_is_accepted_comes_back_from_its_rule_and_nothing_typed_is_dropped(typed: dict[str, Any]) -> None:
    try:
        made = form(**typed)
    except Invalid:
        return
    values = values_of(made.ballot_style(), made.tally_rule(), made.draw_source)
    assert read(PollForm, values) == made


@pytest.mark.parametrize(
    "rule",
    [
        rule_from("max_welfare"),
        Greedy(tie_break=("id",)),
        Greedy(utility="points", **DRAW),
        Greedy(limits=(MaxPer(key="site", most=2),), **DRAW),
        Greedy(limits=(MaxPer(key="scope", most=1, value="city"),), **DRAW),
        Greedy(limits=(MaxPer(key="theme", most=1, value="eau"), MaxPer(key="theme", most=3)), **DRAW),
        Compared(rule=EqualShares(**DRAW), rival=Greedy(on_miss="stop", **DRAW)),
        EqualShares(blank_ballots_hold_a_share=True, **DRAW),
        Staged(
            stages=(
                Stage(key="part1", name={"fr": "Un"}, rule=Greedy(**DRAW)),
                Stage(key="part2", name={"fr": "Deux"}, rule=Phragmen(**DRAW)),
            )
        ),
        Staged(stages=(Stage(key="part1", name={"fr": "Un", "en": "One"}, rule=Greedy(**DRAW)),), min_votes=1),
        Staged(stages=(Stage(key="part1", name={"fr": "Un"}, where=Where(tag="youth"), rule=Greedy(**DRAW)),), min_votes=1),
    ],
)
def test_a_rule_with_more_than_the_form_knows_is_not_shown_as_if_it_were_less(rule: AnyRule) -> None:
    assert not can_show(Approval(), rule)


def test_rules_stored_before_the_form_knew_more_are_still_shown() -> None:
    old = {"kind": "greedy", "min_votes": 1, "max_per_carrier": 1, "tie_break": ["cheaper", "draw"], "on_miss": "skip"}
    assert can_show(Approval(min_choices=3, max_choices=6), read_rule(old))
    judged = form(style="grades", rule="majority_judgment")
    assert can_show(judged.ballot_style(), judged.tally_rule().model_copy(update={"grades": None}))
    shares = {"kind": "equal_shares", "utility": "cost", "completion": "add1_until_infeasible", "step_cents": 100, "tie_break": ["draw"]}
    assert values_of(Approval(), read_rule(shares), "")["step"] == "1.00"

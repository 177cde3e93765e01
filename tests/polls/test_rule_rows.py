"""Parts of the envelope, quotas and what follows the count: what is typed becomes one frozen rule, or is refused at its field."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.forms import read
from app.core.problems import Invalid
from app.core.tally import AnyRule, Compared, Completed, Election, EqualShares, Greedy, Project, Staged, read_rule
from app.core.tally.limits import MaxPer, MaxSpending, MinVotes
from app.core.tally.overflow import Overflow
from app.core.tally.stage import Stage, Where
from app.polls.forms import PollForm
from app.polls.shown import can_show
from tests.polls.test_rule_form import DRAW, PLAIN, SHARES

DISTRICTS = {"name": "Quartiers", "who": "each:district", "percent": "70"}
CITY = {"name": "Toute la ville"}


def form(**typed: Any) -> PollForm:
    return read(PollForm, PLAIN | typed)


def stage(place: int, name: str, rule: Any = None, **more: Any) -> Stage:
    return Stage(key=f"part{place}", name={"fr": name}, rule=rule or Greedy(**DRAW), **more)


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        (
            {"parts": [DISTRICTS, CITY], "min_percent": "2", "max_per_carrier": "1"},
            Staged(
                stages=(stage(1, "Quartiers", each="district", share="0.7"), stage(2, "Toute la ville")),
                min_votes=1,
                max_per_carrier=1,
                limits=(MinVotes(percent="2"),),
            ),
        ),
        (
            {"parts": [{"name": "Les deux meilleurs", "who": "best:country", "most": "2"}, CITY], "min_votes": "0"},
            Staged(
                stages=(
                    stage(
                        1,
                        "Les deux meilleurs",
                        Greedy(min_votes=0, limits=(MaxPer(key="country", most=2),), **DRAW),
                        where=Where(having="country"),
                    ),
                    stage(2, "Toute la ville", Greedy(min_votes=0, **DRAW)),
                )
            ),
        ),
        (
            {
                "parts": [{"name": "Eau", "who": "theme:eau", "up_to": "5 000", "money": "20000", "keep": "yes", "most": "3"}],
                **SHARES,
            },
            Staged(
                stages=(
                    stage(
                        1,
                        "Eau",
                        EqualShares(limits=(MaxPer(key="theme", value="eau", most=3),), **DRAW),
                        where=Where(theme="eau", up_to_cents=500_000),
                        cents=2_000_000,
                        leftover="kept",
                    ),
                ),
                min_votes=1,
            ),
        ),
        (
            {"parts": [CITY], "safeguard": "money", **SHARES},
            Compared(
                rule=Staged(stages=(stage(1, "Toute la ville", EqualShares(**DRAW)),), min_votes=1),
                rival=Staged(stages=(stage(1, "Toute la ville"),), min_votes=1),
                measure="money",
            ),
        ),
        (
            {"max_per_district": "2", "one_per_site": "yes", "quotas": [{"who": "theme:eau", "most": "4", "money": "90 000"}]},
            Greedy(
                limits=(
                    MaxPer(key="district", most=2),
                    MaxPer(key="site", most=1),
                    MaxPer(key="theme", value="eau", most=4),
                    MaxSpending(key="theme", value="eau", cents=9_000_000),
                ),
                **DRAW,
            ),
        ),
        ({"quotas": [{"who": "each:country", "money": "40000"}]}, Greedy(limits=(MaxSpending(key="country", cents=4_000_000),), **DRAW)),
        (
            {"reserve_percent": "80 %", "reserve_max": "5000", "partial": "yes", "reserve_list": "3"},
            Completed(rule=Greedy(**DRAW), after=Overflow(reserve_percent="80", reserve_cents=500_000, partial=True, reserve_list=3)),
        ),
        (
            {"parts": [CITY], "reserve_list": "1"},
            Completed(rule=Staged(stages=(stage(1, "Toute la ville"),), min_votes=1), after=Overflow(reserve_list=1)),
        ),
    ],
)
def test_what_is_typed_becomes_one_rule_and_the_rule_fills_the_form_again(typed: dict[str, Any], rule: AnyRule) -> None:
    made = form(**typed)
    assert made.tally_rule() == rule
    assert can_show(made.ballot_style(), read_rule(rule.model_dump(mode="json")))


@pytest.mark.parametrize(
    ("typed", "field", "why"),
    [
        ({"parts": [{"who": "theme:eau"}]}, "parts-0-name", "Fill in"),
        ({"parts": [CITY, {"name": "x", "who": "planet:mars"}]}, "parts-1-who", "Choose one"),
        ({"parts": [{"name": "x", "who": "each:planet"}]}, "parts-0-who", "Choose one"),
        ({"parts": [{"name": "x", "money": "5", "percent": "5"}]}, "parts-0-percent", "not both"),
        ({"parts": [{"name": "x", "money": "0"}]}, "parts-0-money", "above 0"),
        ({"parts": [{"name": "x", "above": "50", "up_to": "50"}]}, "parts-0-up_to", "more than"),
        ({"parts": [{"name": "x", "who": "best:theme"}]}, "parts-0-most", "how many"),
        ({"parts": [{"name": "x", "most": "2"}]}, "parts-0-most", "needs a theme"),
        ({"parts": [DISTRICTS, DISTRICTS]}, "parts", "more than the whole"),
        ({"parts": [CITY] * 13}, "parts", "12"),
        ({"quotas": [{"most": "2"}]}, "quotas-0-who", "for which projects"),
        ({"quotas": [{"who": "best:theme", "most": "2"}]}, "quotas-0-who", "for which projects"),
        ({"quotas": [{"who": "each:theme", "most": "2"}]}, "quotas-0-most", "its own field"),
        ({"quotas": [{"who": "theme:eau"}]}, "quotas-0-money", "no quota"),
        ({"quotas": [{"who": "theme:eau", "most": "1"}, {"who": "theme:eau", "money": "5"}]}, "quotas", "same projects"),
        ({"reserve_max": "500"}, "reserve_max", "from which percentage"),
        ({"reserve_percent": "0"}, "reserve_percent", "above 0"),
        ({"reserve_list": "0"}, "reserve_list", "1 or more"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(typed: dict[str, Any], field: str, why: str) -> None:
    with pytest.raises(Invalid) as told:
        form(**typed)
    assert list(told.value.errors) == [field]
    assert why in str(told.value.errors[field])


def test_the_rule_of_a_form_with_parts_counts() -> None:
    projects = [
        Project("a", 40_00, district="n"),
        Project("b", 35_00, district="n"),
        Project("c", 30_00, district="s"),
        Project("d", 70_00),
    ]
    election = Election.of(projects, [["a"]] * 5 + [["b"]] * 4 + [["c"]] + [["d"]] * 3, 100_00, draw=("a", "b", "c", "d"))
    parts = [{"name": "Quartiers", "who": "each:district", "percent": "80"}, CITY]
    # 40 for each district: a in the north, c in the south, 10 passed on; the city's 20 + 10 pay nothing, and cover 3/7 of d, 6/7 of b.
    assert form(parts=parts).tally_rule().count(election).selected == ("a", "c")
    reserve = form(parts=parts, reserve_percent="80").tally_rule().count(election)
    assert (reserve.selected, reserve.reserve_cents) == (("a", "c", "b"), 5_00)

"""Ballots in parts: city and district, two districts, the theme of the year and any."""

from __future__ import annotations

import json
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.core.ballots import Approval, Knapsack, Part, Points, Ranking, Scoped, Slate, Star, read_ballot_style

COSTS = {"w1": 100, "w2": 200, "w3": 300, "o1": 150, "o2": 250, "z1": 50, "c1": 400, "c2": 500, "c3": 600}
DISTRICTS = {id: {"w": "Wola", "o": "Ochota", "z": "Żoliborz"}[id[0]] for id in COSTS if id[0] in "woz"}
SLATE = Slate(COSTS, 5000, "PLN", districts=DISTRICTS, themes={"c1": "climate", "w1": "climate", "o1": "climate"})
WARSAW = Scoped(parts=(Part(where="district", style=Approval(max_choices=2)), Part(where="city", style=Approval(max_choices=1))))
BARCELONA = Scoped(parts=(Part(where="district", districts=2, own=True, style=Knapsack(min_choices=2)),))
ANGERS = Scoped(
    parts=(Part(where="theme", theme="climate", style=Approval(max_choices=2)), Part(where="all", style=Approval(max_choices=3)))
)


def told(style: Scoped, *choices: str, slate: Slate = SLATE) -> list[str]:
    return [str(problem) for problem in style.check(dict.fromkeys(choices, 1), slate)]


def test_each_part_has_its_own_limit_and_may_be_left_blank() -> None:
    assert told(WARSAW, "w1", "w2", "c1") == []
    assert told(WARSAW, "c1") == told(WARSAW, "w1") == told(WARSAW) == []
    assert told(WARSAW, "w1", "w2", "w3", "c1", "c2") == [
        "District Wola: Choose at most 2 projects; you have chosen 3.",
        "The whole city: Choose exactly 1 project; you have chosen 2.",
    ]


def test_projects_of_a_second_district_are_refused_by_name() -> None:
    assert told(WARSAW, "w1", "o1") == ["Choose projects of at most 1 district; yours are of Ochota, Wola."]


def test_each_district_has_its_own_money() -> None:
    slate = Slate(COSTS, 5000, "PLN", districts=DISTRICTS, envelopes={"Wola": 350, "Ochota": 400})
    assert told(BARCELONA, "w1", "w2", "o1", "o2", slate=slate) == []
    assert told(BARCELONA, "w2", "w3", "o1", slate=slate) == [
        "District Ochota: Choose at least 2 projects; you have chosen 1.",
        "District Wola: Your choices cost 5.00 PLN together: that is 1.50 PLN more than the 3.50 PLN allowed.",
    ]


def test_a_paper_that_knows_the_own_district_allows_one_other_only() -> None:
    mine = Slate(COSTS, 5000, "PLN", districts=DISTRICTS, own_district="Wola")
    free = Scoped(parts=(Part(where="district", districts=2, own=True, style=Approval()),))
    assert told(free, "o1", "w1", slate=mine) == told(free, "o1", slate=mine) == told(free, "o1", "z1") == []
    other = "Besides your own district, choose projects of at most 1 other; yours are of Ochota, Żoliborz."
    assert told(free, "o1", "z1", slate=mine) == [other]
    only = Scoped(parts=(Part(where="district", own=True, style=Approval()),))
    assert told(only, "w1", slate=mine) == []
    assert told(only, "o1", slate=mine) == ["Choose projects of your own district only; yours are also of Ochota."]


@given(st.sets(st.sampled_from(sorted(COSTS))))
def test_a_theme_and_any_allow_exactly_what_can_be_divided_between_them(chosen: set[str]) -> None:
    of_theme = {id for id in chosen if id in SLATE.themes}
    fits = any(len(chosen - set(part)) <= 3 for size in range(3) for part in combinations(of_theme, min(size, len(of_theme))))
    assert (told(ANGERS, *chosen) == []) == fits


def test_a_project_that_stands_in_no_part_is_told() -> None:
    assert told(BARCELONA, "w1", "w2", "c1") == ["No part of this ballot is about project c1."]


def test_a_part_can_weigh_more_and_then_gives_points() -> None:
    twice = Scoped(parts=(Part(where="district", style=Star(choice=Approval()), weight=2), Part(where="city", style=Star())))
    assert twice.profile_kind == "points"
    assert twice.counted({"w1": 2, "c1": 2, "c2": 1}, SLATE) == {"w1": 4, "c1": 2, "c2": 1}
    assert WARSAW.profile_kind == "approval"
    assert WARSAW.counted({"w1": 1, "c1": 1}, SLATE) == {"w1": 1, "c1": 1}


def test_parts_may_be_marked_in_other_ways_than_by_choices() -> None:
    places = Scoped(parts=(Part(where="district", style=Ranking(max_places=2)), Part(where="city", style=Ranking())))
    assert places.profile_kind == "ranking"
    assert places.check({"w1": 1, "w2": 2, "c1": 1}, SLATE) == ()
    assert [str(one) for one in places.check({"w1": 2, "c1": 1}, SLATE)] == [
        "District Wola: Place 1 is empty. Give the places from 1 on, without a gap."
    ]


def test_the_rules_of_all_parts_are_told() -> None:
    assert str(WARSAW.rule_line(SLATE)) == (
        "In one district of your choice: Choose up to 2 projects. For the whole city: Choose exactly 1 project."
    )
    assert str(BARCELONA.rule_line(SLATE)) == (
        "In your own district and in one other of your choice, for each: "
        "Share out the envelope of the district among at least 2 projects of your choice."
    )
    assert str(ANGERS.rule_line(SLATE)) == "On the theme climate: Choose up to 2 projects. Among all projects: Choose up to 3 projects."
    own = Scoped(parts=(Part(where="district", own=True, style=Approval()),))
    assert str(own.rule_line(SLATE)) == "In your own district: Choose as many projects as you like."


@pytest.mark.parametrize("style", [WARSAW, BARCELONA, ANGERS], ids=["warsaw", "barcelona", "angers"])
def test_a_ballot_in_parts_is_stored_and_read_back_whole(style: Scoped) -> None:
    assert read_ballot_style(json.loads(json.dumps(style.model_dump(mode="json")))) == style


def test_parts_that_do_not_fit_together_are_refused() -> None:
    simple = Approval()
    city, by_district, any_project = (Part(where=where, style=simple) for where in ("city", "district", "all"))
    theme = Part(where="theme", theme="climate", style=simple)
    wrong: list[tuple[tuple[Part, ...], str]] = [
        ((city, city), "about the same projects"),
        ((city, theme), "by place or by theme"),
        ((any_project, theme), "comes last"),
        ((by_district, any_project), "Beside a part for all projects"),
        ((Part(where="city", style=Approval(max_total_cents=5)), any_project), "Beside a part for all projects"),
        ((city, Part(where="district", style=Points(total=3))), "in the same way"),
        ((Part(where="city", style=Ranking(), weight=2),), "can weigh more"),
    ]
    for parts, sentence in wrong:
        with pytest.raises(ValidationError, match=sentence):
            Scoped(parts=parts)
    with pytest.raises(ValidationError, match="names its theme"):
        Part(where="theme", style=simple)
    with pytest.raises(ValidationError, match="names its theme"):
        Part(where="city", theme="climate", style=simple)

"""Promises of the reference lists: dated, complete for the demonstration, named in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.problems import Missing
from app.countries import country_name, country_names
from app.editions.reference import budget_accounts, goal_targets, goals, oda_countries, purpose_codes
from tests.core.rennes import demonstration, files

TODAY = date(2026, 10, 15)


def test_every_country_of_an_admissible_demonstration_project_is_on_the_list_and_chile_is_not() -> None:
    members = oda_countries(TODAY).members
    countries = {project["country"] for project in demonstration()["projects"]}
    assert len(countries) == 22
    assert countries <= members
    assert not members & {"CL", "UY", "SC", "FR", "RU"}


def test_a_country_leaves_the_list_on_its_day() -> None:
    assert "NR" in oda_countries(date(2025, 12, 31)).members
    assert "NR" not in oda_countries(date(2026, 1, 1)).members


def test_a_change_of_group_neither_drops_nor_doubles_a_country() -> None:
    assert "ST" in oda_countries(date(2024, 12, 12)).members
    assert "ST" in oda_countries(date(2024, 12, 13)).members


def test_a_day_the_shipped_list_does_not_cover_is_refused() -> None:
    with pytest.raises(Missing, match="2024-01-01"):
        oda_countries(date(2023, 12, 31))


def test_there_are_seventeen_goals_with_names_and_colours() -> None:
    assert [goal.number for goal in goals()] == list(range(1, 18))
    assert len({goal.colour for goal in goals()}) == 17
    assert goals()[7].name["fr"] == "Travail décent et croissance économique"
    assert all(set(goal.name) == {"fr", "en", "es", "it", "de", "ar"} for goal in goals())


def test_every_goal_target_and_purpose_code_of_the_demonstration_is_known() -> None:
    assert {target for file in files() for target in file.get("sdg_targets", ())} <= set(goal_targets())
    assert {file["crs_sector"] for file in files()} <= set(purpose_codes())
    assert all(int(code.split(".")[0]) == target.goal for code, target in goal_targets().items())
    assert all(len(code) == 5 and code.isdigit() and code.startswith(one.category) for code, one in purpose_codes().items())


def test_every_account_of_the_demonstration_is_known_on_its_side() -> None:
    accounts = budget_accounts()
    for file in files():
        for side in ("charge", "product"):
            assert {accounts[line["account"]].side for line in file["budget"][f"{side}s"]} == {side}
    assert {account[:2] for account, one in accounts.items() if one.side == "in_kind"} == {"86", "87"}


def test_a_country_bears_the_citys_name_for_it_in_each_language() -> None:
    assert country_name("CD")["fr"] == "République démocratique du Congo"
    assert country_name("SN") == {"fr": "Sénégal", "en": "Senegal", "es": "Senegal", "it": "Senegal", "de": "Senegal", "ar": "السنغال"}
    assert country_name("VN", ("fr", "es")) == {"fr": "Vietnam", "es": "Vietnam"}
    assert country_name("??", ("fr", "xx")) == {"fr": "??", "xx": "??"}


def test_every_country_on_the_list_can_be_chosen_by_name_and_the_european_union_cannot() -> None:
    names = country_names()
    assert oda_countries(TODAY).members <= set(names)
    assert 240 < len(names) < 260
    assert "EU" not in names
    assert all(one["fr"] and one["en"] for one in names.values())

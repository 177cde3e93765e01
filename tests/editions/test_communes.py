"""Promises on the table of communes: the figure INSEE gives, or a sentence saying what to do without one."""

from datetime import date

import pytest

from app.core.problems import Invalid
from app.editions.communes import TABLE, find_commune, plain, population_figure, search_communes

FIGURES = {
    "35238": 230890, "75056": 2103778, "69123": 519127, "44109": 327734, "38185": 156140, "49007": 159022,
    "63113": 146351, "93048": 111934, "13055": 886040, "59350": 238246, "75115": 229713,
}  # fmt: skip


@pytest.mark.parametrize(("code", "people"), FIGURES.items())
def test_a_commune_has_the_population_insee_gives(code: str, people: int) -> None:
    figure = population_figure(code)
    assert (figure.value, figure.figure_kind, figure.vintage) == (people, "municipale", 2023)
    assert (figure.in_force, figure.source) == (date(2026, 1, 1), "INSEE")


@pytest.mark.parametrize(("code", "vintage"), [("97611", 2017), ("98735", 2022), ("98818", 2025), ("97701", 2023), ("97411", 2023)])
def test_an_overseas_figure_tells_its_own_year(code: str, vintage: int) -> None:
    assert population_figure(code).vintage == vintage


@pytest.mark.parametrize("code", ["55039", "98412"])
def test_a_commune_without_a_figure_gets_a_sentence(code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        population_figure(code)
    assert "use a fixed amount" in str(refusal.value.errors["commune"])


@pytest.mark.parametrize("code", ["", "99999", "Rennes", "35238 OR 1"])
def test_an_unknown_code_gets_a_sentence(code: str) -> None:
    assert find_commune(code) is None
    with pytest.raises(Invalid) as refusal:
        population_figure(code)
    assert set(refusal.value.errors) == {"commune"}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("rennes", "35238"), ("  RENNES ", "35238"), ("saint etienne", "42218"), ("l'hay les roses", "94038"), ("35238", "35238"),
        ("2a004", "2A004"), ("paris", "75056"), ("paris 15", "75115"), ("oeuilly", "51410"), ("clermont-ferrand", "63113"),
    ],
)  # fmt: skip
def test_a_commune_is_found_whatever_accents_and_hyphens(typed: str, first: str) -> None:
    assert search_communes(typed)[0].code == first


@pytest.mark.parametrize("typed", ["", "  ", "'", "zzzz"])
def test_nothing_typed_finds_nothing(typed: str) -> None:
    assert search_communes(typed) == []


def test_a_search_gives_no_more_than_asked() -> None:
    assert len(search_communes("saint")) == 20
    assert len(search_communes("saint", limit=3)) == 3


def test_arrondissements_add_up_to_their_city() -> None:
    for prefix, city in [("751", "75056"), ("6938", "69123"), ("132", "13055")]:
        parts = [figure.population or 0 for figure in search_communes(prefix, limit=500) if "Arrondissement" in figure.name]
        whole = find_commune(city)
        assert whole is not None
        assert sum(parts) == whole.population


def test_the_table_stays_small() -> None:
    assert TABLE.stat().st_size < 1_000_000


def test_plain_text_has_no_accent_left() -> None:
    assert plain("L'Haÿ-les-Roses") == "l hay les roses"

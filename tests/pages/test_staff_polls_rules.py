"""Richer rules on the page that sets up a vote: parts, quotas, reserve, presets kept whole, and what rules look at of each project."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.core.permissions import Role
from app.core.presets import presets
from app.core.tally import Completed, Staged, read_rule
from app.editions.models import Edition
from app.polls.models import Poll
from app.unit import work
from tests.cast import Cast
from tests.conftest import Clock
from tests.polls.stage import DAY, FORM, edition_with_projects

PAGE = "/staff/editions/rennes-2027/poll"
MARKS = f"{PAGE}/projects"
PARTS = {
    "parts-0-name": "Petits projets", "parts-0-who": "", "parts-0-up_to": "8 000", "parts-0-percent": "30 %",
    "parts-1-name": "Tous les projets", "parts-1-who": "",
    "parts-2-name": "", "parts-2-who": "",
    "quotas-0-who": "each:country", "quotas-0-money": "90 000",
    "reserve_percent": "80", "reserve_max": "5000", "partial": "yes", "reserve_list": "3", "one_per_site": "yes",
}  # fmt: skip


@pytest.fixture
def edition(client: TestClient, cast: Cast, clock: Clock) -> Edition:
    """An edition two days before its vote, four projects on its ballot, its publisher signed in."""
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    made = edition_with_projects(cast)
    clock.now -= 2 * DAY
    return made


def rule(cast: Cast, edition: Edition) -> Any:
    with work(cast.engine) as unit:
        return read_rule(unit.db.get_one(Poll, edition.id).rule)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\u202f", " ").replace("\xa0", " ")


def test_parts_quotas_and_what_follows_are_fixed_and_said_to_the_city_and_to_everyone(
    client: TestClient, cast: Cast, edition: Edition
) -> None:
    assert client.post(PAGE, data=FORM | PARTS).headers["location"] == f"{PAGE}?done=saved"
    fixed = rule(cast, edition)
    assert isinstance(fixed, Completed)
    assert isinstance(fixed.rule, Staged)
    assert [stage.name["fr"] for stage in fixed.rule.stages] == ["Petits projets", "Tous les projets"]
    page = client.get(PAGE).text
    client.cookies.clear()
    for told in (words(page), words(client.get("/editions/rennes-2027").text)):
        assert "Petits projets (30 %) : Seulement : projets demandant 8 000 € au plus." in told
        assert "Tous les projets (ce qui n’est pas réservé)" in told
        assert "90 000 €" in told
        assert "une réserve" in told
        assert "La réserve ajoute 5 000 € au plus." in told
    assert re.search(r'id="f-parts-0-percent"[^>]* value="30"', page)
    assert re.search(r'id="f-quotas-0-money"[^>]* value="90000.00"', page)
    assert re.search(r'id="f-partial"[^>]* checked', page)


def test_a_fault_in_a_row_is_told_at_its_field_and_every_row_stays(client: TestClient, edition: Edition) -> None:
    wrong = PARTS | {"parts-0-money": "5000", "quotas-0-who": "", "reserve_percent": ""}
    answer = client.post(PAGE, data=FORM | wrong)
    assert answer.status_code == 422
    assert set(re.findall(r'id="f-([\w-]+)-error"', answer.text)) == {"parts-0-percent", "quotas-0-who", "reserve_max"}
    assert "Parts de l’enveloppe, ligne 1, Pourcentage de l’enveloppe" in words(answer.text)
    for shown in ('value="Petits projets"', 'value="8 000"', 'value="30 %"', 'value="90 000"', 'value="Tous les projets"'):
        assert shown in answer.text, shown


def test_more_rows_can_be_asked_for_and_nothing_typed_is_lost(client: TestClient, cast: Cast, edition: Edition) -> None:
    assert 'name="parts-2-name"' not in client.get(PAGE).text
    answer = client.post(PAGE, data=FORM | PARTS | {"more": "parts", "draw_source": "x"})
    assert answer.status_code == 200
    assert 'name="parts-3-name"' in answer.text
    assert 'value="Petits projets"' in answer.text
    with work(cast.engine) as unit:
        assert unit.db.get(Poll, edition.id) is None


def test_a_preset_in_stages_is_kept_whole_told_in_words_and_fixed_to_the_letter(client: TestClient, cast: Cast, edition: Edition) -> None:
    page = client.get(PAGE, params={"preset": "grenoble_2017"}).text
    told = words(page)
    assert "Un projet de plus de 200 000 € (ce qui n’est pas réservé) : Seulement : projets demandant plus de 200 000 €." in told
    assert "valeur supposée : Un grand projet, puis des petits" in told
    assert 'name="rule"' not in page
    assert client.get(f"{PAGE}/presets/grenoble_2017.json").json() == presets()["grenoble_2017"].model_dump(mode="json")
    sent = {"style": "approval", "max_choices": "6", "whole": "grenoble_2017", "draw_source": FORM["draw_source"]}
    assert client.post(PAGE, data=sent).status_code == 303
    assert rule(cast, edition) == presets()["grenoble_2017"].rule
    page = client.get(PAGE).text
    assert "Le vote est arrêté selon le modèle «\u00a0Grenoble 2017\u00a0»" in page
    assert 'name="whole" value="grenoble_2017"' in page
    assert client.get(f"{PAGE}/rule.json").json()["rule"] == presets()["grenoble_2017"].rule.model_dump(mode="json")
    assert 'name="rule"' in client.get(PAGE, params={"fresh": "yes"}).text
    client.cookies.clear()
    assert "Projets jusqu’à 200 000 €" in words(client.get("/editions/rennes-2027").text)


@pytest.mark.parametrize("key", list(presets()))
def test_every_preset_has_a_page_with_what_it_assumes(client: TestClient, edition: Edition, key: str) -> None:
    answer = client.get(PAGE, params={"preset": key})
    assert answer.status_code == 200
    assert words(answer.text).lower().count("valeur supposée") >= 1


def test_a_preset_without_a_vote_says_so_and_has_no_form(client: TestClient, edition: Edition) -> None:
    page = client.get(PAGE, params={"preset": "lublin_green"}).text
    assert "Personne ne vote selon ce modèle" in page
    assert f'<form method="post" action="{PAGE}"' not in page
    sent = {"style": "approval", "whole": "lublin_green", "draw_source": FORM["draw_source"]}
    assert client.post(PAGE, data=sent).status_code == 422
    assert client.post(PAGE, data=sent | {"whole": "nowhere"}).status_code == 422


def test_projects_with_no_place_in_the_count_are_named_until_they_have_one(client: TestClient, cast: Cast, edition: Edition) -> None:
    fix = FORM | {"parts-0-name": "Quartiers", "parts-0-who": "each:district"}
    client.post(PAGE, data=fix)
    assert "Des projets ne figurent dans aucune part" in client.get(PAGE).text
    marks = {f"marks-{n}-number": str(n + 1) for n in range(4)} | {f"marks-{n}-district": "Nord" for n in range(4)}
    assert client.post(MARKS, data=marks | {"marks-0-least": "1000", "marks-0-tags": "youth, eau"}).status_code == 303
    client.post(PAGE, data=fix)
    assert "Des projets ne figurent dans aucune part" not in client.get(PAGE).text
    with work(cast.engine) as unit:
        first = unit.db.get_one(Poll, edition.id).candidates[0]
    assert (first.district, first.tags, first.least_cents) == ("Nord", ("youth", "eau"), 100_000)


def test_what_rules_look_at_is_kept_and_faults_are_told_at_their_field(client: TestClient, edition: Edition) -> None:
    assert client.get(MARKS).text.count('name="marks-') == 6 * 4
    wrong = {"marks-0-number": "1", "marks-0-least": "9 999 999", "marks-0-site": "Place de la Mairie", "marks-1-number": "77"}
    answer = client.post(MARKS, data=wrong)
    assert answer.status_code == 422
    assert 'id="f-marks-0-least-error"' in answer.text
    assert 'value="Place de la Mairie"' in answer.text
    assert client.post(MARKS, data={"marks-0-number": "1", "marks-0-site": "Place de la Mairie"}).status_code == 303
    assert 'value="Place de la Mairie"' in client.get(MARKS).text
    client.post(MARKS, data={"marks-0-number": "1", "marks-0-site": ""})
    assert 'value="Place de la Mairie"' not in client.get(MARKS).text


def test_once_voting_has_opened_nothing_of_it_changes(client: TestClient, cast: Cast, clock: Clock, edition: Edition) -> None:
    clock.now += 3 * DAY
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    assert client.post(MARKS, data={"marks-0-number": "1", "marks-0-site": "x"}).status_code == 403

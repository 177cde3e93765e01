"""The vote seen by the city: set-up before, turnout after, never a choice."""

import re

import pytest
from fastapi.testclient import TestClient

from app.core.permissions import Role
from app.electorate.models import RollLine
from app.polls.models import Poll
from app.unit import work
from app.voting import service as voting
from tests.cast import Cast
from tests.conftest import Clock
from tests.polls.stage import DAY, FORM, edition_with_projects, open_vote

PAGE = "/staff/editions/rennes-2027/poll"


def test_the_vote_is_set_up_on_one_page_and_can_be_set_up_again_before_it_opens(client: TestClient, cast: Cast, clock: Clock) -> None:
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    edition_with_projects(cast)
    clock.now -= 2 * DAY
    before = client.get(PAGE).text
    assert "Le vote n’est pas préparé" in before
    assert "4 projets" in before
    assert client.post(PAGE, data=FORM).headers["location"] == f"{PAGE}?done=saved"
    after = client.get(PAGE).text
    assert "Choisissez 3 à 6 projets." in after
    assert "Premier tirage du Loto" in after
    assert "Préparer le vote à nouveau" in after
    assert "Les projets sont pris dans l’ordre du nombre de voix" in after


def test_a_fault_keeps_what_was_typed(client: TestClient, cast: Cast, clock: Clock) -> None:
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    edition_with_projects(cast)
    clock.now -= 2 * DAY
    answer = client.post(PAGE, data=FORM | {"max_choices": "2", "draw_source": "Le tirage du premier samedi"})
    assert answer.status_code == 422
    assert "Le tirage du premier samedi" in answer.text
    assert 'id="f-max_choices-error"' in answer.text


def test_everything_typed_stays_when_options_do_not_fit(client: TestClient, cast: Cast, clock: Clock) -> None:
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    edition_with_projects(cast)
    clock.now -= 2 * DAY
    typed = {
        "rule": "phragmen_stop",
        "winners": "7",
        "step": "0,25",
        "fill": "yes",
        "safeguard": "money",
        "min_percent": "2,5 %",
        "tie_second": "older",
    }
    answer = client.post(PAGE, data=FORM | typed)
    assert answer.status_code == 422
    assert set(re.findall(r'id="f-(\w+)-error"', answer.text)) == {"winners", "step", "fill"}
    for shown in (
        'value="7"',
        'value="0,25"',
        'value="2,5 %"',
        'value="money" checked',
        'value="phragmen_stop" checked',
        'value="older" selected',
    ):
        assert shown in answer.text, shown
    assert re.search(r'id="f-fill"[^>]* checked', answer.text)
    assert "ne vaut que pour les parts égales" in answer.text


def test_a_preset_fills_the_form_and_changes_nothing(client: TestClient, cast: Cast, clock: Clock) -> None:
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    edition = edition_with_projects(cast)
    clock.now -= 2 * DAY
    assert f'href="{PAGE}?preset=lot_et_garonne#set_up"' in client.get(PAGE).text
    page = client.get(PAGE, params={"preset": "lot_et_garonne"}).text
    assert "Rempli d’après le modèle «\u00a0Lot-et-Garonne\u00a0»" in page
    assert page.count("Valeur supposée.") == 2
    assert re.search(r'id="f-max_choices"[^>]* value="3"', page)
    assert re.search(r'id="f-max_per_carrier"[^>]* value=""', page)
    with work(cast.engine) as unit:
        assert unit.db.get(Poll, edition.id) is None
    assert client.get(PAGE, params={"preset": "nowhere"}).status_code == 404


def test_a_preset_keeps_the_draw_that_was_named(client: TestClient, cast: Cast, clock: Clock) -> None:
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    edition_with_projects(cast)
    clock.now -= 2 * DAY
    client.post(PAGE, data=FORM)
    assert "Premier tirage du Loto après la clôture du vote.</textarea>" in client.get(PAGE, params={"preset": "lot_et_garonne"}).text


@pytest.mark.parametrize("voters", [0, 1, 8])
def test_the_step_is_suggested_from_the_roll(client: TestClient, cast: Cast, clock: Clock, voters: int) -> None:
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    edition = edition_with_projects(cast)
    clock.now -= 2 * DAY
    with work(cast.engine) as unit:
        for number in range(voters):
            unit.db.add(RollLine(public_id=f"line{number}", edition_id=edition.id or 0, origin="list", added_on=clock.now.date()))
    page = client.get(PAGE).text.replace("\u202f", " ").replace("\xa0", " ")
    assert "d’environ un centième de la part" in page
    assert ("Si les 8 personnes de la liste votent toutes, une part est de 28 861,25 € : par exemple 200 €." in page) == (voters == 8)
    assert ("Si la seule personne de la liste vote" in page) == (voters == 1)


def test_once_open_there_is_no_form_and_the_turnout_shows(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official(Role.OBSERVER))
    edition = open_vote(cast)
    with work(cast.engine) as unit:
        for number, how in enumerate(("online", "online", "paper", "void")):
            voting.spend(unit, edition.id or 0, f"{number:064x}", how, "2026-11-21")
    text = client.get(PAGE).text
    assert "21 novembre 2026" in text
    assert '<form method="post" action="/staff/editions' not in text
    assert [text.count(f"<dd>{many}</dd>") for many in (3, 2, 1)] == [1, 1, 1]
    cast.sign_in(client, cast.official(Role.PUBLISHER, email="pub@example.org"))
    assert client.post(PAGE, data=FORM).status_code == 403


@pytest.mark.parametrize(("role", "status"), [(Role.MODERATOR, 403), (Role.REVIEWER, 200)])
def test_turnout_is_seen_by_the_roles_that_may(client: TestClient, cast: Cast, role: Role, status: int) -> None:
    open_vote(cast)
    cast.sign_in(client, cast.official(role))
    assert client.get(PAGE).status_code == status
    assert client.post(PAGE, data=FORM).status_code == 403


def test_the_home_of_the_desk_warns_of_a_vote_that_is_not_set_up(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    edition_with_projects(cast)
    assert "le vote n’est pas préparé" in client.get("/staff").text


def test_a_vote_that_is_set_up_is_not_warned_of(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    open_vote(cast)
    assert "le vote n’est pas préparé" not in client.get("/staff").text

"""The vote seen by the city: set-up before, turnout after, never a choice."""

import pytest
from fastapi.testclient import TestClient

from app.core.permissions import Role
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


def test_a_fault_keeps_what_was_typed(client: TestClient, cast: Cast, clock: Clock) -> None:
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    edition_with_projects(cast)
    clock.now -= 2 * DAY
    answer = client.post(PAGE, data=FORM | {"max_choices": "2", "draw_source": "Le tirage du premier samedi"})
    assert answer.status_code == 422
    assert "Le tirage du premier samedi" in answer.text
    assert 'id="f-max_choices-error"' in answer.text


def test_once_open_there_is_no_form_and_the_turnout_shows(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official(Role.OBSERVER))
    edition = open_vote(cast)
    with work(cast.engine) as unit:
        for number, how in enumerate(("online", "online", "paper", "void")):
            voting.spend(unit, edition.id or 0, f"{number:064x}", how, "2026-11-21")
    text = client.get(PAGE).text
    assert "21 novembre 2026" in text
    assert "<form method=\"post\" action=\"/staff/editions" not in text
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

"""People and roles, and the journal: who may open them, and what an administrator can do there."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.core.permissions import STAFF, Role
from tests.accounts.letters import letters, path_in
from tests.cast import PASSWORD, Cast

YANN = {"name": "Yann Quéré", "email": "yann@example.org", "role": "case_officer"}


@pytest.fixture
def boss(client: TestClient, cast: Cast) -> TestClient:
    """An administrator's browser."""
    cast.sign_in(client, cast.person("amelie@example.org", "Amélie Prigent", roles=["administrator"]))
    return client


def test_a_person_added_chooses_a_password_and_opens_the_city_desk(boss: TestClient, engine: Engine) -> None:
    assert boss.post("/staff/people", data=YANN).headers["location"] == "/staff/people?done=saved"
    assert "Yann Quéré" in boss.get("/staff/people").text
    link = path_in(letters(engine)[0])
    boss.cookies.clear()
    boss.post(link, data={"password": PASSWORD})
    assert boss.post("/sign-in", data={"email": "yann@example.org", "password": PASSWORD}).status_code == 303
    assert boss.get("/staff/people").status_code == 403


def test_a_role_is_given_and_withdrawn_and_the_journal_says_so(boss: TestClient, cast: Cast) -> None:
    yann = cast.person("yann@example.org", "Yann Quéré", roles=["observer"])
    assert boss.post(f"/staff/people/{yann.id}/roles", data={"role": "publisher"}).status_code == 303
    assert boss.post(f"/staff/people/{yann.id}/roles/observer/withdrawal").status_code == 303
    journal = boss.get("/staff/journal").text
    assert journal.count("Yann Quéré") == 2
    assert cast.person("yann@example.org").roles == {Role.PUBLISHER}


def test_what_cannot_be_done_is_said_on_the_page_and_changes_nothing(boss: TestClient, cast: Cast) -> None:
    amelie = cast.person("amelie@example.org")
    assert boss.post(f"/staff/people/{amelie.id}/roles/administrator/withdrawal").status_code == 422
    assert boss.post(f"/staff/people/{amelie.id}/roles", data={"role": "administrator"}).status_code == 422
    assert boss.post(f"/staff/people/{amelie.id}/roles", data={"role": "king"}).status_code == 422
    assert boss.post(f"/staff/people/{amelie.id}/roles/king/withdrawal").status_code == 422
    answer = boss.post("/staff/people", data={**YANN, "email": "yann", "role": ""})
    assert answer.status_code == 422
    assert 'value="Yann Quéré"' in answer.text
    assert cast.person("amelie@example.org").roles == {Role.ADMINISTRATOR}


def test_who_changes_their_own_roles_stays_signed_in_under_a_new_session(boss: TestClient, cast: Cast) -> None:
    before = boss.cookies["session"]
    amelie = cast.person("amelie@example.org")
    answer = boss.post(f"/staff/people/{amelie.id}/roles", data={"role": "publisher"})
    assert "session=" in answer.headers["set-cookie"]
    boss.cookies.clear()
    boss.cookies.set("session", before)
    assert boss.get("/staff/people").status_code == 303


@pytest.mark.parametrize("number", ["0", "-1", "999999", "99999999999999999999", "x"])
def test_accounts_without_a_role_are_not_reached_by_counting(boss: TestClient, cast: Cast, number: str) -> None:
    carrier = cast.person()
    assert boss.post(f"/staff/people/{carrier.id}/roles", data={"role": "observer"}).status_code == 404
    assert boss.post(f"/staff/people/{number}/roles", data={"role": "observer"}).status_code in (404, 422)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_only_its_own_rooms(client: TestClient, cast: Cast, role: Role) -> None:
    cast.sign_in(client, cast.person(f"{role}@example.org", role.value, roles=[role]))
    assert client.get("/staff/people").status_code == (200 if role in STAFF["grant_roles"] else 403)
    assert client.get("/staff/journal").status_code == (200 if role in STAFF["see_journal"] else 403)


def test_the_journal_filters_by_what_was_done_and_knows_no_other_filter(boss: TestClient) -> None:
    boss.post("/staff/people", data=YANN)
    assert "Yann Quéré" in boss.get("/staff/journal?about=account").text
    assert "Yann Quéré" not in boss.get("/staff/journal?about=proposal").text
    assert boss.get("/staff/journal?about=account'--").status_code == 422
    assert boss.get("/staff/journal?page=0").status_code == 422
    assert boss.get("/staff/journal?page=9999").status_code == 200

"""Pages of members: an invitation from its form to the desk, by mail; strangers see none of it (N08)."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.notifications.models import OutgoingMail
from app.unit import work
from tests.cast import PASSWORD, Cast


def last_mail(engine: Engine, name: str) -> OutgoingMail:
    with work(engine) as unit:
        return [one for one in unit.db.exec(select(OutgoingMail).order_by(OutgoingMail.id)) if one.name == name][-1]  # type: ignore[arg-type]


def path_in(mail: OutgoingMail, start: str) -> str:
    found = re.search(rf"({start}/\S+)", mail.body_text)
    assert found is not None
    return found[1]


def test_somebody_without_an_account_is_invited_registers_and_arrives_at_the_desk(client: TestClient, cast: Cast, engine: Engine) -> None:
    claire = cast.person()
    slug = cast.organisation(claire).slug
    cast.sign_in(client, claire)
    sent = client.post(f"/organisations/{slug}/invitations", data={"email": "Nouvelle@example.org", "role": "treasurer"})
    assert sent.status_code == 303
    assert "nouvelle@example.org" in client.get(f"/organisations/{slug}/members").text
    link = path_in(last_mail(engine, "invitation"), "/invitations")
    client.cookies.clear()
    seen = client.get(link)
    assert seen.status_code == 200
    assert f"/sign-in?next={link}" in seen.text
    client.post("/register", data={"name": "Nouvelle", "email": "nouvelle@example.org", "password": PASSWORD})
    confirmed = client.post(path_in(last_mail(engine, "confirm-address"), "/confirmations"))
    assert confirmed.headers["location"].startswith("/invitations")
    waiting = client.get("/invitations").text
    accept = re.search(r'action="(/invitations/\w+/acceptance)"', waiting)
    assert accept is not None
    joined = client.post(accept[1])
    assert joined.headers["location"].startswith(f"/organisations/{slug}/desk")
    assert client.get(f"/organisations/{slug}/desk").status_code == 200
    assert client.get(link).status_code == 409
    assert client.post(link).status_code == 409


def test_signing_in_leads_back_to_the_invitation(client: TestClient, cast: Cast, engine: Engine) -> None:
    claire, leo = cast.person(), cast.person("leo@example.org", "Léo")
    slug = cast.organisation(claire).slug
    cast.sign_in(client, claire)
    client.post(f"/organisations/{slug}/invitations", data={"email": leo.email, "role": "reader"})
    link = path_in(last_mail(engine, "invitation"), "/invitations")
    client.cookies.clear()
    assert client.post(link).headers["location"].startswith("/sign-in")
    answer = client.post("/sign-in", data={"email": leo.email, "password": PASSWORD, "next": link})
    assert answer.headers["location"] == link
    assert client.post(link).status_code == 303
    page = client.get(f"/organisations/{slug}/members").text
    assert f"/organisations/{slug}/invitations" not in page
    assert "Ces rôles le peuvent" in page
    for act in ("invitations", f"members/{claire.id}/removal", f"members/{leo.id}/role", "documents"):
        answer = client.post(f"/organisations/{slug}/{act}", data={"email": "x@example.org", "role": "representative"})
        assert answer.status_code in (403, 422), act


def test_an_invitation_opened_by_somebody_else_says_so_and_tells_no_address(client: TestClient, cast: Cast, engine: Engine) -> None:
    claire, leo = cast.person(), cast.person("leo@example.org", "Léo")
    slug = cast.organisation(claire).slug
    cast.sign_in(client, claire)
    client.post(f"/organisations/{slug}/invitations", data={"email": "mina@example.org", "role": "writer"})
    link = path_in(last_mail(engine, "invitation"), "/invitations")
    cast.sign_in(client, leo)
    seen = client.get(link)
    assert seen.status_code == 409
    assert "mina@example.org" not in seen.text
    assert client.post(link).status_code == 409
    assert client.get(f"/organisations/{slug}/desk").status_code == 404
    assert client.get("/invitations/" + "x" * 43).status_code == 404


@pytest.mark.parametrize("path", ["desk", "members", "documents"])
def test_the_inner_pages_are_missing_for_strangers(client: TestClient, cast: Cast, path: str) -> None:
    slug = cast.organisation(cast.person()).slug
    assert client.get(f"/organisations/{slug}/{path}").status_code in (303, 401)
    cast.sign_in(client, cast.person("leo@example.org", "Léo"))
    assert client.get(f"/organisations/{slug}/{path}").status_code == 404
    cast.sign_in(client, cast.official())
    assert client.get(f"/organisations/{slug}/{path}").status_code == 404


def test_the_last_representative_is_told_why_they_stay(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    slug = cast.organisation(claire).slug
    cast.sign_in(client, claire)
    for act, data in (("departure", {}), (f"members/{claire.id}/role", {"role": "reader"}), (f"members/{claire.id}/removal", {})):
        answer = client.post(f"/organisations/{slug}/{act}", data=data)
        assert answer.status_code == 422, act
        assert "Nommez d’abord" in answer.text, act
    assert client.post(f"/organisations/{slug}/members/{claire.id}/role", data={"role": "king"}).status_code == 422


def test_a_reader_reads_and_a_writer_writes_but_neither_submits(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    draft = cast.draft(claire).public_id
    organisation = cast.organisation(claire)
    for email, role, saves in (("reader@example.org", "reader", 403), ("writer@example.org", "writer", 303)):
        cast.sign_in(client, cast.member(organisation, cast.person(email, role), role))
        assert client.get(f"/files/{draft}/feedback").status_code == 200
        assert client.post(f"/files/{draft}/feedback", data={"feedback": role, "seen": "1"}).status_code == saves
        assert client.post(f"/files/{draft}/submission").status_code == 403
        assert client.post(f"/files/{draft}/withdrawal", data={"reason": ""}).status_code == 403
        assert client.post(f"/files/{draft}/commitment", data={"accepts": "yes"}).status_code == 403
        assert client.post(f"/files/{draft}/interests", data={"interests": "none"}).status_code == 403
        assert "Ces rôles le peuvent" in client.get(f"/files/{draft}/submission").text

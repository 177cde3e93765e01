"""A session that ends in the middle of a form: what was typed goes through the sign-in page and arrives."""

import html
import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from tests.cast import PASSWORD, Cast
from tests.conftest import Clock

TYPED = {"seen": "0", "then": "list", "feedback": "Une soirée\r\net un « repas » <b>"}
MAIL = "claire@example.org"


@pytest.fixture
def path(client: TestClient, cast: Cast, clock: Clock) -> str:
    """A draft whose carrier has been away for longer than a session lasts."""
    claire = cast.person()
    cast.sign_in(client, claire)
    path = f"/files/{cast.draft(claire, complete=False).public_id}"
    clock.now += timedelta(minutes=31)
    return path


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's own form (the header has forms too)."""
    page = page[page.index("<main") :]
    return {name: html.unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)}


def test_a_text_sent_after_the_session_ended_is_kept_through_signing_in(client: TestClient, path: str) -> None:
    asked = client.post(f"{path}/feedback", data=TYPED)
    assert asked.status_code == 401
    assert "Rien n’est perdu" in asked.text
    wrong = client.post("/sign-in", data=hidden(asked.text) | {"email": MAIL, "password": "autre chose"})
    assert wrong.status_code == 422
    again = client.post("/sign-in", data=hidden(wrong.text) | {"email": MAIL, "password": PASSWORD})
    assert f'action="{path}/feedback"' in again.text
    assert client.post(f"{path}/feedback", data=hidden(again.text)).headers["location"] == f"{path}?done=saved"
    assert "Une soirée\net un « repas » &lt;b&gt;" in client.get(f"{path}/feedback").text


def test_several_answers_under_one_name_are_all_kept(client: TestClient, path: str) -> None:
    asked = client.post(f"{path}/theme", data={"seen": "0", "sdgs": ["4", "6"]})
    assert re.findall(r'name="kept-sdgs" value="(\d+)"', asked.text) == ["4", "6"]


def test_a_password_is_never_shown_back_and_a_file_is_asked_for_again(client: TestClient, path: str) -> None:
    secret = client.post("/account/password", data={"current": "tout un secret", "password": "un autre secret"})
    assert (secret.status_code, secret.headers["location"]) == (303, "/sign-in?next=/account")
    referer = {"Referer": f"http://127.0.0.1:8000{path}/documents"}
    file = {"file": ("a.pdf", b"%PDF", "x/y")}
    alone = client.post("/account/password", data={"current": "x"}, files=file, headers=referer)
    assert alone.headers["location"] == f"/sign-in?next={path}/documents&lost=file"
    assert "Le fichier n’a pas été reçu" in client.get(alone.headers["location"]).text
    page = client.post(f"{path}/documents", data={"kind": "photo", "alt": "Deux femmes puisent"}, files=file, headers=referer)
    assert (page.status_code, "Le fichier n’a pas été reçu" in page.text) == (401, True)
    page = client.post("/sign-in", data=hidden(page.text) | {"email": MAIL, "password": "autre chose"})
    assert (page.status_code, "Le fichier n’a pas été reçu" in page.text) == (422, True)
    page = client.post("/sign-in", data=hidden(page.text) | {"email": MAIL, "password": PASSWORD})
    page = client.post(f"{path}/documents", data=hidden(page.text))
    assert (page.status_code, "Deux femmes puisent" in page.text) == (422, True), "the words are there, the file is to be chosen again"


def test_a_referer_of_another_site_leads_nowhere(client: TestClient, path: str) -> None:
    answer = client.post(f"{path}/submission", headers={"Referer": "https://example.net/piege"})
    assert answer.headers["location"] == "/sign-in?next=/account"


def test_what_is_kept_for_somebody_else_does_not_pass(client: TestClient, cast: Cast, path: str) -> None:
    asked = client.post(f"{path}/feedback", data=TYPED)
    cast.person("leo@example.org", "Léo")
    again = client.post("/sign-in", data=hidden(asked.text) | {"email": "leo@example.org", "password": PASSWORD})
    assert client.post(f"{path}/feedback", data=hidden(again.text)).status_code == 404


def test_htmx_is_told_in_place(client: TestClient, path: str) -> None:
    answer = client.post(f"{path}/budget/balance", data={"requested": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Reswap"] == "innerHTML"
    assert "<html" not in answer.text


def test_whoever_is_typing_stays_signed_in(client: TestClient, cast: Cast, clock: Clock) -> None:
    cast.sign_in(client, cast.person())
    for _ in range(4):
        clock.now += timedelta(minutes=20)
        assert client.post("/account/presence").status_code == 204
    assert client.get("/account").status_code == 200

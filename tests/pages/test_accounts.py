"""The pages of accounts, as a visitor uses them."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.accounts.models import Account, SignIn
from app.unit import work
from tests.accounts.letters import letters, path_in
from tests.cast import PASSWORD, Cast
from tests.conftest import Clock

NEW = "une toute autre phrase"
CLAIRE = {"name": "Claire Le Goff", "email": "claire@example.org", "password": PASSWORD}
XSS = "<img src=x onerror=alert(1)>'\"&"


def sign_in(client: TestClient, email: str = "claire@example.org", password: str = PASSWORD, **more: str) -> str:
    """Sign in by the form; return where the answer leads."""
    answer = client.post("/sign-in", data={"email": email, "password": password, **more})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_registering_confirming_and_signing_in_lead_to_ones_own_page(client: TestClient, engine: Engine) -> None:
    assert client.post("/register", data=CLAIRE).headers["location"] == "/register/sent"
    assert client.get("/register/sent").status_code == 200
    link = path_in(letters(engine)[0])
    assert "claire@example.org" in client.get(link).text
    answer = client.post(link)
    assert answer.headers["location"] == "/account?done=confirmed"
    assert "Claire Le Goff" in client.get("/account").text
    client.post("/sign-out")
    assert client.get("/account").headers["location"].startswith("/sign-in")
    assert sign_in(client) == "/account"


def test_a_mail_scanner_that_opens_the_link_confirms_nothing(client: TestClient, engine: Engine) -> None:
    client.post("/register", data=CLAIRE)
    link = path_in(letters(engine)[0])
    for _ in range(3):
        assert client.get(link).status_code == 200
    with work(engine, writing=False) as unit:
        assert unit.db.exec(select(Account)).one().confirmed_at is None
    assert client.post(link).status_code == 303
    assert client.get(link).status_code == client.post(link).status_code == 404


def test_an_unconfirmed_account_sees_what_to_do_and_can_have_the_link_again(client: TestClient, engine: Engine) -> None:
    client.post("/register", data=CLAIRE)
    assert sign_in(client, next="/files") == "/account"
    assert 'action="/confirmations"' in client.get("/account").text
    assert client.post("/confirmations").headers["location"] == "/account?done=sent"
    assert [mail.name for mail in letters(engine)] == ["confirm-address"] * 2
    assert client.post(path_in(letters(engine)[1])).status_code == 303


def test_a_refused_form_keeps_what_was_typed_but_never_a_password(client: TestClient) -> None:
    answer = client.post("/register", data={**CLAIRE, "email": "claire", "password": "motdepasse2026"})
    assert answer.status_code == 422
    assert 'value="Claire Le Goff"' in answer.text
    assert 'href="#f-email"' in answer.text
    assert "motdepasse2026" not in answer.text
    assert client.post("/register", data={**CLAIRE, "role": "administrator"}).status_code == 422


@pytest.mark.parametrize("there", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\t//evil.example"])
def test_signing_in_never_leads_off_the_site(client: TestClient, cast: Cast, there: str) -> None:
    cast.person()
    assert sign_in(client, next=there) == "/account"
    assert client.get("/sign-in", params={"next": there}).headers["location"] == "/account"
    assert client.post("/preferences", data={"theme": "dark", "back": there}).headers["location"] == "/"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client: TestClient, cast: Cast) -> None:
    cast.person()
    assert sign_in(client, next="/files?page=2") == "/files?page=2"


def test_the_cookie_of_the_session_is_out_of_reach_of_scripts_and_other_sites(client: TestClient, cast: Cast) -> None:
    cast.person()
    answer = client.post("/sign-in", data={"email": "claire@example.org", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "domain" not in cookie


def test_a_session_chosen_by_somebody_else_is_never_taken_over(client: TestClient, cast: Cast) -> None:
    cast.person()
    client.cookies.set("session", "chosen-by-an-attacker")
    sign_in(client)
    assert client.cookies.get("session", domain="127.0.0.1") not in (None, "chosen-by-an-attacker")
    client.cookies.clear()
    client.cookies.set("session", "chosen-by-an-attacker")
    assert client.get("/account").status_code == 303


def test_a_session_is_worth_nothing_after_signing_out(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.person())
    secret = client.cookies["session"]
    assert client.get("/account").status_code == 200
    client.post("/sign-out")
    client.cookies.clear()
    client.cookies.set("session", secret)
    assert client.get("/account").status_code == 303


def test_a_new_password_by_link_closes_every_session(client: TestClient, cast: Cast, engine: Engine) -> None:
    cast.sign_in(client, cast.person())
    assert client.post("/password-resets", data={"email": "Claire@example.org"}).headers["location"] == "/password-resets/sent"
    link = path_in(letters(engine)[0])
    assert client.get(link).status_code == 200
    assert client.post(link, data={"password": "court"}).status_code == 422
    assert client.post(link, data={"password": NEW, "email": "claire@example.org"}).headers["location"] == "/sign-in?done=password"
    assert client.get("/account").status_code == 303
    assert client.post(link, data={"password": PASSWORD}).status_code == 404
    assert sign_in(client, password=NEW)


def test_links_in_mails_lead_to_our_own_address_whatever_the_browser_says(client: TestClient, cast: Cast, engine: Engine) -> None:
    cast.person()
    elsewhere = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    client.post("/password-resets", data={"email": "claire@example.org"}, headers=elsewhere)
    assert "evil.example" not in letters(engine)[0].body_text + letters(engine)[0].body_html


def test_changing_the_password_keeps_this_browser_signed_in_under_a_new_session(client: TestClient, cast: Cast, engine: Engine) -> None:
    person = cast.person()
    cast.sign_in(client, person)
    before = client.cookies["session"]
    assert client.post("/account/password", data={"current": "pas le bon du tout", "password": NEW}).status_code == 422
    assert client.post("/account/password", data={"current": PASSWORD, "password": NEW}).status_code == 303
    with work(engine, writing=False) as unit:
        assert len(unit.db.exec(select(SignIn)).all()) == 1
    client.cookies.set("session", before)
    client.cookies.clear()
    client.cookies.set("session", before)
    assert client.get("/account").status_code == 303


def test_other_sessions_are_listed_and_can_be_closed(client: TestClient, cast: Cast, engine: Engine) -> None:
    person = cast.person()
    cast.sign_in(client, person)
    cast.sign_in(client, person)
    assert "/account/other-sessions" in client.get("/account").text
    client.post("/account/other-sessions")
    assert client.get("/account").status_code == 200
    with work(engine, writing=False) as unit:
        assert len(unit.db.exec(select(SignIn)).all()) == 1


def test_a_session_in_use_is_kept_alive_by_reading_pages(client: TestClient, cast: Cast, clock: Clock) -> None:
    cast.sign_in(client, cast.person())
    for _ in range(4):
        clock.now += timedelta(minutes=20)
        assert client.get("/account").status_code == 200
    clock.now += timedelta(minutes=30)
    assert client.get("/account").status_code == 303


def test_too_many_tries_are_answered_with_the_time_of_the_next(client: TestClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.person()
    monkeypatch.setattr("app.accounts.passwords.verify", lambda password, kept: False)
    wrong = {"email": "claire@example.org", "password": "une phrase fausse"}
    assert [client.post("/sign-in", data=wrong).status_code for _ in range(11)] == [422] * 10 + [429]
    assert "11\u00a0h\u00a015" in client.post("/sign-in", data=wrong).text


def test_a_name_is_text_wherever_it_stands(client: TestClient, cast: Cast, engine: Engine) -> None:
    person = cast.person("boss@example.org", XSS, roles=["administrator"])
    cast.sign_in(client, person)
    client.post("/staff/people", data={"name": XSS, "email": "yann@example.org", "role": "observer"})
    for path in ("/account", "/staff/people", "/staff/journal"):
        assert "<img src=x" not in client.get(path).text
        assert "&lt;img src=x" in client.get(path).text
    assert "<img src=x" not in letters(engine)[0].body_html


def test_the_profile_changes_name_and_language(client: TestClient, cast: Cast, engine: Engine) -> None:
    cast.sign_in(client, cast.person())
    assert client.post("/account/profile", data={"name": "Klara", "language": "xx"}).status_code == 422
    assert client.post("/account/profile", data={"name": "", "language": "en"}).status_code == 422
    assert client.post("/account/profile", data={"name": "Klara", "language": "en"}).status_code == 303
    assert "Klara" in client.get("/account").text


def test_language_and_colours_are_kept_in_cookies_and_nothing_else_is(client: TestClient) -> None:
    assert 'lang="fr"' in client.get("/sign-in").text
    assert client.post("/preferences", data={"language": "en", "back": "/sign-in"}).headers["location"] == "/sign-in"
    client.post("/preferences", data={"theme": "dark"})
    page = client.get("/sign-in").text
    assert 'lang="en"' in page
    assert 'data-theme="dark"' in page
    client.post("/preferences", data={"language": "<script>", "theme": "pink"})
    assert client.get("/sign-in").text == page

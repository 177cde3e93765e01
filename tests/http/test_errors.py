"""Each refusal is a page in the visitor's language that says what happened and what to do; without a database too."""

import html
import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.core.messages import say
from app.core.problems import Conflict, Problem, Refused
from app.database import make_engine
from app.http.audience import EVERYONE
from app.main import create_app
from tests.cast import Cast

LANGUAGES = {"fr": "Revenir à l’accueil", "en": "Back to the home page"}
NOWHERE = "postgresql://nobody@127.0.0.1:9/nothing"


@pytest.fixture
def app(own_app: FastAPI) -> FastAPI:
    """A route is added below, so the application is not one that other tests use."""
    return own_app


class TooMany(Problem):
    """As a limit says it."""

    status = 429
    retry_after = 600


@pytest.fixture
def anyone(app: FastAPI) -> Iterator[TestClient]:
    """Somebody who sees an answer as the world would, and addresses that go wrong."""

    def too_many() -> None:
        raise TooMany(say("Too many tries in a short time. Wait a few minutes."))

    def overtaken() -> None:
        raise Conflict(say("The file was changed while you were reading. Read it again, then decide."))

    def not_now() -> None:
        raise Refused(say("This file can no longer be changed. State: %(state)s.", state=say("Submitted")))

    app.add_api_route("/not-now", not_now, dependencies=[EVERYONE])
    app.add_api_route("/overtaken", overtaken, dependencies=[EVERYONE])
    app.add_api_route("/breaks", lambda: 1 / 0, dependencies=[EVERYONE])
    app.add_api_route("/limited", too_many, dependencies=[EVERYONE])
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


def told(client: TestClient, path: str, status: int, language: str = "fr", method: str = "GET") -> str:
    """The words of an error page, and that it is a whole page."""
    answer = client.request(method, path, headers={"Accept-Language": language, "Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == status, answer.text[:500]
    assert f'<html lang="{language}"' in answer.text
    assert answer.text.count("<h1") == 1
    assert 'class="actions"' in answer.text
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_error_is_a_page_in_the_visitors_language_with_a_way_on(anyone: TestClient, cast: Cast, language: str) -> None:
    cast.edition()
    asked = {"/no/such/page": 404, "/editions/rennes-2027/projects?order=99": 422, "/limited": 429, "/breaks": 500}
    for path, status in asked.items():
        words = told(anyone, path, status, language)
        assert LANGUAGES[language] in words, path
    cast.sign_in(anyone, cast.person())
    assert LANGUAGES[language] in told(anyone, "/staff/people", 403, language)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_each_says_what_to_do(anyone: TestClient, cast: Cast) -> None:
    cast.edition()
    assert "chercher un projet" in told(anyone, "/no/such/page", 404).lower()
    assert "Ouvrir la page sans ces choix" in told(anyone, "/editions/rennes-2027/projects?order=99", 422)
    assert "dans 10 minutes" in told(anyone, "/limited", 429)
    assert anyone.get("/limited").headers["retry-after"] == "600"
    assert "Réessayer" in told(anyone, "/breaks", 500)
    cast.sign_in(anyone, cast.person())
    assert "demandez à un·e administrateur·rice" in told(anyone, "/staff/people", 403)
    assert "administrateur·rice" not in told(anyone, "/not-now", 403), "what a carrier may not do is no role of the city"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_comes_too_late_is_led_back_to_the_page_as_it_is_now(anyone: TestClient) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Referer": "http://127.0.0.1:8000/sponsorships/abcdefgh?done=saved"}
    assert 'href="/sponsorships/abcdefgh"' in anyone.get("/overtaken", headers=headers).text
    assert "Revenir à l’accueil" in told(anyone, "/overtaken", 409)


@pytest.mark.parametrize("path", ["/", "/editions", "/projects/abc", "/editions/a/vote", "/receipts/abcdefgh"])
def test_without_a_database_a_plain_page_says_when_to_come_back(path: str) -> None:
    with TestClient(create_app(make_engine(NOWHERE)), follow_redirects=False) as client:
        answer = client.get(path, headers={"Accept-Language": "fr"})
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert "ne peut pas atteindre ses données" in html.unescape(answer.text)
        assert "127.0.0.1:9" not in answer.text
        assert answer.headers["cache-control"] in ("no-store", "private, no-cache")


def test_without_a_database_a_program_is_told_the_same() -> None:
    with TestClient(create_app(make_engine(NOWHERE))) as client:
        answer = client.get("/api/v1/editions", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert answer.json()["detail"].startswith("The site cannot reach its data")


def test_a_session_is_asked_for_nothing_on_the_page_without_a_database() -> None:
    with TestClient(create_app(make_engine(NOWHERE)), cookies={"session": "x" * 43}) as client:
        assert client.get("/account").status_code == 503


def test_a_database_whose_migrations_are_pending_is_being_brought_up_to_date(engine: Engine, client: TestClient) -> None:
    with engine.execution_options(migrating=True, writing=True).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE programme RENAME TO programme_before")
    try:
        answer = client.get("/editions", headers={"Accept-Language": "fr"})
    finally:
        with engine.execution_options(migrating=True, writing=True).begin() as connection:
            connection.exec_driver_sql("ALTER TABLE programme_before RENAME TO programme")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "120")
    assert "en cours de mise à jour" in html.unescape(answer.text)


def test_a_new_database_without_tables_is_told_the_same(tmp_path: object) -> None:
    with TestClient(create_app(make_engine(f"sqlite:///{tmp_path}/empty.db"))) as client:
        assert "brought up to date" in client.get("/", headers={"Accept-Language": "en"}).text

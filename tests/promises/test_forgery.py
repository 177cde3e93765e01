"""No other site can make a visitor's browser change anything here: every unsafe route, every way to forge (T25, N18)."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from tests.cast import Cast

FORGED = {
    "no header at all": {},
    "a foreign origin": {"Origin": "https://evil.example"},
    "a foreign origin that starts like ours": {"Origin": "http://127.0.0.1:8000.evil.example"},
    "the null origin": {"Origin": "null"},
    "an empty origin": {"Origin": ""},
    "another site": {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    "another site that claims our origin": {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"},
    "a sister site": {"Sec-Fetch-Site": "same-site", "Origin": "http://autre.127.0.0.1:8000"},
    "JSON disguised as text": {"Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"},
    "a method in a header": {"Sec-Fetch-Site": "cross-site", "X-HTTP-Method-Override": "GET"},
}
WITHOUT_FORM = {"/sign-out", "/confirmations", "/account/other-sessions"}
"""Routes that read no form at all: whatever the body says, nobody looks at it."""
OURS = {"Sec-Fetch-Site": "same-origin"}


def routes_of_templates(app: FastAPI) -> list[tuple[str, set[str]]]:
    """Every route of every router: its path as written, and its methods."""
    found = [route for route in iter_route_contexts(app.routes) if isinstance(route.original_route, APIRoute)]
    return [(route.path, set(route.methods)) for route in found]


def routes_of(app: FastAPI) -> list[tuple[str, set[str]]]:
    """Every route of every router: its path, each parameter filled in, and its methods."""
    return [(re.sub(r"\{[^}]+\}", "1", path), methods) for path, methods in routes_of_templates(app)]


def unsafe_routes(app: FastAPI) -> list[tuple[str, str]]:
    """Every (method, path) that may change something; there is no list of exceptions."""
    return [(method, path) for path, methods in routes_of(app) for method in sorted(methods - {"GET", "HEAD", "OPTIONS"})]


@pytest.fixture
def bare(app: FastAPI, cast: Cast) -> Iterator[TestClient]:
    """The browser of an administrator, made to send only the headers that each test adds."""
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        cast.sign_in(client, cast.person(roles=["administrator"]))
        yield client


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that reach the database."""
    seen: list[str] = []

    def _note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", _note)
    yield seen
    event.remove(engine, "before_cursor_execute", _note)


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
def test_a_forged_request_is_refused_before_anything_is_read(
    bare: TestClient, app: FastAPI, statements: list[str], headers: dict[str, str]
) -> None:
    routes = unsafe_routes(app)
    assert len(routes) > 10
    statements.clear()
    accepted = [route for route in routes if bare.request(*route, headers=headers, content="a=1").status_code != 403]
    assert accepted == []
    assert statements == []


def test_a_body_that_is_no_form_is_refused_even_from_our_own_pages(bare: TestClient, app: FastAPI) -> None:
    accepted = [
        (method, path, kind)
        for method, path in unsafe_routes(app)
        for kind in ("text/plain", "application/json")
        if path not in WITHOUT_FORM
        and bare.request(method, path, headers={**OURS, "Content-Type": kind}, content='{"role": "administrator"}').status_code < 400
    ]
    assert accepted == []


def test_no_route_changes_anything_when_it_is_only_read(bare: TestClient, app: FastAPI, statements: list[str]) -> None:
    reading = {path for path, methods in routes_of(app) if "GET" in methods}
    for path in sorted({path for _, path in unsafe_routes(app)} | reading):
        statements.clear()
        answer = bare.get(path)
        assert path in reading or answer.status_code in (404, 405, 422), path
        assert not [told for told in statements if told.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))], path

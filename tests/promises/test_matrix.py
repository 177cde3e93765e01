"""Who may open what: every route by every role, compared with a table that people review (matrix.txt)."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.core.permissions import Role
from app.http.audience import api_routes
from tests.cast import Cast

TABLE = Path(__file__).parent / "matrix.txt"
EVERY_ROLE = tuple(role.value for role in Role)


def rows() -> dict[tuple[str, str], str]:
    """(method, path) -> who: "everyone", "signed in", or the roles."""
    lines = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {(method, path): who for method, path, who in (re.split(r"\s+", line, maxsplit=2) for line in lines)}


def routes(app: FastAPI) -> list[tuple[str, str]]:
    return sorted((method, path) for path, route in api_routes(app) for method in (route.methods or set()) - {"HEAD", "OPTIONS"})


def test_each_route_has_its_row_and_each_row_its_route(app: FastAPI) -> None:
    assert set(routes(app)) == set(rows())


def opens(client: TestClient, method: str, path: str) -> bool:
    """Whether the door lets somebody in; what stands behind may well be missing (404) or refuse the empty form (422)."""
    address = re.sub(r"\{[^}]+\}", "1", path)
    answer = client.request(method, address, headers={"X-Forwarded-For": "192.0.2.1"})
    assert answer.status_code < 500, (method, path, answer.text[:300])
    sent_away = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    return not sent_away and answer.status_code not in (401, 403)


@pytest.mark.parametrize("who", ["visitor", "carrier", *EVERY_ROLE])
def test_every_route_opens_to_those_in_the_table_and_to_nobody_else(app: FastAPI, client: TestClient, cast: Cast, who: str) -> None:
    if who != "visitor":
        roles = (who,) if who in EVERY_ROLE else ()
        person = cast.person(f"{who}@example.org", roles=roles)
    wrong = []
    for (method, path), allowed in rows().items():
        client.cookies.clear()
        if who != "visitor":
            cast.sign_in(client, person)
        expected = allowed == "everyone" or (allowed == "signed in" and who != "visitor") or who in allowed.split()
        if opens(client, method, path) != expected:
            wrong.append(f"{method} {path}: {who} {'should' if expected else 'should not'} pass")
    assert wrong == []


def test_the_table_names_only_known_roles() -> None:
    for key, who in rows().items():
        assert who in ("everyone", "signed in") or set(who.split()) <= set(EVERY_ROLE), key

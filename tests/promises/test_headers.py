"""Every answer carries the safety headers, whatever it is about; the policy allows nothing inline and nothing foreign (T18)."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.http.quiet import policy
from app.http.safety import HEADERS, POLICY
from tests.cast import Cast
from tests.promises.test_forgery import routes_of

OURS = {"Sec-Fetch-Site": "same-origin"}
POLICIES = {POLICY, *(policy(framed=framed, frames=frames) for framed in (True, False) for frames in (True, False))}


@pytest.fixture
def app(own_app: FastAPI) -> FastAPI:
    """A route is added below, so the application is not one that other tests use."""
    return own_app


@pytest.fixture
def anyone(app: FastAPI, cast: Cast) -> Iterator[TestClient]:
    """The browser of an administrator, with one route of ours that breaks; it sees the answer as the world would."""
    app.add_api_route("/breaks", lambda: 1 / 0)
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False, raise_server_exceptions=False) as client:
        cast.edition()
        cast.sign_in(client, cast.official())
        yield client


def test_every_answer_carries_every_safety_header(anyone: TestClient, app: FastAPI) -> None:
    asked = [(method, path) for path, methods in routes_of(app) for method in sorted(methods)]
    asked += [("GET", one) for one in ("/static/app.css", "/static/none.css", "/no/such/page", "/breaks", "/?%00", "/api/v1/openapi.json")]
    asked += [("GET", "/editions/rennes-2027"), ("DELETE", "/"), ("OPTIONS", "/"), ("HEAD", "/"), ("PUT", "/files/1"), ("GET", "/api/none")]
    statuses, bare = set(), []
    for method, path in asked:
        for sent in (OURS, {}, {**OURS, "Content-Length": "99999999999"}):
            answer = anyone.request(method, path, headers=sent)
            statuses.add(answer.status_code)
            bare += [(method, path, name) for name in (*HEADERS, "Cache-Control") if name not in answer.headers]
            if answer.headers["Content-Security-Policy"] not in POLICIES:
                bare.append((method, path, answer.headers["Content-Security-Policy"]))
    assert bare == []
    assert {200, 303, 403, 404, 405, 413, 422, 500} <= statuses


@pytest.mark.parametrize("text", sorted(POLICIES))
def test_the_policy_allows_nothing_inline_and_nothing_foreign(text: str) -> None:
    assert text.startswith("default-src 'none'; ")
    for part in text.split("; "):
        assert not re.search(r"unsafe|\*|http|blob:|strict-dynamic|nonce", part)
        assert "data:" not in part or part.startswith("img-src ")
    assert not re.search(r"(script|object|frame)-src[^;]*data:", text)


def test_an_error_of_ours_is_a_page_in_words_and_tells_nothing_of_the_inside(anyone: TestClient) -> None:
    answer = anyone.get("/breaks", headers={"Accept-Language": "fr"})
    assert answer.status_code == 500
    assert "de notre côté" in answer.text
    assert "ZeroDivisionError" not in answer.text

"""Answers are compressed, but for those whose length would tell a secret."""

import gzip

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.datastructures import Headers

from app.core.permissions import Role
from app.http.compression import may_compress, takes_gzip
from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.poll import OpenPoll

HOME = "/editions/rennes-2027"
GZIP = {"Accept-Encoding": "gzip"}
SAME, CROSS = {"cookie": "session=x", "sec-fetch-site": "same-origin"}, {"cookie": "session=x", "sec-fetch-site": "cross-site"}


@pytest.fixture
def poll(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> OpenPoll:
    monkeypatch.setattr("app.voting.clock.told", lambda: clock.now)
    return OpenPoll(cast, clock.now)


def packed(client: TestClient, path: str, **more: str) -> bool:
    return client.get(path, headers=GZIP | more).headers.get("content-encoding") == "gzip"


def test_public_pages_styles_and_the_booth_are_compressed(client: TestClient, poll: OpenPoll) -> None:
    for path in ("/", HOME, f"{HOME}/vote?lang=fr", f"/projects/{poll.ids[0]}", "/static/app.css", "/api/v1/openapi.json", "/no/such/page"):
        assert packed(client, path), path
    assert client.post(f"{HOME}/vote", data={"order": "1", "add": poll.ids[0]}, headers=GZIP).headers["content-encoding"] == "gzip"


def test_pages_with_secrets_are_not(client: TestClient, poll: OpenPoll) -> None:
    receipt = client.post(f"{HOME}/ballot", data=poll.form(1)).headers["location"]
    for path in (receipt, "/sign-in", "/register", f"{HOME}/identification?lang=fr", "/static/vendor/fonts/figtree-latin.woff2"):
        assert not packed(client, path), path
    review = client.post(f"{HOME}/vote/review", data={"order": "1", "choice": poll.ids[:3]}, headers=GZIP)
    assert review.status_code in (200, 303)
    assert "content-encoding" not in review.headers


def test_what_another_site_makes_a_browser_with_a_session_ask_for_is_not(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official(Role.ADMINISTRATOR))
    assert packed(client, "/staff")
    for site in ("cross-site", "same-site"):
        assert not packed(client, "/staff", **{"Sec-Fetch-Site": site})
    assert not may_compress("/projects", Headers({"cookie": "session=x"}))


@pytest.mark.parametrize(
    "path",
    ["/receipts/abc", "/partner/tok", "/following/tok/end", "/editions/a/ballot-change", "/staff/editions/a/box", "/staff/editions/a/codes",
     "/password-resets/tok", "/invitations/tok", "/account", "/editions/a/identification/code", "/files/1/partner-link", "/documents/1"],
)  # fmt: skip
def test_these_addresses_are_never_compressed(path: str) -> None:
    assert not may_compress(path, Headers({}))
    assert not may_compress(path, Headers(SAME))


def test_a_preference_kept_in_a_cookie_forbids_nothing_on_our_own_pages() -> None:
    assert may_compress("/projects/a", Headers(SAME))
    assert not may_compress("/projects/a", Headers(CROSS))


@pytest.mark.parametrize(
    ("header", "taken"), [("gzip, br", True), ("br;q=1, gzip;q=0.5", True), ("gzip;q=0", False), ("", False), ("x-gzip", False)]
)
def test_what_a_browser_accepts(header: str, taken: bool) -> None:
    assert takes_gzip(header) == taken


def test_a_kept_page_is_packed_once_and_the_same_inside(client: TestClient, app: FastAPI, cast: Cast) -> None:
    cast.edition()
    plain = client.get("/", headers={"Accept-Encoding": "identity"})
    with client.stream("GET", "/", headers=GZIP) as answer:
        raw = b"".join(answer.iter_raw())
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 2
    assert answer.headers["etag"] != plain.headers["etag"]
    for tag in (answer.headers["etag"], plain.headers["etag"]):
        assert client.get("/", headers=GZIP | {"If-None-Match": tag}).status_code == 304

"""The ballot and its receipt are answered without a search for their route, and otherwise as if there were one."""

import pytest
from fastapi import FastAPI, Response
from fastapi.testclient import TestClient
from httpx2 import Response as Answer
from starlette.routing import Router

from app.http.audience import api_routes
from app.http.safety import HEADERS
from app.http.short_way import ShortWay
from app.pages import straight_routes
from app.pages.straight import StraightRoute
from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.poll import OpenPoll

BALLOT = "/editions/rennes-2027/ballot"


@pytest.fixture
def poll(cast: Cast, clock: Clock) -> OpenPoll:
    return OpenPoll(cast, clock.now)


def answers(client: TestClient, poll: OpenPoll) -> list[Answer]:
    """A ballot cast (or sent again), its receipt, a receipt that is none, a ballot without a key."""
    cast = client.post(BALLOT, data=poll.form(1))
    others = client.get(cast.headers["location"]), client.get("/receipts/0000000000000000")
    return [cast, *others, client.post(BALLOT, data=poll.form(2) | {"credential": ""})]


def test_every_straight_route_goes_the_short_way(app: FastAPI) -> None:
    assert [route for _, route in api_routes(app) if isinstance(route, StraightRoute)] == straight_routes
    paths = {f"{route.path} {' '.join(route.methods or ())}" for route in straight_routes}
    assert paths == {"/editions/{slug}/ballot POST", "/receipts/{code} GET"}
    assert any(layer.cls is ShortWay for layer in app.user_middleware)


def test_the_short_way_and_the_long_one_give_the_same_answer(client: TestClient, poll: OpenPoll, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    search = Router.__call__

    async def searching(router: Router, scope: dict[str, object], *more: object) -> None:
        asked.append(str(scope["path"]))
        await search(router, scope, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Router, "__call__", searching)
    short = answers(client, poll)
    assert asked == []
    monkeypatch.setattr(ShortWay, "__call__", lambda layer, *what: layer.app(*what))
    long = answers(client, poll)
    assert len(asked) == 4
    for one, other in zip(short, long, strict=True):
        head = [(name, text) for name, text in one.headers.items() if name != "content-length"]
        assert head == [(name, text) for name, text in other.headers.items() if name != "content-length"]
        assert one.status_code == other.status_code
        assert one.text == other.text or one.status_code == 422, "a review draws its seed anew"
    assert [one.status_code for one in short] == [303, 200, 404, 422]


def test_other_methods_and_longer_addresses_are_left_to_the_search(client: TestClient, poll: OpenPoll) -> None:
    receipt = client.post(BALLOT, data=poll.form(1)).headers["location"].partition("?")[0]
    assert client.get(BALLOT).headers["location"] == "/editions/rennes-2027/vote"
    assert client.put(BALLOT).status_code == 405
    assert client.get(f"{receipt}/receipt.json").json()["kind"] == "quotepart-receipt/1"
    assert client.get(f"{receipt}/nothing").status_code == 404


def test_an_error_nobody_foresaw_is_answered_on_the_short_way_too(app: FastAPI, poll: OpenPoll, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Response:
        raise RuntimeError("never seen before")

    receipt = TestClient(app, follow_redirects=False, headers={"origin": "http://testserver"}).post(BALLOT, data=poll.form(1))
    monkeypatch.setattr("app.pages.receipts.paper_holding", broken)
    answer = TestClient(app, raise_server_exceptions=False).get(receipt.headers["location"])
    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    assert "<h1" in answer.text
    assert "never seen before" not in answer.text

"""The ballot door for programs: same verb, same receipt, no cookie."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.exc import DataError

from app.core.ballots import Approval
from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.poll import SEED, OpenPoll

DOOR = "/api/v1/editions/rennes-2027/ballot"


@pytest.fixture
def poll(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> OpenPoll:
    monkeypatch.setattr("app.voting.clock.told", lambda: clock.now)
    return OpenPoll(cast, clock.now, style=Approval(min_choices=2, max_choices=3))


def ballot(poll: OpenPoll, number: int = 1, **more: Any) -> dict[str, Any]:
    return {"credential": poll.key(number), "choices": poll.ids[:3], "seed": SEED} | more


def test_the_paper_says_the_rule_and_the_projects(poll: OpenPoll, client: TestClient) -> None:
    paper = client.get(DOOR).json()
    assert [one["id"] for one in paper["projects"]] == poll.ids
    assert (paper["most_choices"], paper["most_money"]) == (3, None)
    assert paper["rule"] == "Choisissez 2 à 3 projets."


def test_a_ballot_sent_twice_gives_one_receipt_and_any_other_is_refused(poll: OpenPoll, client: TestClient) -> None:
    first = client.post(DOOR, json=ballot(poll))
    assert first.status_code == 200, first.text
    assert client.post(DOOR, json=ballot(poll)).json() == first.json()
    assert client.get(f"/receipts/{first.json()['tracking_code']}").status_code == 200
    again = client.post(DOOR, json=ballot(poll, choices=poll.ids[1:4]))
    assert (again.status_code, again.headers["content-type"]) == (409, "application/problem+json")


@pytest.mark.parametrize(
    "change",
    [{"choices": ["nothing"]}, {"credential": "0" * 64}, {"seed": "short"}, {"choices": []} | {"voter": "Claire"}, {"choices": "all"}],
)
def test_a_faulty_ballot_is_refused_with_a_sentence(poll: OpenPoll, client: TestClient, change: dict[str, Any]) -> None:
    answer = client.post(DOOR, json=ballot(poll) | change)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_ballot_after_the_end_is_refused_and_one_before_the_poll_is_fixed_too(
    poll: OpenPoll, cast: Cast, client: TestClient, clock: Clock
) -> None:
    clock.now = poll.closes
    assert client.post(DOOR, json=ballot(poll)).status_code == 403
    cast.edition(slug="not-fixed")
    assert client.get(DOOR.replace("rennes-2027", "not-fixed")).status_code == 403
    assert client.get(DOOR.replace("rennes-2027", "none")).status_code == 404


def test_no_cookie_is_set_and_a_session_is_not_even_read(poll: OpenPoll, client: TestClient) -> None:
    client.cookies.set("session", "x" * 43)
    answer = client.post(DOOR, json=ballot(poll))
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers


def test_an_error_of_the_database_is_not_logged_with_the_ballot(
    poll: OpenPoll, client: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise DataError("INSERT", {"sealed": poll.ids[0]}, ValueError(poll.ids[0]))

    monkeypatch.setattr("app.voting.service.cast", fails)
    assert client.post(DOOR, json=ballot(poll)).status_code == 503
    assert poll.ids[0] not in caplog.text
    assert "ValueError" in caplog.text

"""The receipt says what it proves and what not, as the vote publishes its ballots; its file is a promise that the city has signed."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from app import keyring
from app.core.transparency import Promise, is_signed
from app.core.verification import read_receipt
from app.core.verification.receipt import Receipt
from tests.cast import Cast
from tests.conftest import Clock
from tests.pages.test_booth import text
from tests.voting.poll import OpenPoll

SAID = {"open": "chaque bulletin est publié avec son code", "discreet": "publiés à part de leurs codes"}


@pytest.fixture(autouse=True)
def database_clock(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Clock:
    monkeypatch.setattr("app.voting.clock.told", lambda: clock.now)
    return clock


@pytest.mark.parametrize("mode", SAID)
def test_the_page_says_what_a_code_will_show_after_the_opening(client: TestClient, cast: Cast, clock: Clock, mode: str) -> None:
    poll = OpenPoll(cast, clock.now, safekeeping={"publication": mode})
    page = client.get(client.post("/editions/rennes-2027/ballot", data=poll.form()).headers["location"])
    assert [name for name, words in SAID.items() if words in text(page)] == [mode]
    assert "dans le journal public le 1er décembre 2026 à 11 h 15 au plus tard" in text(page)
    assert len(page.content) <= 5_000


def test_the_file_is_a_promise_signed_by_the_city(client: TestClient, cast: Cast, clock: Clock) -> None:
    poll = OpenPoll(cast, clock.now)
    address = client.post("/editions/rennes-2027/ballot", data=poll.form()).headers["location"].partition("?")[0]
    receipt = read_receipt(client.get(f"{address}/receipt.json").text)
    assert isinstance(receipt, Receipt)
    assert receipt.promise.tracking_code == address[10:]
    assert is_signed(receipt.promise, receipt.signature, keyring.receipt_public())
    other = Promise(receipt.promise.election_hash, "0" * 64, receipt.promise.merge_by)
    assert not is_signed(other, receipt.signature, keyring.receipt_public())
    assert receipt.signature in client.get(address).text

"""T26: before the close nothing anywhere tells what was chosen: no page, no log line, no error, no row beside a person."""

import logging
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Cookies
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from app.core.permissions import Role
from app.http.audience import api_routes
from app.unit import work
from app.voting.models import CastBallot, SpentCredential
from tests.cast import Cast
from tests.statements import ballots_engine, by_threads
from tests.voting.poll import OpenPoll, all_rows

BALLOT = "/editions/rennes-2027/ballot"


def addresses(app: FastAPI, poll: OpenPoll) -> list[str]:
    """Every address that can be read, with the edition, and each project in turn where one is asked for."""
    # A PDF bears the instant at which it was made; the page it is made of is looked at.
    paths = sorted(path for path, route in api_routes(app) if "GET" in route.methods and not path.endswith(".pdf"))
    assert len(paths) > 150
    filled = [path.replace("{slug}", "rennes-2027").replace("{public_id}", poll.ids[0]) for path in paths if "sign-out" not in path]
    return [re.sub(r"\{[^}]+\}", "1", path) for path in filled]


def test_no_page_changes_with_what_was_chosen_whoever_looks(app: FastAPI, client: TestClient, poll: OpenPoll, cast: Cast) -> None:
    """The same number of ballots with other choices leaves every page as it was, for every role at once and for a visitor."""
    cast.sign_in(client, cast.official(*Role, email="everyone@example.org"))
    signed_in, vary = dict(client.cookies), re.compile(r"[a-zA-Z0-9_-]{26}|/projects\?order=\d+")

    def seen() -> dict[str, str]:
        found = {}
        for cookies in ({}, signed_in):
            client.cookies = Cookies(cookies)
            for path in addresses(app, poll):
                answer = client.get(path + ("?order=1&lang=fr" if path.endswith("/vote") else ""))
                found[f"{path} {bool(cookies)}"] = vary.sub("", answer.headers.get("location", "") + answer.text)
        client.cookies = Cookies()
        return found

    assert client.post(BALLOT, data=poll.form(1, choices=poll.ids[:3])).status_code == 303
    before = seen()
    with work(cast.engine) as unit:
        (ballot,) = all_rows(unit, CastBallot)
        unit.db.delete(ballot)
        unit.db.delete(all_rows(unit, SpentCredential)[0])
    assert client.post(BALLOT, data=poll.form(1, choices=poll.ids[3:8])).status_code == 303
    after = seen()
    assert {path for path, text in before.items() if after[path] != text} == set()


def test_no_row_outside_the_box_changes_when_a_ballot_is_cast(poll: OpenPoll, client: TestClient, engine: Engine) -> None:
    def rows() -> dict[str, int]:
        with engine.connect() as connection:
            return {table.name: len(connection.execute(table.select()).all()) for table in SQLModel.metadata.sorted_tables}

    before = rows()
    client.post(BALLOT, data=poll.form())
    after = rows()
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {"cast_ballot": 1, "spent_credential": 1}


@pytest.mark.parametrize("threads", [False, True], ids=["loop", "threads"])
@pytest.mark.parametrize("fails_at", ["cast_ballot", "spent_credential"])
def test_an_error_at_the_box_is_logged_without_a_word_of_the_ballot(
    poll: OpenPoll, client: TestClient, app: FastAPI, caplog: pytest.LogCaptureFixture, fails_at: str, threads: bool
) -> None:
    if threads:
        by_threads(app)
    def fail(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if f"INSERT INTO {fails_at} " in statement:
            raise OperationalError(statement, parameters, Exception(f"disk full near {parameters}"))

    listened = ballots_engine(app)
    event.listen(listened, "before_cursor_execute", fail)
    try:
        with caplog.at_level(logging.DEBUG):
            answer = client.post(BALLOT, data=poll.form())
    finally:
        event.remove(listened, "before_cursor_execute", fail)
    assert answer.status_code == 503
    assert "nous ne pouvons pas dire si votre vote a été enregistré" in answer.text
    words = [*poll.ids, poll.key(), poll.form()["seed"]]
    assert not any(word in caplog.text + answer.text for word in words)
    again = client.post(BALLOT, data=poll.form())
    assert again.status_code == 303
    assert not any(word in caplog.text for word in words)


def test_an_error_after_the_ballot_was_kept_never_says_that_nothing_was_recorded(
    app: FastAPI, poll: OpenPoll, client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object, **_more: object) -> None:
        raise RuntimeError("no answer could be made")

    monkeypatch.setattr("app.pages.booth.RedirectResponse", fail)
    stranger = TestClient(app, base_url=str(client.base_url), headers=dict(client.headers), raise_server_exceptions=False)
    answer = stranger.post(BALLOT, data=poll.form())
    assert answer.status_code == 500
    with work(engine, writing=False) as unit:
        assert len(all_rows(unit, CastBallot)) == 1
    assert "nous ne pouvons pas dire si votre vote a été enregistré" in answer.text


def test_the_way_of_the_ballot_reads_and_sets_no_cookie(poll: OpenPoll, client: TestClient, cast: Cast) -> None:
    """Somebody signed in, with another language and dark colours, gets the very page a stranger gets."""
    path = "/editions/rennes-2027/vote?lang=fr&order=1"
    seed = re.compile(r"[A-Za-z0-9_-]{26}")
    stranger = seed.sub("", client.get(path).text)
    cast.sign_in(client, cast.person())
    client.cookies.set("language", "en")
    client.cookies.set("theme", "dark")
    known = client.get(path)
    assert seed.sub("", known.text) == stranger
    sent = client.post(BALLOT, data=poll.form())
    assert not any("set-cookie" in answer.headers for answer in (known, sent, client.get(sent.headers["location"])))

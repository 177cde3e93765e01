"""The ballot's path on the event loop: only its connection is waited for there, and it is left to threads wherever it cannot be had."""

import asyncio
import threading
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError

from app import database
from app.database import box_engine, make_engine
from app.http import looks
from app.http.looks import KEPT_FOR
from app.loop_box import loop_box
from tests.cast import Cast
from tests.conftest import Clock
from tests.statements import ballots_engine, on_a_loop
from tests.voting.poll import OpenPoll

BALLOT = "/editions/rennes-2027/ballot"
NUMBER = text("SELECT pg_backend_pid()")


@pytest.fixture
def poll(cast: Cast, clock: Clock) -> OpenPoll:
    return OpenPoll(cast, clock.now)


@pytest.fixture
def postgres(_postgres_url: str) -> Engine:
    return make_engine(_postgres_url)


def test_ballots_wait_on_the_loop_and_refusals_are_drawn_on_a_thread(
    client: TestClient, app: FastAPI, poll: OpenPoll, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, str] = {}
    event.listen(ballots_engine(app), "before_cursor_execute", lambda *_: seen.setdefault("ballot", threading.current_thread().name))
    event.listen(app.state.engine, "before_cursor_execute", lambda *_: seen.setdefault("refusal", threading.current_thread().name))
    receipt = client.post(BALLOT, data=poll.form(1)).headers["location"]
    assert client.get(receipt).status_code == 200
    if app.state.box is None:
        assert seen["ballot"].startswith("AnyIO worker")
        return
    assert not seen["ballot"].startswith("AnyIO worker")
    assert "refusal" not in seen
    assert client.post(BALLOT, data=poll.form(2) | {"credential": ""}).status_code == 422
    assert seen["refusal"].startswith("AnyIO worker")


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_nothing_on_the_loop_waits_for_a_look_that_is_due(
    client: TestClient, app: FastAPI, poll: OpenPoll, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader is held until all is answered: a ballot, its receipt, and every error page that is drawn on the loop."""
    held, readers = threading.Event(), list[str]()
    read = looks._read

    def waiting(*what: Any) -> Any:
        readers.append(threading.current_thread().name)
        held.wait(60)
        return read(*what)

    monkeypatch.setattr(looks, "_read", waiting)
    clock.now += KEPT_FOR
    elsewhere = {"Origin": "https://example.org", "Sec-Fetch-Site": "cross-site"}
    try:
        receipt = client.post(BALLOT, data=poll.form(1)).headers["location"]
        told = [
            client.get(receipt), client.get("/receipts/0000000000000000"), client.post("/editions/nowhere/ballot", data=poll.form(2)),
            client.post(BALLOT, json={}), client.post(BALLOT, data=poll.form(2), headers=elsewhere),
        ]  # fmt: skip
        assert [answer.status_code for answer in told] == [200, 404, 404, 400, 403]
        assert not held.is_set()
        assert [name.partition("_")[0] for name in readers] == ["look"]
    finally:
        held.set()
    looks._reader.submit(lambda: None).result(60)
    assert app.state.look.at == clock.now


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_another_loop_goes_by_threads(client: TestClient, app: FastAPI, poll: OpenPoll, engine: Engine) -> None:
    """The connections of one loop are never touched by another: an application served twice in one process keeps both apart."""
    on_loop: list[object] = []
    event.listen(ballots_engine(app), "before_cursor_execute", lambda *what: on_loop.append(what))
    in_threads: list[object] = []
    event.listen(box_engine(engine), "before_cursor_execute", lambda *what: in_threads.append(what))
    stranger = TestClient(app, base_url=str(client.base_url), headers=dict(client.headers), follow_redirects=False)
    assert stranger.post(BALLOT, data=poll.form(1)).status_code == 303
    assert (bool(on_loop), bool(in_threads)) == (False, True)


def test_sqlite_has_no_box_on_the_loop(engine: Engine) -> None:
    async def look() -> None:
        async with loop_box(engine) as box:
            assert (box is None) == (engine.dialect.name == "sqlite")

    on_a_loop(look())


def test_each_statement_is_committed_by_itself_and_many_wait_at_once(postgres: Engine) -> None:
    async def look() -> None:
        async with loop_box(postgres) as box:
            assert box is not None
            await box.run(lambda core: core.execute(text("CREATE TABLE seen_on_the_loop (id integer)")))
            counted = text("SELECT count(*) FROM seen_on_the_loop")
            assert await box.run(lambda core: core.execute(counted).scalar()) == 0
            await box.run(lambda core: core.execute(text("DROP TABLE seen_on_the_loop")))
            servers = await asyncio.gather(*(box.run(_slowly) for _ in range(40)))
            assert len(set(servers)) == 10, "ten connections waited side by side, and the others for them"

    on_a_loop(look())
    postgres.dispose()


def _slowly(core: Connection) -> int:
    return int(core.execute(text("SELECT pg_backend_pid() FROM pg_sleep(0.1)")).scalar_one())


def test_a_connection_that_died_while_idle_is_replaced_there_too(postgres: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "IDLE_SECONDS", 0.0)

    async def look() -> None:
        async with loop_box(postgres) as box:
            assert box is not None
            number = await box.run(lambda core: core.execute(NUMBER).scalar())
            with postgres.connect() as killer:
                killer.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
            assert await box.run(lambda core: core.execute(NUMBER).scalar()) != number

    on_a_loop(look())
    postgres.dispose()


def test_a_connection_whose_statement_failed_serves_the_next_one(postgres: Engine) -> None:
    async def look() -> None:
        async with loop_box(postgres) as box:
            assert box is not None
            with pytest.raises(DBAPIError):
                await box.run(lambda core: core.execute(text("SELECT 1 / 0")))
            assert await box.run(lambda core: core.execute(text("SELECT 1")).scalar()) == 1

    on_a_loop(look())
    postgres.dispose()

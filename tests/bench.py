"""`make bench`: speed as ratios, measured side by side in one run.

Each of our pages is asked for in turn with a bare FastAPI route that answers the very same bytes, by one client over
loopback; medians of many rounds. Absolute figures depend on the machine, ratios much less.
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

from sqlmodel import select

from app.core.messages import Localised
from app.database import make_engine
from app.editions.models import Edition, Phase, Programme
from app.editions.presets import rennes_preset
from app.migrating import upgrade
from app.organisations.models import Organisation
from app.proposals.models import BudgetLine, Proposal
from app.proposals.search import search_text_for
from app.settings import ROOT
from app.unit import work
from tests.calendars import usual_calendar

ROUNDS, WARM = 150, 10
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
    """An edition with 1,000 public projects. Returns the public identifier of one."""
    engine = make_engine(url)
    upgrade(engine)
    preset, now = rennes_preset(), datetime.now(UTC)
    with work(engine) as unit:
        programme = Programme(slug="bench", name=Localised(fr="Banc"), tagline=Localised(), commune="35238", created_at=now)
        unit.db.add(programme)
        unit.db.flush()
        edition = Edition(
            programme_id=programme.id or 0,
            slug="bench",
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
                slug=f"o{number}", kind="association", name=f"Association {number}", commune="35238", created_at=now
            )
            unit.db.add(organisation)
            unit.db.flush()
            proposal = Proposal(
                public_id=f"bench{number:05d}",
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
        first = unit.db.exec(select(Proposal.public_id).order_by(Proposal.public_id)).first()
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


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[float, bytes]:
    """Seconds and bytes of one answer."""
    start = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Language": "fr"})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status)
    return time.perf_counter() - start, body


def uvicorn(target: str, port: int, *more: str) -> list[str]:
    return [sys.executable, "-m", "uvicorn", target, "--port", str(port), "--no-access-log", "--log-level", "critical", *more]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/bench.db"
        one = fill(url)
        environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": f"{folder}:{ROOT}"}
        paths = {"list.html": "/editions/bench/projects?order=7", "project.html": f"/projects/{one}"}
        with served(uvicorn("app.main:create_app", 8771, "--factory"), environment, 8771) as ours:
            for file, path in paths.items():
                (folder / file).write_bytes(ask(ours, path)[1])
            (folder / "bare.py").write_text(BARE.replace("FOLDER", repr(name)))
            with served(uvicorn("bare:app", 8772), environment, 8772) as bare:
                for file, path in paths.items():
                    times: dict[str, list[float]] = {"ours": [], "bare": []}
                    for _ in range(WARM + ROUNDS):
                        times["ours"].append(ask(ours, path)[0])
                        times["bare"].append(ask(bare, f"/{file}")[0])
                    mine, floor = (statistics.median(times[key][WARM:]) for key in ("ours", "bare"))
                    size = (folder / file).stat().st_size
                    print(f"{file:14} {size:7d} bytes  ours {mine * 1e3:6.2f} ms  bare {floor * 1e3:6.2f} ms  ratio {mine / floor:5.1f}")


if __name__ == "__main__":
    main()

"""The other half of `make bench`: submitting files to an edition that holds a thousand, beside a bare route on the same stack.

Ours checks the person, the origin, the dates and the whole file, gives the next number, writes the step, the journal and the
mail, and answers with a redirect. The bare route reads a form, writes one row with SQLAlchemy's Core on the same engine, and
answers with a redirect.
"""

from __future__ import annotations

import http.client
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import select

from app.accounts import sessions
from app.accounts.models import Account
from app.accounts.people import Person
from app.core.eligibility import Section
from app.core.forms import read
from app.database import make_engine
from app.editions.models import Edition
from app.http.identity import cookie_name
from app.organisations import service as registry
from app.organisations.forms import OrganisationForm
from app.proposals import queries, service
from app.proposals.sections import BY_SECTION
from app.settings import ROOT
from app.unit import work
from tests.bench import fill, served, uvicorn
from tests.files import complete_answers

ROUNDS, WARM = 60, 5
BARE = """
import os
from fastapi import FastAPI, Form
from fastapi.responses import RedirectResponse
from sqlalchemy import Column, Integer, MetaData, String, Table
from app.database import make_engine
app = FastAPI()
engine = make_engine(os.environ["BARE_URL"])
meta = MetaData()
bare = Table("bare", meta, Column("id", Integer, primary_key=True), Column("file", String))
Table("change_counter", meta, Column("id", Integer, primary_key=True), Column("number", Integer))  # the engine counts what is written
meta.create_all(engine)
@app.post("/submission")
def submit(file: str = Form()) -> RedirectResponse:
    with engine.begin() as connection:
        connection.execute(bare.insert().values(file=file))
    return RedirectResponse("/done", status_code=303)
"""


def drafts(url: str, count: int) -> tuple[str, list[str]]:
    """A cookie of the carrier, and complete drafts of it: as many as are to be submitted."""
    engine, now = make_engine(url), datetime.now(UTC)
    with work(engine) as unit:
        account = Account(email="bench@example.org", display_name="Bench", password_hash="", confirmed_at=now, created_at=now)
        unit.db.add(account)
        unit.db.flush()
        person = Person(account.id or 0, account.display_name, account.email)
        organisation = registry.register(unit, read(OrganisationForm, {"kind": "association", "name": "Bench", "no_rna": "yes"}), by=person)
        edition = unit.db.exec(select(Edition)).one()
        made = []
        for _ in range(count):
            proposal = service.start(unit, edition, organisation, by=person)
            file = queries.carrier_file(unit, proposal.public_id, person)
            for name, answers in complete_answers(unit.now).items():
                form = BY_SECTION[name].form
                assert form is not None
                service.save(unit, file, Section(name), read(form, answers), seen=0, by=person)
            made.append(proposal.public_id)
        secret = sessions.open_session(unit, account)
    engine.dispose()
    return f"{cookie_name()}={secret}", made


def post(connection: http.client.HTTPConnection, path: str, body: str, cookie: str = "") -> float:
    """Seconds of one answer."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "Cookie": cookie}
    start = time.perf_counter()
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 303, (path, answer.status)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/bench.db"
        fill(url)
        cookie, files = drafts(url, ROUNDS + WARM)
        (folder / "bare_submit.py").write_text(BARE)
        more = {"DATABASE_URL": url, "BARE_URL": f"sqlite:///{folder}/bare.db", "PYTHONPATH": f"{folder}:{ROOT}"}
        environment = {**os.environ, **more, "QUOTEPART_BASE_URL": "http://127.0.0.1:8773"}
        with (
            served(uvicorn("app.main:create_app", 8773, "--factory"), environment, 8773) as ours,
            served(uvicorn("bare_submit:app", 8774), environment, 8774) as bare,
        ):
            times: dict[str, list[float]] = {"ours": [], "bare": []}
            for file in files:
                times["ours"].append(post(ours, f"/files/{file}/submission", "", cookie))
                times["bare"].append(post(bare, "/submission", f"file={file}"))
        mine, floor = (statistics.median(times[key][WARM:]) for key in ("ours", "bare"))
        print(f"submit, 1,000 files there   ours {mine * 1e3:6.2f} ms  bare {floor * 1e3:6.2f} ms  ratio {mine / floor:5.1f}")


if __name__ == "__main__":
    main()

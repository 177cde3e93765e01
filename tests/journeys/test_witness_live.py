"""`quotepart witness` against the real site, served: it co-signs what continues, its signature is shown, and a fork is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlmodel import col, delete, select

from app import keyring
from app.core.transparency import Note
from app.database import make_engine
from app.keyring import make_key
from app.ledger.log import append, entries_of, sign_head
from app.ledger.models import Cosignature, Log, LogHead, LogLeaf, LogNode
from app.main import create_app
from app.polls import sequencing
from app.settings import ROOT, settings
from app.unit import work
from app.voting.merging import merge
from tests.cast import Cast
from tests.conftest import Clock
from tests.journeys.conftest import free_port
from tests.journeys.nursery import Nursery
from tests.voting.poll import OpenPoll


@dataclass
class Watched:
    """A served vote that names one witness."""

    url: str
    folder: Path
    poll: OpenPoll

    def look(self) -> subprocess.CompletedProcess[str]:
        """One round of the witness, in a process of its own that knows no database."""
        address, files = f"{self.url}/editions/rennes-2027", [self.folder / "witness.key", self.folder / "state.json"]
        command = [sys.executable, "-m", "app.cli", "witness", address, "--key", str(files[0]), "--state", str(files[1]), "--once"]
        environment = {**os.environ, "DATABASE_URL": "sqlite:////nowhere/none.db"}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    def grow(self, first: int, many: int, days: float) -> None:
        """Cast ballots and let a batch of them into the log."""
        with work(self.poll.engine) as unit:
            for number in range(first, first + many):
                self.poll.cast(unit, number, seed=f"seed-{number:021d}")
        with work(self.poll.engine, now=datetime.now(UTC) + timedelta(days=days)) as unit:
            merge(unit, self.poll.id, keyring.log_key())
            sequencing.log_acts(unit)

    def head(self) -> Note:
        with urlopen(f"{self.url}/api/v1/editions/rennes-2027/log/head") as answer:
            return Note.read(answer.read().decode())


@pytest.fixture
def watched(tmp_path: Path, _sqlite_model: Path, monkeypatch: pytest.MonkeyPatch, nursery: Nursery) -> Iterator[Watched]:
    port = free_port()
    url, database = f"http://127.0.0.1:{port}", f"sqlite:///{tmp_path}/live.db"
    shutil.copy(_sqlite_model, tmp_path / "live.db")
    monkeypatch.setenv("QUOTEPART_BASE_URL", url)
    settings.cache_clear()
    engine, now = make_engine(database), datetime.now(UTC)
    key = make_key(tmp_path / "witness.key").public_bytes_raw().hex()
    poll = OpenPoll(Cast(engine, Clock(now), create_app(engine)), now, safekeeping={"witnesses": f"journal.example {key}"})
    server = nursery.start({**os.environ, "DATABASE_URL": database}, url, port)
    yield Watched(url, tmp_path, poll)
    server.terminate()
    server.wait(timeout=20)
    engine.dispose()
    settings.cache_clear()


def test_a_witness_signs_what_continues_and_refuses_a_fork(watched: Watched) -> None:
    watched.grow(0, 45, 0)
    first = watched.look()
    assert first.returncode == 0, first.stderr
    assert "log: signed at 25 entries." in first.stdout
    assert "acts: signed at 1 entries." in first.stdout
    assert [one.name for one in watched.head().signatures][1:] == ["journal.example"]
    watched.grow(45, 30, 1)
    assert "log: signed at 55 entries." in watched.look().stdout
    with urlopen(f"{watched.url}/editions/rennes-2027/log") as answer:
        assert answer.read().decode().count("<span>journal.example</span>") == 2
    fork(watched)
    refused = watched.look()
    assert refused.returncode == 1
    assert (watched.folder / "state.json.evidence.json").exists()
    assert json.loads((watched.folder / "state.json.evidence.json").read_text())
    assert [one.name for one in watched.head().signatures][1:] == [], "the head of the fork is not co-signed"


def fork(watched: Watched) -> None:
    """The city takes a ballot out of the log, puts another in its place, and signs that as if nothing had been."""
    with work(watched.poll.engine, now=datetime.now(UTC) + timedelta(days=3)) as unit:
        log = unit.db.exec(select(Log).where(Log.kind == "ballots")).one()
        unit.db.exec(delete(Cosignature).where(col(Cosignature.log_id) == log.id))
        unit.db.exec(delete(LogHead).where(col(LogHead.log_id) == log.id))
        entries = entries_of(unit, log)
        for table in (LogLeaf, LogNode):
            unit.db.exec(delete(table).where(col(table.log_id) == log.id))
        log.roots, log.size = [], 0
        append(unit, log, [b"another ballot", *entries[1:], *(f"ballot {number}".encode() for number in range(64 - len(entries)))])
        sign_head(unit, log, keyring.log_key())

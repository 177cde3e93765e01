"""T26: whoever holds every table, file and copy made after the closing cannot say which key cast which ballot."""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from app import keyring, worker
from app.core.credentials import spent_mark
from app.electorate.models import Registrar
from app.unit import work
from app.voting import service as voting
from app.voting.merging import merge
from app.voting.models import Box
from tests.conftest import skip_or_fail
from tests.voting.poll import OpenPoll
from tests.voting.soaking import tell, wanted

BALLOTS = wanted("ballots", 200)
BY_CHANCE = 1 + 3
"""Guessing at random is right once on average, whatever the number of ballots, with a standard deviation of 1; three are allowed for."""
TABLES = ("spent_credential", "mark"), ("cast_ballot", "leaf_hash")
POSTGRESQL = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)

ANEW = "UPDATE ballot_box SET closed = false", "UPDATE log SET size = 0, roots = '[]'"
EMPTIED = ("spent_credential", "cast_ballot", "log_head", "log_leaf", "log_node")

Order = Callable[[Engine, str, str], list[str]]


def as_they_come(engine: Engine, table: str, key: str) -> list[str]:
    return asked(engine, f"SELECT {key} FROM {table}")


def as_they_lie(engine: Engine, table: str, key: str) -> list[str]:
    return asked(engine, f"SELECT {key} FROM {table} ORDER BY ctid")


def as_they_were_written(engine: Engine, table: str, key: str) -> list[str]:
    """By the number of the transaction, by the statement in it, by place."""
    return asked(engine, f"SELECT {key} FROM {table} ORDER BY age(xmin) DESC, cmin::text::bigint, ctid")


ORDERS: dict[str, tuple[Order, ...]] = {"sqlite": (as_they_come,), "postgresql": (as_they_come, as_they_lie, as_they_were_written)}


def asked(engine: Engine, question: str) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text(question)).scalars())


def let_the_worker_clean(engine: Engine) -> None:
    """Run the job of the closing, again where the server's own upkeep held it up."""
    for _ in range(200):
        worker.run_all(engine)
        if not asked(engine, "SELECT kind FROM job"):
            return
        time.sleep(0.1)
        with engine.begin() as connection:
            connection.execute(text("UPDATE job SET attempts = 0, run_at = '2026-01-01 00:00:00+00:00'"))
    raise AssertionError(asked(engine, "SELECT last_error FROM job"))


@dataclass
class Votes:
    """A vote with BALLOTS blank ballots, and who cast which: `truth` gives the leaf of a mark."""

    poll: OpenPoll
    engine: Engine
    truth: dict[str, str]

    def guessed(self, order: Order) -> int:
        """How many pairs are right, if the rows of both tables are put side by side in this order."""
        marks, leaves = (order(self.engine, *table) for table in TABLES)
        assert (sorted(marks), sorted(leaves)) == (sorted(self.truth), sorted(self.truth.values()))
        return sum(self.truth[mark] == leaf for mark, leaf in zip(marks, leaves, strict=True))

    def guesses(self) -> dict[str, int]:
        found = {order.__name__: self.guessed(order) for order in ORDERS[self.engine.dialect.name]}
        logged = asked(self.engine, "SELECT hash FROM log_leaf ORDER BY place")
        if len(logged) == BALLOTS:
            marks = [order(self.engine, *TABLES[0]) for order in ORDERS[self.engine.dialect.name]]
            found["as_they_were_logged"] = max(sum(self.truth[m] == leaf for m, leaf in zip(one, logged, strict=True)) for one in marks)
        return found

    def close(self) -> None:
        """The worker closes the box and brings what waited to the log."""
        with work(self.engine) as unit:
            voting.close_box(unit, self.poll.id)
            merge(unit, self.poll.id, keyring.log_key())

    def cast_all(self, order: int) -> None:
        """Everybody votes, in one of many orders."""
        numbers = list(range(1, BALLOTS + 1))
        Random(order).shuffle(numbers)
        for number in numbers:
            with work(self.engine) as unit:
                self.poll.cast(unit, number, choices=[], seed=f"{number:026d}")


@pytest.fixture
def votes(poll: OpenPoll, engine: Engine) -> Votes:
    """The keys of the box and of the registrar are the same each time, and so is what a guess by chance gets right."""
    poll.box_key, poll.registrar_key = b"b" * 32, b"r" * 32
    with work(engine) as unit:
        unit.db.get_one(Box, poll.id).key = poll.box_key
        unit.db.get_one(Registrar, poll.id).key = poll.registrar_key
    poll.learn()
    truth = {
        spent_mark(poll.box_key, str(poll.id), poll.key(number)): poll.sealed(f"{number:026d}", []).leaf for number in range(1, BALLOTS + 1)
    }
    made = Votes(poll, engine, truth)
    if engine.dialect.name == "postgresql":
        # What earlier tests left free in the files would be filled first, and spoil the attack for a reason of the tests alone.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM FULL spent_credential"))
            connection.execute(text("VACUUM FULL cast_ballot"))
    made.cast_all(1)
    return made


def test_t26_once_closed_no_order_of_rows_links_a_key_to_its_ballot(votes: Votes, engine: Engine) -> None:
    votes.close()
    after_closing = votes.guesses()
    let_the_worker_clean(engine)
    right = Counter(after_closing) | Counter(votes.guesses())
    assert max(right.values(), default=0) <= BY_CHANCE, right
    with work(engine, writing=False) as unit:
        assert voting.turnout(unit, votes.poll.id) == [voting.Turnout("2026-11-21", "online", BALLOTS)]
    tell(f"T26 {engine.dialect.name}: {BALLOTS} ballots, guessed right after closing: {dict(right)} (1 expected by chance)")


@POSTGRESQL
def test_t26_before_the_closing_postgresql_tells_all_as_the_security_page_says(votes: Votes) -> None:
    """The guesses above are real attacks: until the rows are written anew, the best of them finds everybody."""
    assert max(votes.guesses().values()) == BALLOTS


@POSTGRESQL
def test_the_rows_of_a_closed_box_bear_the_number_of_one_transaction(votes: Votes, engine: Engine) -> None:
    votes.close()
    for table, _ in TABLES:
        assert asked(engine, f"SELECT count(DISTINCT xmin::text) FROM {table}") == [1]


def pages_of(votes: Votes, table: str) -> list[list[str]]:
    """The keys of a table's rows, page by page, in the order in which their bytes lie in its file (pages are filled from their end)."""
    content, page = file_of(votes.engine, table)
    wanted = set(votes.truth if table == "spent_credential" else votes.truth.values())
    found = defaultdict(list)
    for row in re.finditer(ROWS[table], content, re.DOTALL):
        if (key := row[1].decode()) in wanted:
            found[row.start() // page].append(key)
    return [keys[::-1] for _, keys in sorted(found.items())]


ROWS = {
    "spent_credential": rb"([0-9a-f]{64})(?=.?onli)",
    "cast_ballot": rb"(?:\x81\x0d\x09[\x00-\xff]{1,3}?\x00|\x83)([0-9a-f]{64})",
}
"""How the keys of the rows look in the files: a mark is followed by its channel, a leaf led by the head of its row on either database."""


def file_of(engine: Engine, table: str) -> tuple[bytes, int]:
    """All that the disk holds of a table, and the size of a page. On SQLite that is the database with its write-ahead log."""
    if engine.dialect.name == "sqlite":
        files = [Path(f"{engine.url.database}{end}") for end in ("", "-wal")]
        return b"".join(file.read_bytes() for file in files if file.exists()), 4096
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
            return bytes(connection.execute(text(f"SELECT pg_read_binary_file(pg_relation_filepath('{table}'))")).scalar_one()), 8192
    except ProgrammingError:
        skip_or_fail("reading the files of PostgreSQL needs one of its administrators")
        raise


def test_t26_the_files_of_a_closed_box_are_the_same_in_whatever_order_people_voted(votes: Votes, engine: Engine) -> None:
    """Also between the rows: what the closing deleted is gone once the worker was there."""

    def layout() -> list[list[list[str]]]:
        return [sorted(pages_of(votes, table)) for table, _ in TABLES]

    before, after, all_keys = [layout()], [], (set(votes.truth), set(votes.truth.values()))
    for order in (2, 3):
        votes.close()
        let_the_worker_clean(engine)
        after.append(layout())
        with engine.begin() as connection:
            for change in (*ANEW, *(f"DELETE FROM {table}" for table in EMPTIED)):
                connection.execute(text(change))
        votes.cast_all(order)
        before.append(layout())
    assert all({key for page in pages for key in page} == keys for round in after for pages, keys in zip(round, all_keys, strict=True))
    # A page of SQLite may keep a copy of one dividing hash, which of them depends on the shuffled log: the marks decide there.
    told = len(TABLES) if engine.dialect.name == "postgresql" else 1
    assert after[0][:told] == after[1][:told]
    assert before[0] != before[1] != before[2]


def test_the_files_are_cleaned_later_while_somebody_still_looks_at_the_rows_of_before(votes: Votes, engine: Engine) -> None:
    looking = engine.connect().execution_options(**({} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}))
    with looking:
        assert len(list(looking.execute(text("SELECT * FROM edition")))) == 1
        votes.close()
        assert worker.run_all(engine) == 1
        assert asked(engine, "SELECT last_error FROM job")[0].startswith("StillRead")
    let_the_worker_clean(engine)


@POSTGRESQL
def test_so_they_are_while_somebody_writes_in_another_database_since_before(votes: Votes, engine: Engine) -> None:
    """The cleaning itself could still see the deleted rows then, and would carry them along."""
    elsewhere = create_engine(engine.url.set(database="postgres"), poolclass=NullPool)
    with elsewhere.connect() as writing:
        writing.execute(text("SELECT pg_current_xact_id()"))
        votes.close()
        worker.run_all(engine)
        assert asked(engine, "SELECT last_error FROM job")[0].startswith("StillRead")
    let_the_worker_clean(engine)


def test_closing_again_writes_nothing_anew(votes: Votes, engine: Engine) -> None:
    votes.close()
    let_the_worker_clean(engine)
    votes.close()
    assert asked(engine, "SELECT kind FROM job") == []

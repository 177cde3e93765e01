"""The traps that would lose data without a word, each sprung once here so that it can never be set again."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import ValidationError
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlmodel import Session, SQLModel, select

from app import limits
from app.accounts.models import Account
from app.core.messages import Localised
from app.database import Frozen, make_engine, session
from app.editions.models import Programme
from app.http.audience import EVERYONE
from app.http.unit_of_work import InWork
from app.settings import ROOT
from app.unit import Work, work

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def app(own_app: FastAPI) -> FastAPI:
    """A route is added below, so the application is not one that other tests use."""
    return own_app


def _account(name: str = "Claire", email: str = "claire@example.org") -> Account:
    return Account(email=email, display_name=name, created_at=NOW)


def test_a_commit_that_fails_is_never_answered_with_success(app: FastAPI, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """T1: with the default scope of a dependency, the commit ran after the answer had left."""

    @app.post("/trap", dependencies=[EVERYONE])
    def trap(work: InWork) -> dict[str, str]:
        work.db.add(_account())
        return {"receipt": "yes"}

    def broken(self: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("the disk is full"))

    monkeypatch.setattr(Session, "commit", broken)
    with TestClient(
        app, base_url="http://127.0.0.1:8000", headers={"Sec-Fetch-Site": "same-origin"}, raise_server_exceptions=False
    ) as visitor:
        answer = visitor.post("/trap")
    assert answer.status_code == 503
    assert "receipt" not in answer.text
    monkeypatch.undo()
    with session(engine, writing=False) as db:
        assert db.exec(select(Account)).all() == []


def test_parallel_counts_lose_no_update(engine: Engine) -> None:
    """T2: read-then-write on SQLite's defaults kept 60 of 240 updates, without any error."""

    def many() -> None:
        for _ in range(30):
            with work(engine, now=NOW) as unit:
                limits.count(unit, "trap", limit=10_000, per=timedelta(hours=1))

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with session(engine, writing=False) as db:
        assert db.exec(select(limits.Counter.count)).one() == 120


def test_a_writer_takes_the_lock_before_it_reads(tmp_path: Any) -> None:
    """T2, T14: every writing transaction on SQLite starts with BEGIN IMMEDIATE; a reader's does not."""
    engine = make_engine(f"sqlite:///{tmp_path}/locks.db")
    said: list[str] = []
    with engine.connect() as connection:
        connection.connection.driver_connection.set_trace_callback(said.append)  # type: ignore[union-attr]
    for writing in (True, False):
        with session(engine, writing=writing) as db:
            db.execute(text("SELECT 1"))
    begins = [line for line in said if line.startswith("BEGIN")]
    assert begins == ["BEGIN IMMEDIATE", "BEGIN"]
    engine.dispose()


def test_sqlite_is_durable_and_checks_its_keys(tmp_path: Any) -> None:
    """T4 of the safety plan: WAL, synchronous=FULL, foreign keys, patience, and deleted rows really gone."""
    engine = make_engine(f"sqlite:///{tmp_path}/pragmas.db")
    with engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20000, "secure_delete": 1}
    engine.dispose()


def test_a_table_model_does_not_validate_so_the_database_does(unit: Work) -> None:
    """T4: table=True accepts anything; the constraint refuses it."""
    person = _account()
    unit.db.add(person)
    unit.db.flush()
    with pytest.raises(IntegrityError):
        unit.db.execute(
            text("INSERT INTO staff_role (account_id, role, granted_at) VALUES (:id, 'emperor', :now)"), {"id": person.id, "now": NOW}
        )
    unit.db.rollback()


def test_instants_come_back_aware_and_naive_ones_are_refused(engine: Engine) -> None:
    """T5: SQLite alone hands back naive datetimes."""
    with work(engine, now=NOW) as unit:
        unit.db.add(_account())
    with session(engine, writing=False) as db:
        assert db.exec(select(Account.created_at)).one() == NOW
    with pytest.raises(StatementError), work(engine) as unit:
        unit.db.add(Account(email="naive@example.org", display_name="x", created_at=datetime(2026, 1, 1)))


def test_what_cannot_be_validated_cannot_be_stored(unit: Work) -> None:
    column = Frozen(dict[str, int])
    with pytest.raises(ValidationError):
        column.process_bind_param({"a": "not a number"}, unit.db.get_bind().dialect)


def test_texts_by_language_come_back_as_such(engine: Engine) -> None:
    with work(engine, now=NOW) as unit:
        unit.db.add(Programme(slug="p", name=Localised(fr="Nom"), tagline=Localised(), commune="35238", created_at=NOW))
    with session(engine, writing=False) as db:
        assert db.exec(select(Programme.name)).one().best("en") == ("fr", "Nom")


def test_models_use_no_postponed_annotations() -> None:
    """T8: they break SQLModel's relationships."""
    guilty = [path for path in (ROOT / "app").rglob("models.py") if "from __future__ import annotations" in path.read_text()]
    assert guilty == []


def test_migrations_name_no_type_of_ours() -> None:
    """T6: autogeneration writes AutoString and our own types; a migration must outlive the code."""
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        assert "AutoString" not in path.read_text()
        assert "app." not in path.read_text()


def test_there_is_one_provider_of_passlib() -> None:
    """T9: passlib and libpass both own the folder passlib/; together the last one installed wins without a word."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        names = {line.partition("==")[0] for line in (ROOT / name).read_text().splitlines() if "==" in line}
        assert "libpass" in names
        assert not names & {"passlib", "bcrypt"}
        assert "://" not in (ROOT / name).read_text()


def test_the_product_starts_from_any_folder(tmp_path: Any) -> None:
    code = "from app.main import create_app; from app.rendering import environment; create_app(); environment().get_template('base.html')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "PATH": ""},
    )
    assert done.returncode == 0, done.stderr


def test_every_table_has_a_primary_key_and_a_sentence() -> None:
    for mapper in SQLModel._sa_registry.mappers:
        assert mapper.class_.__doc__, mapper.class_
        assert mapper.local_table.primary_key.columns, mapper.class_

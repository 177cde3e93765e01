"""Connections: what PostgreSQL keeps a reader from, what the driver may remember, and a connection that died while it lay idle."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from app import database
from app.database import at_the_box, make_engine, session


@pytest.fixture
def postgres(_postgres_url: str) -> Engine:
    return make_engine(_postgres_url)


def test_a_reading_request_cannot_write_and_the_next_one_can(engine: Engine) -> None:
    insert = text("INSERT INTO job (kind, payload, run_at, attempts, last_error) VALUES ('test', '{}', '2026-11-21', 0, '')")
    for _ in range(2):
        with pytest.raises(DBAPIError, match=r"read-?only"), session(engine, writing=False) as db:
            db.execute(insert)
        with session(engine, writing=True) as db:
            db.execute(insert)
    with at_the_box(engine, writing=False) as core:
        assert core.execute(text("SELECT count(*) FROM job")).scalar() == 2


def test_reading_keeps_the_statements_that_the_driver_prepared(postgres: Engine) -> None:
    for _ in range(8):
        with session(postgres, writing=False) as db:
            db.execute(text("SELECT 42"))
    with postgres.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 42'")).scalar() == 1
    postgres.dispose()


def test_each_statement_at_the_box_is_committed_by_itself(postgres: Engine) -> None:
    with at_the_box(postgres, writing=True) as first, at_the_box(postgres, writing=True) as second:
        first.execute(text("CREATE TABLE seen_at_once (id integer)"))
        assert second.execute(text("SELECT count(*) FROM seen_at_once")).scalar() == 0
        second.execute(text("DROP TABLE seen_at_once"))
    postgres.dispose()


def test_a_connection_that_died_while_idle_is_replaced(postgres: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "IDLE_SECONDS", 0.0)
    with postgres.connect() as connection:
        number = connection.execute(text("SELECT pg_backend_pid()")).scalar()
    killer = make_engine(postgres.url.render_as_string(hide_password=False).replace("+psycopg", ""))
    with killer.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    killer.dispose()
    with postgres.connect() as connection:
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar() != number
    postgres.dispose()

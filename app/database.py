"""The engine, its transactions and the column types; the same tables run on SQLite and on PostgreSQL."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware UTC in Python on both databases (SQLite alone would hand back naive values)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Frozen(TypeDecorator[Any]):
    """A frozen Pydantic value stored as JSON: `Frozen(Envelope)`. What cannot be validated cannot be stored."""

    impl = JSON
    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape
        self.adapter: TypeAdapter[Any] = TypeAdapter(shape)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.adapter.dump_python(self.adapter.validate_python(value), mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.adapter.validate_python(value)

    def compare_values(self, x: Any, y: Any) -> bool:
        return bool(x == y)


def one_of(column: str, values: Iterable[str]) -> str:
    """The text of a check constraint: the column holds one of these values (an enum's, never a visitor's)."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


def make_engine(url: str) -> Engine:
    """An engine for `url`; SQLite files get their folder, write-ahead logging and full durability."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": 20, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    driven = parsed.set(drivername="postgresql+psycopg")
    return create_engine(driven, hide_parameters=True, pool_size=10, max_overflow=10, pool_pre_ping=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at once: a read that later turns into a write would be refused or lose an update."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@lru_cache(maxsize=16)
def _writer(engine: Engine) -> Engine:
    """The same engine and pool, whose transactions take the writer's lock on SQLite."""
    return engine.execution_options(writing=True)


@contextmanager
def session(engine: Engine, *, writing: bool) -> Iterator[Session]:
    """One session; committed at the end if `writing`, rolled back on any error or when only reading."""
    bind = _writer(engine) if writing else engine
    with Session(bind, expire_on_commit=False) as opened:
        try:
            yield opened
            if writing:
                opened.commit()
        except BaseException:
            opened.rollback()
            raise

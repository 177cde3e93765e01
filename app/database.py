"""The engine, its transactions and the column types; the same tables run on SQLite and on PostgreSQL."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from time import monotonic
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

from app.changes import READ, count_changes, number_of
from app.core.sides import Side

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


NUMBER = str(READ.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
IDLE_SECONDS = 5.0
"""A connection used less long ago is taken for alive: asking each time would cost a tenth of a ballot."""


class WrongSide(RuntimeError):
    """This process was not given the database role that a request or a job needs: another process is there for it."""


def make_engine(url: str, *, sides: Collection[Side] = ()) -> Engine:
    """An engine for `url`; SQLite files get their folder, write-ahead logging and full durability.

    With `sides`, each transaction takes the role of one of them (see `quotepart roles`). Raises ValueError on SQLite, which has none.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if sides:
            raise ValueError("SQLite has no roles: leave QUOTEPART_DATABASE_ROLES empty, or use PostgreSQL.")
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": 20, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        count_changes(engine)
        return engine
    engine = _postgres(parsed.set(drivername="postgresql+psycopg"), max_overflow=10, execution_options={"sides": frozenset(sides)})
    if sides:
        event.listen(engine, "begin", _take_role)
    count_changes(engine)
    return engine


def _postgres(url: URL, **more: Any) -> Engine:
    return pinged(create_engine(url, hide_parameters=True, pool_size=10, **more))


def pinged(engine: Engine) -> Engine:
    """The same engine, which asks a connection whether it still works if it lay idle for long."""
    event.listen(engine, "checkin", _note_the_time)
    event.listen(engine, "checkout", partial(_ping_after_a_pause, engine.dialect))
    return engine


BALLOT_PATH: dict[str, Any] = {"max_overflow": 0, "isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
"""How the connections of the ballot's path differ: each statement commits by itself, so there is nothing to begin or to take back."""


@lru_cache(maxsize=16)
def box_engine(engine: Engine) -> Engine:
    """The engine of the ballot's path. On PostgreSQL a pool of its own, whose connections commit each statement by itself.

    So whatever the other pages do on the last evening, the ballot box has connections.
    """
    if engine.dialect.name != "postgresql":
        return engine
    made = at_its_side(engine, _postgres(engine.url, **BALLOT_PATH))
    event.listen(engine, "engine_disposed", lambda _: made.dispose())
    return made


def at_its_side(engine: Engine, made: Engine) -> Engine:
    """The same engine, its connections holding the role of the box where `engine` has roles."""
    if sides_of(engine):
        event.listen(made, "connect", partial(_keep_role, role_name(engine.url, Side.BOX)))
    return made


@contextmanager
def at_the_box(engine: Engine, *, writing: bool) -> Iterator[Connection]:
    """One connection without a session. On PostgreSQL each statement is a transaction, on SQLite all of them together are one.

    What must be done whole is therefore one statement on PostgreSQL.
    """
    check_side(engine, Side.BOX)
    own = box_engine(engine)
    if own is not engine:
        with own.connect() as opened:
            yield opened
    else:
        with (_writer(engine) if writing else _reader(engine)).begin() as opened:
            yield opened


def sides_of(engine: Engine) -> frozenset[Side]:
    """The sides whose roles this process may take; empty where no roles are in use."""
    found: frozenset[Side] = engine.get_execution_options().get("sides", frozenset())
    return found


def check_side(engine: Engine, side: Side) -> None:
    """Raises WrongSide where roles are in use and this process was not given that of `side`."""
    if (sides := sides_of(engine)) and side not in sides:
        raise WrongSide(f"this process takes the roles {', '.join(sorted(sides))}, not {side}: send this to the one that does")


def side_of(connection: Connection) -> Side | None:
    """The side whose role the transactions of a connection take, None where no roles are in use."""
    options = connection.get_execution_options()
    return options.get("side") if options.get("sides") else None


def role_name(url: URL, side: Side) -> str:
    """The role of a side in the database of `url`. Roles belong to the whole server, so they bear the name of their database."""
    return f"{url.database or url.username}_{side}"


def _take_role(connection: Connection) -> None:
    """Once a transaction, and gone with it: the account that connected has no rights of its own."""
    side = side_of(connection)
    if side is not None:
        role = connection.dialect.identifier_preparer.quote_identifier(role_name(connection.engine.url, side))
        connection.exec_driver_sql(f"SET LOCAL ROLE {role}")


def _keep_role(role: str, connection: Any, _record: Any) -> None:
    """The ballot's path has no transactions to begin, so its connections hold their role from the first moment on."""
    name = role.replace('"', '""')
    cursor = connection.cursor()
    cursor.execute(f'SET ROLE "{name}"')
    cursor.close()
    connection.commit()


def _note_the_time(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["left"] = monotonic()


def _ping_after_a_pause(dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Ask a connection that lay idle whether it still works; if not, the pool opens new ones in place of all it holds."""
    if monotonic() - record.info.get("left", monotonic()) < IDLE_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at once: a read that later turns into a write would be refused or lose an update. Readers cannot write."""
    options = connection.get_execution_options()
    reading = options.get("reading", False)
    if connection.info.get("reading", False) != reading:
        connection.exec_driver_sql(f"PRAGMA query_only={reading:d}")
        connection.info["reading"] = reading
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing", False) else "BEGIN")


@lru_cache(maxsize=64)
def _writer(engine: Engine, side: Side = Side.REGISTRAR) -> Engine:
    """The same engine and pool, whose transactions take the writer's lock on SQLite."""
    return engine.execution_options(writing=True, side=side)


@lru_cache(maxsize=64)
def _reader(engine: Engine, side: Side = Side.REGISTRAR) -> Engine:
    """The same engine and pool, whose transactions the database itself keeps from writing."""
    return engine.execution_options(reading=True, postgresql_readonly=True, side=side)


@contextmanager
def session(engine: Engine, *, writing: bool, side: Side = Side.REGISTRAR) -> Iterator[Session]:
    """One session; committed at the end if `writing`, rolled back on any error or when only reading.

    Where roles are in use, all its transactions take that of `side`. Raises WrongSide.
    """
    check_side(engine, side)
    with Session(_writer(engine, side) if writing else _reader(engine, side), expire_on_commit=False) as opened:
        try:
            yield opened
            if writing:
                opened.commit()
            elif engine.dialect.name == "postgresql" and opened.in_transaction():
                _end_reading(opened)
        except BaseException:
            opened.rollback()
            raise


def change_number(engine: Engine, side: Side) -> int:
    """The number of `app.changes`, asked before most pages and therefore without a session. Raises WrongSide."""
    check_side(engine, side)
    if engine.dialect.name == "sqlite" and (known := _read_directly(engine)) is not None:
        return known
    with _reader(engine, side).connect() as opened:
        return number_of(opened)


def _read_directly(engine: Engine) -> int | None:
    """One statement reads what is committed, so on SQLite it needs no transaction. None on any trouble: the usual way tells of it."""
    try:
        lent = engine.raw_connection()
        try:
            cursor = lent.cursor()
            cursor.execute(NUMBER)
            found = cursor.fetchone()
            return found[0] if found else 0
        finally:
            lent.close()
    except engine.dialect.loaded_dbapi.Error:
        return None


def _end_reading(opened: Session) -> None:
    """Let the driver commit what only read: at a rollback it would forget the statements it has prepared, to be planned anew."""
    driven = opened.connection().connection.driver_connection
    if driven is not None:
        driven.commit()

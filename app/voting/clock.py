"""The database's clock: the only one that opens and closes the vote, whatever the clocks of the web servers say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, DateTime, bindparam, func, literal_column, select

_INSTANT: DateTime = DateTime(timezone=True)
# The instant of the reading, not of its transaction: a cast that waited for the lock is judged when it got it.
POSTGRES_NOW = func.coalesce(bindparam("told", type_=_INSTANT), func.clock_timestamp(type_=_INSTANT), type_=_INSTANT)
"""The present instant inside a statement of PostgreSQL, whose parameter `told` is what `told` gives."""
_POSTGRES = select(POSTGRES_NOW)
_SQLITE = select(func.strftime(literal_column("'%Y-%m-%dT%H:%M:%f+00:00'"), literal_column("'now'")))


def told() -> datetime | None:
    """The instant at which the database's clock is held still, for tests and to tell the past of the demonstration; None in earnest."""
    return None


@contextmanager
def held_at(instant: datetime) -> Iterator[None]:
    """Hold the database's clock still at an instant of a story that is long over by the real one.

    Only this process, and only before anything is served: while the demonstration is made, or in a test.
    """
    kept = globals()["told"]
    globals()["told"] = lambda: instant
    try:
        yield
    finally:
        globals()["told"] = kept


def skew(core: Connection, now: datetime) -> float:
    """By how many seconds the clock of the database is ahead of this instant of the application's."""
    return (database_now(core) - now).total_seconds()


def database_now(core: Connection) -> datetime:
    """The present instant by the clock of the database, in UTC (to the millisecond on SQLite)."""
    if core.dialect.name == "postgresql":
        now: datetime = core.execute(_POSTGRES, {"told": told()}).scalar_one()
        return now.astimezone(UTC)
    return told() or datetime.fromisoformat(core.execute(_SQLITE).scalar_one())

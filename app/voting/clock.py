"""The database's clock: the only one that opens and closes the vote, whatever the clocks of the web servers say."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, func, literal_column, select
from sqlmodel import Session

# The instant of the statement, not of its transaction: a cast that waited for the lock is judged when it got it.
_POSTGRES = select(func.clock_timestamp(type_=DateTime(timezone=True)))
_SQLITE = select(func.strftime(literal_column("'%Y-%m-%dT%H:%M:%f+00:00'"), literal_column("'now'")))


def database_now(db: Session) -> datetime:
    """The present instant by the clock of the database, in UTC (to the millisecond on SQLite)."""
    if db.get_bind().dialect.name == "postgresql":
        now: datetime = db.connection().execute(_POSTGRES).scalar_one()
        return now.astimezone(UTC)
    return datetime.fromisoformat(db.connection().execute(_SQLITE).scalar_one())

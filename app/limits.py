"""Rate counters in the database, so that several processes on several machines count together."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col

from app.database import UtcDateTime
from app.unit import Work


class Counter(SQLModel, table=True):
    """How often something was tried in one window of time."""

    __tablename__ = "rate_counter"

    key: str = Field(primary_key=True, max_length=160)
    window: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    count: int = 0


def count(work: Work, key: str, *, limit: int, per: timedelta) -> bool:
    """Count one try of `key`; False once more than `limit` were made in the present window of length `per`.

    One atomic statement, so parallel tries are all counted. Windows are fixed and aligned on the epoch.
    """
    seconds = int(per.total_seconds())
    window = datetime.fromtimestamp(int(work.now.timestamp()) // seconds * seconds, UTC)
    insert = (postgresql if work.db.get_bind().dialect.name == "postgresql" else sqlite).insert
    statement = (
        insert(Counter)
        .values(key=key, window=window, count=1)
        .on_conflict_do_update(index_elements=["key", "window"], set_={"count": Counter.__table__.c.count + 1})  # type: ignore[attr-defined]
        .returning(Counter.__table__.c.count)  # type: ignore[attr-defined]
    )
    return int(work.db.execute(statement).scalar_one()) <= limit


def forget_old(work: Work, *, older_than: timedelta = timedelta(days=2)) -> None:
    """Delete the counters of windows long past."""
    work.db.execute(delete(Counter).where(col(Counter.window) < work.now - older_than))

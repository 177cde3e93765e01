"""The job table: work written in the transaction that causes it, leased by the worker, safe from kill -9.

A job is leased for a while, run, and deleted in the transaction of its effect. A worker that dies leaves its
lease to run out; the job then runs again. After each failure the wait doubles. A job that comes back (a round) is
one row for ever: once run it waits for its next time, and no failure ends it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, UniqueConstraint, delete, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col

from app.database import UtcDateTime
from app.unit import Work

LEASE = timedelta(minutes=5)
ATTEMPTS = 10


class Job(SQLModel, table=True):
    """One thing to do: its kind, its arguments, when, and under which key it must exist only once."""

    __tablename__ = "job"
    __table_args__ = (UniqueConstraint("key"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=40)
    key: str | None = Field(default=None, max_length=120)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    run_at: datetime = Field(sa_type=UtcDateTime, index=True)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    last_error: str = Field(default="", max_length=500)


def enqueue(work: Work, kind: str, payload: dict[str, Any], *, key: str | None = None, run_at: datetime | None = None) -> None:
    """Write a job in the present transaction; with a `key` already waiting, nothing is added, even by two workers at once."""
    if key is None:
        work.db.add(Job(kind=kind, payload=payload, run_at=run_at or work.now))
        return
    insert = (postgresql if work.db.get_bind().dialect.name == "postgresql" else sqlite).insert(Job)
    row = {"kind": kind, "key": key, "payload": payload, "run_at": run_at or work.now, "attempts": 0, "last_error": ""}
    work.db.execute(insert.values(**row).on_conflict_do_nothing(index_elements=["key"]))


def cancel(work: Work, key: str) -> None:
    """Delete the job with a key, if it still waits."""
    work.db.execute(delete(Job).where(col(Job.key) == key))


def lease(work: Work, kinds: Collection[str] | None = None) -> Job | None:
    """Take the next job that is due (of these kinds alone, if some are named), or None. The caller commits before it runs the job."""
    due = (
        col(Job.kind).in_(kinds) if kinds is not None else true(),
        col(Job.run_at) <= work.now, col(Job.leased_until).is_(None) | (col(Job.leased_until) <= work.now),
        col(Job.attempts) < ATTEMPTS,
    )  # fmt: skip
    first = select(col(Job.id)).where(*due).order_by(col(Job.run_at), col(Job.id)).limit(1).with_for_update(skip_locked=True)
    taken = (
        update(Job)
        .where(col(Job.id) == first.scalar_subquery())
        .values(leased_until=work.now + LEASE, attempts=col(Job.attempts) + 1)
        .returning(Job)
    )
    return work.db.scalars(taken, execution_options={"synchronize_session": False}).first()


def finish(work: Work, job: Job) -> None:
    """Delete a job, in the transaction of its effect."""
    kept = work.db.get(Job, job.id)
    if kept is not None:
        work.db.delete(kept)


def repeat(work: Work, job: Job, every: timedelta) -> None:
    """Keep a round for its next time, in the transaction of its effect."""
    kept = work.db.get(Job, job.id)
    if kept is not None:
        kept.leased_until, kept.attempts, kept.last_error, kept.run_at = None, 0, "", work.now + every
        work.db.add(kept)


def postpone(work: Work, job: Job, error: str, *, every: timedelta | None = None) -> None:
    """Keep a failed job for later: one minute, then two, four, … with the error beside it.

    A round (`every`) never waits longer than until its usual next time, and never uses up its attempts.
    """
    kept = work.db.get(Job, job.id)
    if kept is not None:
        wait = timedelta(minutes=2 ** (kept.attempts - 1))
        kept.leased_until = None
        kept.last_error = error[:500]
        kept.run_at = work.now + (wait if every is None else min(wait, every))
        if every is not None:
            kept.attempts = min(kept.attempts, ATTEMPTS - 1)
        work.db.add(kept)

"""The job table: work written in the transaction that causes it, leased by the worker, safe from kill -9.

A job is leased for a while, run, and deleted in the transaction of its effect. A worker that lives keeps its lease
(`keep`); one that dies leaves it to run out, and the job runs again. Only who holds the lease can keep, finish or
postpone a job, so an effect never happens twice. After each failure the wait doubles. A job that comes back (a round)
is one row for ever: once run it waits for its next time, and no failure ends it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, UniqueConstraint, delete, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col

from app.core.messages import Message
from app.database import UtcDateTime
from app.unit import Work

LEASE = timedelta(minutes=5)
ATTEMPTS = 10


class LeaseLost(Exception):
    """Another worker holds the job by now, or it is gone: nothing of what was done for it may stay."""


class Job(SQLModel, table=True):
    """One thing to do: its kind, its arguments, when, and under which key it must exist only once.

    `holder` is thrown anew with each lease. `progress` is what the worker last told: {"doing": a message, "percent": 0 to 100 or None}.
    """

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
    holder: str = Field(default="", max_length=26)
    progress: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)

    @property
    def doing(self) -> Message | None:
        """What the worker is at, None while it has said nothing."""
        return Message.from_json(self.progress["doing"]) if self.progress else None

    @property
    def percent(self) -> int | None:
        """How much of it is done, in per cent; None where nobody knows."""
        return self.progress.get("percent")


def enqueue(work: Work, kind: str, payload: dict[str, Any], *, key: str | None = None, run_at: datetime | None = None) -> None:
    """Write a job in the present transaction; with a `key` already waiting, nothing is added, even by two workers at once."""
    if key is None:
        work.db.add(Job(kind=kind, payload=payload, run_at=run_at or work.now))
        return
    insert = (postgresql if work.db.get_bind().dialect.name == "postgresql" else sqlite).insert(Job)
    row: dict[str, Any] = {"kind": kind, "key": key, "payload": payload, "run_at": run_at or work.now, "attempts": 0, "last_error": ""}
    row |= {"holder": "", "progress": {}}
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
        .values(leased_until=work.now + LEASE, attempts=col(Job.attempts) + 1, holder=work.token(26), progress={})
        .returning(Job)
    )
    return work.db.scalars(taken, execution_options={"synchronize_session": False}).first()


def keep(work: Work, job: Job, doing: Message | None = None, percent: int | None = None) -> bool:
    """Extend the lease of a job one still holds, and note how far it is; False where another worker holds it by now, or it is gone.

    It has a transaction of its own: that of the effect is seen by nobody before it ends.
    """
    told = {} if doing is None else {"progress": {"doing": doing.to_json(), "percent": percent}}
    kept = update(Job).where(col(Job.id) == job.id, col(Job.holder) == job.holder).values(leased_until=work.now + LEASE, **told)
    return bool(work.db.execute(kept.returning(col(Job.id)), execution_options={"synchronize_session": False}).first())


def finish(work: Work, job: Job) -> None:
    """Delete a job, in the transaction of its effect. Raises LeaseLost."""
    work.db.delete(_held(work, job))


def repeat(work: Work, job: Job, every: timedelta) -> None:
    """Keep a round for its next time, in the transaction of its effect. Raises LeaseLost."""
    kept = _held(work, job)
    kept.leased_until, kept.attempts, kept.last_error, kept.holder, kept.run_at = None, 0, "", "", work.now + every
    work.db.add(kept)


def postpone(work: Work, job: Job, error: str, *, every: timedelta | None = None) -> None:
    """Keep a failed job for later: one minute, then two, four, … with the error beside it. Raises LeaseLost.

    A round (`every`) never waits longer than until its usual next time, and never uses up its attempts.
    """
    kept = _held(work, job)
    wait = timedelta(minutes=2 ** (kept.attempts - 1))
    kept.leased_until, kept.holder, kept.progress = None, "", {}
    kept.last_error = error[:500]
    kept.run_at = work.now + (wait if every is None else min(wait, every))
    if every is not None:
        kept.attempts = min(kept.attempts, ATTEMPTS - 1)
    work.db.add(kept)


def _held(work: Work, job: Job) -> Job:
    """The job as its row is now, locked; only its holder gets it."""
    row = select(Job).where(col(Job.id) == job.id, col(Job.holder) == job.holder).with_for_update()
    kept = work.db.scalars(row, execution_options={"populate_existing": True}).first()
    if kept is None:
        raise LeaseLost
    return kept

"""The pulse of a worker: while a job runs, its lease is kept and what it tells is written down, from a thread beside it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from app import jobs
from app.core.messages import Message
from app.core.sides import Side
from app.core.tally.progress import Told
from app.unit import work

log = logging.getLogger("quotepart.worker")

KEPT_EVERY = 60.0
"""Seconds between two extensions of a lease of five minutes: four may fail in a row."""
TOLD_EVERY = 2.0
"""Seconds between two notes of how far a job is, where that changed."""


@contextmanager
def beating(engine: Engine, job: jobs.Job, side: Side = Side.REGISTRAR) -> Iterator[Told]:
    """Keep the lease of this job until the block ends; what is told to the function given stands beside the job.

    `side`: the database role as which the job table is looked at.

    A process that is killed stops beating, and the lease runs out. Once another worker holds the job, telling raises LeaseLost.
    """
    pulse = _Pulse(engine, job, side)
    pulse.start()
    try:
        yield pulse.hear
    finally:
        pulse.stop()


class _Pulse(threading.Thread):
    def __init__(self, engine: Engine, job: jobs.Job, side: Side) -> None:
        super().__init__(daemon=True, name=f"pulse of job {job.id}")
        self._engine, self._job, self._side = engine, job, side
        self._done, self._lost = threading.Event(), False
        self._news: tuple[Message, int | None] | None = None

    def hear(self, doing: Message, percent: int | None) -> None:
        if self._lost:
            raise jobs.LeaseLost
        self._news = doing, percent

    def stop(self) -> None:
        self._done.set()
        self.join()

    def run(self) -> None:
        """Beat until the job is done or another worker has it."""
        kept, told = monotonic(), None
        while not self._lost and not self._done.wait(TOLD_EVERY):
            news = self._news
            if (news != told or monotonic() - kept >= KEPT_EVERY) and self._beat(news):
                kept, told = monotonic(), news

    def _beat(self, news: tuple[Message, int | None] | None) -> bool:
        try:
            with work(self._engine, side=self._side) as unit:
                self._lost = not jobs.keep(unit, self._job, *(news or ()))
        except OperationalError:
            # SQLite has one writer, and it may be the job itself; or the database is away for a moment.
            log.info("the lease of job %s could not be kept this time", self._job.id)
            return False
        return True

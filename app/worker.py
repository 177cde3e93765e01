"""The worker: runs the jobs that are due, one transaction each, beside the web processes."""

import logging
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from app import jobs, limits
from app.electorate import erasure
from app.notifications import service as notifications
from app.polls import reminding, sequencing
from app.results import service as results
from app.results import simulating
from app.unit import Work, work
from app.voting import closing

log = logging.getLogger("quotepart.worker")

KINDS: dict[str, Callable[[Work, dict[str, Any]], None]] = {
    "mail:send": lambda unit, payload: notifications.send(unit, payload["mail"]),
    "roll:forget": lambda unit, _: erasure.forget_expired(unit),
    "limits:forget": lambda unit, _: limits.forget_old(unit),
    sequencing.MERGE_JOB: sequencing.tend_all,
    reminding.REMIND_JOB: reminding.remind_all,
    closing.CLEAN_JOB: closing.clean_files,
    results.COUNT_JOB: results.count_asked,
    simulating.COMPARE_JOB: simulating.fill,
}
"""Job kind -> verb."""

ROUNDS: dict[str, timedelta] = {
    sequencing.MERGE_JOB: timedelta(minutes=1),
    "roll:forget": timedelta(minutes=5), "limits:forget": timedelta(hours=6), reminding.REMIND_JOB: timedelta(hours=24),
}
"""What is done again and again, whether anybody comes by or not, and how often."""

ADDRESS = re.compile(r"[^\s'\"<>{}]+@[^\s'\"<>{}]+")
"""An e-mail address in the text of an error: mail servers repeat it, and a failed job must not remember whom it was for."""


def plan_rounds(engine: Engine) -> None:
    """Make sure that each round waits in the job table, once, however many workers start."""
    with work(engine) as unit:
        for kind in ROUNDS:
            jobs.enqueue(unit, kind, {}, key=kind)


def run_one(engine: Engine) -> bool:
    """Run the next job that is due; False if none was. A failing job is kept and tried again later."""
    with work(engine) as unit:
        job = jobs.lease(unit)
    if job is None:
        return False
    every = ROUNDS.get(job.kind)
    try:
        with work(engine) as unit:
            KINDS[job.kind](unit, job.payload)
            if every is None:
                jobs.finish(unit, job)
            else:
                jobs.repeat(unit, job, every)
    except Exception as error:
        log.warning("job %s (%s) failed: %s", job.id, job.kind, type(error).__name__)
        with work(engine) as unit:
            jobs.postpone(unit, job, f"{type(error).__name__}: {ADDRESS.sub('…', str(error))}", every=every)
    return True


def run_all(engine: Engine) -> int:
    """Run jobs until none is due; return how many ran."""
    count = 0
    while run_one(engine):
        count += 1
    return count


def run_until(engine: Engine, stop: threading.Event, *, pause: float = 1.0) -> None:
    """Plan the rounds, then run jobs until `stop` is set, waiting `pause` seconds whenever nothing is due."""
    plan_rounds(engine)
    while not stop.is_set():
        if not run_one(engine):
            stop.wait(pause)

"""The worker: runs the jobs that are due, one transaction each, beside the web processes."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

from app import jobs
from app.notifications import service as notifications
from app.unit import Work, work

log = logging.getLogger("quotepart.worker")

KINDS: dict[str, Callable[[Work, dict[str, Any]], None]] = {
    "mail:send": lambda unit, payload: notifications.send(unit, payload["mail"]),
}
"""Job kind -> verb."""


def run_one(engine: Engine) -> bool:
    """Run the next job that is due; False if none was. A failing job is kept and tried again later."""
    with work(engine) as unit:
        job = jobs.lease(unit)
    if job is None:
        return False
    try:
        with work(engine) as unit:
            KINDS[job.kind](unit, job.payload)
            jobs.finish(unit, job)
    except Exception as error:
        log.warning("job %s (%s) failed: %s", job.id, job.kind, type(error).__name__)
        with work(engine) as unit:
            jobs.postpone(unit, job, f"{type(error).__name__}: {error}")
    return True


def run_all(engine: Engine) -> int:
    """Run jobs until none is due; return how many ran."""
    count = 0
    while run_one(engine):
        count += 1
    return count


def run_until(engine: Engine, stop: threading.Event, *, pause: float = 1.0) -> None:
    """Run jobs until `stop` is set, waiting `pause` seconds whenever nothing is due."""
    while not stop.is_set():
        if not run_one(engine):
            stop.wait(pause)

"""The worker: runs the jobs that are due, one transaction each, beside the web processes."""

import logging
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from app import jobs, limits
from app.core.sides import Side
from app.core.tally.progress import Told
from app.database import sides_of
from app.electorate import erasure
from app.exchange import bundling, trying
from app.exchange.sheets import service as tables
from app.notifications import service as notifications
from app.notifications.undelivered import SEND_JOB
from app.polls import register_changes, reminding, sequencing, service
from app.results import bundles, simulating
from app.results import service as results
from app.review import publication
from app.story import following, telling
from app.unit import Work, work
from app.voting import closing
from app.worker_pulse import beating

log = logging.getLogger("quotepart.worker")

KINDS: dict[str, Callable[[Work, dict[str, Any]], None]] = {
    SEND_JOB: lambda unit, payload: notifications.send(unit, payload["mail"]),
    "roll:forget": lambda unit, _: erasure.forget_expired(unit),
    "limits:forget": lambda unit, _: limits.forget_old(unit),
    service.FORGET_JOB: lambda unit, payload: register_changes.settle_after(unit, payload["edition"]),
    sequencing.MERGE_JOB: sequencing.tend_all,
    reminding.REMIND_JOB: reminding.remind_all,
    closing.CLEAN_JOB: closing.clean_files,
    publication.SHOW_JOB: publication.show_due,
    telling.MOVED_JOB: lambda unit, payload: telling.tell(unit, payload["step"]),
    telling.DIGEST_JOB: lambda unit, _: telling.summarise(unit),
    telling.FORGET_JOB: lambda unit, _: following.forget_unconfirmed(unit),
}
"""Job kind -> verb."""

LONG: dict[str, Callable[[Work, dict[str, Any], Told], None]] = {
    results.COUNT_JOB: results.count_asked,
    simulating.COMPARE_JOB: simulating.fill,
    trying.TRY_JOB: trying.fill,
    tables.LOOK_JOB: tables.look,
    tables.APPLY_JOB: tables.apply,
    bundles.BUNDLE_JOB: bundling.make,
}
"""The same for work that takes long, and says how far it is."""

SIDES: dict[str, Side] = {
    sequencing.MERGE_JOB: Side.LOG,
    closing.CLEAN_JOB: Side.LOG,
    results.COUNT_JOB: Side.COUNT,
    simulating.COMPARE_JOB: Side.COUNT,
    bundles.BUNDLE_JOB: Side.COUNT,
}
"""Job kind -> the database role it takes; every other kind takes the registrar's. No worker runs a job whose role it was not given."""

ROUNDS: dict[str, timedelta] = {
    sequencing.MERGE_JOB: timedelta(minutes=1),
    "roll:forget": timedelta(minutes=5),
    "limits:forget": timedelta(hours=6),
    reminding.REMIND_JOB: timedelta(hours=24),
    telling.DIGEST_JOB: timedelta(hours=24),
    telling.FORGET_JOB: timedelta(hours=6),
}
"""What is done again and again, whether anybody comes by or not, and how often."""

ADDRESS = re.compile(r"[^\s'\"<>{}]+@[^\s'\"<>{}]+")
"""An e-mail address in the text of an error: mail servers repeat it, and a failed job must not remember whom it was for."""


def plan_rounds(engine: Engine) -> None:
    """Make sure that each round waits in the job table, once, however many workers start."""
    with work(engine, side=_own_side(engine)) as unit:
        for kind in ROUNDS:
            jobs.enqueue(unit, kind, {}, key=kind)


def side_of(kind: str) -> Side:
    """The side that a kind of job acts as."""
    return SIDES.get(kind, Side.REGISTRAR)


def _own_side(engine: Engine) -> Side:
    """The side as which a worker looks at the job table: all but the box may, and a worker casts no ballot."""
    own = [side for side in Side if side is not Side.BOX and side in sides_of(engine)]
    return own[0] if own else Side.REGISTRAR


def _kinds(engine: Engine) -> list[str]:
    sides = sides_of(engine) or frozenset(Side)
    return [kind for kind in (*KINDS, *LONG) if side_of(kind) in sides]


def run_one(engine: Engine) -> bool:
    """Run the next job that is due; False if none was. A failing job is kept and tried again later."""
    with work(engine, side=_own_side(engine)) as unit:
        job = jobs.lease(unit, _kinds(engine))
    if job is None:
        return False
    every, side = ROUNDS.get(job.kind), side_of(job.kind)
    try:
        with beating(engine, job, side=_own_side(engine)) as told, work(engine, side=side) as unit:
            if job.kind in LONG:
                LONG[job.kind](unit, job.payload, told)
            else:
                KINDS[job.kind](unit, job.payload)
            if every is None:
                jobs.finish(unit, job)
            else:
                jobs.repeat(unit, job, every)
    except jobs.LeaseLost:
        log.warning("job %s (%s): another worker has taken it, nothing was done here", job.id, job.kind)
    except Exception as error:
        log.warning("job %s (%s) failed: %s", job.id, job.kind, type(error).__name__)
        _postpone(engine, job, f"{type(error).__name__}: {ADDRESS.sub('…', str(error))}", every)
    return True


def _postpone(engine: Engine, job: jobs.Job, error: str, every: timedelta | None) -> None:
    with suppress(jobs.LeaseLost), work(engine, side=side_of(job.kind)) as unit:
        jobs.postpone(unit, job, error, every=every)


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

"""A lease is kept by the worker that lives, runs out with the one that dies, and nothing happens twice: on both databases."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import jobs, worker, worker_pulse
from app.core.messages import say
from app.core.tally.progress import Told
from app.jobs import LEASE, Job, LeaseLost
from app.unit import Work, work
from tests.conftest import NOW

KIND = "test:long"
MINUTE = timedelta(minutes=1)


def enqueued(engine: Engine, kind: str = KIND) -> None:
    with work(engine, now=NOW) as unit:
        jobs.enqueue(unit, kind, {})


def taken(engine: Engine, now: datetime) -> Job | None:
    with work(engine, now=now) as unit:
        job = jobs.lease(unit)
        unit.db.expunge_all()
    return job


def held(engine: Engine, now: datetime) -> Job:
    job = taken(engine, now)
    assert job is not None
    return job


def seen(engine: Engine) -> Job:
    with work(engine, writing=False) as unit:
        job = unit.db.exec(select(Job)).one()
        unit.db.expunge_all()
    return job


def until(true: Callable[[], bool]) -> None:
    """Wait for something that must come, ten seconds at most."""
    pause = threading.Event()
    for _ in range(1000):
        if true():
            return
        pause.wait(0.01)
    raise AssertionError("it never came")


def test_a_lease_that_is_kept_does_not_run_out(engine: Engine) -> None:
    enqueued(engine)
    job = held(engine, NOW)
    with work(engine, now=NOW + 4 * MINUTE) as unit:
        assert jobs.keep(unit, job)
    assert taken(engine, NOW + 6 * MINUTE) is None
    assert held(engine, NOW + 4 * MINUTE + LEASE).holder != job.holder


def test_only_the_holder_keeps_finishes_or_postpones(engine: Engine) -> None:
    enqueued(engine)
    old = held(engine, NOW)
    new = held(engine, NOW + LEASE)
    with work(engine, now=NOW + LEASE) as unit:
        assert not jobs.keep(unit, old, say("Counting the ballots"), 50)
        assert jobs.keep(unit, new)
    for act in (
        lambda unit: jobs.finish(unit, old),
        lambda unit: jobs.postpone(unit, old, "x"),
        lambda unit: jobs.repeat(unit, old, MINUTE),
    ):
        with pytest.raises(LeaseLost), work(engine, now=NOW + LEASE) as unit:
            act(unit)
    left = seen(engine)
    assert (left.holder, left.progress, left.leased_until) == (new.holder, {}, NOW + 2 * LEASE)
    with work(engine, now=NOW + LEASE) as unit:
        jobs.finish(unit, new)
    with pytest.raises(LeaseLost), work(engine) as unit:
        jobs.finish(unit, new)


def test_what_a_worker_did_after_it_lost_the_lease_is_undone(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    others: list[Job] = []

    def slow(unit: Work, _payload: object) -> None:
        unit.db.commit()
        others.append(held(engine, unit.now + LEASE + MINUTE))
        jobs.enqueue(unit, "test:effect", {})

    monkeypatch.setitem(worker.KINDS, KIND, slow)
    enqueued(engine)
    assert worker.run_one(engine)
    left = seen(engine)
    assert (left.kind, left.holder, left.last_error) == (KIND, others[0].holder, "")


def test_what_is_told_stands_beside_the_job_while_it_runs(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    notes: list[tuple[str, int | None]] = []

    def long(unit: Work, _payload: dict[str, Any], told: Told) -> None:
        unit.db.commit()
        told(say("Reading the ballots"), 40)
        until(lambda: bool(seen(engine).progress))
        job = seen(engine)
        notes.append((str(job.doing), job.percent))

    monkeypatch.setattr(worker_pulse, "TOLD_EVERY", 0.01)
    monkeypatch.setitem(worker.LONG, KIND, long)
    enqueued(engine)
    assert worker.run_one(engine)
    assert notes == [("Reading the ballots", 40)]
    assert not worker.run_one(engine)


def test_a_worker_that_hears_that_it_lost_the_lease_stops_at_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def long(unit: Work, _payload: dict[str, Any], told: Told) -> None:
        unit.db.commit()
        held(engine, unit.now + LEASE + MINUTE)
        for step in range(1000):
            told(say("Reading the ballots"), step)
            threading.Event().wait(0.01)
        jobs.enqueue(unit, "test:effect", {})

    monkeypatch.setattr(worker_pulse, "TOLD_EVERY", 0.01)
    monkeypatch.setitem(worker.LONG, KIND, long)
    enqueued(engine)
    assert worker.run_one(engine)
    assert seen(engine).kind == KIND


LIVES = """
import sys, threading
from app import worker, worker_pulse
from app.database import make_engine

def long(unit, payload, told):
    unit.db.commit()
    threading.Event().wait()

worker_pulse.TOLD_EVERY = worker_pulse.KEPT_EVERY = 0.02
worker.LONG["test:long"] = long
worker.run_one(make_engine(sys.argv[1]))
"""


def test_a_worker_killed_at_once_lets_its_lease_run_out(engine: Engine) -> None:
    enqueued(engine)
    url = engine.url.render_as_string(hide_password=False)
    other = subprocess.Popen([sys.executable, "-c", LIVES, url], env=os.environ | {"PYTHONPATH": os.getcwd()})
    try:
        until(lambda: seen(engine).leased_until is not None)
        first = seen(engine)
        until(lambda: (seen(engine).leased_until or NOW) > (first.leased_until or NOW) + timedelta(milliseconds=200))
    finally:
        other.send_signal(signal.SIGKILL)
        other.wait()
    last = seen(engine)
    assert last.leased_until is not None
    assert taken(engine, last.leased_until - timedelta(milliseconds=1)) is None
    assert held(engine, last.leased_until).holder != first.holder
    assert seen(engine).attempts == 2

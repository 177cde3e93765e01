"""What the worker does again and again: planned once however many workers start, never used up, and silent about people when it fails."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import jobs, worker
from app.jobs import ATTEMPTS, Job
from app.unit import Work, work
from tests.conftest import NOW

ROUND = "roll:forget"


def rounds(engine: Engine) -> list[Job]:
    with work(engine, writing=False) as unit:
        return list(unit.db.exec(select(Job).where(Job.kind == ROUND)))


def make_due(engine: Engine) -> None:
    with work(engine) as unit:
        job = unit.db.exec(select(Job).where(Job.kind == ROUND)).one()
        job.run_at = NOW
        unit.db.add(job)


def test_workers_that_start_at_once_plan_each_round_once(engine: Engine) -> None:
    threads = [threading.Thread(target=worker.plan_rounds, args=(engine,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with work(engine, writing=False) as unit:
        assert sorted(unit.db.exec(select(Job.kind)).all()) == sorted(worker.ROUNDS)


def test_a_round_comes_back_after_its_time(engine: Engine) -> None:
    worker.plan_rounds(engine)
    assert worker.run_all(engine) == len(worker.ROUNDS)
    (job,) = rounds(engine)
    with work(engine, writing=False) as unit:
        assert timedelta(0) < job.run_at - unit.now <= worker.ROUNDS[ROUND]
    assert (job.leased_until, job.attempts) == (None, 0)
    worker.plan_rounds(engine)
    assert worker.run_all(engine) == 0, "planning again brings nothing forward"


def test_a_round_that_fails_is_tried_for_ever_and_its_error_names_nobody(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_unit: Work, _payload: object) -> None:
        raise OSError("{'aminata@example.org': (550, b'no such mailbox')}")

    monkeypatch.setitem(worker.KINDS, ROUND, fail)
    worker.plan_rounds(engine)
    for _ in range(ATTEMPTS + 3):
        make_due(engine)
        assert worker.run_one(engine)
    (job,) = rounds(engine)
    assert "OSError" in job.last_error
    assert "550" in job.last_error
    assert "aminata" not in job.last_error
    monkeypatch.undo()
    make_due(engine)
    worker.run_one(engine)
    (job,) = rounds(engine)
    assert (job.attempts, job.last_error) == (0, "")


def test_a_key_that_waits_is_not_enqueued_again_and_can_be_cancelled(engine: Engine) -> None:
    with work(engine, now=NOW) as unit:
        for _ in range(2):
            jobs.enqueue(unit, "mail:send", {"mail": 1}, key="mail:1")
        assert len(unit.db.exec(select(Job)).all()) == 1
        jobs.cancel(unit, "mail:1")
        assert unit.db.exec(select(Job)).all() == []

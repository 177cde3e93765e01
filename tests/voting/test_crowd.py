"""Many at once: one credential gives one ballot, closing lets nobody slip through, and nobody sees an error (T05, T06)."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.core.problems import Problem
from app.unit import work
from app.voting import clock as database
from app.voting import service as voting
from app.voting.models import CastBallot, SpentCredential
from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.poll import OpenPoll, all_rows
from tests.voting.soaking import tell, wanted

MANY = wanted("parallel", 500)
"""How many casts of one key at once."""
BALLOT = "/editions/rennes-2027/ballot"


def everyone(tasks: list[Callable[[], object]], threads: int = 32) -> list[object]:
    """What each task gave, all started together on so many threads."""
    gate = Barrier(min(threads, len(tasks)))

    def ready(task: Callable[[], object]) -> object:
        return task()

    with ThreadPoolExecutor(threads, initializer=gate.wait) as pool:
        return list(pool.map(ready, tasks))


def test_500_parallel_requests_with_one_credential_leave_one_ballot(poll: OpenPoll, app: FastAPI, engine: Engine) -> None:
    """T05: through the whole path; half of them are the same form, half have other choices or another seed."""
    with TestClient(app, base_url="http://127.0.0.1:8000", headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False) as client:
        forms = [poll.form() if at % 2 else poll.form(choices=poll.ids[at % 5 : at % 5 + 3], seed=f"{at:026d}") for at in range(MANY)]
        answers = everyone([lambda form=form: client.post(BALLOT, data=form) for form in forms])
    seen = Counter(answer.status_code for answer in answers)
    assert set(seen) <= {303, 409}, seen
    assert len({answer.headers["location"] for answer in answers if answer.status_code == 303}) == 1
    with work(engine, writing=False) as unit:
        assert (len(all_rows(unit, CastBallot)), len(all_rows(unit, SpentCredential))) == (1, 1)
    tell(f"N10 {engine.dialect.name}: {MANY} parallel casts of one key, 1 ballot, 0 errors")


def test_a_credential_used_online_and_at_the_desk_at_once_counts_once(poll: OpenPoll, engine: Engine) -> None:
    def online() -> str:
        with work(engine) as unit:
            return poll.cast(unit).tracking_code

    def desk() -> str:
        with work(engine) as unit:
            voting.spend(unit, poll.id, poll.key(), "paper", "2026-11-21")
            return "paper"

    def told(task: Callable[[], str]) -> str:
        try:
            return task()
        except voting.AlreadyVoted as refused:
            return refused.how

    results = Counter(everyone([lambda task=task: told(task) for task in [online, desk] * 25], 16))
    with work(engine, writing=False) as unit:
        (mark,) = all_rows(unit, SpentCredential)
        assert len(all_rows(unit, CastBallot)) == (mark.how == "online")
    assert results[mark.how] >= 25


def test_casts_around_the_closing_obey_the_clock_of_the_database(cast: Cast, clock: Clock, engine: Engine) -> None:
    """T06: what is accepted was accepted before the close, by the database's own clock; servers 5 s early or late change nothing."""
    now = datetime.now(UTC)
    poll = OpenPoll(cast, clock.now, opens=now - timedelta(hours=1), closes=now + timedelta(hours=1))
    poll.closes = datetime.now(UTC) + timedelta(seconds=1.2)  # only now: making the poll takes its time on a busy machine

    def attempt(number: int) -> tuple[bool, datetime, datetime]:
        skewed = datetime.now(UTC) + timedelta(seconds=5 if number % 2 else -5)
        with work(engine, writing=False) as unit:
            before = database.database_now(unit.core)
        try:
            with work(engine, now=skewed) as unit:
                poll.cast(unit, number, seed=f"{number:026d}")
                accepted = True
        except Problem:
            accepted = False
        with work(engine, writing=False) as unit:
            return accepted, before, database.database_now(unit.core)

    results: list[tuple[bool, datetime, datetime]] = []
    number = 0
    with ThreadPoolExecutor(8) as pool:
        while datetime.now(UTC) < poll.closes + timedelta(seconds=0.8):
            results += pool.map(attempt, range(number, number + 24))
            number += 24
    assert not any(accepted for accepted, before, _ in results if before >= poll.closes)
    assert all(accepted for accepted, _, after in results if after < poll.closes)
    with work(engine) as unit:
        assert len(all_rows(unit, CastBallot)) == sum(accepted for accepted, _, _ in results) > 0
        voting.close_box(unit, poll.id)


def test_closing_waits_for_the_casts_under_way_and_none_comes_after(poll: OpenPoll, engine: Engine) -> None:
    def attempt(number: int) -> str:
        try:
            with work(engine) as unit:
                if number == 60:
                    voting.close_box(unit, poll.id)
                    return str(len(all_rows(unit, CastBallot)))
                poll.cast(unit, number, seed=f"{number:026d}")
                return "in"
        except Problem:
            return "out"

    results = everyone([lambda number=number: attempt(number) for number in range(120)], 16)
    at_closing = next(int(result) for result in results if str(result).isdigit())
    with work(engine, writing=False) as unit:
        assert len(all_rows(unit, CastBallot)) == at_closing == results.count("in")


@pytest.mark.parametrize("attempts", [40])
def test_a_captured_request_sent_again_and_again_adds_nothing(poll: OpenPoll, client: TestClient, engine: Engine, attempts: int) -> None:
    """T30: the same request, with another key, another edition, another seed."""
    first = client.post(BALLOT, data=poll.form())
    for at in range(attempts):
        again = client.post(BALLOT, data=poll.form())
        assert again.headers["location"] == first.headers["location"]
        assert client.post(BALLOT, data=poll.form(seed=f"{at:026d}")).status_code == 409
        assert client.post(BALLOT, data=poll.form() | {"credential": poll.key(2)}).status_code == 409
        assert client.post("/editions/another/ballot", data=poll.form()).status_code == 404
    with work(engine, writing=False) as unit:
        assert (len(all_rows(unit, CastBallot)), len(all_rows(unit, SpentCredential))) == (1, 1)

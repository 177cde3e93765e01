"""A crowd in front of real web processes: one key from every channel at once (T05), the closing (T06), many writers on SQLite (T14)."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import local

import httpx2
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.core.problems import Problem
from app.main import create_app
from app.unit import work
from app.voting import clock as database
from app.voting import service as voting
from app.voting.models import CastBallot, SpentCredential
from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.poll import OpenPoll, all_rows
from tests.voting.soaking import served, tell, wanted

CASTS, CLOSING, SECONDS = wanted("casts", 240), wanted("closing", 200), wanted("seconds", 2)
CLIENTS = 64
BALLOT = "/editions/rennes-2027/ballot"


def open_now(engine: Engine) -> OpenPoll:
    now = datetime.now(UTC)
    return OpenPoll(Cast(engine, Clock(now), create_app(engine)), now, opens=now - timedelta(days=1), closes=now + timedelta(days=1))


class Clients:
    """One connection for each thread that posts, all closed at the end."""

    def __init__(self, url: str) -> None:
        self.url, self._own, self._all = url, local(), list[httpx2.Client]()

    def __enter__(self) -> Clients:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._all:
            client.close()

    def post(self, form: dict[str, object]) -> httpx2.Response:
        """Send a ballot on this thread's connection."""
        if not hasattr(self._own, "client"):
            self._own.client = httpx2.Client(headers={"Sec-Fetch-Site": "same-origin"}, timeout=120)
            self._all.append(self._own.client)
        answer: httpx2.Response = self._own.client.post(self.url + BALLOT, data=form)
        return answer


def test_t05_one_key_through_two_web_processes_the_desk_and_a_code_leaves_one_mark(engine: Engine) -> None:
    """Of so many casts on 64 connections one is accepted, with its resends; all others are refused in a sentence, none by an error."""
    poll, mine = open_now(engine), {"seed": "m" * 26}

    def attempt(at: int) -> str:
        if at % 50 == 7:  # the desk hands out a paper ballot, or an official cancels the code, at that very moment
            try:
                with work(engine) as unit:
                    voting.spend(unit, poll.id, poll.key(), "paper" if at % 100 == 7 else "void", "2026-11-21")
            except voting.AlreadyVoted:
                return "refused"
            return "marked"
        form = poll.form(**mine) if at % 2 else poll.form(choices=poll.ids[at % 5 : at % 5 + 3], seed=f"{at:026d}")
        answer = clients.post(form)
        return answer.headers["location"].partition("?")[0] if answer.status_code == 303 else str(answer.status_code)

    started = time.monotonic()
    with served(engine) as url, Clients(url) as clients, ThreadPoolExecutor(CLIENTS) as pool:
        seen = Counter(pool.map(attempt, range(CASTS)))
    receipts = [answer for answer in seen if answer.startswith("/receipts/")]
    assert set(seen) - {*receipts} <= {"409", "refused", "marked"}, seen
    assert len(receipts) + seen["marked"] == 1, seen
    with work(engine, writing=False) as unit:
        (mark,) = all_rows(unit, SpentCredential)
        assert len(all_rows(unit, CastBallot)) == (mark.how == "online") == len(receipts)
    took = time.monotonic() - started
    tell(f"T05 {engine.dialect.name}: {CASTS} casts, {CLIENTS} connections, 1 accepted ({mark.how}), 0 errors, {took:.1f} s")


def test_t06_casts_spread_over_the_closing_obey_the_clock_of_the_database(engine: Engine) -> None:
    """Rounds of casts around closings, by servers five seconds early and late; then the box is closed and takes no more."""
    poll, number, seen = open_now(engine), 0, Counter[str]()

    def attempt(at: int) -> tuple[bool, datetime, datetime]:
        with work(engine, writing=False) as unit:
            before = database.database_now(unit.core)
        try:
            with work(engine, now=datetime.now(UTC) + timedelta(seconds=5 if at % 2 else -5)) as unit:
                poll.cast(unit, at, seed=f"{at:026d}")
                accepted = True
        except Problem:
            accepted = False
        with work(engine, writing=False) as unit:
            return accepted, before, database.database_now(unit.core)

    with ThreadPoolExecutor(16) as pool:
        while number < CLOSING:
            poll.closes = datetime.now(UTC) + timedelta(seconds=1)
            while datetime.now(UTC) < poll.closes + timedelta(seconds=1):
                results = list(pool.map(attempt, range(number, number + 32)))
                number += 32
                late = sum(accepted for accepted, before, _ in results if before >= poll.closes)
                early = sum(not accepted for accepted, _, after in results if after < poll.closes)
                seen.update(late=late, early=early, cast=sum(accepted for accepted, _, _ in results))
    assert (seen["late"], seen["early"]) == (0, 0)
    with work(engine) as unit:
        voting.close_box(unit, poll.id)
    poll.closes = datetime.now(UTC) + timedelta(days=1)
    assert not any(accepted for accepted, _, _ in map(attempt, range(number, number + 20)))
    with work(engine, writing=False) as unit:
        assert len(all_rows(unit, CastBallot)) == seen["cast"] > 0
    tell(f"T06 {engine.dialect.name}: {number} casts around closings, {seen['cast']} accepted, 0 late, 0 refused too early")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_t14_many_clients_write_to_sqlite_and_nobody_sees_a_locked_database(engine: Engine) -> None:
    poll, seen = open_now(engine), Counter[int]()

    def write(client: int) -> None:
        number = client
        while time.monotonic() < until:
            answer = clients.post(poll.form(number, seed=f"{number:026d}"))
            assert "locked" not in answer.text
            seen[answer.status_code] += 1
            number += 32

    with served(engine) as url, Clients(url) as clients, ThreadPoolExecutor(32) as pool:
        until = time.monotonic() + SECONDS
        list(pool.map(write, range(1, 33)))
    assert set(seen) == {303}, seen
    with work(engine, writing=False) as unit:
        assert len(unit.db.exec(select(CastBallot.leaf_hash)).all()) == seen[303]
    tell(f"T14: 32 clients for {SECONDS} s on SQLite, {seen[303]} ballots, 0 locked, 0 errors")

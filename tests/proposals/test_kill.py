"""A page that was said to be saved is saved: the server dies by kill -9 while people write, and every acknowledged save is there."""

import threading
from datetime import UTC, datetime
from itertools import count

import httpx2
from sqlalchemy import Engine
from sqlmodel import select

from app.accounts import sessions
from app.accounts.models import Account
from app.http.identity import cookie_name
from app.main import create_app
from app.proposals.models import SectionRevision
from app.unit import work
from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.test_kill import Server, wait_until

ROUNDS, LEAST = 2, 6


def test_no_acknowledged_save_is_lost_when_the_server_is_killed(engine: Engine) -> None:
    cast = Cast(engine, Clock(datetime.now(UTC)), create_app(engine))
    claire = cast.person()
    draft = cast.draft(claire, complete=False)
    with work(engine) as unit:
        cookies = {cookie_name(): sessions.open_session(unit, unit.db.get_one(Account, claire.id))}
    server, saved = Server(engine), []
    numbers = count(1)

    def write() -> None:
        """Save one text after another, each on top of the last, until the server is gone."""
        with httpx2.Client(headers={"Sec-Fetch-Site": "same-origin"}, cookies=cookies, timeout=30) as client:
            while True:
                text = f"Risque {next(numbers)}"
                with work(engine, writing=False) as unit:
                    seen = len(unit.db.exec(select(SectionRevision.number).where(SectionRevision.proposal_id == draft.id)).all())
                try:
                    answer = client.post(f"{server.url}/files/{draft.public_id}/risks", data={"seen": seen, "risks-0-what": text})
                except httpx2.TransportError:
                    return
                assert answer.status_code == 303, answer.text
                saved.append(text)

    try:
        for _ in range(ROUNDS):
            server.start()
            writer, before = threading.Thread(target=write), len(saved)
            writer.start()
            wait_until(lambda before=before: len(saved) >= before + LEAST)
            server.kill()
            writer.join()
    finally:
        server.kill()
    with work(engine, writing=False) as unit:
        revisions = unit.db.exec(select(SectionRevision).where(SectionRevision.proposal_id == draft.id))
        kept = [one.answers["risks"][0]["what"] for one in revisions]
    assert len(saved) >= ROUNDS * LEAST
    assert set(saved) <= set(kept)

"""A document that was acknowledged is there, byte for byte, after kill -9 in the middle of others."""

import hashlib
import threading
from contextlib import suppress
from datetime import UTC, datetime

import httpx2
from sqlalchemy import Engine

from app.accounts import sessions
from app.accounts.models import Account
from app.http.identity import cookie_name
from app.main import create_app
from app.proposals.models import Document, DocumentContent
from app.unit import work
from tests.cast import Cast
from tests.conftest import Clock
from tests.proposals.partners import all_of
from tests.voting.test_kill import Server, wait_until

ROUNDS, EACH = 2, 5


def content(number: int) -> bytes:
    """A PDF of its own of some 50 kB."""
    return b"%PDF-1.7\n% " + f"{number:08d}".encode() * 6_000 + b"\n%%EOF\n"


def test_the_server_killed_while_files_come_in_loses_none_that_was_acknowledged(engine: Engine) -> None:
    now = datetime.now(UTC)
    cast = Cast(engine, Clock(now), create_app(engine))
    claire = cast.person()
    drafts = [cast.draft(claire).public_id for _ in range(ROUNDS)]
    with work(engine) as unit:
        secret = sessions.open_session(unit, unit.db.get_one(Account, claire.id))
    server, acknowledged = Server(engine), set[str]()
    next_one = iter(range(10_000))

    def send(draft: str, stop: threading.Event) -> None:
        with httpx2.Client(headers={"Sec-Fetch-Site": "same-origin"}, cookies={cookie_name(): secret}, timeout=30) as client:
            while not stop.is_set():
                sent = content(next(next_one))
                with suppress(httpx2.TransportError):
                    address = f"{server.url}/files/{draft}/documents"
                    answer = client.post(address, data={"kind": "other"}, files={"file": ("a.pdf", sent, "application/pdf")})
                    if answer.status_code == 303:
                        acknowledged.add(hashlib.sha256(sent).hexdigest())

    try:
        for number, draft in enumerate(drafts):
            server.start()
            stop, before = threading.Event(), len(acknowledged)
            thread = threading.Thread(target=send, args=(draft, stop))
            thread.start()
            wait_until(lambda before=before, number=number: len(acknowledged) >= before + EACH + number)  # type: ignore[misc]
            server.kill()
            stop.set()
            thread.join()
    finally:
        server.kill()
    with work(engine, writing=False) as unit:
        kept = {one.sha256 for one in all_of(unit, Document)}
        held = {hashlib.sha256(unit.db.get_one(DocumentContent, one.id).content).hexdigest() for one in all_of(unit, Document)}
    assert len(acknowledged) >= ROUNDS * EACH
    assert acknowledged <= kept == held, "each row has its bytes, each acknowledged file its row"

"""The mail path: queued with its cause, sent once by the worker to a real server, tried again when that fails."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import jobs
from app.jobs import Job
from app.notifications import service
from app.notifications.models import OutgoingMail
from app.unit import work
from app.worker import run_all, run_one
from tests.conftest import NOW
from tests.notifications.post import Post, open_post


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    with open_post(monkeypatch) as post:
        yield post


def _queue(engine: Engine, name: str = "confirm-address") -> None:
    values = {"name": "Claire", "link": "http://127.0.0.1:8000/confirmations/x", "action": "http://127.0.0.1:8000/x", "code": "123 456"}
    with work(engine, now=NOW) as unit:
        service.queue(unit, name, "claire@example.org", "fr", values)


def test_a_mail_is_sent_once_and_its_text_forgotten(engine: Engine, server: Post) -> None:
    _queue(engine)
    assert run_all(engine) == 1
    assert run_all(engine) == 0
    assert [message["To"] for message in server.received] == ["claire@example.org"]
    kinds = [part.get_content_type() for part in server.received[0].walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    with work(engine, writing=False) as unit:
        mail = unit.db.exec(select(OutgoingMail)).one()
        assert mail.sent_at is not None
        assert (mail.body_text, mail.body_html) == ("", "")


def test_a_mail_that_is_refused_is_kept_and_tried_again_later(engine: Engine, server: Post) -> None:
    server.at_data = "451 try later"
    _queue(engine)
    assert run_one(engine)
    with work(engine) as unit:
        job = unit.db.exec(select(Job)).one()
        assert job.attempts == 1
        assert "451" in job.last_error
        assert job.run_at > NOW + timedelta(seconds=30)
        job.run_at = NOW
        unit.db.add(job)
    server.at_data = ""
    assert run_all(engine) == 1
    assert len(server.received) == 1


def test_a_voting_code_leaves_no_trace_of_its_reader(engine: Engine, server: Post) -> None:
    _queue(engine, "voting-code")
    run_all(engine)
    assert "123 456" in server.received[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    with work(engine, writing=False) as unit:
        assert unit.db.exec(select(OutgoingMail)).all() == []


def test_a_line_break_in_a_header_never_leaves(engine: Engine) -> None:
    with work(engine, now=NOW) as unit:
        texts = {"name": "x", "language": "fr", "subject": "s", "body_text": "t", "body_html": "h"}
        mail = OutgoingMail(public_id="x", recipient="a@example.org\r\nBcc: b@example.org", queued_at=NOW, **texts)
        with pytest.raises(ValueError, match="Header"):
            service.as_message(mail, "c@example.org", unit.now)


def test_a_worker_that_dies_leaves_its_job_to_the_next(engine: Engine) -> None:
    """The lease runs out; nothing is lost, nothing runs twice at once."""
    _queue(engine)
    with work(engine, now=NOW) as unit:
        assert jobs.lease(unit) is not None
    with work(engine, now=NOW + timedelta(minutes=1)) as unit:
        assert jobs.lease(unit) is None
    with work(engine, now=NOW + timedelta(minutes=6)) as unit:
        again = jobs.lease(unit)
        assert again is not None
        assert again.attempts == 2

"""What the roll need not know any more is erased on time, by the worker, even if nobody ever comes by again."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel, select

from app import worker
from app.electorate import service, tallies
from app.electorate.models import EmailProof, RollTally
from app.jobs import Job
from app.notifications.models import OutgoingMail
from app.settings import settings
from app.unit import Work, work
from tests.cast import Cast
from tests.conftest import Clock
from tests.polls.stage import NETWORK, declaration, open_vote

TRACES = ("Aminata", "Diallo", "aminata@", "rue de Brest", "1992-03-08")


def at(unit: Work, now: datetime) -> None:
    worker.KINDS["roll:forget"](Work(unit.db, now), {})
    unit.db.commit()


def everything(engine: Engine) -> str:
    """Every row of every table, as text."""
    with engine.connect() as connection:
        return "\n".join(str(row) for table in SQLModel.metadata.sorted_tables for row in connection.execute(table.select()))


def test_a_declaration_and_its_unsent_e_mail_are_erased_when_the_code_ends(cast: Cast, clock: Clock, engine: Engine) -> None:
    edition = open_vote(cast)
    with work(engine, now=clock.now) as unit:
        service.declare(unit, edition, declaration(), network=NETWORK)
    held = everything(engine)
    assert all(trace in held for trace in ("Aminata Diallo", "aminata@example.org"))
    with work(engine) as unit:
        at(unit, clock.now + service.LASTS - timedelta(seconds=1))
        assert len(unit.db.exec(select(EmailProof)).all()) == len(unit.db.exec(select(OutgoingMail)).all()) == 1, "it still waits"
        at(unit, clock.now + service.LASTS)
        assert unit.db.exec(select(EmailProof)).all() + unit.db.exec(select(OutgoingMail)).all() + unit.db.exec(select(Job)).all() == []
    left = everything(engine)
    assert not [trace for trace in TRACES if trace in left]


def test_the_worker_does_it_by_itself(cast: Cast, clock: Clock, engine: Engine) -> None:
    edition = open_vote(cast)
    with work(engine, now=clock.now - timedelta(days=3650)) as unit:
        service.declare(unit, edition, declaration(), network=NETWORK)
    worker.plan_rounds(engine)
    worker.run_all(engine)
    with work(engine, writing=False) as unit:
        assert unit.db.exec(select(EmailProof)).all() == []


def test_only_what_ran_out_is_erased(cast: Cast, clock: Clock, engine: Engine) -> None:
    """Of two people with one mailbox, one declared later: her e-mail still has to leave."""
    edition = open_vote(cast)
    with work(engine, now=clock.now) as unit:
        service.declare(unit, edition, declaration(), network=NETWORK)
    with work(engine, now=clock.now + timedelta(minutes=20)) as unit:
        service.declare(unit, edition, declaration(name="Karim Haddad", email="karim@example.org"), network=NETWORK)
    with work(engine) as unit:
        at(unit, clock.now + timedelta(minutes=31))
        assert unit.db.exec(select(OutgoingMail.recipient)).all() == ["karim@example.org"]
        assert "Karim" in unit.db.exec(select(EmailProof.declared)).one()


def test_other_e_mails_that_cannot_leave_are_kept(cast: Cast, clock: Clock, engine: Engine) -> None:
    cast.submitted()
    with work(engine) as unit:
        before = len(unit.db.exec(select(OutgoingMail)).all())
        at(unit, clock.now + timedelta(days=30))
        assert len(unit.db.exec(select(OutgoingMail)).all()) == before > 0


def test_the_demonstration_keeps_its_e_mails_to_be_read(cast: Cast, clock: Clock, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.notifications.service.settings", lambda: settings().model_copy(update={"demo": True}))
    edition = open_vote(cast)
    with work(engine, now=clock.now) as unit:
        service.declare(unit, edition, declaration(), network=NETWORK)
        at(unit, clock.now + timedelta(hours=1))
        assert len(unit.db.exec(select(OutgoingMail)).all()) == 1


def test_day_counts_are_kept_six_months(cast: Cast, clock: Clock, engine: Engine) -> None:
    edition = open_vote(cast)
    with work(engine, now=clock.now) as unit:
        service.declare(unit, edition, declaration(), network=NETWORK)
        at(unit, clock.now + tallies.KEPT)
        assert len(unit.db.exec(select(RollTally)).all()) == 2
        at(unit, clock.now + tallies.KEPT + timedelta(days=1))
        assert unit.db.exec(select(RollTally)).all() == []

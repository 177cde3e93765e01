"""A very large box is opened once the request is answered: its page says how far it is, and it opens whole or not at all, once."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select, update
from sqlmodel import SQLModel

from app import jobs, worker_pulse
from app.core.messages import say
from app.editions.models import Edition
from app.jobs import Job
from app.ledger import motions
from app.pages.staff import box_apart
from app.polls import opening, opening_apart, sequencing
from app.unit import work
from app.voting import clock as database_clock
from app.voting.models import Opening
from app.voting.tallying import profile
from tests.bureau import members, shares
from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.poll import OpenPoll

BOX = "/staff/editions/rennes-2027/box"
MANY = 30


@dataclass
class Ready:
    """A closed box that counts as large, its opening proposed, and the second member of the bureau signed in."""

    poll: OpenPoll
    client: TestClient
    engine: Engine
    motion: str

    def confirm(self) -> Any:
        return self.client.post(f"{BOX}/motions/{self.motion}/opening", data={"share_1": shares()[0], "share_2": shares()[1]})

    def page(self, fragment: bool = False) -> str:
        headers = {"HX-Request": "true", "HX-Target": "opening"} if fragment else {}
        return re.sub(r"[\u00a0\u202f]", " ", html.unescape(self.client.get(BOX, headers=headers).text))

    def opened(self) -> bool:
        with work(self.engine, writing=False) as unit:
            return unit.db.get(Opening, self.poll.id) is not None

    def waits(self) -> bool:
        with work(self.engine, writing=False) as unit:
            return bool(motions.waiting(unit, self.poll.id, opening.OPENING))


@pytest.fixture
def ready(client: TestClient, cast: Cast, clock: Clock, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Ready:
    monkeypatch.setattr(database_clock, "told", lambda: clock.now)
    monkeypatch.setattr(opening_apart, "AT_ONCE", MANY - 1)
    monkeypatch.setattr(worker_pulse, "TOLD_EVERY", 3600)  # it keeps leases by the real clock, which is not that of the test
    poll, (first, second) = OpenPoll(cast, clock.now), members(cast)
    with work(engine, now=clock.now) as unit:
        for number in range(MANY):
            poll.cast(unit, number, seed=f"{number:026d}")
    clock.now = poll.closes + timedelta(hours=1)
    with work(engine, now=clock.now) as unit:
        edition = unit.db.get_one(Edition, poll.id)
        sequencing.tend(unit, edition)
        motion = opening.propose_opening(unit, edition, by=first).public_id
    cast.sign_in(client, second)
    return Ready(poll, client, engine, motion)


def test_it_is_answered_at_once_and_open_afterwards(ready: Ready) -> None:
    answer = ready.confirm()
    assert answer.headers["location"] == f"{BOX}?done=begun"
    assert ready.opened()
    assert not ready.waits()
    with work(ready.engine, writing=False) as unit:
        assert profile(unit, ready.poll.id).total == MANY
        assert unit.db.exec(select(Job).where(Job.kind == opening_apart.OPENING_JOB)).first() is None  # type: ignore[call-overload]
        kept = "".join(str(row) for table in SQLModel.metadata.sorted_tables for row in unit.core.execute(select(table)))
    assert not any(" ".join(share.split()[4:8]) in kept for share in shares()), "no share was written"
    assert "Dépouillez les bulletins." in ready.page()
    again = ready.confirm()
    assert again.status_code == 409, "it opens once"


def test_a_small_box_is_open_when_it_is_answered(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening_apart, "AT_ONCE", MANY)
    assert ready.confirm().headers["location"] == f"{BOX}?done=agreed"
    assert ready.opened()


def test_while_it_runs_the_page_says_how_far_it_is_and_a_second_opening_is_refused(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen = box_apart.unseal, []

    def looked_at(work_: Any, apart: opening_apart.Apart, told: Any) -> Any:
        read = real(work_, apart, told)
        work_.db.rollback()
        with work(ready.engine) as unit:
            assert jobs.keep(unit, apart.job, say("Unsealing the ballots"), 40)
            unit.db.execute(update(Job).where(Job.id == apart.job.id).values(leased_until=ready.poll.closes + timedelta(hours=2)))  # type: ignore[arg-type]
        seen.extend([ready.page(), ready.page(fragment=True), ready.confirm()])
        assert not ready.opened()
        assert ready.waits(), "it is confirmed by the act itself"
        return read

    monkeypatch.setattr(box_apart, "unseal", looked_at)
    ready.confirm()
    page, part, second = seen
    for text in (page, part):
        assert "Les bulletins sont descellés – 40 % effectués." in text
        assert 'hx-trigger="every 3s"' in text
    assert f'<a href="{BOX}">Actualiser</a>' in page, "without script it is looked at again by a link"
    assert part.lstrip().startswith('<div id="opening"')
    assert second.status_code == 409
    assert "déjà en cours" in html.unescape(second.text)
    assert ready.opened()
    assert "L’urne est ouverte." in ready.page(fragment=True)


def test_what_stops_it_is_told_nothing_is_open_and_it_can_be_confirmed_again(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(unit: Any, apart: Any, read: Any) -> None:
        opening_apart.open_it(unit, apart, read)
        unit.db.flush()
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(box_apart, "open_it", breaks)
        assert ready.confirm().status_code == 303
    assert not ready.opened()
    assert ready.waits()
    assert "Une erreur a arrêté l’ouverture. Rien n’a été ouvert" in ready.page()
    ready.confirm()
    assert ready.opened()


def test_where_the_server_died_it_can_be_confirmed_again_after_the_lease(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as dead:
        dead.setattr("app.pages.staff.box_motions.open_apart", lambda engine, apart: None)
        ready.confirm()
    assert ready.confirm().status_code == 409
    with work(ready.engine) as unit:
        unit.db.execute(update(Job).where(Job.kind == opening_apart.OPENING_JOB).values(leased_until=ready.poll.closes))  # type: ignore[arg-type]
    assert "L’ouverture a été interrompue" in ready.page()
    ready.confirm()
    assert ready.opened()


def test_wrong_shares_and_the_same_person_are_refused_before_anything_begins(ready: Ready, cast: Cast) -> None:
    first, _ = members(cast)
    wrong = ready.client.post(f"{BOX}/motions/{ready.motion}/opening", data={"share_1": shares()[0]})
    assert wrong.status_code == 422
    cast.sign_in(ready.client, first)
    assert ready.confirm().status_code == 403
    with work(ready.engine, writing=False) as unit:
        assert unit.db.exec(select(Job).where(Job.kind == opening_apart.OPENING_JOB)).first() is None  # type: ignore[call-overload]

"""The paper that a process remembers is used only while it is still the one: every change is obeyed by the very next ballot."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event
from sqlmodel import select

from app.core.ballots import Approval
from app.core.calendar import PhaseKind
from app.editions.models import Edition, Phase
from app.loop_box import LoopBox
from app.polls.models import Poll
from app.unit import work
from app.voting.service import close_box
from tests.cast import Cast
from tests.conftest import Clock
from tests.statements import ballots_engine, by_threads
from tests.voting.poll import OpenPoll

BALLOT = "/editions/rennes-2027/ballot"


@pytest.fixture
def poll(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> OpenPoll:
    monkeypatch.setattr("app.voting.clock.told", lambda: clock.now)
    return OpenPoll(cast, clock.now)


def vote(client: TestClient, poll: OpenPoll, number: int, **more: object) -> int:
    return client.post(BALLOT, data=poll.form(number, seed=f"{number:026d}") | more).status_code


@pytest.fixture(params=["loop", "threads"])
def way(request: pytest.FixtureRequest, client: TestClient, app: FastAPI) -> None:
    """Both ways on which ballots and receipts are answered."""
    if request.param == "threads":
        by_threads(app)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_ballot_on_a_paper_known_already_is_one_statement(client: TestClient, poll: OpenPoll, app: FastAPI) -> None:
    assert vote(client, poll, 1) == 303
    seen: list[str] = []
    event.listen(ballots_engine(app), "before_cursor_execute", lambda *what: seen.append(what[2]))
    assert vote(client, poll, 2) == 303
    assert len(seen) == 1


def test_another_style_is_obeyed_by_the_next_ballot(client: TestClient, poll: OpenPoll, engine: Engine) -> None:
    assert vote(client, poll, 1) == 303
    with work(engine) as unit:
        fixed = unit.db.exec(select(Poll)).one()
        fixed.style = Approval(min_choices=4, max_choices=6).model_dump(mode="json")
    assert vote(client, poll, 2) == 422
    assert vote(client, poll, 2, choice=poll.ids[:4]) == 303


def test_another_deadline_is_obeyed_by_the_next_ballot(client: TestClient, poll: OpenPoll, engine: Engine, clock: Clock) -> None:
    assert vote(client, poll, 1) == 303
    with work(engine) as unit:
        voting = unit.db.exec(select(Phase).where(Phase.kind == PhaseKind.voting.value)).one()
        voting.closes_at = clock.now
    assert vote(client, poll, 2) == 403
    clock.now -= timedelta(seconds=1)
    assert vote(client, poll, 2) == 303


def test_an_edition_taken_back_and_a_closed_box_take_no_ballot(client: TestClient, poll: OpenPoll, engine: Engine) -> None:
    assert vote(client, poll, 1) == 303
    with work(engine) as unit:
        edition = unit.db.exec(select(Edition)).one()
        edition.published_at, kept = None, edition.published_at
    assert vote(client, poll, 2) == 404
    with work(engine) as unit:
        unit.db.exec(select(Edition)).one().published_at = kept
    assert vote(client, poll, 2) == 303
    with work(engine) as unit:
        close_box(unit, poll.id)
    assert vote(client, poll, 3) == 403


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_receipt_on_a_paper_known_already_is_one_statement(client: TestClient, poll: OpenPoll, app: FastAPI) -> None:
    receipt = client.post(BALLOT, data=poll.form(1)).headers["location"]
    assert client.get(receipt).status_code == 200
    seen: list[str] = []
    event.listen(ballots_engine(app), "before_cursor_execute", lambda *what: seen.append(what[2]))
    assert client.get(receipt).status_code == 200
    assert len(seen) == 1
    assert "candidates" not in seen[0], "the long columns are not sent again"


def test_a_change_of_the_calendar_stands_on_the_very_next_receipt(client: TestClient, poll: OpenPoll, engine: Engine, clock: Clock) -> None:
    receipt = client.post(BALLOT, data=poll.form(1)).headers["location"]
    assert "Le vote se termine le" in client.get(receipt).text
    with work(engine) as unit:
        unit.db.exec(select(Phase).where(Phase.kind == PhaseKind.voting.value)).one().closes_at = clock.now
    assert "Le vote se termine le" not in client.get(receipt).text


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_receipt_of_a_full_box_is_not_planned_anew_each_time(
    client: TestClient, poll: OpenPoll, app: FastAPI, engine: Engine
) -> None:
    receipt = client.post(BALLOT, data=poll.form(1)).headers["location"]
    with engine.begin() as connection:
        many = f"SELECT encode(sha256(n::text::bytea), 'hex'), {poll.id} FROM generate_series(1, 20000) n"
        connection.exec_driver_sql(f"INSERT INTO cast_ballot (leaf_hash, edition_id) {many}")
        connection.exec_driver_sql("ANALYZE cast_ballot")
    for _ in range(40):
        assert client.get(receipt).status_code == 200
    planned = "SELECT custom_plans, generic_plans FROM pg_prepared_statements WHERE position('leaf_hash BETWEEN' in statement) > 0"
    box: LoopBox = app.state.box
    assert client.portal is not None
    anew, kept = client.portal.call(box.run, lambda connection: connection.exec_driver_sql(planned).one())
    assert (anew, kept > 20) == (5, True), "PostgreSQL tries five plans before it keeps one"

"""Which side each address and each job acts as, and what a process without its role does."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import ValidationError
from sqlalchemy import Engine, text
from sqlmodel import select

from app import worker
from app.core.sides import Side
from app.database import WrongSide, at_the_box, box_engine, make_engine, role_name, session
from app.http.audience import api_routes
from app.http.unit_of_work import side_of
from app.jobs import Job
from app.loop_box import loop_box
from app.main import create_app
from app.separation.claim import Separation, separation_of
from app.settings import Settings
from app.unit import work
from app.voting.closing import StillRead, clean_files
from tests.cast import Cast
from tests.conftest import Clock
from tests.polls.stage import open_vote
from tests.separation.conftest import account
from tests.statements import on_a_loop

VOTE = "/editions/{slug}"
ACTING: dict[Side, set[tuple[str, str]]] = {
    Side.BOX: {
        ("GET", f"{VOTE}/vote"), ("POST", f"{VOTE}/vote"), ("POST", f"{VOTE}/vote/review"), ("POST", f"{VOTE}/ballot"),
        ("POST", f"{VOTE}/ballot-change"), ("GET", f"{VOTE}/booklet"), ("GET", f"{VOTE}/paper-ballot"),
        ("GET", "/receipts/{code}"), ("GET", "/receipts/{code}/receipt.json"), ("GET", "/receipts/{code}/qr.svg"),
        ("GET", f"/api/v1{VOTE}/ballot"), ("POST", f"/api/v1{VOTE}/ballot"),
    },
    Side.LOG: set(),
    Side.COUNT: {
        ("GET", f"{VOTE}/ballots.csv"), ("GET", f"{VOTE}/election.pb"), ("GET", f"/staff{VOTE}/simulator"),
        ("POST", f"/staff{VOTE}/box/motions/{{motion}}/opening"), ("POST", f"/staff{VOTE}/counts"), ("POST", f"/staff{VOTE}/draw"),
    },
}  # fmt: skip
"""Every address that acts as another side than the registrar's."""


def test_each_address_acts_as_one_side(app: FastAPI) -> None:
    found: dict[Side, set[tuple[str, str]]] = {side: set() for side in Side}
    for path, route in api_routes(app):
        for method in (route.methods or set()) - {"HEAD"}:
            found[side_of(route.endpoint)].add((method, path))
    del found[Side.REGISTRAR]
    assert found == ACTING


def test_each_job_acts_as_one_side() -> None:
    assert {kind: worker.side_of(kind) for kind in (*worker.KINDS, *worker.LONG)} == {
        "box:merge": Side.LOG, "box:clean": Side.LOG, "results:count": Side.COUNT, "results:compare": Side.COUNT,
        "exchange:try": Side.REGISTRAR, "table:look": Side.REGISTRAR, "table:apply": Side.REGISTRAR,
        "result:bundle": Side.COUNT, "poll:remind": Side.REGISTRAR, "review:show": Side.REGISTRAR,
        "mail:send": Side.REGISTRAR, "roll:forget": Side.REGISTRAR, "roll:after": Side.REGISTRAR, "limits:forget": Side.REGISTRAR,
        "story:tell": Side.REGISTRAR, "story:digest": Side.REGISTRAR, "story:forget": Side.REGISTRAR,
    }  # fmt: skip


def test_every_transaction_runs_as_the_role_of_its_side(engine: Engine) -> None:
    who = text("SELECT current_user, session_user")
    for side in Side:
        for writing in (True, False):
            with session(engine, writing=writing, side=side) as db:
                assert db.execute(who).one()[0] == role_name(engine.url, side)
                db.commit()
                assert db.execute(who).one()[0] == role_name(engine.url, side), "after a commit inside a verb as well"
    with engine.connect() as connection:
        user, login = connection.execute(who).one()
        assert user == login
    for _ in range(3):
        with at_the_box(engine, writing=True) as core:
            assert core.execute(who).one()[0] == role_name(engine.url, Side.BOX)
    box_engine(engine).dispose()

    async def look() -> None:
        async with loop_box(engine) as box:
            assert box is not None
            for _ in range(3):
                assert (await box.run(lambda core: core.execute(who).one()))[0] == role_name(engine.url, Side.BOX)

    on_a_loop(look())


def test_a_process_takes_no_role_that_it_was_not_given(owner: Engine, engine: Engine) -> None:
    only = make_engine(account(owner, "web", Side.REGISTRAR), sides=[Side.REGISTRAR])
    with pytest.raises(WrongSide), session(only, writing=False, side=Side.COUNT):
        pass
    with pytest.raises(WrongSide), at_the_box(only, writing=True):
        pass

    async def look() -> None:
        async with loop_box(only) as box:
            assert box is None

    on_a_loop(look())
    lying = make_engine(account(owner, "web", Side.REGISTRAR), sides=list(Side))
    with pytest.raises(Exception, match="permission denied to set role"), session(lying, writing=False, side=Side.COUNT) as db:
        db.execute(text("SELECT 1"))
    only.dispose()
    lying.dispose()


def test_a_request_that_came_to_the_wrong_process_is_told_so_and_health_is_asked_of_all(owner: Engine, cast: Cast, clock: Clock) -> None:
    open_vote(cast)
    only = make_engine(account(owner, "vote", Side.BOX), sides=[Side.BOX])
    app = create_app(only)
    app.state.clock = clock
    with TestClient(app, base_url="http://127.0.0.1:8000") as visitor:
        assert visitor.get("/editions/rennes-2027/vote").status_code == 200
        told = visitor.get("/editions/rennes-2027/identification")
        assert (told.status_code, "autre serveur" in told.text) == (421, True)
        assert visitor.get("/health").status_code == 200
    only.dispose()


def test_a_ballot_that_came_to_the_wrong_process_is_told_that_nothing_was_recorded(owner: Engine, cast: Cast, clock: Clock) -> None:
    open_vote(cast)
    only = make_engine(account(owner, "web", Side.REGISTRAR), sides=[Side.REGISTRAR])
    app = create_app(only)
    app.state.clock = clock
    with TestClient(app, base_url="http://127.0.0.1:8000", headers={"Sec-Fetch-Site": "same-origin"}) as visitor:
        for told in (visitor.post("/editions/rennes-2027/ballot", data={"lang": "fr"}), visitor.get("/receipts/0000000000000000?lang=fr")):
            assert (told.status_code, "autre serveur" in told.text) == (421, True)
    only.dispose()


def test_a_worker_runs_the_jobs_of_its_own_sides_alone(owner: Engine, engine: Engine) -> None:
    worker.plan_rounds(engine)
    keeper = make_engine(account(owner, "work", Side.LOG), sides=[Side.LOG])
    assert worker.run_all(keeper) == 1
    with work(engine, writing=False) as unit:
        ran = {job.kind for job in unit.db.exec(select(Job)) if job.run_at > unit.now}
    assert ran == {"box:merge"}
    keeper.dispose()


def test_no_file_is_written_anew_by_who_cannot_see_the_sessions(owner: Engine, engine: Engine, cast: Cast) -> None:
    edition = open_vote(cast)
    role = role_name(owner.url, Side.LOG)
    with owner.begin() as connection:
        connection.execute(text(f'REVOKE pg_read_all_stats FROM "{role}"'))
    try:
        with pytest.raises(StillRead, match="pg_read_all_stats"), work(engine, side=Side.LOG) as unit:
            clean_files(unit, {"edition": edition.id})
    finally:
        with owner.begin() as connection:
            connection.execute(text(f'GRANT pg_read_all_stats TO "{role}"'))


def test_what_is_claimed_follows_what_is_there(owner: Engine) -> None:
    url = owner.url.set(drivername="postgresql").render_as_string(hide_password=False)
    known = {
        Separation.FILE: make_engine("sqlite:///:memory:"), Separation.ACCOUNT: make_engine(url),
        Separation.TRANSACTIONS: make_engine(url, sides=list(Side)),
        Separation.PROCESSES: make_engine(url, sides=[Side.REGISTRAR, Side.COUNT]),
    }  # fmt: skip
    for wanted, made in known.items():
        assert separation_of(made) is wanted
        assert wanted.claimed is (wanted in (Separation.TRANSACTIONS, Separation.PROCESSES))
        assert ("claimed" in str(wanted.sentence)) is (wanted is not Separation.PROCESSES)
    assert separation_of(make_engine(url, sides=[Side.LOG, Side.COUNT])) is Separation.PROCESSES


def test_the_setting_names_roles_that_exist() -> None:
    assert Settings(database_roles="registrar, count").sides == {Side.REGISTRAR, Side.COUNT}
    assert (Settings(database_roles="all").sides, Settings().sides) == (frozenset(Side), frozenset())
    with pytest.raises(ValidationError, match="registrar, box, log, count"):
        Settings(database_roles="registrar, bureau")

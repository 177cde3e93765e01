"""A whole vote with the roles on: everything works, and no transaction takes two of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, event
from sqlmodel import col, func, select

from app import worker
from app.accounts.people import Person
from app.core.forms import read
from app.core.permissions import Role
from app.core.sides import Side
from app.database import role_name
from app.editions.models import Edition
from app.electorate.batches import make_batch
from app.electorate.forms import CodeBatchForm
from app.electorate.models import EmailProof
from app.electorate.service import declare
from app.exchange.importing import import_file
from app.jobs import Job
from app.ledger.motions import waiting
from app.polls import opening, paper, queries, service
from app.unit import work
from app.voting.merging import is_complete, waiting_in
from app.voting.models import Ballot, CastBallot
from tests.bureau import members, shares
from tests.cast import Cast
from tests.conftest import Clock
from tests.exchange.test_import import SMALL
from tests.polls.stage import AMINATA, DAY, declaration, identified, mailed_code, open_vote

AT = "/editions/rennes-2027"
DESK = f"/staff{AT}/desk"


class Roles:
    """The roles that each transaction took, in the order of the transactions."""

    def __init__(self, engine: Engine) -> None:
        self.taken: list[list[str]] = []
        self.open: dict[int, list[str]] = {}
        event.listen(engine, "before_cursor_execute", self._execute)
        event.listen(engine, "commit", self._end)
        event.listen(engine, "rollback", self._end)

    def _execute(self, connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        mine = self.open.get(id(connection.connection.driver_connection))
        if mine is None:
            mine = list[str]()
            self.open[id(connection.connection.driver_connection)] = mine
            self.taken.append(mine)
        if "ROLE" in statement:
            mine.append(statement)
        assert len(mine) == 1, statement

    def _end(self, connection: Connection) -> None:
        self.open.pop(id(connection.connection.driver_connection), None)


@pytest.fixture(autouse=True)
def roles(engine: Engine) -> Iterator[Roles]:
    kept = Roles(engine)
    yield kept
    assert kept.taken
    assert all(len(one) == 1 for one in kept.taken)


@pytest.fixture(autouse=True)
def clocks(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr("app.voting.clock.told", lambda: clock.now)
    monkeypatch.setattr("app.unit.clock", clock)


def ids(engine: Engine, edition: Edition) -> list[str]:
    with work(engine, writing=False) as unit:
        return [one.id for one in queries.fixed_poll(unit, edition).candidates]


def key_by_mail(client: TestClient, engine: Engine, **other: str) -> str:
    """The voting key of a resident, got on the pages."""
    asked = client.post(f"{AT}/identification", data=AMINATA | {"lang": "fr"} | other)
    page = client.get(asked.headers["location"])
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)
    assert ticket
    with work(engine, writing=False) as unit:
        code = mailed_code(unit)
    told = client.post(f"{AT}/identification/code", data={"lang": "fr", "ticket": ticket[1], "code": code})
    found = re.search(r'data-key="([0-9a-f]{64})"', told.text)
    assert found, told.text
    return found[1]


def vote_on_the_pages(client: TestClient, key: str, choices: list[str]) -> str:
    """Booth, check, ballot, receipt; returns the address of the receipt."""
    sent = {"lang": "fr", "seed": "s" * 26, "choice": choices, "credential": key}
    assert client.get(f"{AT}/vote").status_code == 200
    assert all(client.get(f"{AT}/{sheet}").status_code == 200 for sheet in ("booklet", "paper-ballot"))
    assert client.post(f"{AT}/vote", data={"lang": "fr", "add": choices[0]}).status_code == 200
    assert client.post(f"{AT}/vote/review", data=sent).status_code == 200
    cast = client.post(f"{AT}/ballot", data=sent)
    assert cast.status_code == 303, cast.text
    again = client.post(f"{AT}/ballot", data=sent)
    assert again.headers["location"] == cast.headers["location"]
    assert client.post(f"{AT}/ballot", data=sent | {"seed": "t" * 26}).status_code == 409
    address = cast.headers["location"].partition("?")[0]
    for page in (address, f"{address}/receipt.json", f"{address}/qr.svg"):
        assert client.get(page).status_code == 200, page
    return str(address)


def vote_by_program(client: TestClient, key: str, choices: list[str]) -> None:
    assert client.get(f"/api/v1{AT}/ballot").status_code == 200
    cast = client.post(f"/api/v1{AT}/ballot", json={"credential": key, "choices": choices, "seed": "p" * 26})
    assert cast.status_code == 200, cast.text


def keep_the_desk(engine: Engine, edition: Edition, choices: int, by: Person) -> None:
    """A paper ballot handed out and entered, a code made, voided and replaced."""
    with work(engine) as unit:
        here = unit.db.get_one(Edition, edition.id)
        service.hand_paper(unit, here, identified(unit, here, name="Jean Le Bihan"), by=by)
        lot = paper.open_lot(unit, here, read(paper.LotForm, {"station": "Mairie"}), by=by)
        marks = {"serial": "1", "marks": " ".join(map(str, range(1, choices + 1)))}
        assert paper.enter(unit, here, lot, read(paper.PaperForm, marks), by=by) is None
        paper.take_out(unit, here, lot, 1, by=by)
        assert paper.entered(unit, lot.id or 0) == []
        assert paper.enter(unit, here, lot, read(paper.PaperForm, marks), by=by) is None
        paper.close_lot(unit, here, lot, by=by)
        assert paper.entered(unit, lot.id or 0) == [1]
    with work(engine) as unit:
        make_batch(unit, here, read(CodeBatchForm, {"label": "Maison", "size": "2"}), by=by, seconded=True)
        service.replace(unit, here, 1, 1, "Perdu", by=by, seconded=True)
        assert service.turnout(unit, here).total("paper") == 1


def tended(engine: Engine, clock: Clock) -> None:
    """Let the worker do all that is due. The server's own upkeep may hold up the cleaning for a moment: it comes back."""
    worker.plan_rounds(engine)
    for _ in range(20):
        worker.run_all(engine)
        with work(engine, writing=False) as unit:
            failed = [(job.kind, job.last_error) for job in unit.db.exec(select(Job).where(Job.last_error != "", Job.kind != "mail:send"))]
        if not failed:
            return
        assert all("StillRead: a transaction" in error for _, error in failed), failed
        clock.now += timedelta(minutes=10)
        sleep(0.1)
    raise AssertionError(failed)


def open_the_box(cast: Cast, edition: Edition) -> None:
    first, second = members(cast)
    with work(cast.engine, side=Side.COUNT) as unit:
        opening.propose_opening(unit, unit.db.get_one(Edition, edition.id), by=first)
    with work(cast.engine, side=Side.COUNT) as unit:
        (motion,) = waiting(unit, edition.id or 0, opening.OPENING)
        opening.confirm_opening(unit, unit.db.get_one(Edition, edition.id), motion, shares()[:2], by=second)


def publish(cast: Cast, client: TestClient, edition: Edition) -> None:
    """Count, publish and decide, all on the pages."""
    _, member = members(cast)
    cast.sign_in(client, member)
    assert client.post(f"/staff{AT}/counts").status_code == 303
    for email, name in (("pauline@example.org", "Pauline Hamon"), ("paul@example.org", "Paul Riou")):
        cast.sign_in(client, cast.person(email, name, [Role.PUBLISHER]))
        assert client.get(f"/staff{AT}/results").status_code == 200
        with work(cast.engine, writing=False) as unit:
            proposed = waiting(unit, edition.id or 0)
        sent = {"motion": proposed[0].public_id} if proposed else {"count": "1", "reserve": "1"}
        assert client.post(f"/staff{AT}/result-publication", data=sent).status_code == 303
    assert client.get(f"/staff{AT}/simulator?envelope=1000000").status_code == 200
    client.cookies.clear()


def test_a_whole_vote_works_with_the_roles_on(
    cast: Cast, client: TestClient, engine: Engine, clock: Clock, roles: Roles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.polls.definition.LEAST_BATCH", 1)  # so that three ballots are published
    edition = open_vote(cast, tie_first="cheaper", tie_second="older")
    choices, agent = ids(engine, edition)[:3], cast.person("yann@example.org", "Yann Morvan", [Role.DESK_AGENT, Role.BUREAU_MEMBER])
    receipt = vote_on_the_pages(client, key_by_mail(client, engine), choices)
    vote_by_program(client, key_by_mail(client, engine, name="Karim Haddad", email="karim@example.org"), choices)
    keep_the_desk(engine, edition, len(choices), agent)
    cast.sign_in(client, agent)
    found = client.post(f"{DESK}/search", data={"q": "Diallo"})
    assert found.status_code in (200, 303)
    client.cookies.clear()
    clock.now += 21 * DAY
    tended(engine, clock)
    with work(engine, writing=False, side=Side.LOG) as unit:
        assert unit.db.exec(select(func.count()).select_from(CastBallot).where(col(CastBallot.entry).is_not(None))).one() == 0
    for side in (Side.REGISTRAR, Side.COUNT, Side.LOG):
        with work(engine, writing=False, side=side) as unit:
            assert (waiting_in(unit, edition.id or 0), is_complete(unit, edition.id or 0)) == (0, True), side
    open_the_box(cast, edition)
    publish(cast, client, edition)
    tended(engine, clock)
    assert client.get(receipt).status_code == 200
    for page in (f"{AT}/results", f"{AT}/results.json", f"{AT}/ballots.csv", f"{AT}/election.pb", f"{AT}/results/other-rules.json"):
        assert client.get(page).status_code == 200, page
    assert client.get(f"{AT}/ballots.csv").text.count(choices[0]) == 3
    assert {one[0] for one in roles.taken} == {f'SET LOCAL ROLE "{role_name(engine.url, side)}"' for side in Side}


def test_declarations_are_forgotten_with_the_vote_by_the_side_that_may_read_them(cast: Cast, engine: Engine, clock: Clock) -> None:
    edition = open_vote(cast)
    clock.now += 20 * DAY - timedelta(minutes=1)
    with work(engine) as unit:
        declare(unit, unit.db.get_one(Edition, edition.id), declaration(), network="192.0.2.0/24")
    clock.now += timedelta(minutes=2)
    tended(engine, clock)
    with work(engine, writing=False) as unit:
        assert unit.db.exec(select(func.count()).select_from(EmailProof)).one() == 0


def test_a_past_election_is_taken_in_by_the_side_that_counts(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "small.pb"
    path.write_text(SMALL)
    with work(engine, side=Side.COUNT) as unit:
        assert import_file(unit, path).ballots == 3
    with work(engine, writing=False, side=Side.COUNT) as unit:
        assert unit.db.exec(select(func.count()).select_from(Ballot)).one() == 3

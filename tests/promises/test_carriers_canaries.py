"""What carriers tell the city stays with the city: nobody else reads it, in pages, files, mails or logs (T27, carrier side; N08, N12)."""

from __future__ import annotations

import logging
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import SQLModel, func, select

from app import worker
from app.accounts.people import Person
from app.core.permissions import Role
from app.ledger.models import Entry
from app.notifications.models import OutgoingMail
from app.proposals import documents
from app.proposals.models import Document, Proposal
from app.proposals.queries import carrier_file
from app.review import service as review
from app.unit import work
from tests.cast import Cast
from tests.promises.places import Places, settle
from tests.review.test_deciding import form

ADDRESSES = ("canari.representante@secret.example", "canari.redacteur@secret.example")
NAMES = ("Canari Représentante", "Canari Rédacteur")
PRIVATE = (*ADDRESSES, *NAMES, "canari-piece-jointe", "canari-note-interne")


class Run:
    """An association with two members hands in a file with a document; the city asks for more, gets it, and admits it."""

    def __init__(self, cast: Cast, places: Places) -> None:
        self.cast, self.places = cast, places
        self.head, self.writer = (cast.person(email, name) for email, name in zip(ADDRESSES, NAMES, strict=True))
        self.organisation = cast.organisation(self.head, name="Les amis du canari")
        cast.member(self.organisation, self.writer)
        self.public_id = cast.submitted(self.head, places.edition).public_id

    def decide(self, outcome: str, **values: str) -> None:
        """The case officer's decision."""
        with work(self.cast.engine, now=self.cast.clock.now) as unit:  # type: ignore[attr-defined]
            proposal = unit.db.exec(select(Proposal).where(Proposal.public_id == self.public_id)).one()
            review.decide(unit, proposal, form(unit, proposal, outcome, **values), by=self.places.official)


@pytest.fixture
def places(cast: Cast) -> Places:
    return settle(cast)


@pytest.fixture
def run(cast: Cast, places: Places) -> Run:
    return Run(cast, places)


def shown_to(client: TestClient, cast: Cast, who: Person | None, paths: list[str]) -> list[tuple[str, str]]:
    """(address, canary) wherever somebody reads what is not theirs."""
    client.cookies.clear()
    if who is not None:
        cast.sign_in(client, who)
    texts = {path: client.get(path).text for path in paths}
    return [(path, canary) for path, text in texts.items() for canary in PRIVATE if canary in text]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_whole_run_leaves_no_trace_of_people_where_others_look(
    app: FastAPI, client: TestClient, cast: Cast, places: Places, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    run.decide("admissible")
    with work(cast.engine) as unit:  # before they are sent: their text is wiped then
        mails = [(one.recipient, f"{one.subject} {one.body_text} {one.body_html}") for one in unit.db.exec(select(OutgoingMail))]
    assert {recipient for recipient, _ in mails} & set(ADDRESSES)
    assert [to for to, text in mails for canary in PRIVATE if canary in text and to not in ADDRESSES] == []
    worker.run_all(cast.engine)
    slug, public_id = run.organisation.slug, run.public_id
    own = [path.replace(places.drafted, public_id).replace(places.organisation, slug) for path in places.addresses(app, "GET")]
    paths = sorted({*places.addresses(app, "GET"), *own})
    assert shown_to(client, cast, None, paths) == []
    assert shown_to(client, cast, cast.person("other@example.org", "Quelqu’un d’autre"), paths) == []
    tables = ("/staff/editions/rennes-2027/tables/projects.csv", "/staff/editions/rennes-2027/tables/organisations.csv")
    assert shown_to(client, cast, places.official, list(tables)) == []
    logged = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("sqlalchemy"))
    assert [canary for canary in PRIVATE if canary in logged] == []
    with work(cast.engine) as unit:
        journal = "\n".join(f"{one.subject} {one.text}" for one in unit.db.exec(select(Entry)))
    assert [canary for canary in PRIVATE if canary in journal] == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_nobody_acts_on_a_file_or_an_organisation_that_is_not_theirs(
    app: FastAPI, client: TestClient, cast: Cast, places: Places, run: Run
) -> None:
    """N08: every address that changes a file or an organisation, asked for by the representative of another one."""
    stranger = cast.person("stranger@example.org", "Une autre présidente")
    cast.organisation(stranger, name="Une autre association")
    cast.sign_in(client, stranger)
    posted = places.addresses(app, "POST")
    drafted = [path for path in posted if places.drafted in path]
    own = {path.replace(places.drafted, run.public_id) for path in drafted} | set(drafted)
    own |= {path.replace(places.organisation, run.organisation.slug) for path in posted if places.organisation in path}
    tried = sorted(path for path in own if re.match(r"^/(files|organisations)/", path))
    assert len(tried) > 8
    before = _state(cast)
    answers = {path: client.post(path, data={"email": "stranger@example.org", "role": "representative", "title": "Volé"}) for path in tried}
    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code not in (403, 404)} == {}
    assert _state(cast) == before


def _state(cast: Cast) -> dict[str, int]:
    with work(cast.engine) as unit:
        counted = ("proposal", "membership", "organisation", "document", "section_revision", "transition", "ledger_entry")
        return {name: unit.db.scalar(select(func.count()).select_from(SQLModel.metadata.tables[name])) or 0 for name in counted}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_document_is_for_its_carrier_and_the_officers_each_time_it_is_asked_for(client: TestClient, cast: Cast, run: Run) -> None:
    """N12: checked at each request, never kept by a cache, missing for everybody else; its address holds 128 random bits."""
    with work(cast.engine, now=cast.clock.now) as unit:  # type: ignore[attr-defined]
        proposal = unit.db.exec(select(Proposal).where(Proposal.public_id == run.public_id)).one()
        proposal.state = "incomplete"
        unit.db.add(proposal)
        unit.db.flush()
        file = carrier_file(unit, run.public_id, run.head)
        documents.add(unit, file, "other", "canari-piece-jointe.pdf", b"%PDF-1.4\n%%EOF", by=run.head)
        document = unit.db.exec(select(Document)).one().public_id
    assert len(document) == 26
    path = f"/documents/{document}"
    expected = {
        None: {303, 404}, run.head: {200}, run.writer: {200}, cast.person("other@example.org", "X"): {404}, run.places.official: {200},
        cast.person("mod@example.org", "M", [Role.MODERATOR]): {404},
    }  # fmt: skip
    for person, allowed in expected.items():
        client.cookies.clear()
        if person is not None:
            cast.sign_in(client, person)
        answer = client.get(path)
        assert answer.status_code in allowed
        assert answer.headers["cache-control"] in ("no-store", "private, no-store")
    assert client.get(f"{path[:-1]}0").status_code == 404

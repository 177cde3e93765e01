"""What the carriers are told: by the publication, then by the council; in their language, with the exact reason, or not at all."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from app.accounts.models import Account
from app.core.problems import Invalid
from app.editions.models import Programme
from app.figures import clock
from app.jobs import Job
from app.notifications.models import OutgoingMail
from app.notifications.service import queue
from app.organisations.models import Membership
from app.proposals.models import Proposal
from app.rendering import speaking, translate
from app.results import queries, service
from app.unit import Work
from tests.cast import Cast
from tests.results.election import City
from tests.results.test_publishing import FEW, VOTES, council, published

NAMES = {"leading": "result-leading", "reserve": "result-reserve", "not_selected": "result-not-selected"}


@pytest.fixture
def city(unit: Work, cast: Cast) -> City:
    """P01 and P02 win; each carrier has a writer, that of P01 reads English, and a reader who may not write."""
    unit.db.commit()
    people = {key: cast.person(f"{key.lower()}@example.org", f"Carrier of {key}") for key in FEW}
    reader = cast.person("reader@example.org", "Somebody")
    made = City(unit, cast, euros=50_000, keys=FEW)
    made.fill(VOTES)
    for key, person in people.items():
        organisation = file(made, key).organisation_id
        for one, role in ((person, "writer"), (reader, "reader")):
            if unit.db.get(Membership, (organisation, one.id)) is None:
                unit.db.add(Membership(organisation_id=organisation, account_id=one.id, role=role, since=unit.now))
    unit.db.flush()
    return made


def file(city: City, key: str) -> Proposal:
    return city.unit.db.exec(select(Proposal).where(Proposal.public_id == city.id_of[key])).one()


def mails(city: City, start: str) -> dict[str, OutgoingMail]:
    """The e-mails by the project they are about (by its title)."""
    city.unit.db.flush()
    found = city.unit.db.exec(select(OutgoingMail).where(OutgoingMail.name.startswith(start))).all()  # type: ignore[attr-defined]
    titles = {file(city, key).title: key for key in FEW}
    return {next(key for title, key in titles.items() if f"«\u00a0{title}\u00a0»" in one.body_text): one for one in found}


def test_every_carrier_is_told_what_became_of_its_project_with_the_exact_reason(city: City) -> None:
    published(city, reserve=1)
    told = mails(city, "result-")
    assert set(told) == set(FEW)
    result = queries.result_of(city.unit, city.edition)
    assert result is not None
    for one in result.standings:
        mail = told[city.keys_of([one.candidate.id])[0]]
        assert mail.name == NAMES[one.proposal.state]
        with speaking("fr"):
            assert translate(one.row.reason) in mail.body_text
            assert translate(one.row.nearest) in mail.body_text
        assert f"n° {one.candidate.number}" in mail.subject
        assert "/editions/rennes-2027/results" in mail.body_text
    assert "reader@example.org" not in {mail.recipient for mail in told.values()}
    assert len(city.unit.db.exec(select(Job).where(Job.kind == "mail:send")).all()) == len(told)


def test_leading_is_never_called_awarded(city: City) -> None:
    """« Arrivé en tête, sous réserve de la délibération »: laureate is a word of the council's decision."""
    published(city)
    mail = mails(city, "result-leading")["P01"]
    assert "sous réserve de la délibération" in mail.body_text
    assert "lauréat" not in mail.subject + mail.body_text + mail.body_html
    assert "24 500 €" in mail.body_text.replace("\u202f", " ").replace("\xa0", " ")


def test_the_council_s_decision_is_told_with_its_reference_and_its_reason(city: City) -> None:
    published(city)
    service.decide(city.unit, city.edition, council(city, "P01"), by=city.publisher)
    refusal = council(city, "P02", outcome="refused", reason="Le partenaire s'est retiré <hier>.")
    service.decide(city.unit, city.edition, refusal, by=city.publisher)
    told = mails(city, "council-")
    assert {key: mail.name for key, mail in told.items()} == {"P01": "council-awarded", "P02": "council-refused"}
    assert "lauréat" in told["P01"].subject
    assert "20 novembre 2026" in told["P01"].body_text
    assert "2026-0312" in told["P01"].body_text
    assert "Le partenaire s'est retiré <hier>." in told["P02"].body_text
    assert "&lt;hier&gt;" in told["P02"].body_html
    assert f"/projects/{city.id_of['P02']}" in told["P02"].body_text


def test_what_is_refused_tells_nobody(city: City) -> None:
    published(city)
    with pytest.raises(Invalid):
        service.decide(city.unit, city.edition, council(city, "P01", outcome="refused"), by=city.publisher)
    assert mails(city, "council-") == {}


def test_a_carrier_who_reads_english_is_written_to_in_english(unit: Work, cast: Cast, city: City) -> None:
    account = unit.db.exec(select(Account).where(Account.email == "p01@example.org")).one()
    account.language = "en"
    unit.db.add(account)
    published(city)
    mail = unit.db.exec(select(OutgoingMail).where(OutgoingMail.recipient == "p01@example.org")).first()
    assert mail is not None
    assert "came out in the lead, subject to the council's decision" in mail.body_text


def test_an_e_mail_tells_the_time_of_the_programme_s_own_zone(unit: Work, cast: Cast) -> None:
    person = cast.person()
    programme = cast.programme()
    unit.db.get_one(Programme, programme.id).zone = "America/Martinique"
    unit.db.commit()
    cast.submitted(person)
    mail = unit.db.exec(select(OutgoingMail).where(OutgoingMail.name == "file-received")).one()
    local, elsewhere = (cast.clock.now.astimezone(ZoneInfo(zone)) for zone in ("America/Martinique", "Europe/Paris"))
    assert clock(local, "fr") in mail.body_text
    assert clock(elsewhere, "fr") not in mail.body_text


def test_a_queued_time_is_that_of_the_zone_given(unit: Work) -> None:
    values = {"name": "x", "title": "t", "file_number": 1, "edition": {"fr": "e"}, "organisation": "o", "contents": [], "action": "a"}
    at = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("UTC"))
    queue(unit, "file-received", "a@example.org", "fr", values | {"at": at}, zone="Indian/Reunion")
    assert "14\u00a0h" in unit.db.exec(select(OutgoingMail.body_text)).one()

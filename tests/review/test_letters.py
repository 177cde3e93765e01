"""Letters: one for each decision, rule by rule, with the ways and dates of appeal, frozen, for the carrier and the city alone."""

import pytest
from sqlmodel import select

from app.core.problems import Missing
from app.editions.models import Edition
from app.notifications.models import OutgoingMail
from app.organisations.models import Membership
from app.proposals.models import Proposal
from app.review import service
from app.review.appeals.forms import TermsForm
from app.review.appeals.service import set_terms
from app.review.letters.models import Letter
from app.review.letters.queries import letter_for, letters_of, opened
from app.unit import work
from tests.cast import Cast
from tests.review.city import City
from tests.review.desk import hand_in
from tests.review.test_deciding import ALL_YES, form

NO = ALL_YES | {"non_profit": "no"}
SAID = {"comments": {"non_profit": "Le projet vend ses services."}}


def only_letter(cast: Cast) -> Letter:
    with work(cast.engine) as unit:
        return unit.db.exec(select(Letter)).one()


def test_a_refusal_gives_each_rule_with_its_fact_the_motive_and_a_last_day(city: City, cast: Cast) -> None:
    city.refused()
    letter = only_letter(cast)
    told = opened(letter)
    assert letter.reference == "rennes-2027-001-1"
    assert "d'urgence" in letter.facts["motive"]
    assert {one.verdict for one in told.findings} >= {"pass", "fail"}
    assert str(told.last_day) == "2026-12-06"
    assert letter.appeal_until is not None
    assert letter.appeal_until.isoformat() == "2026-12-06T23:00:00+00:00"
    assert letter.facts["redirect"]
    assert letter.facts["signatory"] == city.officer.display_name


@pytest.mark.parametrize(
    ("outcome", "values"),
    [("admissible", {}), ("incomplete", {"to_complete": "La lettre.", "complete_by_day": "2026-12-24"})],
)
def test_other_decisions_have_a_letter_and_nothing_to_contest(city: City, cast: Cast, outcome: str, values: dict[str, str]) -> None:
    city.decided("P01", outcome, **values)
    letter = only_letter(cast)
    assert (letter.outcome, letter.appeal_until) == (outcome, None)


def test_the_letter_speaks_the_language_of_the_file(city: City, cast: Cast) -> None:
    public_id = city.file("P01", language="en")
    with work(cast.engine, now=cast.clock.now) as unit:
        proposal = unit.db.exec(select(Proposal).where(Proposal.public_id == public_id)).one()
        service.decide(unit, proposal, form(unit, proposal, "admissible"), by=city.officer)
    assert only_letter(cast).language == "en"


def test_a_letter_already_written_keeps_what_it_said(city: City, cast: Cast, edition: Edition) -> None:
    city.refused()
    before = dict(only_letter(cast).facts)
    with work(cast.engine, now=cast.clock.now) as unit:
        terms = {"days": 20, "answer_days": 60, "court_months": 2, "signatory": "Nadia Petit", "signatory_title": "Adjointe"}
        set_terms(unit, edition, TermsForm.model_validate(terms), by=city.officer)
    assert only_letter(cast).facts == before
    city.decided("P01", "inadmissible", reason="Trop tard.", answers=NO, **SAID)
    with work(cast.engine) as unit:
        second = unit.db.exec(select(Letter)).all()[-1]
        assert (second.facts["terms"]["days"], second.facts["signatory"]) == (20, "Nadia Petit")
        assert str(opened(second).last_day) == "2026-12-11"


def test_the_letter_is_for_the_carrier_and_the_city_and_missing_to_everyone_else(city: City, cast: Cast) -> None:
    public_id = city.refused()
    letter = only_letter(cast)
    member, stranger = cast.person(), cast.person("autre@example.org", "Quelqu’un")
    with work(cast.engine, now=cast.clock.now) as unit:
        proposal = unit.db.exec(select(Proposal).where(Proposal.public_id == public_id)).one()
        unit.db.add(Membership(organisation_id=proposal.organisation_id, account_id=member.id, role="reader", since=unit.now))
        unit.db.flush()
        for allowed in (member, city.officer):
            assert letter_for(unit, letter.public_id, allowed).id == letter.id
        for shut in (stranger, None):
            with pytest.raises(Missing):
                letter_for(unit, letter.public_id, shut)
        assert [one.id for one in letters_of(unit, proposal)] == [letter.id]


def test_the_address_of_a_letter_holds_130_random_bits(city: City, cast: Cast) -> None:
    city.refused()
    assert len(only_letter(cast).public_id) == 26


def test_the_mail_leads_to_the_letter(city: City, cast: Cast) -> None:
    member = cast.person()
    with work(cast.engine, now=cast.clock.now) as unit:
        hand_in(unit, city.edition, "P01", member=member.id)
        proposal = unit.db.exec(select(Proposal)).one()
        service.decide(unit, proposal, form(unit, proposal, "admissible"), by=city.officer)
    with work(cast.engine) as unit:
        mail = unit.db.exec(select(OutgoingMail)).one()
        address = f"/letters/{unit.db.exec(select(Letter)).one().public_id}"
        assert address in mail.body_text
        assert address in mail.body_html

"""Appeals: filed in time by a representative, examined by someone else, upheld or rejected with a published motive."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from app.accounts.people import Person
from app.core.permissions import Role
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.ledger.models import Entry
from app.notifications.models import OutgoingMail
from app.organisations.models import Membership
from app.proposals.models import Proposal
from app.proposals.queries import CarrierFile, carrier_file
from app.review.appeals import service
from app.review.appeals.forms import AppealDecisionForm, AppealForm, PaperAppealForm
from app.review.appeals.models import Appeal
from app.review.appeals.queries import contested, desk_of_appeals, document_for, documents_of, find_appeal
from app.review.history import told_history
from app.review.letters.queries import letters_of
from app.unit import Work, work
from tests.cast import Cast
from tests.review.city import City

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
WORDS = AppealForm(text="Notre projet n'est pas une aide d'urgence.")


class Side:
    """A file that was refused, its representative, its treasurer, and another officer."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.city = cast, City(cast, cast.edition())
        self.public_id = self.city.refused()
        self.claire = cast.person()
        self.treasurer = cast.person("tresor@example.org", "Paul Le Gall")
        self.other = cast.official(Role.CASE_OFFICER, email="marc@example.org", name="Marc Tanguy")
        with self.unit() as unit:
            carrier = self.proposal(unit).organisation_id
            for person, role in ((self.claire, "representative"), (self.treasurer, "treasurer")):
                unit.db.add(Membership(organisation_id=carrier, account_id=person.id, role=role, since=unit.now))

    def unit(self) -> Any:
        return work(self.cast.engine, now=self.cast.clock.now)

    def proposal(self, unit: Work) -> Proposal:
        return unit.db.exec(select(Proposal).where(Proposal.public_id == self.public_id)).one()

    def file(self, unit: Work, person: Person | None = None) -> CarrierFile:
        return carrier_file(unit, self.public_id, person or self.claire)

    def lodge(self, form: AppealForm = WORDS) -> str:
        with self.unit() as unit:
            return service.lodge(unit, self.file(unit), form, by=self.claire).public_id

    def decide(self, public_id: str, outcome: str, motive: str = "Le plan est pluriannuel.", by: Person | None = None) -> None:
        with self.unit() as unit:
            form = AppealDecisionForm.model_validate({"outcome": outcome, "motive": motive})
            service.decide(unit, find_appeal(unit, public_id), form, by=by or self.other)


@pytest.fixture
def side(cast: Cast) -> Side:
    return Side(cast)


def test_an_appeal_upheld_by_another_officer_brings_the_file_back(side: Side) -> None:
    side.cast.clock.now += timedelta(days=1)
    appeal = side.lodge()
    side.cast.clock.now += timedelta(days=1)
    side.decide(appeal, "upheld")
    with side.unit() as unit:
        proposal = side.proposal(unit)
        assert proposal.state == "admissible"
        letters = letters_of(unit, proposal)
        assert [one.outcome for one in letters] == ["appeal_upheld", "inadmissible"]
        names = [one.name for one in unit.db.exec(select(OutgoingMail).where(OutgoingMail.recipient == side.claire.email))]
        assert names[-2:] == ["appeal-received", "appeal-upheld"]
        titles = [str(item["title"]) for item in told_history(unit, proposal)]
        upheld = "Appeal upheld, by another case officer of the city: Admissible"
        assert titles[-2:] == ["Appeal against the decision, by the carrier", upheld]
        assert contested(unit, proposal) is None


def test_an_appeal_rejected_leaves_the_decision_and_a_public_line(side: Side) -> None:
    side.decide(side.lodge(), "rejected", "Le besoin est né du cyclone.")
    with side.unit() as unit:
        proposal = side.proposal(unit)
        assert proposal.state == "inadmissible"
        last = told_history(unit, proposal)[-1]
        assert str(last["title"]) == "Appeal rejected, by another case officer of the city"
        assert last["text"] == "Le besoin est né du cyclone."
        assert letters_of(unit, proposal)[0].outcome == "appeal_rejected"
        assert contested(unit, proposal) is None
        with pytest.raises(Conflict):
            service.lodge(unit, side.file(unit), WORDS, by=side.claire)


def test_who_decided_cannot_examine_the_appeal(side: Side, engine: Engine) -> None:
    appeal = side.lodge()
    with pytest.raises(Refused, match="You took the decision"):
        side.decide(appeal, "rejected", by=side.city.officer)
    forced = {"outcome": "rejected", "motive": "x", "decided_at": side.cast.clock.now, "decided_by_id": side.city.officer.id}
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(update(Appeal).values(**forced))


def test_a_member_of_the_carrier_cannot_examine_it_either(side: Side) -> None:
    appeal = side.lodge()
    with side.unit() as unit:
        carrier = side.proposal(unit).organisation_id
        unit.db.add(Membership(organisation_id=carrier, account_id=side.other.id, role="reader", since=unit.now))
    with pytest.raises(Refused, match="member"):
        side.decide(appeal, "upheld")


def test_the_last_second_is_in_time_and_the_next_one_is_not(side: Side) -> None:
    with side.unit() as unit:
        letter = contested(unit, side.proposal(unit))
        assert letter is not None
        until = letter.appeal_until
    assert until is not None
    side.cast.clock.now = until
    with side.unit() as unit, pytest.raises(service.TooLate) as caught:
        service.lodge(unit, side.file(unit), WORDS, by=side.claire)
    assert "2026-12-06 23:00:00" in str(caught.value.message)
    assert len(caught.value.message.values) == 2
    side.cast.clock.now = until - timedelta(seconds=1)
    side.lodge()


def test_an_appeal_needs_words_and_a_draft_does_not(side: Side) -> None:
    with side.unit() as unit:
        service.save_draft(unit, side.file(unit), AppealForm(), by=side.claire)
    with side.unit() as unit, pytest.raises(Invalid) as caught:
        service.lodge(unit, side.file(unit), AppealForm(), by=side.claire)
    assert set(caught.value.errors) == {"text"}


def test_a_representative_alone_files_it(side: Side) -> None:
    with side.unit() as unit, pytest.raises(Refused):
        service.lodge(unit, side.file(unit, side.treasurer), WORDS, by=side.treasurer)


def test_it_is_filed_once_and_decided_once(side: Side) -> None:
    appeal = side.lodge()
    with pytest.raises(Conflict, match="already filed"):
        side.lodge()
    side.decide(appeal, "upheld")
    with pytest.raises(Conflict, match="decided meanwhile"):
        side.decide(appeal, "rejected")


def test_documents_are_looked_at_and_shown_to_the_two_sides_alone(side: Side) -> None:
    with side.unit() as unit:
        appeal = service.save_draft(unit, side.file(unit), WORDS, by=side.claire)
        document = service.join_document(unit, appeal, "preuve.pdf", PDF, by=side.claire).public_id
        for name, content in (("preuve.pdf", PDF), ("page.html", b"<script>"), ("vide.pdf", b"")):
            with pytest.raises(Invalid):
                service.join_document(unit, appeal, name, content, by=side.claire)
        with pytest.raises(Missing):
            document_for(unit, document, side.other)
    side.lodge()
    stranger = side.cast.person("autre@example.org", "Quelqu’un")
    with side.unit() as unit:
        for allowed in (side.claire, side.other):
            assert document_for(unit, document, allowed)[1] == PDF
        for shut in (stranger, None):
            with pytest.raises(Missing):
                document_for(unit, document, shut)
        assert len(documents_of(unit, unit.db.exec(select(Appeal)).one())) == 1


def test_the_city_answers_by_a_date_and_the_most_urgent_comes_first(side: Side) -> None:
    side.lodge()
    with side.unit() as unit:
        filed = desk_of_appeals(unit)[0]
        assert filed.appeal.due_at is not None
        assert filed.appeal.due_at.isoformat() == "2026-12-21T23:00:00+00:00"
        assert (filed.days_left(unit.now), filed.days_left(filed.appeal.due_at + timedelta(days=1))) == (30, -1)


@pytest.mark.parametrize("day", ["2026-11-20", "2026-12-30", ""])
def test_a_paper_appeal_came_on_a_day_between_the_decision_and_today(side: Side, day: str) -> None:
    with side.unit() as unit, pytest.raises(Invalid) as caught:
        service.note_paper(unit, side.proposal(unit), PaperAppealForm.model_validate({"text": "Lettre", "received_on": day}), by=side.other)
    assert set(caught.value.errors) == {"received_on"}


def test_the_day_a_paper_appeal_came_decides_whether_it_is_in_time(side: Side) -> None:
    side.cast.clock.now += timedelta(days=40)
    late, sent = (PaperAppealForm.model_validate({"text": "Lettre", "received_on": f"2026-12-0{day}"}) for day in (7, 6))
    with side.unit() as unit:
        proposal = side.proposal(unit)
        with pytest.raises(service.TooLate):
            service.note_paper(unit, proposal, late, by=side.other)
        appeal = service.note_paper(unit, proposal, sent, by=side.other)
        assert appeal.channel == "paper"
        with pytest.raises(Refused):
            service.note_paper(unit, proposal, sent, by=side.claire)


def test_every_step_is_in_the_journal(side: Side) -> None:
    with side.unit() as unit:
        service.record_late(unit, side.proposal(unit), by=side.claire)
    side.decide(side.lodge(), "upheld")
    with side.unit() as unit:
        events = list(unit.db.exec(select(Entry.event).where(col(Entry.event).like("appeal:%")).order_by(col(Entry.id))))
        assert events == ["appeal:late", "appeal:file", "appeal:upheld"]

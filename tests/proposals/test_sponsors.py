"""A sponsor validates exactly the file it read; what changes afterwards is validated by nobody (N08, N12)."""

import pytest
from sqlmodel import select

from app.accounts.people import Person
from app.core.eligibility import Section, SponsorWord, Verdict
from app.core.forms import read
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.editions.queries import context_of
from app.notifications.models import OutgoingMail
from app.organisations.models import Organisation
from app.proposals import documents, queries, service, sponsors
from app.proposals.commitments import CommitmentForm, InterestForm, commit, declare_interests, last_commitment, last_statement
from app.proposals.completeness import assess
from app.proposals.dossier import dossier_of
from app.proposals.logframe import FeedbackForm
from app.proposals.queries import CarrierFile
from app.proposals.republican_text import VERSION
from app.proposals.sponsors import DecliningForm, ValidationForm, sponsored_file
from app.unit import Work
from tests.cast import Cast
from tests.proposals.test_documents import PDF
from tests.turns import TakingTurns


class Stage:
    """Ana's collective, Claire's association that signs for it, and a complete draft."""

    def __init__(self, cast: Cast, unit: Work) -> None:
        self.cast, self.unit = cast, unit
        self.ana, self.claire = cast.person("ana@example.org", "Ana"), cast.person()
        self.sponsor = cast.organisation(self.claire, name="Porteuse")
        cast.organisation(self.ana, kind="collective", name="Graines", sponsor_name="Porteuse", republican_commitment_on=None)
        self.public_id = cast.draft(self.ana).public_id

    @property
    def file(self) -> CarrierFile:
        return queries.carrier_file(self.unit, self.public_id, self.ana)

    def validate(self, by: Person | None = None, **values: object) -> None:
        person = by or self.claire
        seen = sponsored_file(self.unit, self.public_id, person).content
        usual = {"accepts": "yes", "version": VERSION, "seen": seen}
        sponsors.validate(self.unit, self.public_id, read(ValidationForm, usual | values), by=person)

    @property
    def word(self) -> SponsorWord | None:
        carrier = dossier_of(self.unit, self.file.proposal).carrier
        return carrier.sponsor_word if carrier else None

    def finding(self) -> tuple[Verdict, str]:
        file = self.file
        found = file.edition.rulebook.check(dossier_of(self.unit, file.proposal), context_of(self.unit, file.edition))
        rule = next(one for one in file.edition.rulebook.rules if one.kind == "carrier_kind")
        return next((one.verdict, str(one.fact)) for one in found if one.rule_key == rule.key)


@pytest.fixture
def cast(cast: Cast, unit: Work) -> Cast:
    return TakingTurns(cast, unit)  # type: ignore[return-value]


@pytest.fixture
def stage(cast: Cast, unit: Work) -> Stage:
    return Stage(cast, unit)


def test_a_sponsor_is_asked_by_mail_reads_and_validates(stage: Stage) -> None:
    assert stage.word is SponsorWord.NOT_ASKED
    sponsors.ask(stage.unit, stage.file, by=stage.ana)
    assert stage.word is SponsorWord.ASKED
    mail = stage.unit.db.exec(select(OutgoingMail).where(OutgoingMail.name == "sponsor-asked")).one()
    assert (mail.recipient, f"/sponsorships/{stage.public_id}" in mail.body_text) == ("claire@example.org", True)
    stage.validate()
    assert stage.word is SponsorWord.VALIDATED
    assert stage.finding()[0] is Verdict.PASS
    taken = last_commitment(stage.unit, stage.file.proposal, stage.sponsor.id)
    assert taken is not None
    assert (taken.text_version, taken.accepted_by_id) == (VERSION, stage.claire.id)
    assert stage.unit.db.exec(select(OutgoingMail).where(OutgoingMail.name == "sponsor-validated")).one().recipient == "ana@example.org"


def test_a_validation_holds_of_the_file_it_saw_and_of_no_other(stage: Stage) -> None:
    sponsors.ask(stage.unit, stage.file, by=stage.ana)
    stage.validate()
    form = FeedbackForm(feedback="Autre chose")
    service.save(stage.unit, stage.file, Section.FEEDBACK, form, seen=1, by=stage.ana)
    assert stage.word is SponsorWord.OUTDATED
    assert stage.finding() == (Verdict.MISSING, "Porteuse validated an earlier version of this file; it was changed since.")
    stage.validate()
    documents.add(stage.unit, stage.file, "quote", "devis.pdf", PDF, by=stage.ana)
    assert stage.word is SponsorWord.OUTDATED
    kept = queries.documents_of(stage.unit, stage.file.proposal)[0].public_id
    documents.remove(stage.unit, stage.file, kept, by=stage.ana)
    assert stage.word is SponsorWord.VALIDATED


def test_a_file_that_changed_while_it_was_read_is_not_validated(stage: Stage) -> None:
    sponsors.ask(stage.unit, stage.file, by=stage.ana)
    with pytest.raises(Conflict, match="changed while you were reading"):
        stage.validate(seen="0" * 64)
    with pytest.raises(Invalid, match="Tick the box"):
        stage.validate(accepts="")
    with pytest.raises(Conflict, match="text of the commitment"):
        stage.validate(version="decree-2021-1947/summary-0")
    assert stage.word is SponsorWord.ASKED


def test_declining_says_why_and_asking_again_reopens_it(stage: Stage) -> None:
    sponsors.ask(stage.unit, stage.file, by=stage.ana)
    with pytest.raises(Invalid):
        read(DecliningForm, {"reason": "  "})
    sponsors.decline(stage.unit, stage.public_id, DecliningForm(reason="Trop de projets"), by=stage.claire)
    assert stage.finding() == (Verdict.FAIL, "Porteuse has declined to sign for this file.")
    assert "Trop de projets" in stage.unit.db.exec(select(OutgoingMail).where(OutgoingMail.name == "sponsor-declined")).one().body_text
    sponsors.ask(stage.unit, stage.file, by=stage.ana)
    assert stage.word is SponsorWord.ASKED


def test_an_unvalidated_file_is_warned_about_and_can_still_be_submitted(stage: Stage) -> None:
    points = assess(stage.unit, stage.file).of(Section.COMMITMENTS)
    assert [str(point.fact) for point in points if "validate" in str(point.fact)] == [
        "Porteuse has not been asked yet to validate this file."
    ]
    assert not any(point.needed for point in points)
    service.submit(stage.unit, stage.file, by=stage.ana)
    assert stage.file.proposal.state == "submitted"
    sponsors.ask(stage.unit, stage.file, by=stage.ana)
    stage.validate()
    assert stage.word is SponsorWord.VALIDATED


def test_a_draft_is_hidden_from_a_sponsor_that_was_not_asked_and_from_a_former_one(stage: Stage) -> None:
    with pytest.raises(Missing):
        sponsored_file(stage.unit, stage.public_id, stage.claire)
    document = documents.add(stage.unit, stage.file, "quote", "devis.pdf", PDF, by=stage.ana)
    with pytest.raises(Missing):
        queries.document_for(stage.unit, document.public_id, stage.claire)
    sponsors.ask(stage.unit, stage.file, by=stage.ana)
    assert queries.document_for(stage.unit, document.public_id, stage.claire).id == document.id
    collective = stage.unit.db.get_one(Organisation, stage.file.organisation.id)
    other = stage.cast.organisation(stage.cast.person("other@example.org", "Autre"), name="Autre porteuse")
    collective.sponsor_id = other.id
    stage.unit.db.add(collective)
    stage.unit.db.flush()
    for attempt in (lambda: sponsored_file(stage.unit, stage.public_id, stage.claire),
                    lambda: queries.document_for(stage.unit, document.public_id, stage.claire)):  # fmt: skip
        with pytest.raises(Missing):
            attempt()
    assert stage.word is SponsorWord.NOT_ASKED


def test_only_who_may_sign_for_the_sponsor_answers(stage: Stage) -> None:
    sponsors.ask(stage.unit, stage.file, by=stage.ana)
    for role in ("writer", "reader"):
        member = stage.cast.member(stage.sponsor, stage.cast.person(f"{role}@example.org", role), role)
        with pytest.raises(Refused, match="Treasurer"):
            stage.validate(by=member)
        with pytest.raises(Refused, match="Treasurer"):
            sponsors.decline(stage.unit, stage.public_id, DecliningForm(reason="non"), by=member)
    with pytest.raises(Missing):
        sponsors.decline(stage.unit, stage.public_id, DecliningForm(reason="non"), by=stage.ana)
    assert stage.word is SponsorWord.ASKED


def test_the_same_is_not_asked_twice_in_a_day_and_nobody_is_asked_where_nobody_is(stage: Stage, cast: Cast) -> None:
    sponsors.ask(stage.unit, stage.file, by=stage.ana)
    with pytest.raises(Conflict, match="a day later"):
        sponsors.ask(stage.unit, stage.file, by=stage.ana)
    nobody = cast.person("zoe@example.org", "Zoé")
    empty = {"sponsor_name": "Absente", "sponsor_siret": "00009001900019", "republican_commitment_on": None}
    cast.organisation(nobody, kind="collective", name="Autres graines", **empty)
    file = queries.carrier_file(stage.unit, cast.draft(nobody).public_id, nobody)
    with pytest.raises(Conflict, match="Nobody acts for Absente"):
        sponsors.ask(stage.unit, file, by=nobody)


def test_a_collective_takes_no_commitment_itself(stage: Stage) -> None:
    with pytest.raises(Conflict, match="A collective takes no commitment"):
        commit(stage.unit, stage.file, CommitmentForm(accepts=True, version=VERSION), by=stage.ana)


def test_a_commitment_is_taken_for_each_request_with_its_text_and_its_day(unit: Work, cast: Cast) -> None:
    claire = cast.person()
    cast.organisation(claire)
    file = queries.carrier_file(unit, cast.draft(claire, complete=False).public_id, claire)
    second = queries.carrier_file(unit, cast.draft(claire, complete=False).public_id, claire)
    form = CommitmentForm(accepts=True, version=VERSION)
    commit(unit, file, form, by=claire)
    commit(unit, file, form, by=claire)
    signed = {one.public_id: dossier_of(unit, one).carrier for one in (file.proposal, second.proposal)}
    assert [one.republican_commitment_on if one else None for one in signed.values()] == [unit.now.date(), None]
    with pytest.raises(Invalid, match="Tick the box"):
        commit(unit, second, CommitmentForm(accepts=False, version=VERSION), by=claire)


def test_interests_say_what_and_with_whom_and_an_earlier_statement_stays(unit: Work, cast: Cast) -> None:
    claire = cast.person()
    file = queries.carrier_file(unit, cast.draft(claire).public_id, claire)
    with pytest.raises(Invalid, match="what the link is"):
        read(InterestForm, {"interests": "some", "what": " "})
    declare_interests(unit, file, InterestForm(interests="some", what="Notre trésorière siège au jury."), by=claire)
    stated = last_statement(unit, file.proposal)
    assert stated is not None
    assert (stated.what, stated.nothing) == ("Notre trésorière siège au jury.", False)
    assert stated.id == 2

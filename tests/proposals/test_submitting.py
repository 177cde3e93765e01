"""Submitting, completing, withdrawing: in time, once, numbered, acknowledged."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.core.calendar import PhaseKind
from app.core.eligibility import Section
from app.core.lifecycle import State, Verb
from app.core.problems import Conflict, Invalid, Refused
from app.editions.queries import calendar_of
from app.ledger.models import Entry
from app.notifications.models import OutgoingMail
from app.proposals import documents, lifecycle, queries, service
from app.proposals.models import Proposal
from app.proposals.sections import BY_SECTION
from app.unit import Work
from tests.cast import Cast
from tests.proposals.bombs import PDF


def opened(unit: Work, cast: Cast, *proposals: Proposal) -> tuple[Any, ...]:
    """These files as Claire opens them, then Claire. The cast comes before the test's first statement: it has its own transactions."""
    claire = cast.person()
    return (*(queries.carrier_file(unit, one.public_id, claire) for one in proposals), claire)


def at(unit: Work, now: datetime) -> Work:
    return Work(unit.db, now, unit.token)


def test_a_file_gets_the_next_number_of_its_edition_and_a_receipt(unit: Work, cast: Cast) -> None:
    first, second, claire = opened(unit, cast, cast.draft(), cast.draft())
    for file in (first, second):
        service.submit(unit, file, by=claire)
    assert [first.proposal.number, second.proposal.number] == [1, 2]
    assert first.proposal.submitted_at == unit.now
    assert [step.verb for step in queries.history(unit, first.proposal)] == ["submit"]
    mails = unit.db.exec(select(OutgoingMail)).all()
    assert [mail.recipient for mail in mails] == ["claire@example.org"] * 2
    assert "forage solaire" in mails[0].body_text
    assert "1" in mails[0].subject


def test_a_second_click_changes_nothing(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast, cast.draft())
    service.submit(unit, file, by=claire)
    service.submit(unit, file, by=claire)
    assert len(queries.history(unit, file.proposal)) == 1
    assert len(unit.db.exec(select(OutgoingMail)).all()) == 1


def test_a_broken_rule_never_blocks_submitting(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast, cast.draft(place={"country": "FR"}, budget={"requested": "90000"}, declarations={"declared": []}))
    service.submit(unit, file, by=claire)
    assert file.proposal.state == State.SUBMITTED


def test_what_is_needed_to_be_judged_is_asked_for_by_its_sentence(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast, cast.draft(project={"title": ""}, place={"country": ""}))
    with pytest.raises(Invalid) as caught:
        service.submit(unit, file, by=claire)
    assert {name: str(sentence) for name, sentence in caught.value.errors.items()} == {
        "title": "Give the project a title.", "country": "Choose the country where the project takes place.",
    }
    assert file.proposal.state == State.DRAFT


def test_a_draft_sent_one_second_late_is_kept_and_told(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast, cast.draft())
    deadline = calendar_of(unit, file.edition).deadline(PhaseKind.submission)
    assert deadline is not None
    late = at(unit, deadline)
    with pytest.raises(service.TooLate) as caught:
        service.submit(late, file, by=claire)
    assert caught.value.message.values == {"deadline": deadline, "now": deadline}
    service.record_late(late, file, caught.value, by=claire)
    unit.db.flush()
    assert unit.db.exec(select(Entry.text).where(Entry.event == "proposal:late")).all() == ["submission"]
    assert file.proposal.state == State.DRAFT
    service.submit(at(unit, deadline - timedelta(microseconds=1)), file, by=claire)
    assert file.proposal.state == State.SUBMITTED


def test_nothing_is_started_before_the_dates_or_after(unit: Work, cast: Cast) -> None:
    claire = cast.person()
    organisation, edition = cast.organisation(claire), cast.edition()
    with pytest.raises(Refused):
        service.start(at(unit, unit.now + timedelta(days=100)), edition, organisation, by=claire)


def test_a_completion_is_sent_back_until_its_date_and_not_after(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast, cast.submitted())
    lifecycle.record(unit, file.proposal, Verb.ASK_COMPLETION, by=None, reason="Il manque la lettre.")
    file.proposal.complete_by = unit.now + timedelta(days=5)
    unit.db.flush()
    with pytest.raises(service.TooLate):
        service.complete(at(unit, unit.now + timedelta(days=5)), file, by=claire)
    service.complete(unit, file, by=claire)
    assert file.proposal.state == State.COMPLETED
    assert "file-completed" in {mail.name for mail in unit.db.exec(select(OutgoingMail))}


def test_a_file_to_complete_is_changed_until_its_date_and_not_after(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast, cast.submitted())
    lifecycle.record(unit, file.proposal, Verb.ASK_COMPLETION, by=None, reason="Il manque la lettre.")
    file.proposal.complete_by = unit.now + timedelta(days=5)
    unit.db.flush()
    late = at(unit, unit.now + timedelta(days=5))
    form = BY_SECTION["project"].form
    assert form is not None
    answers = form.model_validate(service.answers(unit, file.proposal, Section.PROJECT) | {"title": "Un autre titre"})
    revision = queries.last_revision(unit, file.proposal, Section.PROJECT)
    seen = revision.number if revision else 0
    with pytest.raises(Invalid, match="judged as it stands"):
        service.save(late, file, Section.PROJECT, answers, seen=seen, by=claire)
    with pytest.raises(Conflict, match="judged as it stands"):
        documents.add(late, file, "statutes", "statuts.pdf", PDF, by=claire)
    assert file.proposal.title != "Un autre titre"
    assert service.save(unit, file, Section.PROJECT, answers, seen=seen, by=claire)
    assert file.proposal.title == "Un autre titre"


def test_a_file_is_withdrawn_for_good_and_its_reason_kept(unit: Work, cast: Cast) -> None:
    file, claire = opened(unit, cast, cast.submitted())
    service.withdraw(unit, file, "Notre partenaire a renoncé.", by=claire)
    assert queries.history(unit, file.proposal)[-1].reason == "Notre partenaire a renoncé."
    with pytest.raises(Conflict):
        service.submit(unit, file, by=claire)

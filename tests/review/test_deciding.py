"""Deciding on a file."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.accounts.people import Person
from app.core.messages import Message
from app.core.permissions import Role
from app.core.problems import Conflict, Invalid, Refused
from app.ledger.models import Entry
from app.notifications.models import OutgoingMail
from app.proposals.models import Proposal, SectionRevision, Transition
from app.review import service
from app.review.forms import DecisionForm
from app.review.models import Decision, RuleVerdict
from app.review.queries import open_case
from app.unit import Work
from tests.cast import Cast
from tests.review.desk import EMERGENCY, GOOD, hand_in

QUESTIONS = ("non_profit", "no_worship_or_political_purpose", "no_youth_worksite")
ALL_YES = dict.fromkeys(QUESTIONS, "yes")


@pytest.fixture
def officer(cast: Cast) -> Person:
    return cast.official(Role.CASE_OFFICER)


def form(work: Work, proposal: Proposal, outcome: str, **values: Any) -> DecisionForm:
    """What an officer sends who has just read the file."""
    seen = open_case(work, proposal.public_id).seen
    return DecisionForm.model_validate({"outcome": outcome, "seen": seen, "answers": ALL_YES, **values})


def errors_of(work: Work, proposal: Proposal, sent: DecisionForm, by: Person) -> dict[str, Message]:
    with pytest.raises(Invalid) as caught:
        service.decide(work, proposal, sent, by=by)
    assert work.db.exec(select(Decision)).first() is None
    return caught.value.errors


def test_a_file_that_meets_every_rule_is_admitted_and_its_carrier_told_in_its_language(unit: Work, cast: Cast, officer: Person) -> None:
    carrier = cast.person()
    proposal = hand_in(unit, cast.edition(), member=carrier.id)
    decision = service.decide(unit, proposal, form(unit, proposal, "admissible"), by=officer)
    unit.db.flush()
    assert (proposal.state, decision.outcome) == ("admissible", "admissible")
    mail = unit.db.exec(select(OutgoingMail)).one()
    assert (mail.recipient, mail.name, mail.language) == (carrier.email, "decision-admissible", "fr")
    assert proposal.title in mail.body_text
    assert "&#39;" not in mail.body_text
    assert unit.db.exec(select(Entry.event).where(Entry.event == "proposal:admit")).all() == ["proposal:admit"]


def test_each_rule_is_recorded_with_its_fact_by_the_machine_and_by_the_officer(unit: Work, cast: Cast, officer: Person) -> None:
    edition = cast.edition()
    proposal = hand_in(unit, edition)
    decision = service.decide(unit, proposal, form(unit, proposal, "admissible"), by=officer)
    unit.db.flush()
    found = unit.db.exec(select(RuleVerdict).where(RuleVerdict.decision_id == decision.id)).all()
    assert {one.rule_key for one in found if one.source == "automatic"} == {rule.key for rule in edition.rulebook.rules}
    assert {one.rule_key for one in found if one.source == "officer"} == set(QUESTIONS)
    rate = next(one for one in found if one.rule_key == "max_rate")
    assert str(Message.from_json(rate.fact)).startswith("The request is 63.8")


def test_a_file_with_a_broken_blocking_rule_cannot_be_admitted(unit: Work, cast: Cast, officer: Person) -> None:
    proposal = hand_in(unit, cast.edition(), EMERGENCY)
    assert set(errors_of(unit, proposal, form(unit, proposal, "admissible"), officer)) == {"outcome"}
    assert proposal.state == "submitted"


def test_a_file_is_not_admitted_while_a_question_is_unanswered_or_answered_no(unit: Work, cast: Cast, officer: Person) -> None:
    proposal = hand_in(unit, cast.edition())
    sent = form(unit, proposal, "admissible", answers={"non_profit": "no", "no_youth_worksite": "yes"}, comments={"non_profit": "Vente."})
    assert set(errors_of(unit, proposal, sent, officer)) == {"answer-non_profit", "answer-no_worship_or_political_purpose"}


def test_a_no_without_a_word_of_explanation_is_sent_back(unit: Work, cast: Cast, officer: Person) -> None:
    proposal = hand_in(unit, cast.edition())
    sent = form(unit, proposal, "inadmissible", reason="But lucratif.", answers={"non_profit": "no"})
    assert set(errors_of(unit, proposal, sent, officer)) == {"comment-non_profit"}


def test_a_refusal_needs_a_public_reason_and_a_rule_that_is_not_met(unit: Work, cast: Cast, officer: Person) -> None:
    proposal = hand_in(unit, cast.edition())
    assert set(errors_of(unit, proposal, form(unit, proposal, "inadmissible"), officer)) == {"outcome", "reason"}


def test_a_refusal_is_recorded_with_its_reason_and_the_other_scheme(unit: Work, cast: Cast, officer: Person) -> None:
    edition, carrier = cast.edition(), cast.person()
    proposal = hand_in(unit, edition, EMERGENCY, member=carrier.id)
    sent = form(unit, proposal, "inadmissible", reason="C'est de l'aide d'urgence.", redirect="emergency_fund", note="Voir avec Sophie.")
    decision = service.decide(unit, proposal, sent, by=officer)
    unit.db.flush()
    step = unit.db.exec(select(Transition).where(Transition.verb == "reject")).one()
    assert (proposal.state, decision.redirect, step.reason, step.note) == (
        "inadmissible", "emergency_fund", "C'est de l'aide d'urgence.", "Voir avec Sophie.",
    )
    mail = unit.db.exec(select(OutgoingMail)).one()
    assert "C'est de l'aide d'urgence." in mail.body_text
    assert "Sophie" not in mail.body_text + mail.body_html


def test_a_refusal_can_rest_on_an_officers_no(unit: Work, cast: Cast, officer: Person) -> None:
    proposal = hand_in(unit, cast.edition())
    answers = ALL_YES | {"non_profit": "no"}
    sent = form(unit, proposal, "inadmissible", reason="But lucratif.", answers=answers, comments={"non_profit": "Vente de matériel."})
    service.decide(unit, proposal, sent, by=officer)
    assert proposal.state == "inadmissible"


def test_an_unknown_scheme_or_a_rule_nobody_asked_about_is_refused(unit: Work, cast: Cast, officer: Person) -> None:
    proposal = hand_in(unit, cast.edition(), EMERGENCY)
    sent = form(unit, proposal, "inadmissible", reason="Urgence.", redirect="moon", answers=ALL_YES | {"max_rate": "yes"})
    assert set(errors_of(unit, proposal, sent, officer)) == {"redirect", "answer-max_rate"}


def test_an_incomplete_file_goes_back_with_what_is_missing_and_until_when(unit: Work, cast: Cast, officer: Person) -> None:
    edition, carrier = cast.edition(), cast.person()
    proposal = hand_in(unit, edition, member=carrier.id)
    sent = form(unit, proposal, "incomplete", to_complete="Joindre la lettre.", complete_by_day="2026-12-05")
    service.decide(unit, proposal, sent, by=officer)
    unit.db.flush()
    assert (proposal.state, proposal.complete_by) == ("incomplete", datetime(2026, 12, 5, 23, 0, tzinfo=UTC))
    mail = unit.db.exec(select(OutgoingMail)).one()
    assert "5 décembre 2026" in mail.body_text
    assert "Joindre la lettre." in mail.body_text


DAYS = [("", "date"), ("2026-02-30", "no such day"), ("2026-11-20", "past"), ("2027-09-01", "vote begins")]


@pytest.mark.parametrize(("day", "why"), DAYS)
def test_the_date_to_complete_a_file_lies_ahead_and_before_the_vote(
    unit: Work, cast: Cast, officer: Person, day: str, why: str
) -> None:
    proposal = hand_in(unit, cast.edition())
    sent = form(unit, proposal, "incomplete", to_complete="La lettre.", complete_by_day=day)
    errors = errors_of(unit, proposal, sent, officer)
    assert set(errors) == {"complete_by_day"}
    assert why in str(errors["complete_by_day"])


def test_an_incomplete_file_is_refused_only_once_its_date_has_passed(unit: Work, cast: Cast, officer: Person) -> None:
    proposal = hand_in(unit, cast.edition(), EMERGENCY)
    service.decide(unit, proposal, form(unit, proposal, "incomplete", to_complete="Tout.", complete_by_day="2026-12-05"), by=officer)
    sent = form(unit, proposal, "inadmissible", reason="Rien n'est venu.")
    with pytest.raises(Conflict):
        service.decide(unit, proposal, sent, by=officer)
    later = Work(unit.db, unit.now + timedelta(days=30))
    service.decide(later, proposal, sent, by=officer)
    assert proposal.state == "inadmissible"


def test_a_file_that_moved_meanwhile_is_not_decided(unit: Work, cast: Cast, officer: Person) -> None:
    proposal = hand_in(unit, cast.edition())
    sent = form(unit, proposal, "admissible")
    service.decide(unit, proposal, form(unit, proposal, "incomplete", to_complete="Tout.", complete_by_day="2026-12-05"), by=officer)
    with pytest.raises(Conflict, match="changed while you were reading"):
        service.decide(unit, proposal, sent, by=officer)


def test_a_page_saved_by_the_carrier_meanwhile_stops_the_decision_too(unit: Work, cast: Cast, officer: Person) -> None:
    proposal = hand_in(unit, cast.edition())
    sent = form(unit, proposal, "admissible")
    unit.db.add(SectionRevision(proposal_id=proposal.id, section="project", number=1, answers={}, saved_at=unit.now))
    with pytest.raises(Conflict):
        service.decide(unit, proposal, sent, by=officer)


def test_an_officer_who_belongs_to_the_carrier_does_not_decide(unit: Work, cast: Cast, officer: Person) -> None:
    proposal = hand_in(unit, cast.edition(), member=officer.id)
    with pytest.raises(Refused, match="member of the carrier"):
        service.decide(unit, proposal, form(unit, proposal, "admissible"), by=officer)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.CASE_OFFICER)])
def test_nobody_else_decides(unit: Work, cast: Cast, role: Role) -> None:
    person, edition = cast.official(role), cast.edition()
    proposal = hand_in(unit, edition, GOOD)
    with pytest.raises(Refused):
        service.decide(unit, proposal, form(unit, proposal, "admissible"), by=person)

"""Filing an appeal, noting one that came on paper, and deciding it."""

import hashlib
from datetime import date, datetime, timedelta

from app.accounts.people import Person
from app.core.calendar import show_instant, start_of_day
from app.core.lifecycle import Verb
from app.core.messages import Message, say
from app.core.permissions import refusal
from app.core.problems import Conflict, Invalid, Refused
from app.editions.models import Edition, Programme
from app.ledger import service as ledger
from app.organisations.models import Organisation
from app.proposals import lifecycle
from app.proposals.models import Proposal
from app.proposals.queries import CarrierFile
from app.proposals.service import check_role
from app.review.appeals import emails
from app.review.appeals.forms import AppealDecisionForm, AppealForm, Outcome, PaperAppealForm, TermsForm
from app.review.appeals.models import Appeal, AppealDocument, AppealDocumentContent
from app.review.appeals.queries import Filed, appeal_against, contested, documents_of, find_appeal
from app.review.letters.models import AppealTerms, Letter
from app.review.letters.writing import days_after, terms_of, write
from app.review.queries import acts_for, find_file
from app.unit import Work
from app.uploads import look_at, refused

MAX_DOCUMENTS = 10
NOTHING = say("There is no decision on this file that can be contested.")
FILED = say("An appeal against this decision is already filed.")
WORDS = say("Say what you contest and why.")


class TooLate(Conflict):
    """The time to appeal has passed; the attempt is to be journalled by whoever catches this."""


def save_draft(work: Work, file: CarrierFile, form: AppealForm, *, by: Person) -> Appeal:
    """Keep the words of an appeal that is not filed yet. Raises Refused for other members, Conflict without a decision to contest."""
    check_role(file, "appeal")
    return _draft(work, _letter(work, file.proposal), form.text, by=by)


def join_document(work: Work, appeal: Appeal, name: str, content: bytes, *, by: Person) -> AppealDocument:
    """Join a document to an appeal. Raises Invalid at "file", Conflict once it is filed online."""
    if appeal.filed_at is not None and appeal.channel == "online":
        raise Conflict(FILED)
    upload = look_at(name, content)
    kept, digest = documents_of(work, appeal), hashlib.sha256(upload.content).hexdigest()
    if any(one.sha256 == digest for one in kept):
        raise refused(say("This file is already joined."))
    if len(kept) >= MAX_DOCUMENTS:
        raise refused(say("An appeal holds %(limit)d documents at most.", limit=MAX_DOCUMENTS))
    document = AppealDocument(
        public_id=work.code(26),
        appeal_id=appeal.id or 0,
        name=upload.name,
        media_type=upload.media_type,
        size=len(upload.content),
        sha256=digest,
        added_at=work.now,
        added_by_id=by.id,
    )
    work.db.add(document)
    work.db.flush()
    work.db.add(AppealDocumentContent(document_id=document.id or 0, content=upload.content))
    work.db.flush()
    return document


def lodge(work: Work, file: CarrierFile, form: AppealForm, *, by: Person) -> Appeal:
    """File an appeal: from now on the city must answer by a date. Raises TooLate with both instants, Invalid at "text"."""
    check_role(file, "appeal")
    letter = _letter(work, file.proposal)
    _in_time(letter, work.now)
    if not form.text:
        raise Invalid({"text": WORDS})
    return _file(work, _draft(work, letter, form.text, by=by), file.edition, file.programme, work.now, by=by)


def note_paper(work: Work, proposal: Proposal, form: PaperAppealForm, *, by: Person) -> Appeal:
    """Record an appeal that came on paper; the day it reached the city decides whether it is in time.

    Raises Refused, TooLate, Conflict (no decision to contest, or filed already), Invalid at "text" or "received_on".
    """
    if (reason := refusal(by.roles, "examine_appeals")) is not None:
        raise Refused(reason)
    letter = _letter(work, proposal)
    edition = work.db.get_one(Edition, proposal.edition_id)
    programme = work.db.get_one(Programme, edition.programme_id)
    errors: dict[str, Message] = {} if form.text else {"text": say("Write down what the letter says.")}
    today = date.fromisoformat(show_instant(work.now, programme.zone, end=False)[0])
    first = date.fromisoformat(show_instant(letter.issued_at, programme.zone, end=False)[0])
    if form.received_on is None or not first <= form.received_on <= today:
        errors["received_on"] = say("Give the day the letter reached the city, between the decision and today.")
        raise Invalid(errors)
    received = min(work.now, start_of_day(form.received_on + timedelta(days=1), programme.zone) - timedelta(seconds=1))
    _in_time(letter, received)
    if errors:
        raise Invalid(errors)
    appeal = _draft(work, letter, form.text, by=by)
    appeal.channel = "paper"
    return _file(work, appeal, edition, programme, received, by=by)


def record_late(work: Work, proposal: Proposal, *, by: Person) -> None:
    """Keep a trace of an appeal that came too late: a court may have to know of it."""
    ledger.record(work, "appeal:late", proposal.public_id, by=by.id)


def decide(work: Work, filed: Filed, form: AppealDecisionForm, *, by: Person) -> Letter:
    """Decide an appeal, with its motive: the file walks on or stays, a letter is written, the carrier is told.

    Raises Refused (no permission, who took the contested decision, a member of the carrier) and Conflict (decided meanwhile).
    """
    if (reason := may_not_examine(work, filed, by)) is not None:
        raise Refused(reason)
    proposal = find_file(work, filed.proposal.public_id, lock=True)
    appeal = find_appeal(work, filed.appeal.public_id).appeal
    work.db.refresh(appeal)
    if appeal.outcome is not None:
        raise Conflict(say("This appeal was decided meanwhile. What you typed is still here."))
    if form.outcome is Outcome.UPHELD:
        lifecycle.record(work, proposal, Verb.UPHOLD_APPEAL, by=by.id, reason=form.motive)
    more = {"filed_at": appeal.filed_at.isoformat() if appeal.filed_at else "", "against": filed.letter.reference}
    letter = write(work, proposal, f"appeal_{form.outcome.value}", form.motive, by=by.id, more=more)
    appeal.outcome, appeal.motive, appeal.decided_at, appeal.decided_by_id = form.outcome.value, form.motive, work.now, by.id
    appeal.answer_id = letter.id
    work.db.add(appeal)
    work.db.flush()
    ledger.record(work, f"appeal:{form.outcome.value}", proposal.public_id, form.motive, by=by.id)
    emails.send_outcome(work, filed, letter)
    return letter


def may_not_examine(work: Work, filed: Filed, person: Person) -> Message | None:
    """Why a person may not decide an appeal, None if they may."""
    if (reason := refusal(person.roles, "examine_appeals")) is not None:
        return reason
    if person.id == filed.appeal.against_id:
        return say("You took the decision that is contested, so a colleague must examine this appeal.")
    if acts_for(work, person, filed.carrier):
        return say("You are a member of the carrier or of its sponsor, so a colleague must examine this appeal.")
    return None


def set_terms(work: Work, edition: Edition, form: TermsForm, *, by: Person) -> AppealTerms:
    """Set the ways and dates of appeal of an edition. Letters already written keep theirs. Raises Refused."""
    if (reason := refusal(by.roles, "set_up_jury")) is not None:
        raise Refused(reason)
    terms = terms_of(work, edition)
    for name, value in form:
        setattr(terms, name, value)
    work.db.add(terms)
    ledger.record(work, "edition:appeal-terms", edition.slug, f"{form.days}, {form.answer_days}, {form.court_months}", by=by.id)
    work.db.flush()
    return terms


def _letter(work: Work, proposal: Proposal) -> Letter:
    """The letter to contest, its file locked. Raises Conflict where there is none, or an appeal is filed already."""
    locked = find_file(work, proposal.public_id, lock=True)
    letter = contested(work, locked)
    if letter is None:
        raise Conflict(NOTHING)
    known = appeal_against(work, letter)
    if known is not None and known.filed_at is not None:
        raise Conflict(FILED)
    return letter


def _in_time(letter: Letter, instant: datetime) -> None:
    if letter.appeal_until is not None and instant >= letter.appeal_until:
        raise TooLate(
            say(
                "The time to appeal ended on %(deadline)s; the appeal reached us on %(now)s. It cannot be accepted, "
                "and this attempt is recorded.",
                deadline=letter.appeal_until,
                now=instant,
            )
        )


def _draft(work: Work, letter: Letter, text: str, *, by: Person) -> Appeal:
    appeal = appeal_against(work, letter) or Appeal(
        public_id=work.code(26),
        letter_id=letter.id or 0,
        proposal_id=letter.proposal_id,
        against_id=letter.decided_by_id,
        saved_at=work.now,
        saved_by_id=by.id,
    )
    appeal.text, appeal.saved_at, appeal.saved_by_id = text, work.now, by.id
    work.db.add(appeal)
    work.db.flush()
    return appeal


def _file(work: Work, appeal: Appeal, edition: Edition, programme: Programme, instant: datetime, *, by: Person) -> Appeal:
    due = days_after(instant, terms_of(work, edition).answer_days, programme.zone)
    appeal.filed_at, appeal.due_at = instant, due
    work.db.add(appeal)
    work.db.flush()
    proposal = work.db.get_one(Proposal, appeal.proposal_id)
    ledger.record(work, "appeal:file", proposal.public_id, appeal.channel, by=by.id)
    emails.send_receipt(work, proposal, work.db.get_one(Organisation, proposal.organisation_id), edition, programme, appeal)
    return appeal

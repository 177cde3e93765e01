"""What a carrier does with a file: start it, save a page, submit, complete, withdraw."""

import json
from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as select_rows
from sqlmodel import col, delete

from app.accounts.people import Person
from app.core.calendar import PhaseKind, Stage
from app.core.eligibility import Section
from app.core.lifecycle import State, Verb, walk
from app.core.messages import Message, say
from app.core.problems import Conflict, Invalid, Refused
from app.countries import country_name
from app.editions.models import Edition
from app.editions.queries import calendar_of
from app.ledger import service as ledger
from app.organisations.models import Organisation
from app.organisations.service import check_member, not_for
from app.proposals import emails, lifecycle
from app.proposals.budget import BudgetForm
from app.proposals.completeness import NEEDED, lacks
from app.proposals.forms import DeclarationsForm, SectionForm, ThemeForm
from app.proposals.models import BudgetLine, Proposal, SectionRevision
from app.proposals.queries import CarrierFile, last_revision, lines_of
from app.proposals.search import search_text_for
from app.proposals.sections import BY_SECTION, declarations, theme_names
from app.unit import Work

ID_LENGTH = 10
"""Ten letters of Crockford's base 32: 50 random bits, so that nobody meets a file by guessing."""


class Overtaken(Conflict):
    """Somebody else saved this page meanwhile. Carries both versions, so that neither is lost."""

    def __init__(self, latest: SectionRevision | None, mine: SectionForm) -> None:
        super().__init__(say("Somebody else saved this page while you were writing. Nothing is lost: compare the two versions and choose."))
        self.latest, self.mine = latest, mine


class TooLate(Conflict):
    """The deadline has passed. `what` is the act as the journal names it."""

    def __init__(self, message: Message, what: str) -> None:
        super().__init__(message)
        self.what = what


def start(work: Work, edition: Edition, organisation: Organisation, *, by: Person) -> Proposal:
    """Begin a file for an edition whose submission is open. Raises Refused outside the dates or for who may not write."""
    check_member(work, organisation, "write_file", by)
    if edition.published_at is None or not calendar_of(work, edition).is_open(PhaseKind.submission, work.now):
        raise Refused(say("Projects cannot be submitted to this edition now."))
    proposal = Proposal(
        public_id=work.code(ID_LENGTH), edition_id=edition.id or 0, organisation_id=organisation.id or 0,
        created_at=work.now, language=by.language,
    )
    work.db.add(proposal)
    work.db.flush()
    ledger.record(work, "proposal:start", proposal.public_id, by=by.id)
    return proposal


def save(work: Work, file: CarrierFile, section: Section, form: SectionForm, *, seen: int, by: Person) -> bool:
    """Save one page of a file; False if it already says the same. Blank answers are fine, ill-formed ones never get here.

    `seen` is the number of the revision the page showed. Raises Overtaken if another was saved since, Conflict if
    the file can no longer be changed, Refused for a member who may not write, Invalid for an answer not on offer and once the time
    to complete the file is over.
    """
    check_role(file, "write_file")
    check_offered(file.edition, form)
    _lock(work, file.proposal)
    if lifecycle.is_judged_so(file.proposal, work.now):
        raise Invalid({"": lifecycle.JUDGED_SO})
    if not lifecycle.is_editable(file.proposal, work.now):
        raise Conflict(say("This file can no longer be changed: it has been submitted."))
    if _same(answers(work, file.proposal, section), normal(form)):
        return False
    latest = last_revision(work, file.proposal, section)
    number = latest.number if latest else 0
    if number != seen:
        raise Overtaken(latest, form)
    _apply(work, file, form)
    work.db.add(
        SectionRevision(
            proposal_id=file.proposal.id or 0, section=section.value, number=number + 1, answers=answers(work, file.proposal, section),
            saved_at=work.now, saved_by_id=by.id,
        )
    )
    work.db.flush()
    return True


def answers(work: Work, proposal: Proposal, section: Section, lines: Sequence[BudgetLine] | None = None) -> dict[str, Any]:
    """What a page of the file says now, under the names of its form. `lines`: those of its budget, where they were read already."""
    form = BY_SECTION[section.value].form
    if form is None:
        return {}
    return form.answers(proposal, (lines_of(work, proposal) if lines is None else lines) if form is BudgetForm else [])


def submit(work: Work, file: CarrierFile, *, by: Person) -> None:
    """Submit a draft: number it, date it, acknowledge it by e-mail. A second click changes nothing.

    Raises Invalid with a sentence for each answer without which the file cannot be judged, TooLate after the last
    instant of the phase (record it with `record_late`; the draft is kept), Refused for a member who may not.
    """
    check_role(file, "submit_file")
    _lock(work, file.proposal)
    if file.proposal.state == State.SUBMITTED:
        return
    walk(lifecycle.state_of(file.proposal), Verb.SUBMIT)
    _check_window(work, file)
    if lacking := lacks(file.proposal, lines_of(work, file.proposal), themes=bool(file.edition.themes)):
        raise Invalid({name: NEEDED[name][1] for name in lacking})
    file.proposal.number = _next_number(work, file.edition)
    file.proposal.submitted_at = work.now
    lifecycle.record(work, file.proposal, Verb.SUBMIT, by=by.id)
    emails.file_received(work, file)


def complete(work: Work, file: CarrierFile, *, by: Person) -> None:
    """Send the file back to the city after a request for completion. Raises TooLate after the date given."""
    check_role(file, "submit_file")
    _lock(work, file.proposal)
    if file.proposal.state == State.COMPLETED:
        return
    walk(lifecycle.state_of(file.proposal), Verb.COMPLETE)
    until = file.proposal.complete_by
    if until is not None and until <= work.now:
        raise TooLate(late_sentence(until, work.now), "completion")
    if lacking := lacks(file.proposal, lines_of(work, file.proposal), themes=bool(file.edition.themes)):
        raise Invalid({name: NEEDED[name][1] for name in lacking})
    lifecycle.record(work, file.proposal, Verb.COMPLETE, by=by.id)
    emails.file_completed(work, file)


def withdraw(work: Work, file: CarrierFile, reason: str, *, by: Person) -> None:
    """Take a file out of the procedure, for good. Raises Conflict once it is on the ballot."""
    check_role(file, "submit_file")
    _lock(work, file.proposal)
    lifecycle.record(work, file.proposal, Verb.WITHDRAW, by=by.id, reason=reason)
    emails.file_withdrawn(work, file)


def record_late(work: Work, file: CarrierFile, problem: TooLate, *, by: Person) -> None:
    """Keep a trace of an attempt after the deadline: the city may have to judge it."""
    ledger.record(work, "proposal:late", file.proposal.public_id, problem.what, by=by.id)


def late_sentence(deadline: datetime, now: datetime) -> Message:
    """Both instants, and what becomes of the file."""
    return say(
        "The deadline was %(deadline)s; your request reached us on %(now)s. Everything you wrote is kept, and this attempt is recorded.",
        deadline=deadline, now=now,
    )


def check_role(file: CarrierFile, permission: str) -> None:
    """Raise Refused, naming the roles that could, unless the member's role holds the permission."""
    if not file.may(permission):
        raise Refused(not_for(permission))


def _check_window(work: Work, file: CarrierFile) -> None:
    calendar = calendar_of(work, file.edition)
    window, stage = calendar.window(PhaseKind.submission), calendar.stage(PhaseKind.submission, work.now)
    if window is None or stage is Stage.absent:
        raise Refused(say("This edition has no dates for submission yet."))
    if stage is Stage.before:
        raise Refused(say("Submission opens on %(opens)s.", opens=window.opens))
    if stage is Stage.after:
        raise TooLate(late_sentence(window.closes, work.now), "submission")


def check_offered(edition: Edition, form: SectionForm) -> None:
    """Answers chosen from the edition's own lists must be on them."""
    if isinstance(form, ThemeForm) and form.theme and form.theme not in theme_names(edition):
        raise Invalid({"theme": say("Choose one of the answers offered.")})
    if isinstance(form, DeclarationsForm) and not set(form.declared) <= set(declarations(edition)):
        raise Invalid({"declared": say("Choose one of the answers offered.")})


def _lock(work: Work, proposal: Proposal) -> None:
    """Hold the row to the end of the transaction and read it anew (SQLite already holds the whole file)."""
    work.db.refresh(proposal, with_for_update=True)


def normal(form: SectionForm) -> dict[str, Any]:
    """The form's answers as they would be read back, so that the same content is recognised as the same."""
    if isinstance(form, BudgetForm):
        return form.model_dump(mode="json")
    after: Any = SimpleNamespace(**form.columns())
    return type(form).answers(after, [])


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _apply(work: Work, file: CarrierFile, form: SectionForm) -> None:
    proposal = file.proposal
    for name, value in form.columns().items():
        setattr(proposal, name, value)
    if isinstance(form, BudgetForm):
        work.db.exec(delete(BudgetLine).where(col(BudgetLine.proposal_id) == proposal.id))
        work.db.add_all(form.rows(proposal.id or 0))
    country = country_name(proposal.country, ("fr", "en")).values() if proposal.country else ()
    proposal.search_text = search_text_for(proposal, file.organisation.name, *country)
    work.db.add(proposal)
    work.db.flush()


def _next_number(work: Work, edition: Edition) -> int:
    """The next number of the edition. Its row is held, so that two files submitted at once never meet."""
    work.db.execute(select_rows(col(Edition.id)).where(col(Edition.id) == edition.id).with_for_update())
    return (work.db.scalar(select_rows(func.max(col(Proposal.number))).where(col(Proposal.edition_id) == edition.id)) or 0) + 1

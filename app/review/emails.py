"""Telling the carrier what was decided on its file."""

from datetime import date, datetime

from sqlmodel import col, select

from app.accounts.models import Account
from app.core.calendar import show_instant
from app.core.messages import Localised, Message, say
from app.core.permissions import CARRIER
from app.notifications.service import queue
from app.organisations.models import Membership
from app.rendering import moment, speaking, translate
from app.review.letters.models import Letter
from app.review.letters.writing import write
from app.review.models import Decision, RuleVerdict
from app.review.queries import Case
from app.unit import Work


def until(instant: datetime, zone: str) -> Message:
    """How a deadline is said: a whole day where it ends with that day, else the exact instant."""
    day, clock = show_instant(instant, zone, end=True)
    if not clock:
        return say("until the end of %(day)s", day=date.fromisoformat(day))
    return say("until %(moment)s", moment=instant)


def send_decision(work: Work, case: Case, decision: Decision) -> None:
    """Write the reasoned letter, and queue one e-mail to each member who writes the carrier's files, in their language."""
    found = work.db.exec(select(RuleVerdict).where(RuleVerdict.decision_id == decision.id)).all()
    letter = write(
        work, case.proposal, decision.outcome, decision.reason, by=decision.decided_by_id, verdicts=found, redirect=decision.redirect,
        complete_by=decision.complete_by,
    )
    writers = select(Account).join(Membership, col(Membership.account_id) == col(Account.id)).where(
        Membership.organisation_id == case.proposal.organisation_id, col(Membership.role).in_(CARRIER["write_file"])
    )
    for account in work.db.exec(writers.order_by(col(Account.id))):
        queue(work, f"decision-{decision.outcome}", account.email, account.language, _values(case, decision, letter, account.language))


def _values(case: Case, decision: Decision, letter: Letter, language: str) -> dict[str, object]:
    zone = case.programme.zone
    other = next((choice.label for choice in case.edition.redirects if choice.key == decision.redirect), None)
    with speaking(language, zone):
        deadline = translate(until(decision.complete_by, zone)) if decision.complete_by else ""
        decided = moment(decision.decided_at)
    return {
        "title": case.proposal.title,
        "file_number": case.proposal.number,
        "public_id": case.proposal.public_id,
        "edition": Localised(case.edition.name),
        "reason": decision.reason,
        "deadline": deadline,
        "decided": decided,
        "redirect": Localised(other) if other else None,
        "letter": letter.public_id,
    }

"""Telling the carrier what was decided on its file."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import col, select

from app.accounts.models import Account
from app.core.calendar import show_instant
from app.core.messages import Localised, Message, say
from app.core.permissions import CARRIER
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.notifications.service import queue
from app.organisations.models import Membership
from app.proposals.models import Proposal
from app.rendering import moment, speaking, translate
from app.review.letters.models import TITLES, Letter
from app.review.letters.writing import write
from app.review.models import Decision, RuleVerdict
from app.unit import Work


def until(instant: datetime, zone: str) -> Message:
    """How a deadline is said: a whole day where it ends with that day, else the exact instant."""
    day, clock = show_instant(instant, zone, end=True)
    if not clock:
        return say("until the end of %(day)s", day=date.fromisoformat(day))
    return say("until %(moment)s", moment=instant)


def send_decision(work: Work, edition: Edition, proposal: Proposal, decision: Decision) -> None:
    """Write the reasoned letter, and queue one e-mail to each member who writes the carrier's files, in their language."""
    letter = _letter(work, proposal, decision)
    zone, name = programme_of(work, edition).zone, f"decision-{decision.outcome.replace('_', '-')}"
    joined = work.db.get(Proposal, decision.merged_into_id) if decision.merged_into_id else None
    for account in writers_of(work, proposal):
        more = {"joined": joined.title if joined else "", "letter": letter.public_id if letter else ""}
        values = _values(edition, proposal, decision, account.language, zone) | more
        queue(work, name, account.email, account.language, values, zone=zone)


def _letter(work: Work, proposal: Proposal, decision: Decision) -> Letter | None:
    """The letter of a decision; a file that joined another, or went to another scheme, gets none."""
    if decision.outcome not in TITLES:
        return None
    found = work.db.exec(select(RuleVerdict).where(RuleVerdict.decision_id == decision.id)).all()
    return write(
        work, proposal, decision.outcome, decision.reason, by=decision.decided_by_id, verdicts=found, redirect=decision.redirect,
        complete_by=decision.complete_by,
    )


def writers_of(work: Work, proposal: Proposal) -> Sequence[Account]:
    """The members of a file's carrier who write its files."""
    writers = (
        select(Account)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .where(Membership.organisation_id == proposal.organisation_id, col(Membership.role).in_(CARRIER["write_file"]))
    )
    return work.db.exec(writers.order_by(col(Account.id))).all()


def send_on_ballot(work: Work, edition: Edition, projects: Sequence[Proposal]) -> None:
    """Queue one e-mail for each project now on the ballot, to each member who writes; one statement reads them all."""
    writers = select(Membership.organisation_id, Account).join(Account, col(Account.id) == col(Membership.account_id)).where(
        col(Membership.organisation_id).in_({project.organisation_id for project in projects}),
        col(Membership.role).in_(CARRIER["write_file"]),
    )  # fmt: skip
    theirs: defaultdict[int, list[Account]] = defaultdict(list)
    for organisation_id, account in work.db.exec(writers.order_by(col(Account.id))):
        theirs[organisation_id].append(account)
    zone = programme_of(work, edition).zone
    for project in projects:
        values = {"title": project.title, "file_number": project.number, "public_id": project.public_id, "edition": Localised(edition.name)}
        for account in theirs[project.organisation_id]:
            named = {**values, "name": account.display_name}
            queue(work, "project-on-ballot", account.email, account.language, named, zone=zone)


def _values(edition: Edition, proposal: Proposal, decision: Decision, language: str, zone: str) -> dict[str, object]:
    other = next((choice.label for choice in edition.redirects if choice.key == decision.redirect), None)
    with speaking(language, zone):
        deadline = translate(until(decision.complete_by, zone)) if decision.complete_by else ""
        decided = moment(decision.decided_at)
    return {
        "title": proposal.title,
        "file_number": proposal.number,
        "public_id": proposal.public_id,
        "edition": Localised(edition.name),
        "reason": decision.reason,
        "deadline": deadline,
        "decided": decided,
        "redirect": Localised(other) if other else None,
    }

"""Telling the carrier that its appeal has come in, and how it ended."""

from sqlmodel import col, select

from app.accounts.models import Account
from app.core.messages import Localised, say
from app.core.permissions import CARRIER
from app.editions.models import Edition, Programme
from app.notifications.service import queue
from app.organisations.models import Membership, Organisation
from app.proposals.models import Proposal
from app.review.appeals.models import Appeal
from app.review.appeals.queries import Filed
from app.review.letters.models import Letter
from app.review.letters.writing import last_day
from app.unit import Work

ON_PAPER = say("It came on paper and was recorded by the city.")


def _writers(work: Work, carrier: Organisation) -> list[Account]:
    """The members who write the carrier's files."""
    query = (
        select(Account)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .where(Membership.organisation_id == carrier.id, col(Membership.role).in_(CARRIER["write_file"]))
    )
    return list(work.db.exec(query.order_by(col(Account.id))))


def send_receipt(work: Work, proposal: Proposal, carrier: Organisation, edition: Edition, programme: Programme, appeal: Appeal) -> None:
    """Acknowledge an appeal: when it came in, and by when the city answers."""
    last = last_day(appeal.due_at, programme.zone) if appeal.due_at else None
    for account in _writers(work, carrier):
        values = {
            "title": proposal.title, "file_number": proposal.number, "public_id": proposal.public_id, "edition": Localised(edition.name),
            "filed_at": appeal.filed_at, "last_day": last, "paper": ON_PAPER if appeal.channel == "paper" else None,
        }  # fmt: skip
        queue(work, "appeal-received", account.email, account.language, values, zone=programme.zone)


def send_outcome(work: Work, filed: Filed, letter: Letter) -> None:
    """Tell how the appeal ended, with its motive and the way to the letter."""
    proposal = filed.proposal
    for account in _writers(work, filed.carrier):
        values = {
            "title": proposal.title, "file_number": proposal.number, "edition": Localised(filed.edition.name),
            "motive": letter.facts["motive"], "letter": letter.public_id,
        }  # fmt: skip
        queue(work, letter.outcome.replace("_", "-"), account.email, account.language, values, zone=filed.programme.zone)

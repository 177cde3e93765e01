"""Reading appeals: the carrier's own, the desk's, and the lines of a project's public history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select
from sqlalchemy import select as select_rows
from sqlmodel import col, select

from app.accounts.people import Person
from app.core.messages import say
from app.core.problems import Missing
from app.editions.models import Edition, Programme
from app.organisations.models import Membership, Organisation
from app.proposals.models import Proposal
from app.review.appeals.models import Appeal, AppealDocument, AppealDocumentContent
from app.review.letters.models import Letter
from app.unit import Work

NO_APPEAL = say("There is no appeal at this address.")
NO_DOCUMENT = say("There is no document at this address, or it is not for you.")


@dataclass(frozen=True)
class Filed:
    """An appeal on the desk, with the decision it contests."""

    appeal: Appeal
    letter: Letter
    proposal: Proposal
    carrier: Organisation
    edition: Edition
    programme: Programme

    def days_left(self, now: datetime) -> int:
        """Whole days until the city must have answered, negative once it is late."""
        return (self.appeal.due_at - now).days if self.appeal.due_at else 0


def contested(work: Work, proposal: Proposal) -> Letter | None:
    """The letter that an appeal would contest: the latest one, if it can be contested and nothing was decided since."""
    letter = work.db.exec(select(Letter).where(Letter.proposal_id == proposal.id).order_by(col(Letter.id).desc()).limit(1)).first()
    return letter if letter is not None and letter.appeal_until is not None and letter.outcome == proposal.state else None


def appeal_against(work: Work, letter: Letter) -> Appeal | None:
    """The appeal against a letter, draft or filed."""
    return work.db.exec(select(Appeal).where(Appeal.letter_id == letter.id)).first()


def appeals_of(work: Work, proposal: Proposal) -> list[Appeal]:
    """The appeals filed about a file, the oldest first."""
    filed = select(Appeal).where(Appeal.proposal_id == proposal.id, col(Appeal.filed_at).is_not(None))
    return list(work.db.exec(filed.order_by(col(Appeal.filed_at), col(Appeal.id))))


def desk_of_appeals(work: Work) -> list[Filed]:
    """Every appeal filed: the open ones first, the most urgent at the top, then those decided, the newest first."""
    found = [Filed(*row) for row in work.db.execute(_filed())]
    waiting = sorted((one for one in found if one.appeal.outcome is None), key=lambda one: (one.appeal.due_at, one.appeal.id))
    decided = sorted((one for one in found if one.appeal.outcome), key=lambda one: (one.appeal.decided_at, one.appeal.id), reverse=True)
    return waiting + decided


def find_appeal(work: Work, public_id: str) -> Filed:
    """One appeal that was filed. Raises Missing."""
    found = work.db.execute(_filed().where(col(Appeal.public_id) == public_id)).first()
    if found is None:
        raise Missing(NO_APPEAL)
    return Filed(*found)


def _filed() -> Select[Appeal, Letter, Proposal, Organisation, Edition, Programme]:
    return (
        select_rows(Appeal, Letter, Proposal, Organisation, Edition, Programme)
        .join(Letter, col(Letter.id) == col(Appeal.letter_id))
        .join(Proposal, col(Proposal.id) == col(Appeal.proposal_id))
        .join(Organisation, col(Organisation.id) == col(Proposal.organisation_id))
        .join(Edition, col(Edition.id) == col(Proposal.edition_id))
        .join(Programme, col(Programme.id) == col(Edition.programme_id))
        .where(col(Appeal.filed_at).is_not(None))
    )


def documents_of(work: Work, appeal: Appeal) -> Sequence[AppealDocument]:
    """The documents of an appeal, without their bytes, the oldest first."""
    return work.db.exec(select(AppealDocument).where(AppealDocument.appeal_id == appeal.id).order_by(col(AppealDocument.id))).all()


def document_for(work: Work, public_id: str, person: Person | None) -> tuple[AppealDocument, bytes]:
    """A document of an appeal with its bytes: for the carrier's members and, once it is filed, the staff who read files. Raises Missing."""
    found = work.db.execute(
        select_rows(AppealDocument, Appeal, Proposal)
        .join(Appeal, col(Appeal.id) == col(AppealDocument.appeal_id))
        .join(Proposal, col(Proposal.id) == col(Appeal.proposal_id))
        .where(col(AppealDocument.public_id) == public_id)
    ).first()
    if found is None or person is None:
        raise Missing(NO_DOCUMENT)
    document, appeal, proposal = found
    for_city = appeal.filed_at is not None and person.may("see_files")
    if not for_city and work.db.get(Membership, (proposal.organisation_id, person.id)) is None:
        raise Missing(NO_DOCUMENT)
    return document, work.db.get_one(AppealDocumentContent, document.id).content

"""The vetoes that were published on projects of the ballot, and the only grounds there are."""

from collections.abc import Collection, Sequence

from sqlmodel import col, select

from app.core.messages import Message, say
from app.proposals.models import Proposal
from app.review.models import Ground, Veto
from app.unit import Work

GROUND_LABELS: dict[Ground, Message] = {
    Ground.CARRIER_DISSOLVED: say("The carrier no longer exists"),
    Ground.LEGAL_PROHIBITION: say("The law forbids the project or its funding"),
    Ground.FRAUD_PROVEN: say("Fraud is proven"),
    Ground.CARRIER_WITHDRAWS: say("The carrier gives the project up"),
    Ground.PARTNER_GONE: say("The local partner no longer exists"),
}


def grounds_of(work: Work, public_ids: Collection[str]) -> dict[str, Ground]:
    """The ground of the veto on each of these projects that has one, by public id; one statement, of columns the ballot paper may read."""
    wanted = select(Proposal.public_id, Veto.ground).join(Veto, col(Veto.proposal_id) == col(Proposal.id))
    return {public_id: Ground(ground) for public_id, ground in work.db.exec(wanted.where(col(Proposal.public_id).in_(public_ids)))}


def vetoes_of(work: Work, edition_id: int | None) -> Sequence[tuple[Veto, Proposal]]:
    """The vetoes of an edition with their projects, by number."""
    wanted = select(Veto, Proposal).join(Proposal, col(Proposal.id) == col(Veto.proposal_id)).where(Proposal.edition_id == edition_id)
    return work.db.exec(wanted.order_by(col(Proposal.number))).all()

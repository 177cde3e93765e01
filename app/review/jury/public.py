"""What voters read of the jury: its opinion on a project, once the minutes are confirmed."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import col, select

from app.core.messages import Message, say
from app.proposals.models import Proposal
from app.review.jury.models import STANCE_LABELS, JuryFinding, Stance
from app.unit import Work

BELOW_QUORUM = say("Fewer jurors than the quorum gave an opinion: there is no mean.")


@dataclass(frozen=True)
class PublicOpinion:
    """The jury's opinion on one project. `mean` is exact, on a scale from 0 to `scale`; None below the quorum."""

    stance: Stance
    text: str
    mean: Fraction | None
    scale: int
    opinions: int
    recused: int
    disputed: int

    @property
    def label(self) -> Message:
        """What the jury says, in words."""
        return STANCE_LABELS[self.stance]

    @property
    def note(self) -> Message | None:
        """That fewer jurors than the quorum stand behind it."""
        return BELOW_QUORUM if self.mean is None else None


def public_opinions(work: Work, public_ids: Collection[str]) -> dict[str, PublicOpinion]:
    """The jury's opinion on each of these projects that has one, by public id, in one statement."""
    query = select(Proposal.public_id, JuryFinding).join(JuryFinding, col(JuryFinding.proposal_id) == col(Proposal.id))
    return {public_id: opinion_from(found) for public_id, found in work.db.exec(query.where(col(Proposal.public_id).in_(public_ids)))}


def opinion_from(found: JuryFinding) -> PublicOpinion:
    """What confirmed minutes say of a project, as everyone reads it."""
    mean = Fraction(found.mean_top, found.mean_bottom) if found.mean_top is not None and found.mean_bottom else None
    return PublicOpinion(Stance(found.stance), found.text, mean, found.scale, found.opinions, found.recused, found.disputed)

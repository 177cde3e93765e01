"""All that stands behind a file besides its answers, for whoever reads it: commitment, interests, the sponsor's answer, the papers kept."""

from typing import NamedTuple

from app.core.eligibility import SponsorWord
from app.core.messages import Message
from app.organisations.models import Organisation, Paper
from app.organisations.papers import current, is_valid, label_of
from app.proposals.commitments import last_commitment, last_statement
from app.proposals.models import Proposal
from app.proposals.undertakings import Commitment, InterestStatement, SponsorStep
from app.proposals.words import words_on
from app.unit import Work


class Kept(NamedTuple):
    """A paper of the carrier or of its sponsor, and whether it counts today."""

    paper: Paper
    organisation: Organisation
    valid: bool

    @property
    def label(self) -> Message:
        """Its kind in words."""
        return label_of(self.paper)

    @property
    def url(self) -> str:
        """Where those who may read it get it."""
        return f"/organisations/{self.organisation.slug}/documents/{self.paper.public_id}"


class Undertaken(NamedTuple):
    """What people put their name to for one file. `word` is None where there is no sponsor."""

    commitment: Commitment | None
    stated: InterestStatement | None
    word: SponsorWord | None
    answer: SponsorStep | None
    papers: tuple[Kept, ...]


def undertaken_for(
    work: Work, proposal: Proposal, carrier: Organisation, sponsor: Organisation | None, word: SponsorWord | None
) -> Undertaken:
    """Read it in three statements, four for a collective's file; `word` is what the rules know of the sponsor's answer."""
    signatory = sponsor if carrier.kind == "collective" else carrier
    steps = words_on(work, [proposal] if sponsor else [])
    return Undertaken(
        commitment=last_commitment(work, proposal, signatory.id) if signatory else None,
        stated=last_statement(work, proposal),
        word=word,
        answer=steps[proposal.id or 0].last(sponsor.id, "validate", "decline") if sponsor else None,
        papers=tuple(kept_by(work, carrier, sponsor)),
    )


def kept_by(work: Work, *organisations: Organisation | None) -> list[Kept]:
    """The papers of these organisations that were not replaced, in one statement."""
    known = {one.id or 0: one for one in organisations if one is not None}
    return [Kept(one, known[one.organisation_id], is_valid(one, work.now.date())) for one in current(work, known.keys())]

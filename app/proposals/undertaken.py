"""All that stands behind a file besides its answers, for whoever reads it: commitment, interests, the sponsor's answer, the papers kept."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.core.eligibility import SponsorWord
from app.core.messages import Message
from app.organisations.models import Organisation, Paper
from app.organisations.papers import current, is_valid, label_of
from app.proposals.commitments import last_statement
from app.proposals.gathered import Gathered
from app.proposals.models import Proposal
from app.proposals.undertakings import Commitment, InterestStatement, SponsorStep
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


def undertaken_for(work: Work, proposal: Proposal, held: Gathered, word: SponsorWord | None) -> Undertaken:
    """Read it in one statement beside what is `held`; `word` is what the rules know of the sponsor's answer."""
    carrier, sponsor = held.carrier(proposal), held.sponsor(proposal)
    signatory = sponsor if carrier.kind == "collective" else carrier
    known = {one.id or 0: one for one in (carrier, sponsor) if one is not None}
    return Undertaken(
        commitment=held.commitments.get((proposal.id or 0, signatory.id or 0)) if signatory else None,
        stated=last_statement(work, proposal),
        word=word,
        answer=held.words[proposal.id or 0].last(sponsor.id, "validate", "decline") if sponsor else None,
        papers=tuple(_kept([one for number in sorted(known) for one in held.papers.get(number, ())], known, work)),
    )


def kept_by(work: Work, *organisations: Organisation | None) -> list[Kept]:
    """The papers of these organisations that were not replaced, in one statement."""
    known = {one.id or 0: one for one in organisations if one is not None}
    return _kept(current(work, known.keys()), known, work)


def _kept(papers: Iterable[Paper], known: Mapping[int, Organisation], work: Work) -> list[Kept]:
    return [Kept(one, known[one.organisation_id], is_valid(one, work.now.date())) for one in papers]

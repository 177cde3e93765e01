"""The rows that files are made of, read once, in a fixed number of statements for any number of files."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_
from sqlalchemy import select as select_rows
from sqlmodel import col, select

from app.editions.models import Edition, Programme
from app.organisations.models import Organisation, Paper
from app.proposals.models import BudgetLine, Document, Proposal
from app.proposals.partner_models import PartnerAnswer
from app.proposals.undertakings import Commitment
from app.proposals.words import Words, words_on
from app.unit import Work

Editions = Mapping[int, tuple[Edition, Programme]]


@dataclass(frozen=True)
class Gathered:
    """What stands behind some files, by row number: of their carriers and these ones' sponsors, of their editions, of themselves.

    `papers`: those not replaced. `commitments`: by (file, organisation), the last of each. `answers`: the partner's last one.
    """

    organisations: Mapping[int, Organisation]
    papers: Mapping[int, Sequence[Paper]]
    editions: Editions
    lines: Mapping[int, Sequence[BudgetLine]]
    documents: Mapping[int, Sequence[Document]]
    commitments: Mapping[tuple[int, int], Commitment]
    words: Mapping[int, Words]
    answers: Mapping[int, PartnerAnswer]

    def carrier(self, proposal: Proposal) -> Organisation:
        """Who carries a file."""
        return self.organisations[proposal.organisation_id]

    def sponsor(self, proposal: Proposal) -> Organisation | None:
        """The association that signs for a collective."""
        return self.organisations.get(self.carrier(proposal).sponsor_id or 0)


def gather(work: Work, proposals: Sequence[Proposal], editions: Editions | None = None) -> Gathered:
    """Read it in seven statements at most; `editions`: where they were read already."""
    ids = [proposal.id for proposal in proposals]
    organisations, papers = _organisations(work, proposals)
    lines: dict[int, list[BudgetLine]] = defaultdict(list)
    for line in work.db.exec(select(BudgetLine).where(col(BudgetLine.proposal_id).in_(ids)).order_by(col(BudgetLine.position))):
        lines[line.proposal_id].append(line)
    documents: dict[int, list[Document]] = defaultdict(list)
    for one in work.db.exec(select(Document).where(col(Document.proposal_id).in_(ids)).order_by(col(Document.id))):
        documents[one.proposal_id].append(one)
    taken = work.db.exec(select(Commitment).where(col(Commitment.proposal_id).in_(ids)).order_by(col(Commitment.id)))
    answered = work.db.exec(select(PartnerAnswer).where(col(PartnerAnswer.proposal_id).in_(ids)).order_by(col(PartnerAnswer.id)))
    return Gathered(
        organisations, papers, editions if editions is not None else _editions(work, proposals), lines, documents,
        commitments={(one.proposal_id, one.organisation_id): one for one in taken},
        words=words_on(work, [one for one in proposals if organisations[one.organisation_id].sponsor_id]),
        answers={one.proposal_id: one for one in answered},
    )  # fmt: skip


def _organisations(work: Work, proposals: Sequence[Proposal]) -> tuple[dict[int, Organisation], dict[int, list[Paper]]]:
    """The carriers of these files and the associations that sponsor them, each with the papers that were not replaced."""
    theirs = col(Organisation.id).in_([proposal.organisation_id for proposal in proposals])
    sponsors = select(Organisation.sponsor_id).where(theirs)
    kept = and_(col(Paper.organisation_id) == col(Organisation.id), col(Paper.replaced_at).is_(None))
    asked = select_rows(Organisation, Paper).outerjoin(Paper, kept).where(theirs | col(Organisation.id).in_(sponsors))
    organisations: dict[int, Organisation] = {}
    papers: dict[int, list[Paper]] = defaultdict(list)
    for organisation, paper in work.db.execute(asked.order_by(col(Organisation.id), col(Paper.kind))):
        organisations[organisation.id or 0] = organisation
        if paper is not None:
            papers[organisation.id or 0].append(paper)
    return organisations, papers


def _editions(work: Work, proposals: Sequence[Proposal]) -> Editions:
    asked = select_rows(Edition, Programme).join(Programme, col(Programme.id) == col(Edition.programme_id))
    rows = work.db.execute(asked.where(col(Edition.id).in_({proposal.edition_id for proposal in proposals})))
    return {edition.id or 0: (edition, programme) for edition, programme in rows}

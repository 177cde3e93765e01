"""What an edition holds already, read with a handful of statements whatever the number of its files."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import func
from sqlalchemy import select as select_rows
from sqlmodel import col, select

from app.core.lifecycle import State
from app.editions.models import Edition
from app.exchange.sheets.models import ProjectReference
from app.proposals.lifecycle import at
from app.proposals.models import BudgetLine, Proposal, SectionRevision
from app.unit import Work


class Held:
    """The submitted files of an edition as the clock has them, with all that hangs on them. `locked`: nobody may change them meanwhile."""

    def __init__(self, work: Work, edition: Edition, *, locked: bool = False) -> None:
        own = col(Proposal.edition_id) == edition.id
        if locked:  # whoever submits a file holds the edition's row as well, to number it
            work.db.execute(select_rows(col(Edition.id)).where(col(Edition.id) == edition.id).with_for_update())
        wanted = select(Proposal).where(own, Proposal.state != State.DRAFT).order_by(col(Proposal.number), col(Proposal.id))
        if locked:
            wanted = wanted.with_for_update().execution_options(populate_existing=True)
        self.proposals = [at(one, work.now) for one in work.db.exec(wanted)]
        self.by_id = {one.public_id: one for one in self.proposals}
        self.by_number = {str(one.number): one for one in self.proposals if one.number is not None}
        by_key = {one.id: one for one in self.proposals}
        named = work.db.exec(select(ProjectReference).where(ProjectReference.edition_id == edition.id))
        self.by_reference = {one.reference: by_key[one.proposal_id] for one in named if one.proposal_id in by_key}
        self.reference_of = {one.public_id: reference for reference, one in self.by_reference.items()}
        self._lines: defaultdict[int, list[BudgetLine]] = defaultdict(list)
        lines = select(BudgetLine).join(Proposal, col(Proposal.id) == col(BudgetLine.proposal_id)).where(own)
        for line in work.db.exec(lines.order_by(col(BudgetLine.proposal_id), col(BudgetLine.side), col(BudgetLine.position))):
            self._lines[line.proposal_id].append(line)
        last = (
            select_rows(col(SectionRevision.proposal_id), col(SectionRevision.section), func.max(col(SectionRevision.number)))
            .join(Proposal, col(Proposal.id) == col(SectionRevision.proposal_id))
            .where(own)
            .group_by(col(SectionRevision.proposal_id), col(SectionRevision.section))
        )
        self._revisions: dict[tuple[int, str], int] = {(proposal, section): number for proposal, section, number in work.db.execute(last)}

    def lines(self, proposal: Proposal) -> list[BudgetLine]:
        """The budget lines of a file, side by side, in the order typed."""
        return self._lines[proposal.id or 0]

    def next_revision(self, proposal: Proposal, section: str) -> int:
        """The number that the next revision of a page bears."""
        return self._revisions.get((proposal.id or 0, section), 0) + 1

    @property
    def last_number(self) -> int:
        """The highest number given to a file so far."""
        return max((one.number or 0 for one in self.proposals), default=0)

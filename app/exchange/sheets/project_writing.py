"""Writing the projects of a table, all at the end and together: a few statements for a thousand files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import col, delete

from app.core.eligibility import Section
from app.core.lifecycle import Verb
from app.countries import country_name
from app.editions.models import Edition
from app.exchange.sheets.held import Held
from app.exchange.sheets.models import ProjectReference
from app.exchange.sheets.reports import Step
from app.ledger import service as ledger
from app.organisations.models import Organisation
from app.proposals import lifecycle
from app.proposals.budget import BudgetForm
from app.proposals.forms import SectionForm
from app.proposals.models import BudgetLine, Proposal, SectionRevision
from app.proposals.search import search_text_for
from app.proposals.service import ID_LENGTH, normal
from app.review.history import BY_TABLE
from app.unit import Work


@dataclass
class Entered:
    """What a row makes of a file. `number` 0: the next one; `reference` "" where none is to be kept."""

    proposal: Proposal | None
    carrier: Organisation
    reference: str
    number: int
    pages: list[tuple[Section, SectionForm]]
    new: bool = False


class Writing:
    """Keeps the steps of a table, and writes them."""

    def __init__(self, work: Work, edition: Edition, held: Held, *, by: int | None) -> None:
        self.work, self.edition, self.held, self.by = work, edition, held, by
        self.kept: list[Entered] = []

    def take(self, step: Step, entered: Entered) -> None:
        """Keep a step to be written by `finish`."""
        self.kept.append(entered)

    def finish(self) -> None:
        """Write all that was kept: files, then what hangs on them."""
        self._number()
        for entered in self.kept:
            self._fill(entered)
        self.work.db.flush()
        self._empty_budgets()
        for entered in self.kept:
            self._hang(entered)
        self.work.db.flush()

    def _number(self) -> None:
        """New files without a number get the next ones, in the order of the table, after every number it gives."""
        last = max([self.held.last_number, *(one.number for one in self.kept)])
        for one in self.kept:
            if one.proposal is None and not one.number:
                last += 1
                one.number = last

    def _fill(self, entered: Entered) -> None:
        proposal = entered.proposal
        if proposal is None:
            entered.new = True
            proposal = entered.proposal = Proposal(
                public_id=self.work.code(ID_LENGTH),
                edition_id=self.edition.id or 0,
                organisation_id=entered.carrier.id or 0,
                number=entered.number,
                created_at=self.work.now,
                submitted_at=self.work.now,
            )
        for _, form in entered.pages:
            for name, value in form.columns().items():
                setattr(proposal, name, value)
        country = country_name(proposal.country, ("fr", "en")).values() if proposal.country else ()
        proposal.search_text = search_text_for(proposal, entered.carrier.name, *country)
        self.work.db.add(proposal)

    def _empty_budgets(self) -> None:
        """Take away the lines of the budgets that the table replaces."""
        replaced = [one.proposal.id for one in self.kept if one.proposal and not one.new and _budget(one)]
        for start in range(0, len(replaced), 500):
            self.work.db.execute(delete(BudgetLine).where(col(BudgetLine.proposal_id).in_(replaced[start : start + 500])))

    def _hang(self, entered: Entered) -> None:
        """Lines, revisions of the pages, the reference, the step in the file's life, the line in the journal."""
        proposal = entered.proposal
        if proposal is None or proposal.id is None:
            raise AssertionError("a file without a key after it was written")
        rows: list[Any] = []
        if budget := _budget(entered):
            rows += budget.rows(proposal.id)
        if entered.reference:
            rows.append(ProjectReference(edition_id=proposal.edition_id, reference=entered.reference, proposal_id=proposal.id))
        for section, form in entered.pages:
            number = self.held.next_revision(proposal, section.value)
            rows.append(
                SectionRevision(
                    proposal_id=proposal.id,
                    section=section.value,
                    number=number,
                    answers=normal(form),
                    saved_at=self.work.now,
                    saved_by_id=self.by,
                )
            )
        self.work.db.add_all(rows)
        if entered.new:
            lifecycle.record(self.work, proposal, Verb.SUBMIT, by=self.by, note=BY_TABLE)
        ledger.record(self.work, "proposal:import", proposal.public_id, by=self.by)


def _budget(entered: Entered) -> BudgetForm | None:
    return next((form for _, form in entered.pages if isinstance(form, BudgetForm)), None)

"""Telling the carriers what became of their projects: by the count, then by the council. One function for each message."""

from __future__ import annotations

from app.core.messages import Localised
from app.core.money import Money
from app.core.tally import Row
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.notifications.service import queue
from app.organisations.queries import members_of
from app.proposals.models import Proposal
from app.results.models import CouncilDecision
from app.unit import Work


def came_in_the_lead(work: Work, edition: Edition, proposal: Proposal, row: Row) -> None:
    """Arrived in the lead: nothing is awarded before the council has decided, and the message says so first."""
    _queue(work, "result-leading", edition, proposal, reason=row.reason, cents=row.cost_cents if row.paid_cents is None else row.paid_cents)


def on_the_reserve_list(work: Work, edition: Edition, proposal: Proposal, row: Row) -> None:
    """Not chosen, but on the reserve list."""
    _queue(work, "result-reserve", edition, proposal, reason=row.reason, nearest=row.nearest)


def not_selected(work: Work, edition: Edition, proposal: Proposal, row: Row) -> None:
    """Not chosen: the exact reason, and how near it came."""
    _queue(work, "result-not-selected", edition, proposal, reason=row.reason, nearest=row.nearest)


def council_awarded(work: Work, edition: Edition, proposal: Proposal, decision: CouncilDecision) -> None:
    """The council awards the grant: the project is a laureate from now on."""
    _queue(work, "council-awarded", edition, proposal, reference=decision.reference, decided=decision.decided_on)


def council_refused(work: Work, edition: Edition, proposal: Proposal, decision: CouncilDecision) -> None:
    """The council refuses the grant, with its public reason."""
    _queue(work, "council-refused", edition, proposal, reference=decision.reference, decided=decision.decided_on, reason=decision.reason)


def _queue(work: Work, name: str, edition: Edition, proposal: Proposal, *, cents: int | None = None, **more: object) -> None:
    """To each member who writes the carrier's files, in the language of each."""
    programme = programme_of(work, edition)
    values = {
        "title": proposal.title, "file_number": proposal.number, "public_id": proposal.public_id, "slug": edition.slug,
        "edition": Localised(edition.name), "asked": Money(cents, programme.currency) if cents is not None else None, **more,
    }  # fmt: skip
    for member in members_of(work, proposal.organisation_id):
        if member.may("write_file"):
            queue(work, name, member.email, member.language, values, zone=programme.zone)

"""Telling the carriers what became of their projects: by the count, then by the council. One function for each message.

`few`: how many ballots it would take to show more than totals, 0 where everything is shown.
"""

from __future__ import annotations

from typing import Any

from app.core.messages import Localised, say
from app.core.money import Money
from app.core.tally import Row
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.notifications.service import queue
from app.organisations.queries import members_of
from app.proposals.models import Proposal
from app.results.bundles import too_few
from app.results.models import CouncilDecision
from app.unit import Work


def came_in_the_lead(work: Work, edition: Edition, proposal: Proposal, row: Row, few: int = 0) -> None:
    """Arrived in the lead: nothing is awarded before the council has decided, and the message says so first."""
    reason = too_few(few) if few else row.reason
    _queue(work, "result-leading", edition, proposal, reason=reason, cents=row.cost_cents if row.paid_cents is None else row.paid_cents)


def on_the_reserve_list(work: Work, edition: Edition, proposal: Proposal, row: Row, few: int = 0) -> None:
    """Not chosen, but on the reserve list."""
    _queue(work, "result-reserve", edition, proposal, **_why(row, few))


def not_selected(work: Work, edition: Edition, proposal: Proposal, row: Row, few: int = 0) -> None:
    """Not chosen: the exact reason, and how near it came."""
    _queue(work, "result-not-selected", edition, proposal, **_why(row, few))


def _why(row: Row, few: int) -> dict[str, Any]:
    """The reason in full; where it would take `few` ballots to show more than totals, no number of votes and nothing that tells one."""
    if few:
        return {"reason": say("The count took other projects. %(why)s", why=too_few(few)), "nearest": None}
    return {"reason": row.reason, "nearest": row.nearest}


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

"""Due diligence: what the city makes sure of about a carrier and its partner, before the vote and never after it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field
from sqlmodel import col, select

from app.accounts.people import Person
from app.core.forms import Form, Text
from app.core.lifecycle import STATES, State
from app.core.messages import Message, say
from app.core.problems import Conflict, Invalid, Refused
from app.ledger import service as ledger
from app.proposals.lifecycle import decided_state
from app.proposals.models import Proposal
from app.review.models import DiligenceCheck
from app.review.permitted import INVOLVED, check
from app.review.queries import acts_for, open_case
from app.unit import Work


class Item(StrEnum):
    """What is checked of every file."""

    IDENTITY = "identity"
    BANK_ACCOUNT = "bank_account"
    PARTNER = "partner"
    SANCTIONS = "sanctions"
    EARLIER_REPORTS = "earlier_reports"
    CONFLICT_OF_INTEREST = "conflict_of_interest"


class Found(StrEnum):
    """What a check found. A concern keeps the file off the ballot until it is settled."""

    FINE = "fine"
    NOT_NEEDED = "not_needed"
    CONCERN = "concern"


ITEM_LABELS: dict[Item, Message] = {
    Item.IDENTITY: say("The association exists and its representative is who they say"),
    Item.BANK_ACCOUNT: say("The bank account is that of the SIRET number"),
    Item.PARTNER: say("The local partner is known and reliable"),
    Item.SANCTIONS: say("Nobody involved is on a list of sanctions"),
    Item.EARLIER_REPORTS: say("The reports on earlier grants are in"),
    Item.CONFLICT_OF_INTEREST: say("No elected person or official has a personal interest"),
}
FOUND_LABELS: dict[Found, Message] = {
    Found.FINE: say("In order"),
    Found.NOT_NEEDED: say("Not needed here"),
    Found.CONCERN: say("A concern"),
}
CHECKED_IN = frozenset({State.SUBMITTED, State.INCOMPLETE, State.COMPLETED, State.ADMISSIBLE, State.UNDER_REVIEW, State.ELIGIBLE})
"""Once a project is on the ballot it is too late: from then on only a veto, on closed grounds."""


class DiligenceForm(Form):
    """One check: what was found, with a note where it is anything but in order."""

    item: Item
    found: Found
    note: Annotated[Text, Field(max_length=2000)] = ""


def note(work: Work, proposal: Proposal, form: DiligenceForm, *, by: Person) -> DiligenceCheck:
    """Write down one check, or correct it. Raises Refused, Conflict (too late, or not yet) and Invalid (a note is needed)."""
    check(by, "decide_admissibility")
    case = open_case(work, proposal.public_id, lock=True)
    if acts_for(work, by, case.carrier):
        raise Refused(INVOLVED)
    if decided_state(case.proposal) not in CHECKED_IN:
        raise Conflict(say("This cannot be done now. State of the file: %(state)s.", state=STATES[decided_state(case.proposal)].label))
    if form.found is not Found.FINE and not form.note:
        raise Invalid({"note": say("Say in a few words what you found, or why it is not needed.")})
    kept = work.db.get(DiligenceCheck, (case.proposal.id, form.item.value))
    kept = kept or DiligenceCheck(proposal_id=case.proposal.id or 0, item=form.item.value, found="", done_at=work.now, done_by_id=by.id)
    kept.found, kept.note, kept.done_at, kept.done_by_id = form.found.value, form.note, work.now, by.id
    work.db.add(kept)
    ledger.record(work, "proposal:diligence", case.proposal.public_id, f"{form.item.value}: {form.found.value}", by=by.id)
    work.db.flush()
    return kept


def checks_of(work: Work, proposals: Iterable[Proposal]) -> Mapping[int, dict[Item, DiligenceCheck]]:
    """What was checked of each of these files, by its row number."""
    found: defaultdict[int, dict[Item, DiligenceCheck]] = defaultdict(dict)
    wanted = select(DiligenceCheck).where(col(DiligenceCheck.proposal_id).in_([one.id for one in proposals]))
    for one in work.db.exec(wanted):
        found[one.proposal_id][Item(one.item)] = one
    return found


def is_finished(checks: Mapping[Item, DiligenceCheck]) -> bool:
    """Whether every item is checked and none is a concern."""
    return all(item in checks and checks[item].found != Found.CONCERN for item in Item)


def unfinished(work: Work, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Those of these files whose checks are not all done and in order."""
    done = checks_of(work, proposals)
    return [one for one in proposals if not is_finished(done.get(one.id or 0, {}))]

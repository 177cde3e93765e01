"""Who looks after which file, and how much each case officer has in hand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import col, func, select

from app.accounts.models import Account, StaffRole
from app.accounts.people import Person
from app.core.lifecycle import State
from app.core.messages import say
from app.core.permissions import STAFF
from app.core.problems import Conflict, Invalid, Refused
from app.ledger import service as ledger
from app.proposals.lifecycle import state_decided
from app.proposals.models import Proposal
from app.review.models import Assignment
from app.review.permitted import INVOLVED, check
from app.review.queries import is_member, open_case
from app.unit import Work

IN_HAND = (State.SUBMITTED, State.INCOMPLETE, State.COMPLETED, State.ADMISSIBLE, State.UNDER_REVIEW, State.ELIGIBLE)
"""A file counts in the load of its officer until it is on the ballot, or out."""


@dataclass(frozen=True)
class Load:
    """A case officer and how many files they have in hand."""

    id: int
    name: str
    files: int


def take(work: Work, proposal: Proposal, *, by: Person) -> Assignment:
    """Take a file that nobody looks after. Raises Refused, and Conflict (a colleague has it)."""
    return _assign(work, proposal, by.id, by=by)


def give(work: Work, proposal: Proposal, officer: int | None, *, by: Person) -> Assignment:
    """Give a file to an officer, whoever had it. Raises Refused, and Invalid (not an officer, or one who acts for the carrier)."""
    if officer is None or officer not in {one.id for one in officers(work)}:
        raise Invalid({"officer": say("Choose one of the answers offered.")})
    return _assign(work, proposal, officer, by=by, over=True)


def give_back(work: Work, proposal: Proposal, *, by: Person) -> None:
    """Let a file go, so that a colleague can take it; one that nobody has is no fault."""
    check(by, "decide_admissibility")
    kept = work.db.get(Assignment, open_case(work, proposal.public_id, lock=True).proposal.id)
    if kept is not None:
        work.db.delete(kept)
        ledger.record(work, "proposal:give_back", proposal.public_id, by=by.id)
        work.db.flush()


def _assign(work: Work, proposal: Proposal, officer: int, *, by: Person, over: bool = False) -> Assignment:
    check(by, "decide_admissibility")
    case = open_case(work, proposal.public_id, lock=True)
    if is_member(work, officer, case.carrier):
        theirs = say("This person acts for the carrier or its sponsor. Choose a colleague.")
        raise Invalid({"officer": theirs}) if over else Refused(INVOLVED)
    kept = work.db.get(Assignment, case.proposal.id)
    if kept is not None and kept.officer_id != officer and not over:
        raise Conflict(say("A colleague has taken this file meanwhile."))
    kept = kept or Assignment(proposal_id=case.proposal.id or 0, officer_id=officer, given_by_id=by.id, since=work.now)
    kept.officer_id, kept.given_by_id, kept.since = officer, by.id, work.now
    work.db.add(kept)
    ledger.record(work, "proposal:assign", case.proposal.public_id, str(officer), by=by.id)
    work.db.flush()
    return kept


def officer_of(work: Work, proposal: Proposal) -> Account | None:
    """The officer who looks after a file, None if nobody does."""
    wanted = select(Account).join(Assignment, col(Assignment.officer_id) == col(Account.id)).where(Assignment.proposal_id == proposal.id)
    return work.db.exec(wanted).first()


def officers(work: Work, edition_id: int | None = None) -> Sequence[Load]:
    """Everybody who may decide on files, by name, with the files they have in hand (of one edition, or of all); two statements."""
    able = select(Account.id, Account.display_name).join(StaffRole, col(StaffRole.account_id) == col(Account.id))
    able = able.where(col(StaffRole.role).in_(STAFF["decide_admissibility"])).distinct()
    able = able.order_by(col(Account.display_name), col(Account.id))
    held = select(col(Assignment.officer_id), func.count()).join(Proposal, col(Proposal.id) == col(Assignment.proposal_id))
    held = held.where(state_decided().in_(IN_HAND), *([Proposal.edition_id == edition_id] if edition_id is not None else []))
    files: dict[int, int] = {row[0]: row[1] for row in work.db.execute(held.group_by(col(Assignment.officer_id)))}
    return [Load(number or 0, name, files.get(number or 0, 0)) for number, name in work.db.exec(able)]


def names_of(work: Work, accounts: Collection[int]) -> dict[int, str]:
    """The names of these accounts, for colleagues."""
    wanted = select(Account.id, Account.display_name).where(col(Account.id).in_(accounts))
    return {number or 0: name for number, name in work.db.exec(wanted)} if accounts else {}

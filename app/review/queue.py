"""The officer's desk: which files wait, since when, until when, and how many rules each of them breaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, literal, not_, or_
from sqlalchemy import select as select_rows
from sqlmodel import col, func, select

from app.accounts.models import Account
from app.core.calendar import Calendar, PhaseKind
from app.core.lifecycle import State
from app.core.messages import Message, say
from app.database import UtcDateTime
from app.editions.models import Edition
from app.editions.queries import Listed, rules_context
from app.organisations.models import Organisation
from app.proposals.dossier import dossiers_of
from app.proposals.lifecycle import at, decided_state, state_decided
from app.proposals.models import Proposal
from app.review.dossiers import in_words
from app.review.models import Assignment
from app.review.queries import assess
from app.unit import Work

PER_PAGE = 25
HANDED_IN = (State.SUBMITTED, State.COMPLETED)


class Pile(StrEnum):
    """The piles of files on the desk."""

    WAITING = "waiting"
    INCOMPLETE = "incomplete"
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    UNDER_REVIEW = "under_review"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    REDIRECTED = "redirected"
    MERGED = "merged"
    ON_BALLOT = "on_ballot"
    WITHDRAWN = "withdrawn"
    ALL = "all"


PILE_LABELS: dict[Pile, Message] = {
    Pile.WAITING: say("To decide"),
    Pile.INCOMPLETE: say("With the carrier"),
    Pile.ADMISSIBLE: say("Admissible files"),
    Pile.INADMISSIBLE: say("Inadmissible files"),
    Pile.UNDER_REVIEW: say("Under review"),
    Pile.ELIGIBLE: say("Accepted for the vote"),
    Pile.INELIGIBLE: say("Not accepted for the vote"),
    Pile.REDIRECTED: say("Redirected"),
    Pile.MERGED: say("Merged"),
    Pile.ON_BALLOT: say("On the ballot"),
    Pile.WITHDRAWN: say("Withdrawn"),
    Pile.ALL: say("All files"),
}


class Sort(StrEnum):
    """The columns the desk can be sorted by."""

    DUE = "due"
    NUMBER = "number"
    SUBMITTED = "submitted"
    CARRIER = "carrier"
    FAILURES = "failures"


class Holder(StrEnum):
    """Whose files are shown."""

    ALL = "all"
    MINE = "mine"
    NOBODY = "nobody"


HOLDER_LABELS: dict[Holder, Message] = {
    Holder.ALL: say("Everybody’s files"), Holder.MINE: say("My files"), Holder.NOBODY: say("Files nobody has taken"),
}  # fmt: skip


class Progress(StrEnum):
    """Whether the city has said its word on a file as it stands."""

    ALL = "all"
    PENDING = "pending"
    EVALUATED = "evaluated"


PROGRESS_LABELS: dict[Progress, Message] = {
    Progress.ALL: say("Pending and evaluated"), Progress.PENDING: say("Pending"), Progress.EVALUATED: say("Evaluated"),
}  # fmt: skip

COLUMNS = {Sort.NUMBER: col(Proposal.number), Sort.SUBMITTED: col(Proposal.submitted_at), Sort.CARRIER: func.lower(Organisation.name)}


@dataclass(frozen=True)
class Row:
    """One file on the desk; `due` is the instant by which someone should act, None if nobody must."""

    proposal: Proposal
    carrier: str
    failures: int
    questions: int
    due: datetime | None
    officer: str = ""
    pending: bool = False


@dataclass(frozen=True)
class Waiting:
    """A file that waits for a decision, on the first screen."""

    proposal: Proposal
    carrier: str
    edition: Edition
    due: datetime | None
    officer_id: int | None = None


@dataclass(frozen=True)
class Asked:
    """Which files an officer asks for, and in what order."""

    pile: Pile = Pile.WAITING
    holder: Holder = Holder.ALL
    progress: Progress = Progress.ALL
    sort: Sort = Sort.DUE
    down: bool = False
    page: int = 1


def _in_pile(pile: Pile, now: datetime) -> ColumnElement[bool]:
    stands = state_decided()
    late = and_(stands == State.INCOMPLETE, col(Proposal.complete_by) <= now)
    match pile:
        case Pile.ALL:
            return stands != State.DRAFT
        case Pile.WAITING:
            return or_(stands.in_(HANDED_IN), late)
        case Pile.INCOMPLETE:
            return and_(stands == State.INCOMPLETE, col(Proposal.complete_by) > now)
        case _:
            return stands == pile.value


def _pending(now: datetime) -> ColumnElement[bool]:
    """Files that wait for a word of the city: handed in, overdue, or under review."""
    return or_(_in_pile(Pile.WAITING, now), _in_pile(Pile.UNDER_REVIEW, now))


def pile_sizes(work: Work, editions: Sequence[Edition]) -> dict[int, dict[Pile, int]]:
    """How many files of each edition (by row number) lie on each pile, in one statement."""
    sums = [func.coalesce(func.sum(case((_in_pile(pile, work.now), 1), else_=0)), 0) for pile in Pile]
    ids = [edition.id or 0 for edition in editions]
    grouped = select(col(Proposal.edition_id), *sums).where(col(Proposal.edition_id).in_(ids)).group_by(col(Proposal.edition_id))
    found = {number: dict(zip(Pile, map(int, counts), strict=True)) for number, *counts in work.db.execute(grouped)}
    return {number: found.get(number, dict.fromkeys(Pile, 0)) for number in ids}


def desk(work: Work, listed: Listed, asked: Asked, *, officer: int | None = None) -> tuple[list[Row], int]:
    """One page of a pile, every file judged at this instant, and how many files match; sorting by failures judges them all.

    `officer` is who asks, for the files they have taken.
    """
    query = select(Proposal, Organisation.name, Account.display_name)
    query = query.join(Organisation, col(Organisation.id) == col(Proposal.organisation_id))
    query = query.outerjoin(Assignment, col(Assignment.proposal_id) == col(Proposal.id))
    query = query.outerjoin(Account, col(Account.id) == col(Assignment.officer_id))
    query = query.where(Proposal.edition_id == listed.edition.id, _in_pile(asked.pile, work.now), *_narrowed(asked, officer, work.now))
    total = work.db.scalar(select_rows(func.count()).select_from(query.subquery())) or 0
    first = (asked.page - 1) * PER_PAGE
    if asked.sort is Sort.FAILURES:
        rows = _judged(work, listed, work.db.exec(query.order_by(col(Proposal.number))).all())
        return sorted(rows, key=lambda row: row.failures, reverse=asked.down)[first : first + PER_PAGE], total
    column = _due_column(listed.calendar, work.now) if asked.sort is Sort.DUE else COLUMNS[asked.sort]
    query = query.order_by(column.desc() if asked.down else column.asc(), col(Proposal.id)).offset(first).limit(PER_PAGE)
    return _judged(work, listed, work.db.exec(query).all()), total


def _narrowed(asked: Asked, officer: int | None, now: datetime) -> list[ColumnElement[bool]]:
    holder = {Holder.MINE: col(Assignment.officer_id) == officer, Holder.NOBODY: col(Assignment.officer_id).is_(None)}
    progress = {Progress.PENDING: _pending(now), Progress.EVALUATED: not_(_pending(now))}
    return [one for one in (holder.get(asked.holder), progress.get(asked.progress)) if one is not None]


def _due_column(calendar: Calendar, now: datetime) -> ColumnElement[datetime]:
    """When someone must have acted, as `due_of` says it; files that wait for nobody come last."""
    end, never = _review_end(calendar), datetime(9999, 1, 1, tzinfo=now.tzinfo)
    stands = state_decided()
    waits = stands.in_((*HANDED_IN, State.UNDER_REVIEW))
    whens = ((stands == State.INCOMPLETE, col(Proposal.complete_by)), (waits, literal(end or never, UtcDateTime)))
    return case(*whens, else_=literal(never, UtcDateTime))


def _judged(work: Work, listed: Listed, files: Sequence[tuple[Proposal, str, str | None]]) -> list[Row]:
    dossiers = dossiers_of(work, [proposal for proposal, *_ in files], {listed.edition.id or 0: (listed.edition, listed.programme)})
    context = in_words(rules_context(listed.edition, listed.calendar), list(dossiers.values()))
    rows = []
    for proposal, carrier, officer in files:
        found = assess(listed.edition, dossiers[proposal.id or 0], context)
        failures, questions = sum(one.blocks for one in found), sum(one.asks for one in found)
        due, pending = due_of(at(proposal, work.now), listed.calendar), is_pending(proposal, work.now)
        rows.append(Row(proposal, carrier, failures, questions, due, officer or "", pending))
    return rows


def is_pending(proposal: Proposal, now: datetime) -> bool:
    """Whether a file waits for a word of the city."""
    state, until = decided_state(proposal), proposal.complete_by
    late = state is State.INCOMPLETE and until is not None and until <= now
    return late or state in (*HANDED_IN, State.UNDER_REVIEW)


def _review_end(calendar: Calendar) -> datetime | None:
    vote = calendar.window(PhaseKind.voting)
    return calendar.deadline(PhaseKind.review) or (vote.opens if vote else None)


def due_of(proposal: Proposal, calendar: Calendar) -> datetime | None:
    """When someone must have acted: the carrier by its own date, the city by the end of the review (or before the vote)."""
    state = decided_state(proposal)
    if state is State.INCOMPLETE:
        return proposal.complete_by
    return _review_end(calendar) if state in (*HANDED_IN, State.UNDER_REVIEW) else None


def waiting_files(work: Work, editions: Sequence[Listed], limit: int = 10, *, officer: int | None = None) -> tuple[list[Waiting], int]:
    """The files to decide over these editions, the most urgent first, and how many there are in all.

    With `officer`: those this person has taken, and those nobody has.
    """
    by_id = {listed.edition.id or 0: listed for listed in editions}
    query = select(Proposal, Organisation.name, Assignment.officer_id)
    query = query.join(Organisation, col(Organisation.id) == col(Proposal.organisation_id))
    query = query.outerjoin(Assignment, col(Assignment.proposal_id) == col(Proposal.id))
    query = query.where(col(Proposal.edition_id).in_(by_id), _pending(work.now)).order_by(col(Proposal.submitted_at))
    if officer is not None:
        query = query.where(col(Assignment.officer_id).is_(None) | (col(Assignment.officer_id) == officer))
    files = [
        Waiting(proposal, carrier, listed.edition, due_of(proposal, listed.calendar), holder)
        for proposal, carrier, holder in work.db.exec(query)
        for listed in [by_id[proposal.edition_id]]
    ]
    never = datetime.max.replace(tzinfo=work.now.tzinfo)
    return sorted(files, key=lambda one: (one.due or never, one.officer_id is None))[:limit], len(files)

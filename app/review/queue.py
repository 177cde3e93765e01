"""The officer's desk: which files wait, since when, until when, and how many rules each of them breaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, or_
from sqlmodel import col, func, select

from app.core.calendar import Calendar, PhaseKind
from app.core.lifecycle import State
from app.core.messages import Message, say
from app.editions.models import Edition
from app.editions.queries import Listed, rules_context
from app.organisations.models import Organisation
from app.proposals.dossier import dossiers_of
from app.proposals.models import Proposal
from app.review.dossiers import in_words
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
    ON_BALLOT = "on_ballot"
    WITHDRAWN = "withdrawn"
    ALL = "all"


PILE_LABELS: dict[Pile, Message] = {
    Pile.WAITING: say("To decide"),
    Pile.INCOMPLETE: say("With the carrier"),
    Pile.ADMISSIBLE: say("Admissible files"),
    Pile.INADMISSIBLE: say("Inadmissible files"),
    Pile.ON_BALLOT: say("On the ballot"),
    Pile.WITHDRAWN: say("Withdrawn"),
    Pile.ALL: say("All files"),
}


class Sort(StrEnum):
    """The columns the desk can be sorted by."""

    NUMBER = "number"
    SUBMITTED = "submitted"
    CARRIER = "carrier"
    FAILURES = "failures"


COLUMNS = {Sort.NUMBER: col(Proposal.number), Sort.SUBMITTED: col(Proposal.submitted_at), Sort.CARRIER: func.lower(Organisation.name)}


@dataclass(frozen=True)
class Row:
    """One file on the desk; `due` is the instant by which someone should act, None if nobody must."""

    proposal: Proposal
    carrier: str
    failures: int
    questions: int
    due: datetime | None


@dataclass(frozen=True)
class Waiting:
    """A file that waits for a decision, on the first screen."""

    proposal: Proposal
    carrier: str
    edition: Edition
    due: datetime | None


def _in_pile(pile: Pile, now: datetime) -> ColumnElement[bool]:
    late = and_(col(Proposal.state) == State.INCOMPLETE, col(Proposal.complete_by) <= now)
    match pile:
        case Pile.ALL:
            return col(Proposal.state) != State.DRAFT
        case Pile.WAITING:
            return or_(col(Proposal.state).in_(HANDED_IN), late)
        case Pile.INCOMPLETE:
            return and_(col(Proposal.state) == State.INCOMPLETE, col(Proposal.complete_by) > now)
        case _:
            return col(Proposal.state) == pile.value


def pile_sizes(work: Work, editions: Sequence[Edition]) -> dict[int, dict[Pile, int]]:
    """How many files of each edition (by row number) lie on each pile, in one statement."""
    sums = [func.coalesce(func.sum(case((_in_pile(pile, work.now), 1), else_=0)), 0) for pile in Pile]
    ids = [edition.id or 0 for edition in editions]
    grouped = select(col(Proposal.edition_id), *sums).where(col(Proposal.edition_id).in_(ids)).group_by(col(Proposal.edition_id))
    found = {number: dict(zip(Pile, map(int, counts), strict=True)) for number, *counts in work.db.execute(grouped)}
    return {number: found.get(number, dict.fromkeys(Pile, 0)) for number in ids}


def desk(
    work: Work, listed: Listed, *, pile: Pile = Pile.WAITING, sort: Sort = Sort.NUMBER, down: bool = False, page: int = 1
) -> list[Row]:
    """One page of a pile, every file judged at this instant; sorting by failures judges the whole pile."""
    query = select(Proposal, Organisation.name).join(Organisation, col(Organisation.id) == col(Proposal.organisation_id))
    query = query.where(Proposal.edition_id == listed.edition.id, _in_pile(pile, work.now))
    first = (page - 1) * PER_PAGE
    if sort is Sort.FAILURES:
        rows = _judged(work, listed, work.db.exec(query.order_by(col(Proposal.number))).all())
        return sorted(rows, key=lambda row: row.failures, reverse=down)[first : first + PER_PAGE]
    column = COLUMNS[sort]
    query = query.order_by(column.desc() if down else column.asc(), col(Proposal.id)).offset(first).limit(PER_PAGE)
    return _judged(work, listed, work.db.exec(query).all())


def _judged(work: Work, listed: Listed, files: Sequence[tuple[Proposal, str]]) -> list[Row]:
    dossiers = dossiers_of(work, [proposal for proposal, _ in files])
    context = in_words(rules_context(listed.edition, listed.calendar), list(dossiers.values()))
    rows = []
    for proposal, carrier in files:
        found = assess(listed.edition, dossiers[proposal.id or 0], context)
        failures, questions = sum(one.blocks for one in found), sum(one.asks for one in found)
        rows.append(Row(proposal, carrier, failures, questions, due_of(proposal, listed.calendar)))
    return rows


def due_of(proposal: Proposal, calendar: Calendar) -> datetime | None:
    """When someone must have acted: the carrier by its own date, the city by the end of the review (or before the vote)."""
    if proposal.state == State.INCOMPLETE:
        return proposal.complete_by
    if proposal.state not in HANDED_IN:
        return None
    vote = calendar.window(PhaseKind.voting)
    return calendar.deadline(PhaseKind.review) or (vote.opens if vote else None)


def waiting_files(work: Work, editions: Sequence[Listed], limit: int = 10) -> tuple[list[Waiting], int]:
    """The files to decide over these editions, the most urgent first, and how many there are in all."""
    by_id = {listed.edition.id or 0: listed for listed in editions}
    query = select(Proposal, Organisation.name).join(Organisation, col(Organisation.id) == col(Proposal.organisation_id))
    query = query.where(col(Proposal.edition_id).in_(by_id), _in_pile(Pile.WAITING, work.now)).order_by(col(Proposal.submitted_at))
    files = [
        Waiting(proposal, carrier, listed.edition, due_of(proposal, listed.calendar))
        for proposal, carrier in work.db.exec(query)
        for listed in [by_id[proposal.edition_id]]
    ]
    never = datetime.max.replace(tzinfo=work.now.tzinfo)
    return sorted(files, key=lambda one: one.due or never)[:limit], len(files)

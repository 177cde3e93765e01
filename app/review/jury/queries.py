"""Reading a jury. Scores and comments leave the database here alone, and only once every juror of the file gave theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import col, select

from app.accounts.models import Account, StaffRole
from app.accounts.people import Person
from app.core.lifecycle import State
from app.core.messages import Message, say
from app.core.permissions import Role
from app.core.problems import Missing
from app.editions.models import Edition
from app.organisations.models import Membership, Organisation
from app.proposals.lifecycle import decided_state, state_decided
from app.proposals.models import Proposal
from app.review.jury.models import Juror, JuryFinding, JuryOpinion, JuryPanel, PanelOpinion, Recusal, Tie
from app.unit import Work

JUDGED = (State.ADMISSIBLE, State.UNDER_REVIEW)
"""The states in which jurors give their opinions: after admission, before the ballot."""
NO_PANEL = say("This edition has no jury yet.")


class Status(StrEnum):
    """Where one juror stands before one file. Whether a draft exists is nobody else's business."""

    WAITING = "waiting"
    GIVEN = "given"
    RECUSED = "recused"
    ABSENT = "absent"


STATUS_LABELS: dict[Status, Message] = {
    Status.WAITING: say("Not given yet"),
    Status.GIVEN: say("Given"),
    Status.RECUSED: say("Stands aside"),
    Status.ABSENT: say("Absent"),
}


@dataclass(frozen=True)
class Member:
    """A juror of an edition by name."""

    account_id: int
    name: str
    chair: bool


@dataclass(frozen=True)
class Seat:
    """One juror before one file; `forced` where the juror is a member of the carrier or of its sponsor."""

    juror: Member
    status: Status
    tie: Tie | None = None
    words: str = ""
    forced: bool = False


@dataclass(frozen=True)
class FileJury:
    """The jury before one file: who gave, who stands aside, and whether the opinions may be seen."""

    proposal: Proposal
    carrier: Organisation
    panel: JuryPanel
    seats: tuple[Seat, ...]
    members: frozenset[int]
    finding: JuryFinding | None
    collective: PanelOpinion | None

    @property
    def complete(self) -> bool:
        """Whether every juror who does not stand aside has given an opinion."""
        return all(seat.status is not Status.WAITING for seat in self.seats)

    @property
    def given(self) -> int:
        """How many opinions count."""
        return sum(seat.status is Status.GIVEN for seat in self.seats)

    @property
    def quorate(self) -> bool:
        """Whether enough opinions count."""
        return self.given >= self.panel.quorum

    @property
    def judged(self) -> bool:
        """Whether opinions can be given now: the file is being judged and no minutes hold it."""
        return decided_state(self.proposal) in JUDGED and self.finding is None

    def seat(self, person: Person | int) -> Seat | None:
        """The seat of a person, None for who is no juror."""
        number = person if isinstance(person, int) else person.id
        return next((one for one in self.seats if one.juror.account_id == number), None)

    def shut_to(self, person: Person) -> Message | None:
        """Why a person may not see the opinions on this file, None if they may."""
        seat = self.seat(person)
        if person.id in self.members or (seat and seat.status in (Status.RECUSED, Status.ABSENT)):
            return say("You stand aside from this file, so nothing of its opinions is shown to you.")
        if not self.complete:
            return say("Opinions stay closed to everyone until every juror has given theirs.")
        return None


def panel_of(work: Work, edition: Edition) -> JuryPanel | None:
    """The panel of an edition, None before it is set up."""
    return work.db.get(JuryPanel, edition.id)


def jurors_of(work: Work, edition_id: int) -> list[Member]:
    """The jurors of an edition by name, the chair first."""
    query = select(Juror, Account.display_name).join(Account, col(Account.id) == col(Juror.account_id))
    found = [Member(juror.account_id, name, juror.chair) for juror, name in work.db.exec(query.where(Juror.edition_id == edition_id))]
    return sorted(found, key=lambda one: (not one.chair, one.name.casefold(), one.account_id))


def reviewers(work: Work) -> list[Member]:
    """Everyone who holds the role of reviewer, by name."""
    query = select(Account).join(StaffRole, col(StaffRole.account_id) == col(Account.id)).where(StaffRole.role == Role.REVIEWER.value)
    found = work.db.exec(query.order_by(col(Account.display_name), col(Account.id)))
    return [Member(one.id or 0, one.display_name, chair=False) for one in found]


def has_begun(work: Work, edition: Edition) -> bool:
    """Whether any juror has saved an opinion or stood aside, so that the panel can no longer change."""
    files = select(Proposal.id).where(Proposal.edition_id == edition.id)
    opinion = select(JuryOpinion.id).where(col(JuryOpinion.proposal_id).in_(files)).limit(1)
    recusal = select(Recusal.proposal_id).where(col(Recusal.proposal_id).in_(files)).limit(1)
    return work.db.exec(opinion).first() is not None or work.db.exec(recusal).first() is not None


def files_before(work: Work, edition: Edition) -> list[Proposal]:
    """The files of an edition that the jury judges or has judged, by number."""
    touched = select(JuryOpinion.proposal_id).where(col(JuryOpinion.given_at).is_not(None))
    query = select(Proposal).where(
        Proposal.edition_id == edition.id, state_decided().in_(JUDGED) | col(Proposal.id).in_(touched), Proposal.state != State.DRAFT
    )
    return list(work.db.exec(query.order_by(col(Proposal.number), col(Proposal.id))))


def awaited_of(work: Work, person: Person) -> list[FileJury]:
    """The files before the juries a person sits on that still wait for their opinion, edition by edition, by number."""
    panels = select(JuryPanel, Edition).join(Juror, col(Juror.edition_id) == col(JuryPanel.edition_id))
    panels = panels.join(Edition, col(Edition.id) == col(JuryPanel.edition_id)).where(Juror.account_id == person.id)
    found = []
    for panel, edition in work.db.exec(panels.order_by(col(Edition.id))):
        for jury in juries_of(work, panel, files_before(work, edition)):
            seat = jury.seat(person)
            if seat and seat.status is Status.WAITING and jury.judged:
                found.append(jury)
    return found


def jury_of(work: Work, proposal: Proposal) -> FileJury:
    """The jury before one file. Raises Missing where the edition has none."""
    panel = work.db.get(JuryPanel, proposal.edition_id)
    if panel is None:
        raise Missing(NO_PANEL)
    return juries_of(work, panel, [proposal])[0]


def juries_of(work: Work, panel: JuryPanel, proposals: Sequence[Proposal]) -> list[FileJury]:
    """The jury before each of these files of one edition, in a fixed number of statements. No score is read."""
    ids = [one.id or 0 for one in proposals]
    jurors = jurors_of(work, panel.edition_id)
    given = set(
        work.db.exec(
            select(JuryOpinion.proposal_id, JuryOpinion.account_id).where(
                col(JuryOpinion.proposal_id).in_(ids), col(JuryOpinion.given_at).is_not(None)
            )
        ).all()
    )
    recusals = {(one.proposal_id, one.account_id): one for one in work.db.exec(select(Recusal).where(col(Recusal.proposal_id).in_(ids)))}
    findings = {one.proposal_id: one for one in work.db.exec(select(JuryFinding).where(col(JuryFinding.proposal_id).in_(ids)))}
    written = {one.proposal_id: one for one in work.db.exec(select(PanelOpinion).where(col(PanelOpinion.proposal_id).in_(ids)))}
    carriers = _carriers(work, proposals)
    members = _members(work, carriers.values())
    found = []
    for proposal in proposals:
        number, carrier = proposal.id or 0, carriers[proposal.organisation_id]
        tied = members[carrier.id or 0] | members[carrier.sponsor_id or 0]
        seats = tuple(
            _seat(juror, recusals.get(place), forced=juror.account_id in tied, given=place in given)
            for juror in jurors
            for place in [(number, juror.account_id)]
        )
        found.append(FileJury(proposal, carrier, panel, seats, tied, findings.get(number), written.get(number)))
    return found


def _carriers(work: Work, proposals: Sequence[Proposal]) -> dict[int, Organisation]:
    wanted = {one.organisation_id for one in proposals}
    return {one.id or 0: one for one in work.db.exec(select(Organisation).where(col(Organisation.id).in_(wanted)))}


def _members(work: Work, carriers: Collection[Organisation]) -> defaultdict[int, frozenset[int]]:
    """Organisation -> the accounts of its members, for carriers and their sponsors."""
    wanted = {one.id for one in carriers} | {one.sponsor_id for one in carriers if one.sponsor_id}
    found: defaultdict[int, set[int]] = defaultdict(set)
    query = select(Membership.organisation_id, Membership.account_id).where(col(Membership.organisation_id).in_(wanted))
    for organisation, account in work.db.exec(query):
        found[organisation].add(account)
    return defaultdict(frozenset, {number: frozenset(accounts) for number, accounts in found.items()})


def _seat(juror: Member, recusal: Recusal | None, *, forced: bool, given: bool) -> Seat:
    if recusal is not None and recusal.tie != Tie.ABSENT:
        return Seat(juror, Status.RECUSED, Tie(recusal.tie), recusal.words, forced)
    if forced:
        return Seat(juror, Status.RECUSED, Tie.MEMBER, forced=True)
    if recusal is not None:
        return Seat(juror, Status.ABSENT, Tie.ABSENT, recusal.words)
    return Seat(juror, Status.GIVEN if given else Status.WAITING)


def own_opinions(work: Work, proposal: Proposal, person: Person) -> list[JuryOpinion]:
    """A juror's own opinion on a file, draft or given, with its corrections, the first one first."""
    query = select(JuryOpinion).where(JuryOpinion.proposal_id == proposal.id, JuryOpinion.account_id == person.id)
    return list(work.db.exec(query.order_by(col(JuryOpinion.number))))


def opinions_seen_by(work: Work, jury: FileJury, person: Person) -> list[list[JuryOpinion]]:
    """The opinions that count on a file, each with its corrections: nothing at all where the file is shut to the person."""
    return [] if jury.shut_to(person) else revealed(work, [jury])[jury.proposal.id or 0]


def revealed(work: Work, juries: Sequence[FileJury]) -> dict[int, list[list[JuryOpinion]]]:
    """File -> the opinions that count, each with its corrections, in the order of the seats; a file not complete has none."""
    opened = {jury.proposal.id or 0: jury for jury in juries if jury.complete}
    rows = work.db.exec(
        select(JuryOpinion)
        .where(col(JuryOpinion.proposal_id).in_(opened), col(JuryOpinion.given_at).is_not(None))
        .order_by(col(JuryOpinion.number))
    )
    by_seat: defaultdict[tuple[int, int], list[JuryOpinion]] = defaultdict(list)
    for row in rows:
        by_seat[row.proposal_id, row.account_id].append(row)
    return {
        number: [by_seat[number, seat.juror.account_id] for seat in jury.seats if seat.status is Status.GIVEN]
        for number, jury in opened.items()
    } | {jury.proposal.id or 0: [] for jury in juries if not jury.complete}

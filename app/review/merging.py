"""Merging one file into another: an officer suggests it, every carrier agrees, then it is done. The old address points to the new one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from app.accounts.people import Person
from app.core.lifecycle import TRANSITIONS, State, Verb
from app.core.messages import Message, say
from app.core.problems import Conflict, Invalid, Missing
from app.ledger import service as ledger
from app.notifications.service import queue
from app.organisations.models import Organisation
from app.proposals.lifecycle import at, decided_state, state_at, state_of
from app.proposals.models import Proposal
from app.proposals.queries import PUBLIC, CarrierFile
from app.proposals.service import check_role
from app.review.emails import writers_of
from app.review.forms import MergeForm
from app.review.models import Concluded, Decision, MergeConsent, MergeRequest
from app.review.permitted import case_for, check
from app.review.publication import conclude
from app.review.queries import shown_by
from app.unit import Work

MERGEABLE: frozenset[State] = frozenset().union(*(one.sources for one in TRANSITIONS if one.verb is Verb.MERGE))
OVER = say("This merge is over: it was done, refused or taken back. Open the page again.")


@dataclass(frozen=True)
class Suggested:
    """A merge that waits: both files, both carriers, and what each has answered so far (None: not yet)."""

    request: MergeRequest
    source: Proposal
    target: Proposal
    carriers: Sequence[Organisation]
    answers: dict[int, MergeConsent]

    @property
    def agreed(self) -> bool:
        """Whether every carrier has agreed."""
        return all((one.id or 0) in self.answers and self.answers[one.id or 0].agrees for one in self.carriers)

    @property
    def possible(self) -> bool:
        """Whether both files can still become one: neither was withdrawn, merged or refused since."""
        return all(decided_state(one) in MERGEABLE for one in (self.source, self.target))

    @property
    def seems_possible(self) -> bool:
        """The same as the carriers may know it: a decision that is not shown yet is told by nothing that disappears."""
        return all(state_of(one) in MERGEABLE for one in (self.source, self.target))

    def agrees(self, organisation: Organisation) -> bool | None:
        """What a carrier has answered."""
        found = self.answers.get(organisation.id or 0)
        return found.agrees if found else None


def suggest(work: Work, proposal: Proposal, form: MergeForm, *, by: Person) -> MergeRequest:
    """Suggest that a file joins another of its edition, and ask both carriers.

    Raises Refused, Conflict (it moved, or a merge waits already) and Invalid.
    """
    case = case_for(work, proposal.public_id, form.seen, by=by)
    target = _target(work, case.proposal, form.number)
    errors: dict[str, Message] = {}
    if target is None:
        errors["number"] = say("There is no other file with this number that can be joined now.")
    if not form.why_merge:
        errors["why_merge"] = say("Say why the two projects should be one. The carriers read it, and it is published once they are merged.")
    if Verb.MERGE not in case.verbs:
        raise Conflict(say("This file cannot join another one now."))
    if waiting_for(work, case.proposal):
        raise Conflict(say("A merge of this file waits for an answer already."))
    if errors or target is None:
        raise Invalid(errors)
    made = MergeRequest(
        public_id=work.code(10),
        source_id=case.proposal.id or 0,
        target_id=target.id or 0,
        reason=form.why_merge,
        asked_at=work.now,
        asked_by_id=by.id,
    )
    work.db.add(made)
    work.db.flush()
    ledger.record(work, "proposal:suggest_merge", case.proposal.public_id, f"{target.public_id}: {form.why_merge}", by=by.id)
    _ask(work, made, case.proposal, target, case.programme.zone)
    return made


def answer(work: Work, file: CarrierFile, public_id: str, *, agrees: bool, by: Person) -> None:
    """A carrier agrees to a merge, or refuses it, which ends it. Raises Refused (role), Missing (not its merge), Conflict (over)."""
    check_role(file, "submit_file")
    found = _held(work, public_id)
    if file.proposal.id not in (found.source_id, found.target_id):
        raise Missing(say("There is no such merge."))
    kept = work.db.get(MergeConsent, (found.id, file.organisation.id))
    kept = kept or MergeConsent(
        request_id=found.id or 0, organisation_id=file.organisation.id or 0, agrees=agrees, answered_at=work.now, answered_by_id=by.id
    )
    kept.agrees, kept.answered_at, kept.answered_by_id = agrees, work.now, by.id
    found.over_at = None if agrees else work.now
    work.db.add_all([kept, found])
    ledger.record(work, "proposal:answer_merge", file.proposal.public_id, "yes" if agrees else "no", by=by.id)
    work.db.flush()


def take_back(work: Work, public_id: str, *, by: Person) -> None:
    """Give a suggested merge up. Raises Refused, Missing, Conflict (over)."""
    check(by, "decide_admissibility")
    found = _held(work, public_id)
    found.over_at = work.now
    work.db.add(found)
    ledger.record(work, "proposal:take_back_merge", work.db.get_one(Proposal, found.source_id).public_id, by=by.id)


def merge(work: Work, public_id: str, seen: str, *, by: Person) -> Decision:
    """Merge, once every carrier has agreed.

    Raises Refused, Missing, and Conflict (it moved, it is over, a carrier has not agreed, the other file is out).
    """
    request = _held(work, public_id)
    case = case_for(work, work.db.get_one(Proposal, request.source_id).public_id, seen, by=by)
    found = _suggested(work, [request])[0]
    if not found.agreed:
        raise Conflict(say("Every carrier must have agreed before two files become one."))
    if decided_state(found.target) not in MERGEABLE:
        raise Conflict(say("The other file can no longer be joined. Take this merge back."))
    made = Decision(
        proposal_id=request.source_id,
        outcome=Concluded.MERGED.value,
        reason=request.reason,
        merged_into_id=request.target_id,
        decided_at=work.now,
        decided_by_id=by.id,
    )
    request.over_at = work.now
    work.db.add(request)
    return conclude(work, case.edition, case.proposal, Verb.MERGE, made, by=by)


def waiting_for(work: Work, proposal: Proposal) -> list[Suggested]:
    """The merges that wait and that a file is one side of."""
    mine = (col(MergeRequest.source_id) == proposal.id) | (col(MergeRequest.target_id) == proposal.id)
    wanted = select(MergeRequest).where(mine, col(MergeRequest.over_at).is_(None)).order_by(col(MergeRequest.id))
    return _suggested(work, work.db.exec(wanted).all())


def joined_into(work: Work, proposal: Proposal) -> Proposal | None:
    """The public project that a merged one has joined, through further merges too; None if it was not merged, or not shown yet."""
    seen: set[int] = set()
    here: Proposal | None = proposal
    while here is not None and here.state == State.MERGED and here.id not in seen:
        seen.add(here.id or 0)
        wanted = select(Proposal).join(Decision, col(Decision.merged_into_id) == col(Proposal.id))
        wanted = wanted.where(Decision.proposal_id == here.id, shown_by(work.now)).order_by(col(Decision.id).desc())
        found = work.db.exec(wanted).first()
        here = at(found, work.now) if found else None
    return here if here is not None and here.id != proposal.id and here.state in PUBLIC else None


def joined_by(work: Work, proposal: Proposal) -> Sequence[Proposal]:
    """The projects that have joined this one, shown already, by number."""
    wanted = select(Proposal).join(Decision, col(Decision.proposal_id) == col(Proposal.id)).where(Decision.merged_into_id == proposal.id)
    return work.db.exec(wanted.where(shown_by(work.now), state_at(work.now) == State.MERGED).order_by(col(Proposal.number))).all()


def _target(work: Work, source: Proposal, number: int | None) -> Proposal | None:
    wanted = select(Proposal).where(Proposal.edition_id == source.edition_id, Proposal.number == number, Proposal.id != source.id)
    found = work.db.exec(wanted).first() if number is not None else None
    return found if found is not None and decided_state(found) in MERGEABLE else None


def _held(work: Work, public_id: str) -> MergeRequest:
    wanted = select(MergeRequest).where(MergeRequest.public_id == public_id).with_for_update()
    found = work.db.exec(wanted.execution_options(populate_existing=True)).first()
    if found is None:
        raise Missing(say("There is no such merge."))
    if found.over_at is not None:
        raise Conflict(OVER)
    return found


def _suggested(work: Work, requests: Sequence[MergeRequest]) -> list[Suggested]:
    found = []
    for one in requests:
        source, target = (work.db.get_one(Proposal, number) for number in (one.source_id, one.target_id))
        carriers = [work.db.get_one(Organisation, number) for number in dict.fromkeys((source.organisation_id, target.organisation_id))]
        said = work.db.exec(select(MergeConsent).where(MergeConsent.request_id == one.id)).all()
        found.append(Suggested(one, source, target, carriers, {given.organisation_id: given for given in said}))
    return found


def _ask(work: Work, request: MergeRequest, source: Proposal, target: Proposal, zone: str) -> None:
    """One e-mail to each member of either carrier who writes its files, about its own file."""
    for mine, other in ((source, target), (target, source)):
        for account in writers_of(work, mine):
            values = {
                "title": mine.title, "other": other.title, "reason": request.reason, "file_number": mine.number,
                "public_id": mine.public_id,
            }  # fmt: skip
            queue(work, "merge-asked", account.email, account.language, values, zone=zone)

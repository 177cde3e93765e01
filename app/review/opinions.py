"""What the committee thinks of a project, and what its carrier answers: both for voters to read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, NamedTuple

from pydantic import Field
from sqlalchemy import select as select_rows
from sqlmodel import col, select

from app.accounts.people import Person
from app.core.calendar import PhaseKind, Stage
from app.core.forms import Form, Text
from app.core.lifecycle import State
from app.core.messages import Message, say
from app.core.problems import Conflict
from app.editions.queries import calendar_of
from app.ledger import service as ledger
from app.proposals.lifecycle import state_of
from app.proposals.models import Proposal
from app.proposals.queries import CarrierFile
from app.proposals.service import check_role
from app.review.jury.models import JuryFinding, JuryMinutes
from app.review.jury.public import PublicOpinion, opinion_from, public_opinions
from app.review.models import CarrierAnswer, Veto
from app.unit import Work

ANSWERED_IN = frozenset({State.ADMISSIBLE, State.UNDER_REVIEW, State.ELIGIBLE, State.ON_BALLOT})


@dataclass(frozen=True)
class Opinion:
    """A committee's opinion as voters read it: one word for it, the text, and whether fewer than its quorum gave it."""

    verdict: Message
    text: str
    note: Message | None = None


class AnswerForm(Form):
    """What a carrier answers; empty takes the answer back."""

    text: Annotated[Text, Field(max_length=2000)] = ""


def committee_opinions(work: Work, public_ids: Collection[str]) -> Mapping[str, Opinion]:
    """The published opinion of the jury on each of these projects that has one, by public id; one statement."""
    return {id: Opinion(found.label, found.text, found.note) for id, found in public_opinions(work, public_ids).items()}


def answers_to(work: Work, public_ids: Collection[str]) -> dict[str, str]:
    """What the carriers of these projects answer, by public id; one statement, of columns the ballot paper may read."""
    wanted = select(Proposal.public_id, CarrierAnswer.text).join(CarrierAnswer, col(CarrierAnswer.proposal_id) == col(Proposal.id))
    return dict(work.db.exec(wanted.where(col(Proposal.public_id).in_(public_ids))).all())


class SaidOf(NamedTuple):
    """What voters read beside a project: the jury's opinion, the carrier's answer, a veto; None for what there is not.

    `opined_at`: when the minutes with the jury's opinion were confirmed.
    """

    opinion: PublicOpinion | None
    answer: str | None
    veto: Veto | None
    opined_at: datetime | None = None


def said_of(work: Work, proposal: Proposal) -> SaidOf:
    """All of it in one statement."""
    asked = select_rows(JuryFinding, col(CarrierAnswer.text), Veto, col(JuryMinutes.confirmed_at)).select_from(Proposal)
    for table in (JuryFinding, CarrierAnswer, Veto):
        asked = asked.outerjoin(table, col(table.proposal_id) == col(Proposal.id))
    asked = asked.outerjoin(JuryMinutes, col(JuryMinutes.id) == col(JuryFinding.minutes_id))
    finding, answer, veto, opined_at = work.db.execute(asked.where(col(Proposal.id) == proposal.id)).one()
    return SaidOf(opinion_from(finding) if finding else None, answer, veto, opined_at)


def may_answer(work: Work, file: CarrierFile) -> bool:
    """Whether a carrier can write its answer now: from the admission to the beginning of the vote."""
    before = calendar_of(work, file.edition).stage(PhaseKind.voting, work.now) in (Stage.before, Stage.absent)
    return before and state_of(file.proposal) in ANSWERED_IN


def write_answer(work: Work, file: CarrierFile, form: AnswerForm, *, by: Person) -> None:
    """Write the carrier's answer, or change it. Raises Refused (role) and Conflict (not now)."""
    check_role(file, "submit_file")
    if not may_answer(work, file):
        raise Conflict(say("The answer can be written from the admission of the file to the beginning of the vote."))
    kept = work.db.get(CarrierAnswer, file.proposal.id)
    if not form.text:
        if kept is not None:
            work.db.delete(kept)
    else:
        kept = kept or CarrierAnswer(proposal_id=file.proposal.id or 0, text="", written_at=work.now, written_by_id=by.id)
        kept.text, kept.written_at, kept.written_by_id = form.text, work.now, by.id
        work.db.add(kept)
    ledger.record(work, "proposal:answer", file.proposal.public_id, form.text, by=by.id)
    work.db.flush()

"""What the city asks of a carrier about one file, for the carrier's own pages."""

from typing import Any

from sqlmodel import select

from app.core.lifecycle import State
from app.proposals.lifecycle import state_of
from app.proposals.queries import CarrierFile
from app.review.completion import asked_of, time_left
from app.review.merging import waiting_for
from app.review.models import CarrierAnswer
from app.review.opinions import may_answer
from app.unit import Work


def asked_of_carrier(work: Work, file: CarrierFile) -> dict[str, Any]:
    """The things to put right with the time that is left, the merges that wait for an answer, the answer for voters."""
    proposal = file.proposal
    if state_of(proposal) is State.DRAFT:
        return {"to_fix": [], "time_left": None, "merges": [], "may_answer": False, "answer": ""}
    asked = asked_of(work, proposal) if state_of(proposal) is State.INCOMPLETE else None
    until = proposal.complete_by if asked else None
    written = work.db.exec(select(CarrierAnswer).where(CarrierAnswer.proposal_id == proposal.id)).first()
    return {
        "to_fix": asked.items if asked else [], "time_left": time_left(until, work.now) if until else None,
        "merges": [one for one in waiting_for(work, proposal) if one.seems_possible],
        "may_answer": may_answer(work, file) and file.may("submit_file"),
        "answer": written.text if written else "",
    }  # fmt: skip

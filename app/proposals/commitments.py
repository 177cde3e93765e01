"""The republican commitment, taken for each request, and the interests that a carrier declares."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import model_validator
from sqlmodel import col, select

from app.accounts.people import Person
from app.core.forms import Form, Text, Tick
from app.core.lifecycle import FINAL, State
from app.core.messages import say
from app.core.problems import Conflict, Invalid
from app.core.sentences import wrong
from app.ledger import service as ledger
from app.organisations.forms import at_most
from app.proposals.models import Proposal
from app.proposals.queries import CarrierFile
from app.proposals.republican_text import VERSION
from app.proposals.service import check_role
from app.proposals.undertakings import Commitment, InterestStatement
from app.unit import Work

TICK = say("Tick the box if your association takes this commitment.")


class CommitmentForm(Form):
    """The commitment, of the text that the page showed."""

    accepts: Tick = False
    version: str = ""


class InterestForm(Form):
    """Nothing to declare, or what and with whom."""

    interests: Literal["none", "some"]
    what: Annotated[Text, at_most(2000)] = ""

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.interests == "some" and not self.what:
            raise wrong(say("Say what the link is, and with whom."))
        return self


def commit(work: Work, file: CarrierFile, form: CommitmentForm, *, by: Person) -> None:
    """Take the republican commitment for this request, in the name of the association that carries it.

    A collective cannot: the association that signs for it does, when it validates the file. Raises Refused for who may not sign,
    Invalid where the box is not ticked, Conflict where the text changed meanwhile or the file is over.
    """
    check_role(file, "sign_for")
    check_alive(file.proposal)
    if file.organisation.kind != "association":
        raise Conflict(say("A collective takes no commitment itself: the association that signs for it does, when it validates the file."))
    take(work, file.proposal, file.organisation.id, form, by=by)


def take(work: Work, proposal: Proposal, organisation_id: int | None, form: CommitmentForm, *, by: Person) -> None:
    """Write the commitment of an association for a file down; taken twice of one text it is written once."""
    if form.version != VERSION:
        raise Conflict(say("The text of the commitment has changed meanwhile. Read it again, then accept it."))
    if not form.accepts:
        raise Invalid({"accepts": TICK})
    known = last_commitment(work, proposal, organisation_id)
    if known is not None and known.text_version == VERSION:
        return
    work.db.add(Commitment(
        proposal_id=proposal.id or 0, organisation_id=organisation_id or 0, text_version=VERSION,
        accepted_at=work.now, accepted_by_id=by.id,
    ))  # fmt: skip
    work.db.flush()
    ledger.record(work, "proposal:commit", proposal.public_id, f"{organisation_id} {VERSION}", by=by.id)


def declare_interests(work: Work, file: CarrierFile, form: InterestForm, *, by: Person) -> None:
    """State the interests of the carrier in this file; an earlier statement stays on record. Raises Refused for who may not sign."""
    check_role(file, "sign_for")
    check_alive(file.proposal)
    what = form.what if form.interests == "some" else ""
    known = last_statement(work, file.proposal)
    if known is not None and known.what == what:
        return
    work.db.add(InterestStatement(proposal_id=file.proposal.id or 0, what=what, stated_at=work.now, stated_by_id=by.id))
    work.db.flush()
    ledger.record(work, "proposal:declare-interests", file.proposal.public_id, form.interests, by=by.id)


def last_commitment(work: Work, proposal: Proposal, organisation_id: int | None) -> Commitment | None:
    """The commitment of an association for a file, the latest of them."""
    taken = select(Commitment).where(Commitment.proposal_id == proposal.id, Commitment.organisation_id == organisation_id)
    return work.db.exec(taken.order_by(col(Commitment.id).desc()).limit(1)).first()


def last_statement(work: Work, proposal: Proposal) -> InterestStatement | None:
    """The statement of interests that counts, None where none was made."""
    made = select(InterestStatement).where(InterestStatement.proposal_id == proposal.id)
    return work.db.exec(made.order_by(col(InterestStatement.id).desc()).limit(1)).first()


def check_alive(proposal: Proposal) -> None:
    """Raise Conflict once nothing more can happen to a file."""
    if State(proposal.state) in FINAL:
        raise Conflict(say("This file is over: nothing can be added to it."))

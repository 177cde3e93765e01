"""A veto on a project of the ballot: motivated, published, on closed grounds, by two people.

Before the freeze it takes the project off the ballot. After it the ballot stays as it was frozen: the veto is published, and the council,
which alone awards, must refuse the project if it comes in the lead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from sqlmodel import col, select

from app.accounts.people import Person
from app.core.forms import Form, Text
from app.core.lifecycle import State, Verb
from app.core.messages import say
from app.core.problems import Conflict, Invalid
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.electorate.service import today
from app.ledger import motions
from app.ledger import service as ledger
from app.ledger.acts import announce
from app.ledger.models import Motion
from app.notifications.service import queue
from app.polls.definition import origin_of
from app.polls.models import Poll
from app.polls.permitted import check
from app.proposals import lifecycle
from app.proposals.lifecycle import state_of
from app.proposals.models import Proposal
from app.review.emails import writers_of
from app.review.models import Ground, Veto
from app.review.vetoes import GROUND_LABELS
from app.unit import Work

VETO = "veto"
PERMISSION = "put_on_ballot"
OFF = say("The project is taken off the ballot.")
STAYS = say("The ballot was frozen already, so it keeps the project: the council applies the veto when it decides.")
VETOED_IN = (State.ON_BALLOT, State.LEADING, State.RESERVE)
"""From the ballot to the decision of the council."""


class VetoForm(Form):
    """Which project, on which ground, and the reason that everybody reads."""

    project: Annotated[Text, Field(max_length=12)]
    ground: Ground
    reason: Annotated[Text, Field(max_length=4000)] = ""


@dataclass(frozen=True)
class Proposed:
    """A veto that waits for a second person."""

    motion: Motion
    project: Proposal
    ground: Ground


def vetoable(work: Work, edition: Edition) -> Sequence[Proposal]:
    """The projects that can still be vetoed, by number."""
    vetoed = select(Veto.proposal_id)
    wanted = select(Proposal).where(Proposal.edition_id == edition.id, col(Proposal.state).in_(VETOED_IN), col(Proposal.id).not_in(vetoed))
    return work.db.exec(wanted.order_by(col(Proposal.number))).all()


def propose_veto(work: Work, edition: Edition, form: VetoForm, *, by: Person) -> Motion:
    """Propose a veto. Raises Refused (no permission), Invalid (no such project, no reason) and Conflict (one waits already)."""
    check(by, PERMISSION)
    project = next((one for one in vetoable(work, edition) if one.public_id == form.project), None)
    errors = {} if project else {"project": say("Choose one of the projects on the ballot.")}
    if not form.reason:
        errors["reason"] = say("Give the reason. It is published with the project.")
    if errors:
        raise Invalid(errors)
    if any(one.project.public_id == form.project for one in waiting_vetoes(work, edition)):
        raise Conflict(say("A veto on this project was proposed already and waits for a second person."))
    payload = {"project": form.project, "ground": form.ground.value}
    made = motions.propose(work, edition.id or 0, VETO, payload, form.reason, by=by.id, several=True)
    ledger.record(work, "proposal:propose_veto", form.project, f"{form.ground.value}: {form.reason}", by=by.id)
    return made


def confirm_veto(work: Work, edition: Edition, motion: Motion, *, by: Person) -> Veto:
    """Veto the project, as somebody else proposed.

    Raises Refused (no permission, the same person) and Conflict (over, or no more on the ballot).
    """
    check(by, PERMISSION)
    said = motions.second(work, motion, VETO, by=by.id)
    wanted = select(Proposal).where(Proposal.edition_id == edition.id, Proposal.public_id == said["project"]).with_for_update()
    project = work.db.exec(wanted).one()
    if state_of(project) not in VETOED_IN or work.db.get(Veto, project.id) is not None:
        raise Conflict(say("This project can no longer be vetoed. Withdraw the proposal."))
    made = Veto(
        proposal_id=project.id or 0,
        ground=said["ground"],
        reason=motion.reason,
        on_ballot=edition.frozen,
        vetoed_at=work.now,
        proposed_by_id=motion.proposed_by_id,
        confirmed_by_id=by.id,
    )
    work.db.add(made)
    if edition.frozen:
        text = f"veto {project.public_id} {made.ground}"
        announce(work, edition.id or 0, VETO, text, day=today(work, edition).isoformat(), origin=f"{origin_of(edition)}/acts")
        ledger.record(work, "proposal:veto", project.public_id, f"{made.ground}: {made.reason}", by=by.id)
    else:
        lifecycle.record(work, project, Verb.VETO, by=by.id, reason=made.reason)
        _off_the_paper(work, edition, project)
    work.db.flush()
    _tell(work, edition, project, made)
    return made


def withdraw_veto(work: Work, motion: Motion, *, by: Person) -> None:
    """Take a proposed veto back. Raises Refused, and Conflict (it is over, or proposes another act)."""
    check(by, PERMISSION)
    if motion.act != VETO:
        raise Conflict(motions.OVER)
    motions.withdraw(work, motion, by=by.id)
    ledger.record(work, "proposal:withdraw_veto", motion.payload["project"], by=by.id)


def waiting_vetoes(work: Work, edition: Edition) -> list[Proposed]:
    """The vetoes that wait for a second person, the oldest first."""
    waiting = motions.waiting(work, edition.id or 0, VETO)
    named = [motion.payload["project"] for motion in waiting]
    known = {one.public_id: one for one in work.db.exec(select(Proposal).where(col(Proposal.public_id).in_(named)))}
    return [Proposed(motion, known[motion.payload["project"]], Ground(motion.payload["ground"])) for motion in waiting]


def _off_the_paper(work: Work, edition: Edition, project: Proposal) -> None:
    """A vote that is set up but not frozen loses the project too."""
    poll = work.db.get(Poll, edition.id)
    if poll is not None:
        poll.candidates = [one for one in poll.candidates if one.id != project.public_id]
        work.db.add(poll)


def _tell(work: Work, edition: Edition, project: Proposal, veto: Veto) -> None:
    values = {
        "title": project.title, "file_number": project.number, "public_id": project.public_id, "reason": veto.reason,
        "ground": GROUND_LABELS[Ground(veto.ground)], "effect": STAYS if veto.on_ballot else OFF,
    }  # fmt: skip
    for account in writers_of(work, project):
        queue(work, "project-vetoed", account.email, account.language, values, zone=programme_of(work, edition).zone)

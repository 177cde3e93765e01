"""Walking the table of states: each step of a file is a record, written with the act that causes it."""

from app.core.lifecycle import EDITABLE, STATES, State, Verb, walk
from app.jobs import enqueue
from app.ledger import service as ledger
from app.proposals.models import Proposal, Transition
from app.unit import Work

MOVED_JOB = "story:tell"
"""The job that tells those who follow a project of one step: written with the step, done after it."""


def state_of(proposal: Proposal) -> State:
    """Where a file stands, as a `State`."""
    return State(proposal.state)


def is_public(proposal: Proposal) -> bool:
    """Whether everyone may see the project's page."""
    return STATES[state_of(proposal)].public


def is_editable(proposal: Proposal) -> bool:
    """Whether the carrier may change the file."""
    return state_of(proposal) in EDITABLE


def record(work: Work, proposal: Proposal, verb: Verb, *, by: int | None, reason: str = "", note: str = "") -> Transition:
    """Walk one arrow of the table and record who, when and why. Raises Conflict where no arrow leads.

    `by` is an account's id, None for the clock. `reason` is public, `note` for the staff.
    """
    source = state_of(proposal)
    overdue = proposal.complete_by is not None and proposal.complete_by <= work.now
    target = walk(source, verb, overdue=overdue)
    proposal.state = target.value
    step = Transition(
        proposal_id=proposal.id or 0, verb=verb.value, source=source.value, target=target.value,
        at=work.now, by_id=by, reason=reason, note=note,
    )
    work.db.add_all([proposal, step])
    ledger.record(work, f"proposal:{verb.value}", proposal.public_id, reason, by=by)
    if STATES[source].public or STATES[target].public:
        work.db.flush()
        enqueue(work, MOVED_JOB, {"step": step.id})
    return step

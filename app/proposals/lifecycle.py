"""Walking the table of states: each step of a file is a record, written with the act that causes it.

Where an edition shows its decisions at one set instant, `state` stays what everybody may know and `decided_state` waits beside it:
a reader who forgets the second shows too little, never too much.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func
from sqlalchemy.orm.attributes import flag_modified, set_committed_value
from sqlmodel import col

from app.core.lifecycle import EDITABLE, STATES, State, Verb, walk
from app.core.messages import say
from app.jobs import enqueue
from app.ledger import service as ledger
from app.proposals.models import Proposal, Transition
from app.unit import Work

BY_CARRIER = frozenset({Verb.SUBMIT, Verb.COMPLETE, Verb.WITHDRAW})
"""What a carrier does starts from the state it sees; whatever was decided meanwhile is overtaken."""
MOVED_JOB = "story:tell"
"""The job that tells those who follow a project of one step: written with the step, done after it."""
OVER = say("The time to complete this file is over: it is judged as it stands.")
JUDGED_SO = say(
    "The time to complete this file is over: it is judged as it stands. What you typed here is not saved; copy it if you need it."
)


def state_of(proposal: Proposal) -> State:
    """Where a file stands for everybody, as a `State`; `at` has made sure that what is due by now counts."""
    return State(proposal.state)


def decided_state(proposal: Proposal) -> State:
    """Where a file stands for the city: the decision taken, shown already or not."""
    return State(proposal.decided_state or proposal.state)


def at(proposal: Proposal, now: datetime) -> Proposal:
    """The file as the clock has it: a decision whose instant has come is shown, before any job writes it down. Nothing is written."""
    if proposal.decided_state is not None and proposal.shown_at is not None and proposal.shown_at <= now:
        set_committed_value(proposal, "state", proposal.decided_state)
        set_committed_value(proposal, "decided_state", None)
        set_committed_value(proposal, "shown_at", None)
    return proposal


def settle(proposal: Proposal, now: datetime) -> None:
    """The same, written down."""
    at(proposal, now)
    for column in ("state", "decided_state", "shown_at"):
        flag_modified(proposal, column)


def state_at(now: datetime) -> ColumnElement[str]:
    """The state that everybody may know at this instant, for a statement."""
    due = and_(col(Proposal.decided_state).is_not(None), col(Proposal.shown_at) <= now)
    return case((due, col(Proposal.decided_state)), else_=col(Proposal.state))


def state_decided() -> ColumnElement[str]:
    """The state that the city knows, for a statement."""
    return func.coalesce(col(Proposal.decided_state), col(Proposal.state))


def is_public(proposal: Proposal) -> bool:
    """Whether everyone may see the project's page."""
    return STATES[state_of(proposal)].public


def is_editable(proposal: Proposal, now: datetime) -> bool:
    """Whether the carrier may change the file: a draft at any time, a file to complete until the instant given for that."""
    return state_of(proposal) in EDITABLE and not is_judged_so(proposal, now)


def is_judged_so(proposal: Proposal, now: datetime) -> bool:
    """Whether a file was to be completed until an instant that is past: it is judged as it stands."""
    return state_of(proposal) is State.INCOMPLETE and proposal.complete_by is not None and proposal.complete_by <= now


def record(
    work: Work, proposal: Proposal, verb: Verb, *, by: int | None, reason: str = "", note: str = "", shown_at: datetime | None = None
) -> Transition:
    """Walk one arrow of the table and record who, when and why. Raises Conflict where no arrow leads.

    `by` is an account's id, None for the clock. `reason` is public, `note` for the staff. Before `shown_at` only the city knows.
    """
    settle(proposal, work.now)
    source = state_of(proposal) if verb in BY_CARRIER else decided_state(proposal)
    overdue = proposal.complete_by is not None and proposal.complete_by <= work.now
    target = walk(source, verb, overdue=overdue)
    hidden = shown_at if shown_at is not None and shown_at > work.now else None
    if hidden:
        proposal.decided_state, proposal.shown_at = target.value, hidden
    else:
        proposal.state, proposal.decided_state, proposal.shown_at = target.value, None, None
    step = Transition(
        proposal_id=proposal.id or 0, verb=verb.value, source=source.value, target=target.value,
        at=work.now, by_id=by, reason=reason, note=note, shown_at=hidden,
    )
    work.db.add_all([proposal, step])
    ledger.record(work, f"proposal:{verb.value}", proposal.public_id, reason, by=by)
    if STATES[source].public or STATES[target].public:
        work.db.flush()
        enqueue(work, MOVED_JOB, {"step": step.id}, run_at=hidden)
    return step

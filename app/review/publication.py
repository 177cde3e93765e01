"""When decisions are shown: each at once, or all of an edition at one set instant. The clock shows them; a job then sends the e-mails."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from app import jobs
from app.accounts.people import Person
from app.core.calendar import PhaseKind
from app.core.lifecycle import Verb
from app.core.messages import say
from app.core.problems import Conflict, Invalid
from app.editions import service as editions
from app.editions.forms.programme import Change
from app.editions.models import Edition
from app.editions.queries import calendar_of
from app.proposals import lifecycle
from app.proposals.models import Proposal, Transition
from app.review.emails import send_decision
from app.review.models import Decision, RuleVerdict
from app.review.queries import shown_by
from app.unit import Work

SHOW_JOB = "review:show"
AT_ONCE = frozenset({Verb.ASK_COMPLETION})
"""What a carrier must act on is never kept from it."""
OVERTAKEN = frozenset({"withdrawn"})


def shown_from(work: Work, edition: Edition, verb: Verb) -> datetime | None:
    """From when a decision taken now is shown; None: at once."""
    later = edition.decisions_at if edition.decisions_at is not None and edition.decisions_at > work.now else None
    return None if verb in AT_ONCE else later


def conclude(
    work: Work,
    edition: Edition,
    proposal: Proposal,
    verb: Verb,
    decision: Decision,
    verdicts: Sequence[RuleVerdict] = (),
    *,
    by: Person,
    note: str = "",
) -> Decision:
    """Walk a file on with the decision that says why, and tell its carrier: now, or when the edition shows its decisions."""
    decision.shown_at = shown_from(work, edition, verb)
    lifecycle.record(work, proposal, verb, by=by.id, reason=decision.reason, note=note, shown_at=decision.shown_at)
    work.db.add(decision)
    work.db.flush()
    for one in verdicts:
        one.decision_id = decision.id or 0
    work.db.add_all(verdicts)
    if decision.shown_at is None:
        _tell(work, edition, proposal, decision)
    else:
        jobs.enqueue(work, SHOW_JOB, {"edition": edition.id}, key=_key(edition), run_at=decision.shown_at)
    return decision


def show_due(work: Work, payload: dict[str, Any]) -> None:
    """The job of the instant: write down what the clock shows already, and send each e-mail that waited, once."""
    edition = work.db.get_one(Edition, payload["edition"])
    due = select(Proposal).where(Proposal.edition_id == edition.id, col(Proposal.shown_at) <= work.now).with_for_update()
    for proposal in work.db.exec(due):
        lifecycle.settle(proposal, work.now)
        work.db.add(proposal)
    waiting = select(Decision, Proposal).join(Proposal, col(Proposal.id) == col(Decision.proposal_id))
    waiting = waiting.where(Proposal.edition_id == edition.id, col(Decision.told_at).is_(None), shown_by(work.now))
    for decision, proposal in work.db.exec(waiting.order_by(col(Decision.id))).all():
        _tell(work, edition, proposal, decision)


def set_up(work: Work, edition: Edition, change: Change, *, review_step: bool, decisions_at: datetime | None, by: Person) -> None:
    """Say whether admissible files are reviewed before the ballot, and when decisions are shown; what waits moves with the instant.

    Raises Invalid (an instant that is past, or after the beginning of the vote), Conflict (the instant has come: what is shown stays
    shown) and what saving a part of an edition raises.
    """
    before = edition.decisions_at
    if before != decisions_at:
        if before is not None and before <= work.now:
            raise Conflict(say("The decisions were shown on %(at)s. That instant can no longer change.", at=before))
        _check_instant(work, edition, decisions_at)
    editions.save_review(work, edition, change, review_step=review_step, decisions_at=decisions_at, by=by)
    if before is not None and before != decisions_at:
        _move(work, edition, decisions_at or work.now)


def _check_instant(work: Work, edition: Edition, instant: datetime | None) -> None:
    if instant is None:
        return
    if instant <= work.now:
        raise Invalid({"day": say("This is already past. Choose a later day, or show each decision at once.")})
    vote = calendar_of(work, edition).window(PhaseKind.voting)
    if vote is not None and instant >= vote.opens:
        raise Invalid({"day": say("The vote begins on %(day)s. Give a date before that.", day=vote.opens)})


def _move(work: Work, edition: Edition, instant: datetime) -> None:
    mine = select(Proposal.id).where(Proposal.edition_id == edition.id)
    for table, waits in (
        (Decision, col(Decision.proposal_id).in_(mine) & (col(Decision.shown_at) > work.now)),
        (Transition, col(Transition.proposal_id).in_(mine) & (col(Transition.shown_at) > work.now)),
        (Proposal, (col(Proposal.edition_id) == edition.id) & (col(Proposal.shown_at) > work.now)),
    ):
        work.db.execute(update(table).where(waits).values(shown_at=instant))
    jobs.cancel(work, _key(edition))
    jobs.enqueue(work, SHOW_JOB, {"edition": edition.id}, key=_key(edition), run_at=instant)


def _key(edition: Edition) -> str:
    return f"{SHOW_JOB}:{edition.id}"


def _tell(work: Work, edition: Edition, proposal: Proposal, decision: Decision) -> None:
    decision.told_at = work.now
    work.db.add(decision)
    if lifecycle.state_of(proposal).value not in OVERTAKEN:  # a carrier that has withdrawn meanwhile is not told what would have been
        send_decision(work, edition, proposal, decision)

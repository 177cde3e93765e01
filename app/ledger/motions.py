"""Acts that take two people: one proposes, another confirms. Whoever would do both is refused, by the verb and by the database."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from app.core.messages import say
from app.core.problems import Conflict, Missing, Refused
from app.ledger.models import Motion
from app.unit import Work

ONE_PERSON = say("You proposed this yourself. It takes a second person to confirm it.")
OVER = say("This proposal is over already: it was confirmed or withdrawn. Open the page again.")


def propose(work: Work, edition_id: int, act: str, payload: dict[str, Any], reason: str = "", *, by: int, several: bool = False) -> Motion:
    """Propose an act, with all that will be done. Raises Conflict while the same act waits to be confirmed, unless `several` may."""
    if not several and waiting(work, edition_id, act):
        raise Conflict(say("This was proposed already and waits for a second person. Confirm it, or withdraw it first."))
    made = Motion(
        public_id=work.code(12), edition_id=edition_id, act=act, payload=payload, reason=reason, proposed_by_id=by, proposed_at=work.now
    )
    work.db.add(made)
    work.db.flush()
    return made


def waiting(work: Work, edition_id: int, act: str | None = None) -> list[Motion]:
    """The proposals of an edition that nobody has confirmed or withdrawn, the oldest first."""
    wanted = select(Motion).where(Motion.edition_id == edition_id, col(Motion.seconded_at).is_(None), col(Motion.withdrawn_at).is_(None))
    if act is not None:
        wanted = wanted.where(Motion.act == act)
    return list(work.db.exec(wanted.order_by(col(Motion.id))))


def all_waiting(work: Work, *, not_by: int) -> list[Motion]:
    """The proposals of every edition that somebody else made and nobody has confirmed or withdrawn, the oldest first."""
    wanted = select(Motion).where(Motion.proposed_by_id != not_by, col(Motion.seconded_at).is_(None), col(Motion.withdrawn_at).is_(None))
    return list(work.db.exec(wanted.order_by(col(Motion.id))))


def motion_at(work: Work, edition_id: int, public_id: str) -> Motion:
    """The proposal at an address. Raises Missing."""
    found = work.db.exec(select(Motion).where(Motion.edition_id == edition_id, Motion.public_id == public_id)).first()
    if found is None:
        raise Missing(say("There is no such proposal."))
    return found


def may_second(work: Work, motion: Motion, act: str, *, by: int) -> Motion:
    """The proposal, held until the transaction ends, if this person could confirm it now. Raises what `second` raises."""
    held = _held(work, motion)
    if held.act != act or held.seconded_at is not None or held.withdrawn_at is not None:
        raise Conflict(OVER)
    if held.proposed_by_id == by:
        raise Refused(ONE_PERSON)
    return held


def second(work: Work, motion: Motion, act: str, *, by: int) -> dict[str, Any]:
    """Confirm a proposal and return what is to be done. The caller does it in the same transaction.

    Raises Refused for the one who proposed it, Conflict if it is over or another act.
    """
    held = may_second(work, motion, act, by=by)
    held.seconded_by_id, held.seconded_at = by, work.now
    work.db.add(held)
    work.db.flush()
    return dict(held.payload)


def withdraw(work: Work, motion: Motion, *, by: int) -> None:
    """Take a proposal back; whoever may propose may also withdraw. Raises Conflict if it is over."""
    held = _held(work, motion)
    if held.seconded_at is not None or held.withdrawn_at is not None:
        raise Conflict(OVER)
    held.withdrawn_by_id, held.withdrawn_at = by, work.now
    work.db.add(held)
    work.db.flush()


def _held(work: Work, motion: Motion) -> Motion:
    """The proposal as it stands, held until the transaction ends: nobody confirms what another withdraws."""
    return work.db.exec(select(Motion).where(Motion.id == motion.id).with_for_update().execution_options(populate_existing=True)).one()


def forget(work: Work, motion: Motion, **kept: Any) -> None:
    """Forget what a proposal that is over was about, where it named people; that it was made, and by whom, stays, with what is `kept`."""
    motion.payload = kept
    work.db.add(motion)
    work.db.flush()


def done(work: Work, edition_id: int, act: str) -> list[Motion]:
    """The proposals of an act that were confirmed, the oldest first."""
    wanted = select(Motion).where(Motion.edition_id == edition_id, Motion.act == act, col(Motion.seconded_at).is_not(None))
    return list(work.db.exec(wanted.order_by(col(Motion.seconded_at), col(Motion.id))))

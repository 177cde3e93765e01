"""Opening a very large box apart from the request that confirms it: unsealed first, in memory; then opened in one transaction.

The key never leaves the process to which the shares were typed, so the worker cannot do this: that process does, once it has
answered. Beside it stands a row of the job table that no worker takes; it says how far the opening is, and is held like a job's
lease, so that two openings never run at once and one whose process died does not bar the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlmodel import col, select

from app import jobs
from app.accounts.people import Person
from app.core.messages import Message, Value, say
from app.core.problems import Conflict
from app.core.tally.progress import Told
from app.editions.models import Edition
from app.jobs import Job
from app.ledger.log import log_of
from app.ledger.models import Motion
from app.ledger.motions import motion_at
from app.polls.opening import check_opening, how_read, key_of, open_with, opening_of
from app.unit import Work
from app.voting.box import facts_of
from app.voting.opening import ReadLog, check_key, read_log

OPENING_JOB = "box:open"
AT_ONCE = 2_000
"""A box of more ballots than this is opened apart: unsealing them takes longer than a request should."""
UNDER_WAY = say("This box is being opened already. Look at its page: it says how far that is.")
BEGUN = say("The opening begins")


@dataclass(frozen=True)
class Apart:
    """An opening that was confirmed with enough shares and is still to be done, in the memory of this process alone."""

    edition_id: int
    motion: str
    key: X25519PrivateKey
    by: Person
    job: Job


def is_large(work: Work, edition: Edition) -> bool:
    """Whether this box is opened apart."""
    log = log_of(work, edition.id or 0)
    return log is not None and log.size > AT_ONCE


def opening_job(work: Work, edition: Edition) -> Job | None:
    """The opening that is under way, or was and failed; None where there is none, or the box is open."""
    return work.db.exec(select(Job).where(col(Job.key) == _key(edition))).first() if opening_of(work, edition) is None else None


def begin_opening(
    work: Work, edition: Edition, motion: Motion, shares: Sequence[str], *, by: Person, names: Sequence[Value] = ()
) -> Apart:  # fmt: skip
    """Check all that `confirm_opening` checks, and note that the opening is under way. Nothing is opened or confirmed yet.

    Raises what `confirm_opening` raises, and Conflict while another opening of this box is under way.
    """
    key = key_of(work, edition, shares, by=by, names=names)
    check_key(facts_of(work, edition.id or 0), key)
    check_opening(work, edition, motion, by=by)
    jobs.enqueue(work, OPENING_JOB, {}, key=_key(edition))
    job = work.db.exec(select(Job).where(col(Job.key) == _key(edition)).with_for_update()).one()
    if job.leased_until is not None and job.leased_until > work.now:
        raise Conflict(UNDER_WAY)
    job.holder, job.leased_until, job.last_error = work.token(26), work.now + jobs.LEASE, ""
    job.progress = {"doing": BEGUN.to_json(), "percent": None}
    work.db.add(job)
    work.db.flush()
    return Apart(edition.id or 0, motion.public_id, key, by, Job(id=job.id, kind=job.kind, run_at=job.run_at, holder=job.holder))


def unseal(work: Work, apart: Apart, told: Told) -> ReadLog:
    """The first half, which takes long and writes nothing."""
    style, candidates, _ = how_read(work, work.db.get_one(Edition, apart.edition_id))
    return read_log(work, apart.edition_id, apart.key, style=style, candidates=candidates, told=told)


def open_it(work: Work, apart: Apart, read: ReadLog) -> None:
    """The second half, in one transaction: confirm the proposal, open the box over the head that was proposed, end the note of it."""
    edition = work.db.get_one(Edition, apart.edition_id)
    open_with(work, edition, motion_at(work, apart.edition_id, apart.motion), apart.key, by=apart.by, read=read)
    jobs.finish(work, apart.job)


def note_failure(work: Work, apart: Apart, why: Message) -> None:
    """Leave the reason for the page of the box; the next attempt takes its place."""
    kept = work.db.exec(select(Job).where(col(Job.id) == apart.job.id, col(Job.holder) == apart.job.holder)).first()
    if kept is not None:
        kept.leased_until, kept.holder, kept.last_error = None, "", str(why)[:500]
        kept.progress = {"doing": why.to_json(), "percent": None}
        work.db.add(kept)


def _key(edition: Edition) -> str:
    return f"{OPENING_JOB}:{edition.id}"

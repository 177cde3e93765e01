"""What endangers a vote and can still be mended: told to the city's people where they look first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from sqlmodel import col, select

from app import keyring
from app.core.calendar import Calendar, PhaseKind
from app.core.messages import Localised, Message, say
from app.editions.models import Edition
from app.editions.queries import Listed
from app.jobs import Job
from app.polls.freezing import MOST_SKEW
from app.polls.models import Freeze
from app.polls.sequencing import MERGE_JOB
from app.unit import Work
from app.voting.clock import skew
from app.voting.models import Box

SOON = timedelta(days=7)
OVERDUE = timedelta(minutes=5)
NEAR = timedelta(days=31)
"""From so long before a vote on, keys and clocks are looked at."""


def alerts_of(work: Work, editions: Iterable[Listed]) -> list[Message]:
    """What is wrong now, for these editions together; nothing where no vote is near."""
    public = [one for one in editions if one.edition.published_at]
    frozen = set(work.db.exec(select(Freeze.edition_id)))
    near = [one for one in public if one.edition.id not in frozen and _is_near(one.calendar, work)]
    tended = any(_box_is_tended(work, one.edition) for one in public if one.edition.id in frozen)
    found: list[Message | None] = [_unfrozen(one) for one in near if _is_soon(one.calendar, work)]
    if tended:
        found.append(silent_worker(work))
    if near or tended:
        found += [*missing_keys(), clocks_apart(work)]
    return [one for one in found if one is not None]


def silent_worker(work: Work) -> Message | None:
    """Why ballots may not be reaching the public log: the worker does not come round, or fails when it does. None if all is well."""
    job = work.db.exec(select(Job).where(col(Job.key) == MERGE_JOB)).first()
    if job is None:
        return say("The worker has never run: no ballot reaches the public log. Start it: %(command)s", command="quotepart worker")
    if job.last_error:
        return say("The worker failed when it last brought ballots to the public log, and tries again: %(error)s", error=job.last_error)
    leased = job.leased_until is not None and job.leased_until > work.now
    if job.run_at + OVERDUE < work.now and not leased:
        return say(
            "The worker has been silent since %(since)s: ballots wait and do not reach the public log. Start it again: %(command)s",
            since=job.run_at, command="quotepart worker",
        )  # fmt: skip
    return None


def missing_keys() -> list[Message]:
    """The key files that this server needs and has not: it signs receipts, and must know the public keys. The log's own is the worker's."""
    readers: tuple[Callable[[], object], ...] = (keyring.receipt_key, keyring.receipt_public, keyring.log_public)
    found: list[Message] = []
    for reader in readers:
        try:
            reader()
        except keyring.NoKey as problem:
            found.append(problem.message)
    return found


def clocks_apart(work: Work) -> Message | None:
    """That the clocks of this server and of its database tell different times, None if they agree."""
    apart = skew(work.core, work.now)
    if abs(apart) <= MOST_SKEW:
        return None
    return say(
        "The clocks of this server and of its database are %(seconds)d seconds apart. The database's one opens and closes the vote. "
        "Set them before the vote is frozen.",
        seconds=round(abs(apart)),
    )


def _unfrozen(listed: Listed) -> Message:
    voting = listed.calendar.window(PhaseKind.voting)
    return say(
        "%(edition)s: the vote opens on %(opens)s and is not frozen. Without the freeze nobody can vote.",
        edition=Localised(listed.edition.name), opens=voting.opens if voting else "",
    )  # fmt: skip


def _is_soon(calendar: Calendar, work: Work) -> bool:
    voting = calendar.window(PhaseKind.voting)
    return voting is not None and voting.opens - SOON <= work.now


def _is_near(calendar: Calendar, work: Work) -> bool:
    """Whether a vote opens within a month, or would be open by its dates."""
    voting = calendar.window(PhaseKind.voting)
    return voting is not None and voting.opens - NEAR <= work.now < voting.closes


def _box_is_tended(work: Work, edition: Edition) -> bool:
    """Whether the worker has something to do for a box: from the freeze until it is opened."""
    box = work.db.get(Box, edition.id)
    return box is not None and not box.opened

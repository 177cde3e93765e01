"""From the box to the public log: waiting ballots go there in shuffled batches, so that their order says nothing of when they came."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Integer, delete, func, insert, select

from app.core.messages import say
from app.core.problems import Conflict
from app.core.transparency import LEAST_BATCH, Head, Note
from app.database import side_of
from app.ledger import log as ledger
from app.ledger.models import Log
from app.unit import Work
from app.voting.box import cast_ballots, key_and_state
from app.voting.closing import clean_later

EVERY = timedelta(minutes=10)
AT_ONCE = 1000


def merge(work: Work, edition_id: int, key: Ed25519PrivateKey) -> int:
    """Bring waiting ballots into the log and sign its new head; returns how many.

    Before the closing a batch has at least LEAST_BATCH ballots and leaves as many waiting, drawn at random, ten minutes after the batch
    before at the earliest; once the box is closed, all go. One worker at a time: whoever comes second waits and then finds less.
    """
    log = ledger.log_of(work, edition_id)
    if log is None:
        return 0
    log, closed = ledger.hold(work, log), key_and_state(work, edition_id)[1]
    if not closed and _just_signed(work, log):
        return 0
    wanted = select(cast_ballots.c.leaf_hash, cast_ballots.c.entry).where(cast_ballots.c.edition_id == edition_id, _WAITS)
    waiting = _shuffled(work, work.core.execute(wanted))
    batch = waiting if closed else waiting[: max(len(waiting) - LEAST_BATCH, 0)]
    if len(batch) < (1 if closed and ledger.newest_head(work, log) else 0 if closed else LEAST_BATCH):
        return 0
    ledger.append(work, log, [entry for _, entry in batch])
    _leave_hashes(work, edition_id, [leaf for leaf, _ in batch], closed=closed)
    if closed:
        clean_later(work, edition_id)
    ledger.sign_head(work, log, key)
    return len(batch)


_WAITS = cast_ballots.c.entry.is_not(None)


def waiting_in(work: Work, edition_id: int) -> int:
    """How many ballots are in the box and not in the log yet. Those who may not look into the box ask for the number alone."""
    if side_of(work.core) is not None:
        return int(work.core.execute(select(func.box.ballots_waiting(edition_id, type_=Integer))).scalar_one())
    wanted = select(func.count()).select_from(cast_ballots).where(cast_ballots.c.edition_id == edition_id, _WAITS)
    return int(work.core.execute(wanted).scalar_one())


def is_complete(work: Work, edition_id: int) -> bool:
    """Whether the box is closed, every ballot is in the log, and its last head is signed."""
    log = ledger.log_of(work, edition_id)
    head = ledger.newest_head(work, log) if log else None
    closed = key_and_state(work, edition_id)[1]
    return closed and log is not None and head is not None and head.size == log.size and not waiting_in(work, edition_id)


def final_log(work: Work, edition_id: int) -> Log:
    """The log once it is complete. Raises Conflict before."""
    log = ledger.log_of(work, edition_id)
    if log is None or not is_complete(work, edition_id):
        raise Conflict(say(
            "The last ballots are not in the public log yet, so nothing was opened. "
            "The worker brings them there within minutes of the closing: try again then."
        ))
    return log


def _just_signed(work: Work, log: Log) -> bool:
    newest = ledger.newest_head(work, log)
    return newest is not None and Head.read(Note.read(newest.note).text).minute > f"{work.now - EVERY:%Y-%m-%dT%H:%MZ}"


def _shuffled(work: Work, rows: Iterable[Sequence[Any]]) -> list[tuple[str, bytes]]:
    """In an order that a key drawn for this batch alone decides, and that is forgotten with it."""
    key = work.token().encode()
    pairs = [(str(leaf), bytes(entry)) for leaf, entry in rows]
    return sorted(pairs, key=lambda pair: hmac.digest(key, pair[0].encode(), hashlib.sha256))


def _leave_hashes(work: Work, edition_id: int, leaves: Sequence[str], *, closed: bool) -> None:
    """Delete the entries and write their hashes anew, sorted: an updated row would lie where the ballot lay.

    The last time, once the box is closed, all hashes are written together, those of earlier batches too.
    """
    mine = cast_ballots.c.edition_id == edition_id
    held = {row.leaf_hash: row.replaces for row in work.core.execute(select(cast_ballots).where(mine))}
    if closed:
        work.core.execute(delete(cast_ballots).where(mine))
        leaves = list(held)
    for start in range(0, len(leaves), AT_ONCE):
        work.core.execute(delete(cast_ballots).where(cast_ballots.c.leaf_hash.in_(leaves[start : start + AT_ONCE])))
    rows = [{"leaf_hash": leaf, "edition_id": edition_id, "entry": None, "replaces": held[leaf]} for leaf in sorted(leaves)]
    for start in range(0, len(rows), AT_ONCE):
        work.core.execute(insert(cast_ballots), rows[start : start + AT_ONCE])

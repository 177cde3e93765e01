"""Changing a vote, where an edition allows it: a new ballot that names the one it replaces and proves it by the secret of its receipt.

No credential is asked for: whoever holds the secret has voted already. The ballot replaced stays in the log, sealed for ever.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.core.ballots import BallotStyle, Slate
from app.core.messages import say
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.core.transparency import commitment
from app.ledger import log as ledger
from app.unit import Work
from app.voting.box import cast_ballots, facts_of, insert_once, key_and_state, lock
from app.voting.clock import database_now
from app.voting.sealing import Cast, Facts, Replacing, commitment_in, is_secret, sealed_here, sealed_there
from app.voting.service import NO_RECEIPT, OTHER_VOTE, Receipt, Slip, check_slip, leaf_range, too_early, too_late

NOT_ALLOWED = say("Votes cannot be changed in this edition. Nothing was changed: your first vote counts, and there is nothing more to do.")
WRONG_CODE = say(
    "This change code does not belong to this ballot, "
    "so nothing was changed and the ballot counts as it is. Copy both codes from your receipt."
)
REPLACED = say(
    "This ballot was replaced already: the newer one counts, and nothing was changed now. "
    "Use the tracking code and the change code of your newest receipt."
)

SAME_SECRET = say("This page was made for another ballot, so nothing was changed. Go back to your choices and check them again.")
"""The secret of the ballot replaced becomes public as its proof: a ballot with the same could be replaced by anybody."""


def change(
    work: Work, edition_id: int, tracking_code: str, secret: str, slip: Slip, *, style: BallotStyle, candidates: Slate, opens: datetime,
    closes: datetime,
) -> Receipt:  # fmt: skip
    """Replace a ballot by another one, if the database's clock stands in [opens, closes). The last one counts.

    The same ballot sent again gives the same receipt. Raises Refused (votes cannot be changed here, not open, closed), Missing (no
    such ballot), Invalid (choices, seal, change code) and Conflict (replaced already).
    """
    check_slip(slip, style, candidates)
    lock(work, edition_id)
    facts, now = facts_of(work, edition_id), database_now(work.core)
    if not facts.changeable:
        raise Refused(NOT_ALLOWED)
    old = _old_leaf(work, edition_id, tracking_code)
    if not is_secret(secret) or commitment_in(_entry_of(work, edition_id, old)) != commitment(bytes.fromhex(secret)):
        raise Invalid({"change_code": WRONG_CODE})
    ballot = _sealed(facts, slip, Replacing(old, secret))
    if ballot.secret == secret:
        raise Invalid({"": SAME_SECRET})
    if _lies_here(work, edition_id, ballot.leaf):
        return Receipt(edition_id, ballot.tracking_code, ballot.leaf, secret=ballot.secret)
    if now < opens:
        raise Refused(too_early(opens))
    if now >= closes or key_and_state(work, edition_id)[1]:
        raise Refused(too_late(closes))
    row = {"leaf_hash": ballot.leaf, "edition_id": edition_id, "entry": ballot.entry, "replaces": old}
    if not insert_once(work, cast_ballots, row) and not _lies_here(work, edition_id, ballot.leaf):
        raise Conflict(REPLACED)
    return Receipt(edition_id, ballot.tracking_code, ballot.leaf, secret=ballot.secret)


def _sealed(facts: Facts, slip: Slip, replacing: Replacing) -> Cast:
    """The new entry. Its seed is joined with the ballot replaced: whoever changes twice from one page gets a new secret each time."""
    if slip.sealed:
        return sealed_there(facts, slip.sealed, slip.secret, replacing)
    return sealed_here(facts, slip.choices, slip.seed + replacing.leaf, replacing)


def _old_leaf(work: Work, edition_id: int, tracking_code: str) -> str:
    bounds = leaf_range(tracking_code)
    within = cast_ballots.c.leaf_hash.between(bounds["first"], bounds["last"])
    found: str | None = work.core.execute(select(cast_ballots.c.leaf_hash).where(within, cast_ballots.c.edition_id == edition_id)).scalar()
    if found is None:
        elsewhere = work.core.execute(select(cast_ballots.c.edition_id).where(within)).first()
        raise Missing(OTHER_VOTE if elsewhere else NO_RECEIPT)
    return found


def _entry_of(work: Work, edition_id: int, leaf: str) -> bytes:
    """The entry of a ballot, from the box or from the log."""
    held = work.core.execute(select(cast_ballots.c.entry).where(cast_ballots.c.leaf_hash == leaf)).scalar()
    if held is not None:
        return bytes(held)
    log = ledger.log_of(work, edition_id)
    return b"" if log is None else ledger.entry_at(work, log, leaf)


def _lies_here(work: Work, edition_id: int, leaf: str) -> bool:
    wanted = select(cast_ballots.c.leaf_hash).where(cast_ballots.c.leaf_hash == leaf, cast_ballots.c.edition_id == edition_id)
    return work.core.execute(wanted).first() is not None

"""Casting a ballot: the one hot path of the house, in one short transaction without the ORM.

What comes in is a credential and choices; nothing here knows a person (design.md section 6, security.md 2.3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from app.core.ballots import Slate, Style
from app.core.credentials import Leaf, is_genuine, leaf_of, normalised, spent_mark
from app.core.messages import Message, say
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.unit import Work
from app.voting import clock
from app.voting.box import (
    AlreadyVoted,
    Turnout,
    ballots,
    box_of,
    close_box,
    how_spent,
    insert_once,
    is_spent,
    key_and_state,
    key_under_lock,
    open_box,
    spend,
    spend_if_open,
    spent_how,
    spent_hows,
    turnout,
)
from app.voting.sealing import seal

__all__ = [
    "AlreadyVoted", "Receipt", "Turnout", "box_of", "cast", "close_box", "is_spent", "open_box", "read_credential", "receipt", "spend",
    "spent_how", "spent_hows", "too_early", "too_late", "turnout",
]  # fmt: skip

WRONG_KEY = say("This voting key is not one of this vote. Check it, or identify yourself again: you will get the same key.")
OLD_PAGE = say("This page was not made for sending a vote. Go back to your choices and check them again.")
NO_RECEIPT = say("No ballot has this code. Check each letter: there are sixteen.")
_BY_CODE = select(ballots.c.edition_id, ballots.c.tracking_code, ballots.c.leaf_hash).where(ballots.c.tracking_code == bindparam("code"))
IS_A_SEED = re.compile(r"[A-Za-z0-9_-]{22,64}")


@dataclass(frozen=True)
class Receipt:
    """What the voter takes home: a code that says that a ballot is in the box, and nothing of what it holds."""

    edition_id: int
    tracking_code: str
    leaf_hash: str


def read_credential(typed: str) -> str:
    """A credential as pasted or typed: spaces and hyphens dropped, lower case."""
    return re.sub(r"[\s\u00a0\u202f-]", "", typed).lower()


def cast(
    work: Work, edition_id: int, credential: str, choices: Sequence[str], seed: str, *, style: Style, candidates: Slate, opens: datetime,
    closes: datetime, zone: str = "Europe/Paris",
) -> Receipt:  # fmt: skip
    """Put one ballot into the box, if the database's clock stands in [opens, closes), and give its receipt.

    Sent again with the same credential, choices and `seed`, it gives the same receipt, even after closing.
    Raises Invalid (key, seed or choices), Refused (not open yet, closed), AlreadyVoted (the first vote stands).
    """
    if not IS_A_SEED.fullmatch(seed):
        raise Invalid({"": OLD_PAGE})
    if problems := style.check(choices, candidates):
        raise Invalid(dict.fromkeys(("choice",), problems[0]))
    credential, leaf = read_credential(credential), leaf_of(str(edition_id), seed, choices)
    key = key_under_lock(work, edition_id)
    now = clock.database_now(work.db)
    if not is_genuine(key, str(edition_id), credential):
        raise Invalid({"credential": WRONG_KEY})
    mark = spent_mark(key, str(edition_id), credential)
    if now < opens:
        raise Refused(too_early(opens))
    if now < closes and spend_if_open(work, edition_id, mark, "online", now.astimezone(ZoneInfo(zone)).date().isoformat()):
        return _put_in(work, edition_id, leaf)
    if (again := _said_before(work, edition_id, mark, leaf)) is not None:
        return again
    if now >= closes or key_and_state(work, edition_id)[1]:
        raise Refused(too_late(closes))
    raise AlreadyVoted(how_spent(work, edition_id, mark) or "online")


def _put_in(work: Work, edition_id: int, leaf: Leaf) -> Receipt:
    row = {"leaf_hash": leaf.hash, "edition_id": edition_id, "tracking_code": leaf.tracking_code, "channel": "online", "sealed": seal(leaf)}
    if not insert_once(work, ballots, row):
        # Somebody else's request, copied and sent with another key: the error also takes back the mark.
        raise Conflict(say("This very ballot is already in the box. Go back to your choices and check them again."))
    return Receipt(edition_id, leaf.tracking_code, leaf.hash)


def _said_before(work: Work, edition_id: int, mark: str, leaf: Leaf) -> Receipt | None:
    """The receipt of this same ballot, if this credential was used online and the ballot lies in the box."""
    if how_spent(work, edition_id, mark) != "online":
        return None
    wanted = select(ballots.c.leaf_hash).where(ballots.c.leaf_hash == leaf.hash, ballots.c.edition_id == edition_id)
    held = work.db.connection().execute(wanted).first()
    return Receipt(edition_id, leaf.tracking_code, leaf.hash) if held else None


def too_early(opens: datetime) -> Message:
    """What to say before the vote opens."""
    return say("The vote is not open yet, so this ballot was not recorded. It opens on %(opens)s.", opens=opens)


def too_late(closes: datetime) -> Message:
    """What to say once the vote is closed."""
    return say("The vote closed on %(closes)s, so this ballot was not recorded.", closes=closes)


def receipt(work: Work, tracking_code: str) -> Receipt:
    """The receipt of a code, as typed. Raises Missing where no ballot has it."""
    found = work.db.connection().execute(_BY_CODE, {"code": normalised(tracking_code)}).first()
    if found is None:
        raise Missing(NO_RECEIPT)
    return Receipt(found.edition_id, found.tracking_code, found.leaf_hash)

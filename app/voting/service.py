"""Casting a ballot: the one hot path of the house, in one short transaction without the ORM.

What comes in is a credential and choices; nothing here knows a person (design.md section 6, security.md 2.3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from app.core.ballots import Slate, Style
from app.core.credentials import Leaf, is_genuine, leaf_of, normalised, spent_mark
from app.core.messages import Message, say
from app.core.problems import Invalid, Missing, Refused
from app.unit import AtCore
from app.voting.box import (
    AlreadyVoted,
    Turnout,
    ballots,
    box_of,
    how_spent,
    is_spent,
    key_and_state,
    open_box,
    spend,
    spent_how,
    spent_hows,
    turnout,
)
from app.voting.casting import Proviso, Window, put_in
from app.voting.closing import close_box

__all__ = [
    "AlreadyVoted", "Receipt", "Turnout", "box_of", "cast", "close_box", "is_spent", "open_box", "read_credential", "receipt", "spend",
    "spent_how", "spent_hows", "too_early", "too_late", "turnout",
]  # fmt: skip

WRONG_KEY = say("This voting key is not one of this vote. Check it, or identify yourself again: you will get the same key.")
OLD_PAGE = say("This page was not made for sending a vote. Go back to your choices and check them again.")
NO_RECEIPT = say("No ballot has this code. Check each letter: there are sixteen.")
_BY_CODE = select(ballots.c.edition_id, ballots.c.tracking_code, ballots.c.leaf_hash).where(ballots.c.tracking_code == bindparam("code"))
_KEYS: dict[int, bytes] = {}
"""The key of each edition's box, once it was read."""
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
    work: AtCore, edition_id: int, credential: str, choices: Sequence[str], seed: str, *, style: Style, candidates: Slate, opens: datetime,
    closes: datetime, zone: str = "Europe/Paris", proviso: Proviso | None = None,
) -> Receipt:  # fmt: skip
    """Put one ballot into the box, if the database's clock stands in [opens, closes), and give its receipt.

    Sent again with the same credential, choices and `seed`, it gives the same receipt, even after closing.
    Raises Invalid (key, seed or choices), Refused (not open yet, closed), AlreadyVoted (the first vote stands), and Outdated where
    the `proviso` no longer holds, under which style, candidates and dates were read.
    """
    if not IS_A_SEED.fullmatch(seed):
        raise Invalid({"": OLD_PAGE})
    if problems := style.check(choices, candidates):
        raise Invalid(dict.fromkeys(("choice",), problems[0]))
    credential, leaf = read_credential(credential), leaf_of(str(edition_id), seed, choices)
    key = _key_that_made(work, edition_id, credential)
    mark = spent_mark(key, str(edition_id), credential)
    attempt = put_in(work, edition_id, key, mark, leaf, Window(opens, closes, zone), proviso)
    if attempt is not None and attempt.now < opens:
        raise Refused(too_early(opens))
    if (attempt is not None and attempt.done) or _said_before(work, edition_id, mark, leaf):
        return Receipt(edition_id, leaf.tracking_code, leaf.hash)
    if attempt is None and key_and_state(work, edition_id)[0] != key:
        raise _another_key(edition_id)
    if attempt is None or attempt.now >= closes:
        raise Refused(too_late(closes))
    raise AlreadyVoted(how_spent(work, edition_id, mark) or "online")


def _key_that_made(work: AtCore, edition_id: int, credential: str) -> bytes:
    """The key of the box, if it is the one this credential was made for. Raises Invalid otherwise, Missing where there is no box.

    The key of a box never changes, so a process remembers it. One that does not fit is read again before anybody is refused,
    and `put_in` takes no ballot under a key that is not the box's.
    """
    known = _KEYS.get(edition_id)
    if known is not None and is_genuine(known, str(edition_id), credential):
        return known
    key = _KEYS[edition_id] = key_and_state(work, edition_id)[0]
    if not is_genuine(key, str(edition_id), credential):
        raise Invalid({"credential": WRONG_KEY})
    return key


def _another_key(edition_id: int) -> Invalid:
    """The key that was remembered is not the box's, such as after a backup was brought back: forget it."""
    _KEYS.pop(edition_id, None)
    return Invalid({"credential": WRONG_KEY})


def _said_before(work: AtCore, edition_id: int, mark: str, leaf: Leaf) -> bool:
    """Whether this credential was used online and this very ballot lies in the box."""
    if how_spent(work, edition_id, mark) != "online":
        return False
    wanted = select(ballots.c.leaf_hash).where(ballots.c.leaf_hash == leaf.hash, ballots.c.edition_id == edition_id)
    return work.core.execute(wanted).first() is not None


def too_early(opens: datetime) -> Message:
    """What to say before the vote opens."""
    return say("The vote is not open yet, so this ballot was not recorded. It opens on %(opens)s.", opens=opens)


def too_late(closes: datetime) -> Message:
    """What to say once the vote is closed."""
    return say("The vote closed on %(closes)s, so this ballot was not recorded.", closes=closes)


def receipt(work: AtCore, tracking_code: str) -> Receipt:
    """The receipt of a code, as typed. Raises Missing where no ballot has it."""
    found = work.core.execute(_BY_CODE, {"code": normalised(tracking_code)}).first()
    if found is None:
        raise Missing(NO_RECEIPT)
    return Receipt(found.edition_id, found.tracking_code, found.leaf_hash)

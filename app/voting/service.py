"""Casting a ballot: the one hot path of the house, in one short transaction without the ORM.

What comes in is a credential and choices; nothing here knows a person (design.md section 6, security.md 2.3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from app.core.ballots import BallotStyle, Slate
from app.core.credentials import is_genuine, normalised, spent_mark
from app.core.messages import Message, say
from app.core.problems import Invalid, Missing, Refused
from app.core.transparency import leaf_beginning, tracking_code
from app.unit import AtCore
from app.voting.box import (
    AlreadyVoted,
    Turnout,
    box_of,
    cast_ballots,
    facts_of,
    freeze_box,
    how_spent,
    is_spent,
    open_box,
    spend,
    spent_how,
    spent_hows,
    turnout,
)
from app.voting.casting import Proviso, Window, put_in
from app.voting.closing import close_box
from app.voting.sealing import Cast, Facts, sealed_here, sealed_there

__all__ = [
    "AlreadyVoted", "Receipt", "Slip", "Turnout", "box_of", "cast", "close_box", "freeze_box", "is_spent", "open_box", "read_credential",
    "receipt", "spend", "spent_how", "spent_hows", "too_early", "too_late", "turnout",
]  # fmt: skip

WRONG_KEY = say(
    "This voting key is not one of this vote, so nothing was recorded. Check it, or identify yourself again: you will get the same key."
)
NO_KEY = say(
    "No voting key was given, so nothing was recorded. Identify yourself on this page to get one, or type the one you have."
)
OLD_PAGE = say("This page was not made for sending a vote, so nothing was recorded. Go back to your choices and check them again.")
NO_RECEIPT = say("No ballot has this code. Check each letter: there are sixteen.")
OTHER_VOTE = say("This code is of a ballot of another vote.")
_code_range = cast_ballots.c.leaf_hash.between(bindparam("first"), bindparam("last"))
_BY_CODE = select(cast_ballots.c.edition_id, cast_ballots.c.leaf_hash, cast_ballots.c.entry.is_(None).label("logged")).where(_code_range)
_FACTS: dict[int, Facts] = {}
"""What each edition's ballots are sealed with, once it was read."""
IS_A_SEED = re.compile(r"[A-Za-z0-9_-]{22,64}")


@dataclass(frozen=True)
class Slip:
    """A ballot as it comes in: choices and seed, to be sealed here, or what the browser sealed (base 64) with the secret of a change."""

    choices: Sequence[str] = ()
    seed: str = ""
    sealed: str = ""
    secret: str = ""


@dataclass(frozen=True)
class Receipt:
    """What the voter takes home: a code that says that a ballot is in the box, and nothing of what it holds.

    `logged`: it lies in the public log already. `secret`: what lets its holder change the vote, known only when it is cast.
    """

    edition_id: int
    tracking_code: str
    leaf_hash: str
    logged: bool = False
    secret: str = ""


def read_credential(typed: str) -> str:
    """A credential as pasted or typed: spaces and hyphens dropped, lower case."""
    return re.sub(r"[\s\u00a0\u202f-]", "", typed).lower()


def cast(
    work: AtCore, edition_id: int, credential: str, slip: Slip, *, style: BallotStyle, candidates: Slate, opens: datetime, closes: datetime,
    zone: str = "Europe/Paris", proviso: Proviso | None = None,
) -> Receipt:  # fmt: skip
    """Put one ballot into the box, if the database's clock stands in [opens, closes), and give its receipt.

    Sent again with the same credential, choices and seed (or the same sealed bytes), it gives the same receipt, even after closing.
    Raises Invalid (key, seed, choices, seal), Refused (not frozen, not open yet, closed), AlreadyVoted (the first vote stands), and
    Outdated where the `proviso` no longer holds, under which style, candidates and dates were read.
    """
    check_slip(slip, style, candidates)
    credential = read_credential(credential)
    if not credential:
        raise Invalid({"credential": NO_KEY})
    facts = _facts_that_made(work, edition_id, credential)
    ballot, mark = sealed_by(facts, slip), spent_mark(facts.key, str(edition_id), credential)
    attempt = put_in(work, edition_id, facts, mark, ballot, Window(opens, closes, zone), proviso)
    if attempt is not None and attempt.now < opens:
        raise Refused(too_early(opens))
    if (attempt is not None and attempt.done) or _said_before(work, edition_id, mark, ballot):
        return Receipt(edition_id, ballot.tracking_code, ballot.leaf, secret=ballot.secret)
    if attempt is None and facts_of(work, edition_id) != facts:
        raise _another_key(edition_id)
    if attempt is None or attempt.now >= closes:
        raise Refused(too_late(closes))
    raise AlreadyVoted(how_spent(work, edition_id, mark) or "online")


def check_slip(slip: Slip, style: BallotStyle, candidates: Slate) -> None:
    """What can be seen of a ballot from outside: its seed and choices, where it is not sealed yet. Raises Invalid."""
    if slip.sealed:
        return
    if not IS_A_SEED.fullmatch(slip.seed):
        raise Invalid({"": OLD_PAGE})
    if problems := style.check(slip.choices, candidates):
        raise Invalid(dict.fromkeys(("choice",), problems[0]))


def sealed_by(facts: Facts, slip: Slip) -> Cast:
    """The entry of a first ballot. Raises Invalid where the browser sealed something else than a ballot of this vote."""
    return sealed_there(facts, slip.sealed, slip.secret) if slip.sealed else sealed_here(facts, slip.choices, slip.seed)


def _facts_that_made(work: AtCore, edition_id: int, credential: str) -> Facts:
    """What the box seals with, if its key is the one this credential was made for. Raises Invalid otherwise, Refused before the freeze.

    Nothing of it changes once the vote is frozen, so a process remembers it. What does not fit is read again before anybody is
    refused, and `put_in` takes no ballot under a key or a definition that is not the box's.
    """
    known = _FACTS.get(edition_id)
    if known is not None and is_genuine(known.key, str(edition_id), credential):
        return known
    facts = _FACTS[edition_id] = facts_of(work, edition_id)
    if not is_genuine(facts.key, str(edition_id), credential):
        raise Invalid({"credential": WRONG_KEY})
    return facts


def _another_key(edition_id: int) -> Invalid:
    """What was remembered is not the box's, such as after a backup was brought back: forget it."""
    _FACTS.pop(edition_id, None)
    return Invalid({"credential": WRONG_KEY})


def _said_before(work: AtCore, edition_id: int, mark: str, ballot: Cast) -> bool:
    """Whether this credential was used online and this very ballot lies in the box."""
    if how_spent(work, edition_id, mark) != "online":
        return False
    wanted = select(cast_ballots.c.leaf_hash).where(cast_ballots.c.leaf_hash == ballot.leaf, cast_ballots.c.edition_id == edition_id)
    return work.core.execute(wanted).first() is not None


def too_early(opens: datetime) -> Message:
    """What to say before the vote opens."""
    return say("The vote is not open yet, so this ballot was not recorded. It opens on %(opens)s.", opens=opens)


def too_late(closes: datetime) -> Message:
    """What to say once the vote is closed."""
    return say(
        "The vote closed on %(closes)s, so this ballot was not recorded. "
        "There is nothing more to do: a ballot that has a receipt counts.",
        closes=closes,
    )


def leaf_range(typed: str) -> dict[str, str]:
    """The first and the last leaf hash that a tracking code can stand for, however it was typed. Raises Missing for what is no code."""
    try:
        beginning = leaf_beginning(normalised(typed))
    except ValueError:
        raise Missing(NO_RECEIPT) from None
    return {"first": beginning + "0" * 44, "last": beginning + "f" * 44}


def receipt(work: AtCore, typed: str) -> Receipt:
    """The receipt of a code, as typed. Raises Missing where no ballot has it."""
    found = work.core.execute(_BY_CODE, leaf_range(typed)).first()
    if found is None:
        raise Missing(NO_RECEIPT)
    return Receipt(found.edition_id, tracking_code(found.leaf_hash), found.leaf_hash, bool(found.logged))

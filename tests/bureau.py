"""The bureau of the tests: two members, one opening key in three shares of which two open, and the acts that take both of them."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.accounts.people import Person
from app.core.forms import read
from app.core.permissions import Role
from app.core.transparency.shares import split
from app.editions.models import Edition
from app.polls import freezing, opening, sequencing
from app.polls.models import Freeze
from app.unit import work
from app.voting import clock
from app.voting.models import Opening
from tests.cast import Cast

OPENING_KEY = X25519PrivateKey.from_private_bytes(b"the opening key of every test...")
SAFEKEEPING: dict[str, Any] = {"opening_key": OPENING_KEY.public_key().public_bytes_raw().hex(), "threshold": "2", "shares": "3"}


@cache
def shares() -> tuple[str, ...]:
    """The three shares of the key, each as its words."""
    return tuple(" ".join(words) for words in split(OPENING_KEY, 2, 3).shares)


def members(cast: Cast) -> tuple[Person, Person]:
    """The two members of the bureau."""
    return (
        cast.person("helene@ville.example.org", "Hélène Riou", [Role.BUREAU_MEMBER]),
        cast.person("ibrahim@ville.example.org", "Ibrahim Sow", [Role.BUREAU_MEMBER]),
    )


def freeze(cast: Cast, edition: Edition, *, at: datetime, **form: Any) -> Freeze:
    """Freeze the vote of an edition at an instant before it opens."""
    first, second = members(cast)
    with clock.held_at(at), work(cast.engine, now=at) as unit:
        held = unit.db.get_one(Edition, edition.id)
        motion = freezing.propose_freeze(unit, held, read(freezing.FreezeForm, SAFEKEEPING | form), by=first)
        return freezing.confirm_freeze(unit, held, motion, by=second)


def close_and_open(cast: Cast, edition: Edition, *, at: datetime) -> Opening:
    """Let the worker close the box after the vote, then open it with two shares."""
    first, second = members(cast)
    with work(cast.engine, now=at) as unit:
        held = unit.db.get_one(Edition, edition.id)
        sequencing.tend(unit, held)
        motion = opening.propose_opening(unit, held, by=first)
        return opening.confirm_opening(unit, held, motion, shares()[:2], by=second)

"""How a ballot becomes the entry that the box keeps: sealed here on arrival, or sealed already by the voter's own browser."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.messages import say
from app.core.problems import Invalid
from app.core.transparency import (
    Broken,
    Changeable,
    change_secret,
    commitment,
    fits,
    leaf_hash,
    padded_ballot,
    seal,
    sealing_seed,
    tracking_code,
)

NOT_SEALED = say("This ballot was not sealed for this vote, so it was not recorded. Go back to your choices and check them again.")


@dataclass(frozen=True)
class Facts:
    """What casting needs to know of a box; nothing of it changes once the vote is frozen."""

    key: bytes
    public_key: bytes
    election_hash: str
    ballot_bytes: int
    changeable: bool
    merge_by: str


@dataclass(frozen=True)
class Cast:
    """An entry ready for the box, the leaf hash that stands for it, and the secret with which its holder may replace it, if allowed."""

    entry: bytes
    leaf: str
    secret: str = ""

    @property
    def tracking_code(self) -> str:
        """The sixteen letters of the receipt."""
        return tracking_code(self.leaf)


@dataclass(frozen=True)
class Replacing:
    """The ballot to be replaced: its leaf hash, and the secret that its receipt bore (both hexadecimal)."""

    leaf: str
    secret: str


def sealed_here(facts: Facts, choices: Sequence[str], seed: str, replacing: Replacing | None = None) -> Cast:
    """Seal a ballot on arrival. The same choices and seed give the same bytes."""
    padded = padded_ballot(choices, facts.ballot_bytes)
    sealed = seal(padded, facts.public_key, bytes.fromhex(facts.election_hash), sealing_seed(seed)).raw
    return _entry(facts, sealed, change_secret(seed).hex() if facts.changeable else "", replacing)


def sealed_there(facts: Facts, sealed: str, secret: str = "", replacing: Replacing | None = None) -> Cast:
    """Take a ballot that the browser sealed: base 64, of exactly the size of every ballot. Raises Invalid.

    `secret` is what the browser drew for a later change (32 hexadecimal letters), where that is allowed.
    """
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid({"": NOT_SEALED}) from None
    if not fits(raw, facts.ballot_bytes) or (facts.changeable and not is_secret(secret)):
        raise Invalid({"": NOT_SEALED})
    return _entry(facts, raw, secret if facts.changeable else "", replacing)


def is_secret(text: str) -> bool:
    """Whether this is written like the secret of a change."""
    return len(text) == 32 and all(sign in "0123456789abcdef" for sign in text)


def commitment_in(entry: bytes) -> str:
    """The commitment to the secret that may replace this entry; empty where it cannot be replaced."""
    try:
        return Changeable.read(entry).commitment
    except Broken:
        return ""


def _entry(facts: Facts, sealed: bytes, secret: str, replacing: Replacing | None) -> Cast:
    entry = sealed
    if facts.changeable:
        old = (replacing.leaf, replacing.secret) if replacing else ("", "")
        entry = Changeable(sealed, commitment(bytes.fromhex(secret)), *old).raw
    return Cast(entry, leaf_hash(entry).hex(), secret)

"""One ballot on its way into the log: its canonical text, its size, what is derived from the voter's seed, and the entry that is logged.

Everything that is random about a ballot comes from the seed that travels with the voter's form, so that sending the form again makes
the same bytes, whether they are sealed in the browser or on arrival.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.transparency.canonical import canonical
from app.core.transparency.promises import CROCKFORD
from app.core.transparency.seals import KEY_BYTES, TAG_BYTES, Broken, Sealed, pad

SECRET_BYTES = 16
LEAST_BATCH = 20
"""So many ballots at least go into the log together, and so many always wait until the closing, so that the last batch is large too."""

STEP = 64
"""Ballots are padded to a multiple of this, so that the size says little of how many projects an edition has."""


def plain_ballot(choices: Iterable[str]) -> bytes:
    """The canonical text of a ballot: its choices, sorted."""
    return canonical({"choices": sorted(choices)})


def padded_ballot(choices: Iterable[str], size: int) -> bytes:
    """The text of a ballot filled up to `size` bytes. Raises ValueError where it does not fit."""
    return pad(plain_ballot(choices), size)


def size_for(largest: Sequence[str]) -> int:
    """The size in bytes that holds any ballot, if none is longer than the one with these entries (see `BallotStyle.largest`)."""
    return -(-(len(plain_ballot(largest)) + 1) // STEP) * STEP


def sealing_seed(seed: str) -> bytes:
    """The 32 bytes from which a ballot is sealed, made of the seed in the voter's form (ASCII)."""
    return hashlib.sha256(b"quotepart-seed/1" + seed.encode("ascii")).digest()


def change_secret(seed: str) -> bytes:
    """The 16 bytes that let their holder replace this ballot, where the edition allows it: printed on the receipt, kept nowhere."""
    return hashlib.sha256(b"quotepart-change/1" + seed.encode("ascii")).digest()[:SECRET_BYTES]


@dataclass(frozen=True)
class Changeable:
    """An entry of an edition whose votes may be changed.

    `commitment` is the SHA-256 of the secret that may replace it; `replaces` the leaf hash of the ballot that this one replaces, and
    `proof` the secret that was committed to there; both empty for a first ballot. All hexadecimal.
    """

    sealed: bytes
    commitment: str
    replaces: str = ""
    proof: str = ""

    @property
    def raw(self) -> bytes:
        """The bytes of the entry."""
        sealed = base64.b64encode(self.sealed).decode()
        return canonical({"change": self.commitment, "proof": self.proof, "replaces": self.replaces, "sealed": sealed})

    @classmethod
    def read(cls, raw: bytes) -> Changeable:
        """The entry in these bytes. Raises Broken unless they are exactly those that `raw` writes."""
        try:
            value = json.loads(raw)
            found = cls(base64.b64decode(value["sealed"], validate=True), value["change"], value["replaces"], value["proof"])
            whole = found.raw == raw
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
            raise Broken("not an entry of the log of this edition") from None
        if not whole or not _is_hex(found.commitment, 32) or bool(found.replaces) != bool(found.proof):
            raise Broken("not an entry of the log of this edition")
        if found.replaces and not (_is_hex(found.replaces, 32) and _is_hex(found.proof, SECRET_BYTES)):
            raise Broken("not an entry of the log of this edition")
        return found

    @property
    def proves(self) -> str:
        """The commitment that the proof opens, empty for a first ballot."""
        return commitment(bytes.fromhex(self.proof)) if self.proof else ""


def commitment(secret: bytes) -> str:
    """What an entry says of the secret that may replace it."""
    return hashlib.sha256(secret).hexdigest()


def as_letters(secret: str) -> str:
    """A secret of 16 bytes (32 hexadecimal letters) as 26 letters of Crockford's base 32, for people to copy."""
    number = int(secret, 16) << 2
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def from_letters(letters: str) -> str:
    """The secret in 26 letters, as 32 hexadecimal letters. Raises ValueError for anything else."""
    if len(letters) != 26 or any(sign not in CROCKFORD for sign in letters):
        raise ValueError("a change code has 26 letters")
    number = 0
    for sign in letters:
        number = number << 5 | CROCKFORD.index(sign)
    return f"{number >> 2:032x}"


def sealed_in(entry: bytes, *, changeable: bool) -> Sealed:
    """The sealed ballot in an entry of the log. Raises Broken."""
    return Sealed.read(Changeable.read(entry).sealed if changeable else entry)


def fits(sealed: bytes, ballot_bytes: int) -> bool:
    """Whether sealed bytes have the one size that every sealed ballot of the edition has."""
    return len(sealed) == KEY_BYTES + ballot_bytes + TAG_BYTES


def _is_hex(text: object, size: int) -> bool:
    return isinstance(text, str) and len(text) == 2 * size and all(sign in "0123456789abcdef" for sign in text)

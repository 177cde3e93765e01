"""The receipt: a signed promise that one leaf will be in the log by a stated minute. Whoever holds one and misses the leaf has proof."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.core.transparency.canonical import canonical

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
KIND = "quotepart-receipt/1"


@dataclass(frozen=True)
class Promise:
    """What is promised: the leaf hash (64 hexadecimal letters) will be in the log of this election by `merge_by` (UTC, to the minute)."""

    election_hash: str
    leaf: str
    merge_by: str

    @property
    def signed(self) -> bytes:
        """The bytes that are signed."""
        return canonical({"election_hash": self.election_hash, "kind": KIND, "leaf": self.leaf, "merge_by": self.merge_by})

    @property
    def tracking_code(self) -> str:
        """Sixteen letters for people."""
        return tracking_code(self.leaf)


def tracking_code(leaf: str) -> str:
    """The first 80 bits of a leaf hash as sixteen letters of Crockford's base 32."""
    number = int(leaf[:20], 16)
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(75, -1, -5))


def leaf_beginning(code: str) -> str:
    """The first twenty hexadecimal letters of the leaf hash that a tracking code stands for. Raises ValueError for what is no code."""
    if len(code) != 16 or any(sign not in CROCKFORD for sign in code):
        raise ValueError("a tracking code has sixteen letters")
    number = 0
    for sign in code:
        number = number << 5 | CROCKFORD.index(sign)
    return f"{number:020x}"


def sign_promise(promise: Promise, key: Ed25519PrivateKey) -> str:
    """The signature, base 64: the same for the same promise, so that a resend gives the same receipt."""
    return base64.b64encode(key.sign(promise.signed)).decode()


def is_signed(promise: Promise, signature: str, key: Ed25519PublicKey) -> bool:
    """Whether this signature is that of the key on this promise. Never raises."""
    try:
        key.verify(base64.b64decode(signature, validate=True), promise.signed)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True

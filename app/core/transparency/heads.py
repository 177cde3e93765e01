"""Signed tree heads: what the log says it holds, in a text that people can read and programs can check.

Format: a signed note with the three lines of a log checkpoint (origin, size, root) and one line more, the election hash, as
specified by the C2SP project ("signed-note", "tlog-checkpoint", "tlog-cosignature", 2024). Signatures are Ed25519 (RFC 8032).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNATURE, COSIGNATURE = 0x01, 0x04
"""The kinds of key of the format: plain Ed25519, and a witness's Ed25519 over the note and a time."""


@dataclass(frozen=True)
class Head:
    """A tree head: whose log, how many leaves, their root (32 bytes), the hash of the frozen definition and the minute of signing (UTC)."""

    origin: str
    size: int
    root: bytes
    election_hash: str
    minute: str

    @property
    def text(self) -> str:
        """The lines that are signed, each ended by a line feed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n{self.election_hash}\n{self.minute}\n"

    @classmethod
    def read(cls, text: str) -> Head:
        """The head in the lines that are signed. Raises ValueError where they are not exactly those of a head."""
        lines = text.split("\n")
        if len(lines) != 6 or lines[5] or not lines[1].isascii() or not lines[1].isdigit():
            raise ValueError("these are not the lines of a tree head")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except binascii.Error:
            raise ValueError("the root is not written in base 64") from None
        head = cls(lines[0], int(lines[1]), root, lines[3], lines[4])
        if head.text != text or len(root) != 32:
            raise ValueError("these are not the lines of a tree head")
        return head


@dataclass(frozen=True)
class Signature:
    """One line of a signed note: who signed, with which key (4 bytes of its hash), and the bytes."""

    name: str
    key_id: bytes
    data: bytes

    @property
    def line(self) -> str:
        """The line as it stands in the note."""
        return f"\u2014 {self.name} {base64.b64encode(self.key_id + self.data).decode()}\n"


@dataclass(frozen=True)
class Note:
    """A text and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(one.line for one in self.signatures)

    @classmethod
    def read(cls, text: str) -> Note:
        """The note written like this. Raises ValueError where it is none."""
        body, found, tail = text.rpartition("\n\n")
        if not found or not tail.endswith("\n"):
            raise ValueError("this is not a signed note")
        return cls(body + "\n", tuple(_signature(line) for line in tail[:-1].split("\n")))

    def signed_by(self, name: str, key: Ed25519PublicKey) -> bool:
        """Whether this name signed the text with this key. A signature of that key that does not hold makes it False."""
        wanted = key_id(name, key, SIGNATURE)
        found = [one for one in self.signatures if one.name == name and one.key_id == wanted]
        return bool(found) and all(_holds(key, one.data, self.text.encode()) for one in found)

    def cosigned_by(self, name: str, key: Ed25519PublicKey) -> int | None:
        """When (seconds since 1970) the witness of this name co-signed; None if it did not, or if its signature does not hold."""
        wanted = key_id(name, key, COSIGNATURE)
        for one in self.signatures:
            if one.name == name and one.key_id == wanted and len(one.data) == 72:
                at = int.from_bytes(one.data[:8], "big")
                return at if _holds(key, one.data[8:], _cosigned(self.text, at)) else None
        return None


def sign(text: str, name: str, key: Ed25519PrivateKey) -> Note:
    """The note of this text with the signature of `name`."""
    signature = Signature(name, key_id(name, key.public_key(), SIGNATURE), key.sign(text.encode()))
    return Note(text, (signature,))


def cosign(note: Note, name: str, key: Ed25519PrivateKey, at: int) -> Note:
    """The note with a witness's signature added; `at` in seconds since 1970."""
    data = at.to_bytes(8, "big") + key.sign(_cosigned(note.text, at))
    return Note(note.text, (*note.signatures, Signature(name, key_id(name, key.public_key(), COSIGNATURE), data)))


def cosign_line(note: Note, name: str) -> str:
    """The last line in a note that bears this name, as it stands there. Raises ValueError where there is none."""
    found = [one.line for one in note.signatures if one.name == name]
    if not found:
        raise ValueError("nobody of this name signed")
    return found[-1]


def key_id(name: str, key: Ed25519PublicKey, kind: int) -> bytes:
    """The first 4 bytes of SHA-256 over name, line feed, kind and key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + key.public_bytes_raw()).digest()[:4]


def witnesses_of(note: Note, keys: Mapping[str, Ed25519PublicKey]) -> Sequence[str]:
    """The names among `keys` whose cosignature on the note holds."""
    return [name for name, key in keys.items() if note.cosigned_by(name, key) is not None]


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _holds(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _signature(line: str) -> Signature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or not parts[1] or "+" in parts[1]:
        raise ValueError("this is not a line of a signature")
    try:
        raw = base64.b64decode(parts[2], validate=True)
    except binascii.Error:
        raise ValueError("a signature is not written in base 64") from None
    if len(raw) < 5:
        raise ValueError("a signature is too short")
    return Signature(parts[1], raw[:4], raw[4:])

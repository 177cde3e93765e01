"""The entries of the log: a sealed ballot alone, or with what it needs to replace an earlier one."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.messages import say
from app.core.verification.bundle import Bundle, Malformed, compact, json_object
from app.core.verification.definition import Definition
from app.core.verification.shapes import expect, shaped, unbase64, unhex

FILE = "log.jsonl"
SECRET_BYTES = 16


@dataclass(frozen=True)
class Change:
    """What an entry says of changes: `promise` hashes its own secret, `replaces` is a leaf, `proof` the secret of that one."""

    promise: bytes
    replaces: bytes | None
    proof: bytes


@dataclass(frozen=True)
class Entry:
    """One entry: the sealed ballot, and its `change` where the election lets residents change their vote."""

    sealed: bytes
    change: Change | None = None


def entry_bytes(sealed: bytes, secret: bytes, *, replaces: str = "", proof: str = "") -> bytes:
    """The entry of a ballot that may be changed later by whoever knows `secret` (16 bytes); `replaces` and `proof` in hexadecimal."""
    promise = hashlib.sha256(secret).hexdigest()
    value = {"change": promise, "proof": proof, "replaces": replaces, "sealed": base64.b64encode(sealed).decode()}
    return compact(value)[:-1]


def read_entry(raw: bytes, definition: Definition) -> Entry:
    """The entry in these bytes. Raises ValueError where it is none of this election."""
    if not definition.change_of_vote:
        return Entry(_sized(raw, definition))
    value = json_object(raw + b"\n", FILE, 0)
    if not shaped(value, {"sealed": str, "change": str, "replaces": str, "proof": str}) or bool(value["replaces"]) != bool(value["proof"]):
        raise ValueError("not an entry of an election with changes of vote")
    replaces = unhex(value["replaces"], 32) if value["replaces"] else None
    proof = unhex(value["proof"], SECRET_BYTES) if value["proof"] else b""
    return Entry(_sized(unbase64(value["sealed"]), definition), Change(unhex(value["change"], 32), replaces, proof))


def _sized(sealed: bytes, definition: Definition) -> bytes:
    if len(sealed) != definition.sealed_bytes:
        raise ValueError("not the size of a sealed ballot of this election")
    return sealed


def raw_entries(bundle: Bundle) -> Iterator[tuple[int, bytes]]:
    """(index, bytes) of each entry of log.jsonl. Raises Malformed where a line is none, or lines are not numbered from 0."""
    for number, row in bundle.rows(FILE):
        expect(shaped(row, {"index": int, "entry": str}), FILE, number)
        if row["index"] != number - 1:
            raise Malformed(FILE, number, say("the ballots must be numbered from 0 in the order of the log."))
        try:
            yield number - 1, unbase64(row["entry"])
        except ValueError:
            raise Malformed(FILE, number, say("the entry is not written in base 64.")) from None

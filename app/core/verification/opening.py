"""How the sealed ballots are opened: by the key of the bureau, by one opening for each ballot that counts, or not in public."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.core.messages import say
from app.core.transparency import Broken, Sealed, agreed, leaf_hash, unseal, unseal_with
from app.core.verification.ballots import Published, choices_in, fault_of
from app.core.verification.bundle import Bundle, Malformed, compact
from app.core.verification.chains import replaced_in
from app.core.verification.definition import Definition
from app.core.verification.entries import read_entry
from app.core.verification.shapes import shaped, unhex

FILE = "opening.json"


@dataclass(frozen=True)
class Opening:
    """What opens the ballots: the private key (32 bytes), or what was agreed for each index, or nothing but a commitment."""

    key: X25519PrivateKey | None = None
    agreed: Mapping[int, bytes] | None = None
    commitment: bytes | None = None

    def choices(self, index: int, sealed: bytes, public: bytes, info: bytes) -> tuple[str, ...] | None:
        """The choices sealed in a ballot, None where it does not open to any. Raises KeyError where this ballot has no opening."""
        try:
            if self.key is not None:
                return choices_in(unseal(Sealed.read(sealed), self.key, info))
            return choices_in(unseal_with(Sealed.read(sealed), (self.agreed or {})[index], public, info))
        except Broken:
            return None


def read_opening(bundle: Bundle) -> Opening:
    """The opening in opening.json. Raises Malformed."""
    value = bundle.value(FILE)
    try:
        match value:
            case {"mode": "open", "key": key} if len(value) == 2:
                return Opening(key=X25519PrivateKey.from_private_bytes(unhex(key, 32)))
            case {"mode": "open", "openings": list(rows)} if len(value) == 2:
                return Opening(agreed=_agreed(rows))
            case {"mode": "discreet", "commitment": commitment} if len(value) == 2:
                return Opening(commitment=unhex(commitment, 32))
    except ValueError as fault:
        if isinstance(fault, Malformed):
            raise
    raise Malformed(FILE, 0, say("this tells neither a key, nor openings of single ballots, nor a commitment."))


def _agreed(rows: Sequence[Any]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for row in rows:
        if not isinstance(row, dict) or not shaped(row, {"index": int, "shared": str}) or row["index"] <= max(found, default=-1):
            raise ValueError("not an opening, or not in the order of the log")
        found[row["index"]] = unhex(row["shared"], 32)
    return found


def open_all(definition: Definition, info: bytes, entries: Sequence[bytes], private: X25519PrivateKey) -> list[Published]:
    """Every ballot of a closed log in its order, read with the opening key: what the city counts. Raises ValueError on a strange entry."""
    read = [read_entry(raw, definition) for raw in entries]
    replaced = replaced_in([leaf_hash(raw) for raw in entries], [one.change for one in read])
    opening, public = Opening(key=private), bytes.fromhex(definition.keys.opening)
    lines = []
    for index, entry in enumerate(read):
        if index in replaced:
            lines.append(Published(replaced_by=replaced[index]))
            continue
        choices = opening.choices(index, entry.sealed, public, info)
        reason = "unreadable" if choices is None else fault_of(choices, definition)
        lines.append(Published(invalid=reason) if reason else Published(choices=choices))
    return lines


def opening_value(
    definition: Definition, entries: Sequence[bytes], lines: Sequence[Published], private: X25519PrivateKey, secret: bytes = b""
) -> dict[str, Any]:
    """What opening.json says, by the mode of the election; made once, where the key is. `secret`: 32 random bytes, discreet mode.

    With changes of vote only the ballots that count are opened, and each alone: the key would open what residents took back.
    """
    if definition.publication == "discreet":
        if len(secret) != 32:
            raise ValueError("a commitment needs 32 random bytes")
        return {"mode": "discreet", "commitment": commitment_of(lines, secret)}
    if not definition.change_of_vote:
        return {"mode": "open", "key": private.private_bytes_raw().hex()}
    counted = [index for index, line in enumerate(lines) if line.replaced_by is None]
    openings = [{"index": index, "shared": _shared(read_entry(entries[index], definition).sealed, private)} for index in counted]
    return {"mode": "open", "openings": openings}


def _shared(sealed: bytes, private: X25519PrivateKey) -> str:
    try:
        return agreed(Sealed.read(sealed), private).hex()
    except Broken:
        return bytes(32).hex()  # No key can be agreed with such a ballot: nothing opens it, zeros neither.


def commitment_of(lines: Sequence[Published], secret: bytes) -> str:
    """What binds the bureau to the list in the order of the log without showing it: SHA-256 over its hash and the secret."""
    hashed = hashlib.sha256()
    for index, line in enumerate(lines):
        hashed.update(compact(line.row(index)))
    return hashlib.sha256(hashed.digest() + secret).hexdigest()

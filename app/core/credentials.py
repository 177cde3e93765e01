"""Voting credentials and tracking codes: who may vote, without saying who.

A credential is made of a serial drawn from the registrar's key and one line of the roll, and of a seal that the
ballot box can check with its own key. Asking again gives the same credential, so nothing is marked at issue; the
box learns from it only that the registrar made it. (security.md 2.3; design.md section 6.)
"""

from __future__ import annotations

import hashlib
import hmac
import json

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
SERIAL_BYTES, SEAL_BYTES = 16, 16


def keyed(key: bytes, *parts: str) -> bytes:
    """HMAC-SHA-256 over parts that cannot run into one another."""
    return hmac.new(key, json.dumps(parts, ensure_ascii=False).encode(), hashlib.sha256).digest()


def issue(registrar_key: bytes, box_key: bytes, edition: str, line: str) -> str:
    """The credential of one line of the roll: 64 hexadecimal characters, the same each time it is asked for."""
    serial = keyed(registrar_key, "credential", edition, line)[:SERIAL_BYTES]
    return (serial + _seal(box_key, edition, serial)).hex()


def is_genuine(box_key: bytes, edition: str, credential: str) -> bool:
    """Whether the registrar made this credential for this edition. Compared in constant time; never raises."""
    try:
        raw = bytes.fromhex(credential)
    except ValueError:
        return False
    serial, seal = raw[:SERIAL_BYTES], raw[SERIAL_BYTES:]
    return len(raw) == SERIAL_BYTES + SEAL_BYTES and hmac.compare_digest(seal, _seal(box_key, edition, serial))


def spent_mark(box_key: bytes, edition: str, credential: str) -> str:
    """What the box keeps of a spent credential: a keyed hash, 64 hexadecimal characters."""
    return keyed(box_key, "spent", edition, credential).hex()


def _seal(box_key: bytes, edition: str, serial: bytes) -> bytes:
    return keyed(box_key, "seal", edition, serial.hex())[:SEAL_BYTES]


def readable(code: str) -> str:
    """A code in groups of four: "abcd efgh jkmn pqrs"."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def normalised(code: str) -> str:
    """A code as typed by people: spaces and hyphens dropped, lower case, o read as 0, i and l as 1."""
    return "".join({"o": "0", "i": "1", "l": "1"}.get(sign, sign) for sign in code.lower() if sign not in " -\u00a0\u202f")

"""V1: the files are those whose sums the city signed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.core.messages import say, say_count
from app.core.verification.bundle import REQUIRED, SIGNATURE, SUMS, Bundle
from app.core.verification.checks import Findings
from app.core.verification.shapes import unbase64

BLOCK = 1024 * 1024


def sums_of(files: Mapping[str, str]) -> bytes:
    """The bytes of SHA256SUMS for name -> hexadecimal hash, as the tool sha256sum writes them, sorted by name."""
    return "".join(f"{files[name]}  {name}\n" for name in sorted(files)).encode()


def check_sums(bundle: Bundle, key: Callable[[], str], found: Findings) -> None:
    """V1. `key` gives the log's public key of the definition, asked for last: sums hold or not without it. Raises Malformed."""
    hashes = {name: _sha256(bundle, name) for name in sorted(bundle.names - {SUMS, SIGNATURE})}
    told = bundle.whole(SUMS)
    listed = dict(_listed(told))
    for name, hash in hashes.items():
        if name not in listed:
            found.fault(say("%(file)s does not stand in the list of sums.", file=name))
        elif listed[name] != hash:
            found.fault(say("%(file)s is not the file whose sum stands in the list: it was changed.", file=name))
    for name in sorted({*listed, *REQUIRED} - {*hashes, SUMS, SIGNATURE}):
        found.fault(say("%(file)s: this file is missing.", file=name[:100]))
    if found.faultless:
        found.expect(told == sums_of(hashes), say("The list of sums is not written in the one way of writing it."))
    found.expect(_signed(told, bundle.whole(SIGNATURE), key()), say("The list of sums is not signed with the key of the log."))
    found.note(say_count("%(count)d file was compared with its sum.", "%(count)d files were compared with their sums.", len(hashes)))


def _sha256(bundle: Bundle, name: str) -> str:
    hashed = hashlib.sha256()
    with bundle.reading(name) as file:
        while block := file.read(BLOCK):
            hashed.update(block)
    return hashed.hexdigest()


def _listed(told: bytes) -> list[tuple[str, str]]:
    lines = [line.partition("  ") for line in told.decode("utf-8", "replace").split("\n") if line]
    return [(name, hash) for hash, _, name in lines]


def _signed(told: bytes, signature: bytes, key: str) -> bool:
    try:
        if not signature.endswith(b"\n"):
            return False
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(unbase64(signature[:-1].decode()), told)
    except (InvalidSignature, ValueError):
        return False
    return True

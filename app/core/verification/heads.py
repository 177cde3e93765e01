"""V2 and V3: the signed heads of both logs name this definition, only ever grew, and were seen by witnesses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.core.messages import say, say_count
from app.core.transparency import Head, Note, verify_consistency, witnesses_of
from app.core.transparency.heads import COSIGNATURE, key_id
from app.core.verification.bundle import Bundle, Malformed
from app.core.verification.checks import Findings
from app.core.verification.definition import Definition
from app.core.verification.shapes import expect, shaped, unbase64

BALLOTS, ACTS = "sths.jsonl", "acts_sths.jsonl"
ACTS_ORIGIN = "/acts"
"""What the log of civic acts adds to the origin of the log of ballots."""


@dataclass(frozen=True)
class SignedHead:
    """A head with its signatures, and the proof that its log begins with the one of the head before."""

    note: Note
    head: Head
    consistency: tuple[bytes, ...]


def read_heads(bundle: Bundle, name: str) -> tuple[SignedHead, ...]:
    """The heads of a file, oldest first. Raises Malformed."""
    found = []
    for number, row in bundle.rows(name):
        expect(shaped(row, {"note": str, "consistency": list}), name, number)
        try:
            note = Note.read(row["note"])
            head = SignedHead(note, Head.read(note.text), tuple(unbase64(step) for step in row["consistency"]))
            expect(str(note) == row["note"], name, number)
        except ValueError as fault:
            if isinstance(fault, Malformed):
                raise
            raise Malformed(name, number, say("this is no signed head with its proof.")) from None
        found.append(head)
    return tuple(found)


def check_definition(definition: Definition, hash: str, heads: Sequence[SignedHead], acts: Sequence[SignedHead], found: Findings) -> None:
    """V2: every head of the ballots bears the hash of the definition; so does every head of the acts since the freeze."""
    for at, one in enumerate(heads, 1):
        wrong = say("Head %(head)d of the log of ballots names another definition (%(hash)s).", head=at, hash=one.head.election_hash[:64])
        found.expect(one.head.election_hash == hash, wrong)
    frozen = False
    for at, one in enumerate(acts, 1):
        wrong = say("Head %(head)d of the log of acts names another definition (%(hash)s).", head=at, hash=one.head.election_hash[:64])
        found.expect(one.head.election_hash == hash or (not frozen and one.head.election_hash == ""), wrong)
        frozen = frozen or one.head.election_hash != ""
    found.note(
        say(
            "The hash of the definition is %(hash)s. Compare it with the one on your receipt, or in what the city published "
            "before the vote: whoever replaces the whole bundle cannot keep it.",
            hash=hash,
        )
    )


def check_heads(definition: Definition, heads: Sequence[SignedHead], acts: Sequence[SignedHead], found: Findings) -> None:
    """V3: signatures, growth and cosignatures of all heads."""
    _grew(definition, heads, definition.origin, BALLOTS, found)
    _grew(definition, acts, definition.origin + ACTS_ORIGIN, ACTS, found)
    if not heads:
        found.fault(say("There is no signed head of the log of ballots."))
        return
    last = _minute(heads[-1].head)
    if last is not None and last < definition.closes.replace(second=0, microsecond=0):
        found.fault(say("The last head was signed before the vote closed: the end of the log is missing."))
    _witnessed(definition, heads[-1].note, found)
    found.note(say_count("%(count)d head of the log of ballots was read.", "%(count)d heads of the log of ballots were read.", len(heads)))


def _grew(definition: Definition, heads: Sequence[SignedHead], origin: str, file: str, found: Findings) -> None:
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(definition.keys.log))
    for at, one in enumerate(heads, 1):
        head, earlier = one.head, heads[at - 2].head if at > 1 else None
        if head.origin != origin or not one.note.signed_by(origin, key):
            found.fault(say("%(file)s, head %(head)d: the signature of the log does not hold.", file=file, head=at))
        _cosignatures_hold(definition, one.note, file, at, found)
        if earlier is None:
            found.expect(not one.consistency, say("%(file)s: the first head needs no proof, and has one.", file=file))
        elif not _follows(earlier, head, one.consistency):
            found.fault(
                say("%(file)s, head %(head)d: the log does not begin with the one signed before; it was changed.", file=file, head=at)
            )
        minute, before = _minute(head), None if earlier is None else _minute(earlier)
        if minute is None:
            found.fault(say("%(file)s, head %(head)d: its minute cannot be read.", file=file, head=at))
        elif before is not None and minute < before:
            found.fault(say("%(file)s, head %(head)d: it is older than the one before it.", file=file, head=at))


def _follows(earlier: Head, head: Head, proof: Sequence[bytes]) -> bool:
    if earlier.size == 0:
        return not proof and (head.size > 0 or head.root == earlier.root)
    return verify_consistency(earlier.size, earlier.root, head.size, head.root, proof)


def _minute(head: Head) -> datetime | None:
    try:
        minute = datetime.fromisoformat(head.minute)
    except ValueError:
        return None
    return minute if minute.tzinfo is not None else None


def _cosignatures_hold(definition: Definition, note: Note, file: str, at: int, found: Findings) -> None:
    for witness in definition.witnesses:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(witness.key))
        signs = any(one.name == witness.name and one.key_id == key_id(witness.name, key, COSIGNATURE) for one in note.signatures)
        if signs and note.cosigned_by(witness.name, key) is None:
            found.fault(
                say("%(file)s, head %(head)d: the signature of %(witness)s does not hold.", file=file, head=at, witness=witness.name)
            )


def _witnessed(definition: Definition, note: Note, found: Findings) -> None:
    """More than half of the witnesses: two different logs can then not both be signed unless a witness signs both."""
    keys = {one.name: Ed25519PublicKey.from_public_bytes(bytes.fromhex(one.key)) for one in definition.witnesses}
    if not keys:
        found.note(say("This election has no witnesses: that the city keeps one log only rests on the receipts."))
        return
    signed = witnesses_of(note, keys)
    absent = tuple(name for name in keys if name not in signed)
    if 2 * len(signed) <= len(keys):
        found.fault(
            say(
                "Only %(signed)d of %(named)d witnesses signed the last head; more than half must. Missing: %(absent)s.",
                signed=len(signed),
                named=len(keys),
                absent=absent,
            )
        )
    elif absent:
        found.note(say("These witnesses did not sign the last head: %(absent)s. Ask them why.", absent=absent))
    if signed:
        found.note(say("The last head was also signed by: %(witnesses)s.", witnesses=tuple(signed)))

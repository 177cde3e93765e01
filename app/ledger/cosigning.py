"""Taking the signature of a witness on one of our heads: only of a witness that was named at the freeze, only on what we signed."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.core.messages import say
from app.core.problems import Invalid
from app.core.transparency import Head, Note
from app.ledger.log import keep_cosignature
from app.ledger.models import Log
from app.ledger.proofs import head_at
from app.unit import Work

NO_NOTE = say("This is not a signed head of a log.")
OTHER_LOG = say("This head is of another log. Nothing was kept.")
NOT_OURS = say("This log has signed no such head: it differs from ours. Keep it: if it bears our signature, it is evidence.")
NO_WITNESS = say("None of the witnesses named in the frozen definition has signed this head. Nothing was kept.")
BAD_SIGNATURE = say("The signature of this witness does not hold, by the key in the frozen definition. Nothing was kept.")


def take_cosignature(work: Work, log: Log, text: str, witnesses: Mapping[str, bytes]) -> list[str]:
    """Keep the lines of these witnesses (name -> Ed25519 public key) on one of our heads; returns who signed. Raises Invalid."""
    try:
        note = Note.read(text)
        head = Head.read(note.text)
    except ValueError:
        raise Invalid({"": NO_NOTE}) from None
    if head.origin != log.origin:
        raise Invalid({"": OTHER_LOG})
    ours = head_at(work, log, head.size)
    if ours is None or Note.read(ours.note).text != note.text:
        raise Invalid({"": NOT_OURS})
    named = [one for one in note.signatures if one.name in witnesses]
    if not named:
        raise Invalid({"": NO_WITNESS})
    # A note may bear several lines of one name: each is judged alone, and only one that holds is kept.
    alone = [(one.name, Note(note.text, (one,))) for one in named]
    held = {name: line for name, line in alone if line.cosigned_by(name, Ed25519PublicKey.from_public_bytes(witnesses[name])) is not None}
    if not held:
        raise Invalid({"": BAD_SIGNATURE})
    for name, line in held.items():
        keep_cosignature(work, ours, name, line)
    return sorted(held)

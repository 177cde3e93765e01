"""What a witness decides about a new head of a log: co-sign it, or refuse it and say why.

A witness remembers one note of each log and signs only what continues it, so that a log cannot show different people different
histories while one witness is honest. Source: the C2SP specifications "tlog-witness" and "tlog-cosignature" (2024).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.core.messages import Message, say
from app.core.transparency.heads import Head, Note
from app.core.transparency.merkle import EMPTY, verify_consistency


class Refusal(StrEnum):
    """Why a head is refused."""

    FORM = "form"
    ORIGIN = "origin"
    SIGNATURE = "signature"
    ELECTION = "election"
    ROLLBACK = "rollback"
    FORK = "fork"

    @property
    def is_evidence(self) -> bool:
        """Whether the log's own signature stands under what is wrong, so that others can be shown it."""
        return self in (Refusal.ELECTION, Refusal.ROLLBACK, Refusal.FORK)


@dataclass(frozen=True)
class Watched:
    """A log to be watched: its origin, its key, and the hash of the definition (64 hexadecimal letters).

    `before_freeze`: heads may also bear no hash, until one bears it (the log of civic acts begins before the definition is frozen).
    """

    origin: str
    key: Ed25519PublicKey
    election_hash: str
    before_freeze: bool = False


@dataclass(frozen=True)
class Verdict:
    """A witness's answer: `refusal` is None where it co-signs; the sentence says why in either case."""

    refusal: Refusal | None
    sentence: Message

    @property
    def cosigns(self) -> bool:
        """Whether the witness signs."""
        return self.refusal is None


def judge(watched: Watched, seen: Note | None, new: Note, proof: Sequence[bytes]) -> Verdict:
    """Whether to co-sign `new`, when the last note co-signed of this log was `seen` (None: none yet).

    `proof` leads from the tree of `seen` to that of `new`; it is not read where `needs_proof` says that none is needed. Never raises.
    """
    head = head_of(new)
    if head is None or (head.size == 0 and head.root != EMPTY):
        return _refused(Refusal.FORM, say("What the log shows is not a head of a log."))
    if head.origin != watched.origin:
        found = "".join(sign if sign.isprintable() else "?" for sign in head.origin[:100])
        sentence = say("This is the head of another log: “%(found)s” instead of “%(wanted)s”.", found=found, wanted=watched.origin)
        return _refused(Refusal.ORIGIN, sentence)
    if not new.signed_by(watched.origin, watched.key):
        return _refused(Refusal.SIGNATURE, say("The head is not signed with the key of the log, so anybody may have written it."))
    before = None if seen is None else head_of(seen)
    if seen is not None and (before is None or before.origin != watched.origin or not seen.signed_by(watched.origin, watched.key)):
        return _refused(Refusal.FORM, say("The head remembered from before is not one of this log: what the witness remembers is damaged."))
    if not _is_of_the_election(watched, before, head):
        return _refused(Refusal.ELECTION, say("The head names another definition of the election than the one frozen and published."))
    return _signs(None) if before is None else _continues(before, head, proof)


def needs_proof(seen: Note | None, new: Note) -> tuple[int, int] | None:
    """The two sizes between which a proof must be asked for, None where `judge` needs none."""
    before, after = None if seen is None else head_of(seen), head_of(new)
    if before is None or after is None or not 0 < before.size < after.size:
        return None
    return before.size, after.size


def head_of(note: Note) -> Head | None:
    """The head in a note, None where it holds none."""
    try:
        return Head.read(note.text)
    except ValueError:
        return None


def _is_of_the_election(watched: Watched, before: Head | None, head: Head) -> bool:
    if head.election_hash == watched.election_hash:
        return True
    return watched.before_freeze and head.election_hash == "" and (before is None or before.election_hash == "")


def _continues(before: Head, head: Head, proof: Sequence[bytes]) -> Verdict:
    sizes = {"before": before.size, "after": head.size}
    if head.size < before.size:
        return _refused(
            Refusal.ROLLBACK,
            say(
                "The log has grown shorter: it held %(before)d entries when this witness signed it, and shows %(after)d now. "
                "Either an old copy was put back, or entries were taken away.",
                **sizes,
            ),
        )
    if head.size == before.size:
        if head.root == before.root:
            return _signs(before)
        return _refused(
            Refusal.FORK,
            say(
                "The log shows two different histories of %(before)d entries each, both signed with its key.",
                before=before.size,
            ),
        )
    if before.size == 0 or verify_consistency(before.size, before.root, head.size, head.root, proof):
        return _signs(before)
    return _refused(
        Refusal.FORK,
        say(
            "The log of %(after)d entries does not begin with the %(before)d entries this witness signed: "
            "history was changed, or the proof given is wrong.",
            **sizes,
        ),
    )


def _signs(before: Head | None) -> Verdict:
    if before is None:
        return Verdict(None, say("The head is signed by the log; this witness had seen none before."))
    return Verdict(None, say("The head continues the one of %(before)d entries that this witness signed.", before=before.size))


def _refused(refusal: Refusal, sentence: Message) -> Verdict:
    return Verdict(refusal, sentence)

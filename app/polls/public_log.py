"""The public log of a vote as people read it: its heads and who co-signed them, the public acts, and one's own ballot in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.core.messages import Message, say
from app.core.transparency import Head, Note, witnesses_of
from app.editions.models import Edition
from app.ledger import log as ledger
from app.ledger.acts import acts_of
from app.ledger.models import Log, PublicAct
from app.ledger.proofs import Inclusion, inclusion
from app.polls.ballot_paper import paper_holding
from app.polls.frozen import Frozen
from app.unit import Work

ACT_WORDS: dict[str, Message] = {
    "freeze": say("Two members of the bureau froze the vote: its projects, its rules, its register and its keys."),
    "extension": say("Two people extended the vote."),
    "register": say("Two people changed the register."),
    "opening": say("Two members of the bureau opened the box, over the final head of the log."),
    "count": say("The ballots were counted."),
    "publication": say("Two people published the result."),
    "decision": say("The council decided on projects."),
}
"""Event -> what was done; the text that was logged stands beside it."""
OTHER_ACT = say("A public act.")


@dataclass(frozen=True)
class SeenHead:
    """A signed head: what it says, its whole note, and the witnesses whose signature on it holds."""

    head: Head
    note: str
    witnesses: tuple[str, ...]


@dataclass(frozen=True)
class ToldAct:
    """A public act in words; `text` is what was logged, None where it was erased, `place` None until it is in the log."""

    words: Message
    day: date
    text: str | None
    hash: str
    place: int | None


@dataclass(frozen=True)
class Mine:
    """One ballot found by its code: still in the box (`found` None), or in the log with the proof up to a head."""

    leaf: str
    found: Inclusion | None
    head: Head | None


def seen_heads(work: Work, frozen: Frozen, kind: str = "ballots") -> list[SeenHead]:
    """The signed heads of a log, the newest first."""
    log = ledger.log_of(work, frozen.edition.id or 0, kind)
    if log is None:
        return []
    keys = {name: Ed25519PublicKey.from_public_bytes(key) for name, key in frozen.witnesses.items()}
    return [_seen(note, keys) for note in reversed(ledger.notes_of(work, log))]


def _seen(text: str, keys: Mapping[str, Ed25519PublicKey]) -> SeenHead:
    note = Note.read(text)
    return SeenHead(Head.read(note.text), text, tuple(witnesses_of(note, keys)))


def told_acts(work: Work, edition: Edition) -> list[ToldAct]:
    """The public acts of an edition, the oldest first."""
    return [_told(act) for act in acts_of(work, edition.id or 0)]


def _told(act: PublicAct) -> ToldAct:
    return ToldAct(ACT_WORDS.get(act.event, OTHER_ACT), date.fromisoformat(act.day), act.text, act.hash, act.place)


def mine(work: Work, frozen: Frozen, typed: str) -> Mine | None:
    """The ballot that a tracking code stands for, None if it was cast in another vote. Raises Missing for a code of no ballot."""
    receipt, paper = paper_holding(work, typed)
    log = ledger.log_of(work, frozen.edition.id or 0)
    if paper.edition_id != frozen.edition.id or log is None:
        return None
    if not receipt.logged:
        return Mine(receipt.leaf_hash, None, None)
    return Mine(receipt.leaf_hash, inclusion(work, log, receipt.leaf_hash, log.size), _newest(work, log))


def _newest(work: Work, log: Log) -> Head | None:
    head = ledger.newest_head(work, log)
    return Head.read(Note.read(head.note).text) if head else None

"""Opening the box: one act over exactly the final head of the log, after which its ballots can be counted. It happens once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import bindparam, select

from app.core.ballots import BallotStyle, Slate
from app.core.messages import say
from app.core.problems import Conflict, Invalid
from app.core.tally.progress import Told, untold
from app.core.transparency import Broken, Changeable, Sealed, agreed, leaf_hash, plain_ballot, sealed_in, unseal, unseal_with
from app.core.verification.ballots import Published
from app.core.verification.ballots import choices_in as choices_read
from app.core.verification.opening import commitment_of
from app.ledger import log as ledger
from app.unit import Work
from app.voting.box import ballots, boxes, facts_of, is_opened, lock
from app.voting.merging import final_log
from app.voting.models import Opening
from app.voting.paper import NullReason
from app.voting.sealing import Facts

AT_ONCE = 1000
WRONG_KEY = say(
    "These shares make another key than the one this vote was sealed with. "
    "Nothing was opened and no ballot is lost: enter the shares made for this vote."
)


class Mode(StrEnum):
    """What is published of the opened box."""

    OPEN = "open"
    DISCREET = "discreet"


@dataclass(frozen=True)
class Reader:
    """What the ballots of a vote are read by: the key, the style and the projects they must fit."""

    facts: Facts
    key: X25519PrivateKey
    style: BallotStyle
    candidates: Slate

    @property
    def info(self) -> bytes:
        """What every seal of this vote is bound to."""
        return bytes.fromhex(self.facts.election_hash)

    def read(self, sealed: Sealed, opening: bytes | None = None) -> tuple[bytes, str | None]:
        """The text of a ballot, and why it is null; a ballot that cannot be read at all has the text of a blank one."""
        try:
            choices = choices_read(self._unsealed(sealed, opening))
        except Broken:
            choices = None
        if choices is None:
            return plain_ballot(()), NullReason.UNREADABLE.value
        return plain_ballot(choices), self._why_null(choices)

    def _unsealed(self, sealed: Sealed, opening: bytes | None) -> bytes:
        if opening is None:
            return unseal(sealed, self.key, self.info)
        return unseal_with(sealed, opening, self.facts.public_key, self.info)

    def _why_null(self, choices: Sequence[str]) -> str | None:
        if self.style.named(choices) - self.candidates.costs.keys():
            return NullReason.UNKNOWN_MARK.value
        return NullReason.FORM.value if self.style.check(choices, self.candidates) else None


@dataclass(frozen=True)
class ReadLog:
    """What the sealed ballots of a complete log hold, in memory; `size` and `roots` say of which log."""

    size: int
    roots: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]


def read_log(
    work: Work, edition_id: int, key: X25519PrivateKey, *, style: BallotStyle, candidates: Slate, told: Told = untold
) -> ReadLog:  # fmt: skip
    """Unseal the final log, which takes a second for some thousand ballots. Nothing is written and nobody waits meanwhile.

    Raises Conflict (the log is not complete) and Invalid (the key is not that of this vote).
    """
    log, facts = final_log(work, edition_id), facts_of(work, edition_id)
    check_key(facts, key)
    entries = ledger.entries_of(work, log)
    rows: list[dict[str, Any]] = []
    for row in _opened(Reader(facts, key, style, candidates), entries):
        if len(rows) % AT_ONCE == 0:
            told(say("Unsealing the ballots"), 100 * len(rows) // len(entries))
        rows.append(row)
    return ReadLog(log.size, tuple(log.roots), tuple(rows))


def check_key(facts: Facts, key: X25519PrivateKey) -> None:
    """Raises Invalid where this is not the key to which the ballots of this vote were sealed."""
    if key.public_key().public_bytes_raw() != facts.public_key:
        raise Invalid({"shares": WRONG_KEY})


def open_ballots(
    work: Work, edition_id: int, key: X25519PrivateKey, *, style: BallotStyle, candidates: Slate, mode: Mode = Mode.OPEN,
    read: ReadLog | None = None,
) -> Opening:  # fmt: skip
    """Open every ballot of the final head, and those on paper with them, in one transaction; `read` is the log as it was unsealed before.

    A ballot that was replaced by its voter stays sealed. Raises Conflict (opened already, the log is not complete or not the one read)
    and Invalid (the key is not that of this vote).
    """
    lock(work, edition_id, alone=True)
    if is_opened(work, edition_id):
        raise Conflict(say("This box is opened already, and nothing was changed. It opens once, and all of it: go on to the count."))
    log, facts = final_log(work, edition_id), facts_of(work, edition_id)
    read = read or read_log(work, edition_id, key, style=style, candidates=candidates)
    check_key(facts, key)
    if (read.size, read.roots) != (log.size, tuple(log.roots)):
        raise Conflict(say(
            "What was unsealed is not the final log. Nothing was opened and no ballot is lost: "
            "open the page again and enter the shares once more."
        ))
    reader, rows = Reader(facts, key, style, candidates), list(read.rows)
    secret = bytes.fromhex(work.token(64, "0123456789abcdef")) if mode is Mode.DISCREET else None
    commitment = commitment_of([published(row["content"], row["null_reason"]) for row in rows], secret) if secret else None
    if mode is Mode.DISCREET:
        rows = sorted(({**row, "leaf_hash": leaf_hash(work.token().encode()).hex(), "opening": None} for row in rows), key=_by_leaf)
    for start in range(0, len(rows), AT_ONCE):
        work.core.execute(ballots.insert(), [row | {"edition_id": edition_id} for row in rows[start : start + AT_ONCE]])
    _open_paper(work, edition_id, reader)
    work.core.execute(boxes.update().where(boxes.c.edition_id == edition_id).values(opened=True))
    shown = mode is Mode.OPEN and not facts.changeable
    made = Opening(
        edition_id=edition_id, head_size=log.size, mode=mode.value, opened_at=work.now, key=key.private_bytes_raw() if shown else None,
        secret=secret, commitment=commitment,
    )  # fmt: skip
    work.db.add(made)
    work.db.flush()
    return made


def _opened(reader: Reader, entries: Sequence[bytes]) -> Iterator[dict[str, Any]]:
    """A row for each entry that no later one replaces, in the order of the log."""
    changeable = reader.facts.changeable
    replaced = replaced_in(entries) if changeable else {}
    for entry in entries:
        leaf = leaf_hash(entry).hex()
        if leaf in replaced:
            continue
        try:
            sealed = sealed_in(entry, changeable=changeable)
            opening = agreed(sealed, reader.key) if changeable else None
        except Broken:
            yield _row(leaf, plain_ballot(()), NullReason.UNREADABLE.value, None)
        else:
            yield _row(leaf, *reader.read(sealed, opening), opening)


def _row(leaf: str, content: bytes, null_reason: str | None, opening: bytes | None) -> dict[str, Any]:
    return {"leaf_hash": leaf, "channel": "online", "content": content, "null_reason": null_reason, "opening": opening}


def replaced_in(entries: Sequence[bytes]) -> dict[str, int]:
    """Leaf hash of each ballot that was replaced -> the place of the one that replaces it, in an edition that lets people change."""
    found: dict[str, int] = {}
    for place, entry in enumerate(entries):
        try:
            later = Changeable.read(entry)
        except Broken:
            continue
        if later.replaces:
            found[later.replaces] = place
    return found


def _open_paper(work: Work, edition_id: int, reader: Reader) -> None:
    """Each paper ballot was judged when it was entered; a null one keeps its reason."""
    changeable = reader.facts.changeable
    wanted = select(ballots.c.leaf_hash, ballots.c.content).where(ballots.c.edition_id == edition_id, ballots.c.channel == "paper")
    rows = []
    for leaf, entry in work.core.execute(wanted):
        content, _ = reader.read(sealed_in(bytes(entry), changeable=changeable))
        rows.append({"leaf": leaf, "text": content})
    change = ballots.update().where(ballots.c.leaf_hash == bindparam("leaf")).values(content=bindparam("text"))
    for start in range(0, len(rows), AT_ONCE):
        work.core.execute(change, rows[start : start + AT_ONCE])


def choices_in(content: bytes) -> frozenset[str]:
    """The choices of an opened ballot, as they are written."""
    return frozenset(json.loads(content)["choices"])


_INVALID = {NullReason.UNREADABLE: "unreadable", NullReason.UNKNOWN_MARK: "unknown"}


def published(content: bytes, null_reason: str | None) -> Published:
    """What is published of a ballot that was cast online."""
    if null_reason is not None:
        return Published(invalid=_INVALID.get(NullReason(null_reason), "form"))
    return Published(choices=tuple(json.loads(content)["choices"]))


def _by_leaf(row: Mapping[str, Any]) -> str:
    return str(row["leaf_hash"])

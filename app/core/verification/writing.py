"""The files of a bundle from what a city holds at the end: one writer for the site's export and for the tests of the verifier."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.formats import canonical as text_of
from app.core.transparency import canonical, leaf_hash
from app.core.verification.acts import act_entry
from app.core.verification.ballots import Published
from app.core.verification.bundle import SIGNATURE, SUMS, compact
from app.core.verification.paper import WITHHELD, PaperBallot, paper_table
from app.core.verification.result import KEYS
from app.core.verification.sums import sums_of
from app.core.verification.withheld import FEW

Sign = Callable[[bytes], bytes]
"""Gives the 64 bytes of an Ed25519 signature by the key of the log."""


@dataclass(frozen=True)
class WrittenHead:
    """A signed note as text, and the proof from the head before it (none for the first, nor after an empty one)."""

    note: str
    consistency: Sequence[bytes] = ()


@dataclass(frozen=True)
class Act:
    """A civic act: its leaf hash (hexadecimal), and its salt and text unless they were erased."""

    hash: str
    salt: str | None = None
    text: str | None = None

    @classmethod
    def of(cls, salt: str, text: str) -> Act:
        """An act whose text is still there."""
        return cls(leaf_hash(act_entry(salt, text)).hex(), salt, text)


@dataclass(frozen=True)
class Material:
    """All that a bundle tells. `entries` and `ballots` in the order of the log, `opening` as `opening_value` made it.

    `result` holds at least the keys of `result.KEYS`; floats may stand in its other parts. `pb` is the text of the Pabulib file in UTF-8.
    """

    definition: Mapping[str, Any]
    entries: Sequence[bytes]
    heads: Sequence[WrittenHead]
    acts: Sequence[Act]
    act_heads: Sequence[WrittenHead]
    opening: Mapping[str, Any]
    ballots: Sequence[Published]
    turnout: Mapping[str, Any]
    result: Mapping[str, Any]
    pb: bytes
    paper: Sequence[PaperBallot] = field(default=())

    @property
    def few(self) -> bool:
        """Whether there are so few ballots in all that none may be shown."""
        return len(self.entries) + len(self.paper) < int(self.definition["least_batch"])


def write_bundle(material: Material, sign: Sign) -> dict[str, bytes]:
    """File name -> bytes, the sums and their signature included. Equal arguments give equal bytes."""
    files = {
        "definition.json": canonical(material.definition),
        "sths.jsonl": _heads(material.heads),
        "acts.jsonl": b"".join(compact({"index": at, **vars(act)}) for at, act in enumerate(material.acts)),
        "acts_sths.jsonl": _heads(material.act_heads),
        "turnout.json": _document(material.turnout),
    } | (_withheld(material) if material.few else _shown(material))
    return files | sealed_sums(files, sign)


def sealed_sums(files: Mapping[str, bytes], sign: Sign) -> dict[str, bytes]:
    """SHA256SUMS over these files, and its signature."""
    sums = sums_of({name: hashlib.sha256(data).hexdigest() for name, data in files.items()})
    return {SUMS: sums, SIGNATURE: base64.b64encode(sign(sums)) + b"\n"}


def _shown(material: Material) -> dict[str, bytes]:
    discreet = material.definition["publication"] == "discreet"
    return {
        "log.jsonl": b"".join(entry_line(index, raw) for index, raw in enumerate(material.entries)),
        "ballots.jsonl": b"".join(_apart(material.ballots) if discreet else _in_order(material.ballots)),
        "opening.json": _document(material.opening),
        "paper_lots.csv": paper_table(sorted(material.paper)),
        "result.json": _document(material.result),
        "result.pb": material.pb,
    }


def _withheld(material: Material) -> dict[str, bytes]:
    """Nothing that tells what any of a few ballots holds: totals only, and the serials of the paper."""
    paper = sorted(PaperBallot(one.lot, one.serial, (), WITHHELD) for one in material.paper)
    return {name: compact(FEW) for name in ("log.jsonl", "ballots.jsonl", "opening.json")} | {
        "paper_lots.csv": paper_table(paper),
        "result.json": _document({key: material.result[key] for key in KEYS}),
    }


def entry_line(index: int, raw: bytes) -> bytes:
    """A line of log.jsonl."""
    return compact({"index": index, "entry": base64.b64encode(raw).decode()})


def _in_order(ballots: Iterable[Published]) -> Iterable[bytes]:
    return (compact(line.row(index)) for index, line in enumerate(ballots))


def _apart(ballots: Iterable[Published]) -> Iterable[bytes]:
    """Sorted, without index and without those that were replaced."""
    return sorted(compact(line.row()) for line in ballots if line.replaced_by is None)


def _heads(heads: Iterable[WrittenHead]) -> bytes:
    return b"".join(
        compact({"note": one.note, "consistency": [base64.b64encode(step).decode() for step in one.consistency]}) for one in heads
    )


def _document(value: Mapping[str, Any]) -> bytes:
    return text_of(value).encode() + b"\n"

"""Proofs about a public log, for anyone: that it only grew, and that it holds a leaf. Sizes are those the log has had or has."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.messages import say
from app.core.problems import Invalid, Missing
from app.core.transparency import consistency_proof, inclusion_proof, verify_inclusion
from app.ledger.log import hashes, newest_head, place_of
from app.ledger.models import Log, LogHead
from app.unit import Work

NO_SIZE = say("The log has no such size. Take sizes from its signed heads, the smaller one first.")
NO_LEAF = say("The log holds no such leaf.")


@dataclass(frozen=True)
class Inclusion:
    """Where a leaf stands (from 0), and the hashes that lead from it to the root of the log's first `size` leaves."""

    leaf: str
    index: int
    size: int
    proof: tuple[bytes, ...]

    def leads_to(self, root: bytes) -> bool:
        """Whether the proof leads to this root."""
        return verify_inclusion(bytes.fromhex(self.leaf), self.index, self.size, self.proof, root)


def consistency(work: Work, log: Log, before: int, after: int) -> list[bytes]:
    """The proof that the log with `after` leaves begins with that of `before`. Raises Invalid on a size it never had."""
    if not 0 <= before <= after <= log.size:
        raise Invalid({"after": NO_SIZE})
    return consistency_proof(before, hashes(work, log, after)) if before else []


def inclusion(work: Work, log: Log, leaf: str, size: int) -> Inclusion:
    """The proof that a leaf (64 hexadecimal letters) is among the first `size`. Raises Missing where it is not, Invalid on a size."""
    if not 0 < size <= log.size:
        raise Invalid({"size": NO_SIZE})
    place = place_of(work, log, leaf)
    if place is None or place >= size:
        raise Missing(NO_LEAF)
    return Inclusion(leaf, place, size, tuple(inclusion_proof(place, hashes(work, log, size))))


def head_at(work: Work, log: Log, size: int | None = None) -> LogHead | None:
    """The signed head of a size, the newest one by default; None where there is none."""
    return newest_head(work, log) if size is None else work.db.get(LogHead, (log.id, size))

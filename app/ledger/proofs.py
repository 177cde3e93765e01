"""Proofs about a public log, for anyone: that it only grew, and that it holds a leaf. Sizes are those the log has had or has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.core.messages import say
from app.core.problems import Conflict, Invalid, Missing
from app.core.transparency import verify_inclusion
from app.core.transparency.tree import Tree, read_at_once
from app.ledger.log import newest_head, place_of, subtrees
from app.ledger.models import Log, LogHead
from app.unit import Work

NO_SIZE = say("The log has no such size. Take sizes from its signed heads, the smaller one first.")
DAMAGED = say("A hash of this log is missing, so nothing can be proved from it. Tell the city: its log is damaged.")
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
    """The proof that the log with `after` leaves begins with that of `before`.

    Raises Invalid on a size it never had, Conflict where the log is damaged.
    """
    if not 0 <= before <= after <= log.size:
        raise Invalid({"after": NO_SIZE})
    return _proof(work, log, lambda tree: tree.consistency(before, after))


def inclusion(work: Work, log: Log, leaf: str, size: int) -> Inclusion:
    """The proof that a leaf (64 hexadecimal letters) is among the first `size`.

    Raises Missing where it is not, Invalid on a size, Conflict where the log is damaged.
    """
    if not 0 < size <= log.size:
        raise Invalid({"size": NO_SIZE})
    place = place_of(work, log, leaf)
    if place is None or place >= size:
        raise Missing(NO_LEAF)
    return Inclusion(leaf, place, size, tuple(_proof(work, log, lambda tree: tree.inclusion(place, size))))


def _proof(work: Work, log: Log, prove: Callable[[Tree], list[bytes]]) -> list[bytes]:
    """A proof from the few stored subtrees that it takes. Raises Conflict where one is missing: nothing is proved from half a tree."""
    try:
        return read_at_once(prove, lambda wanted: subtrees(work, log, wanted))
    except KeyError:
        raise Conflict(DAMAGED) from None


def head_at(work: Work, log: Log, size: int | None = None) -> LogHead | None:
    """The signed head of a size, the newest one by default; None where there is none."""
    return newest_head(work, log) if size is None else work.db.get(LogHead, (log.id, size))

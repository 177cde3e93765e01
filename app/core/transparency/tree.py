"""A Merkle tree kept level by level, for many proofs over one log: each then costs a few hashes instead of all of them."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.transparency.merkle import EMPTY, node_hash


class Tree:
    """The tree of RFC 9162 over leaf hashes, with the hashes of all its full subtrees."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            self._levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        return self._over(0, size) if size else EMPTY

    def consistency(self, before: int, after: int) -> list[bytes]:
        """The proof that the tree of `after` leaves begins with that of `before`; empty from nothing. The same as `consistency_proof`."""
        return self._from(before, 0, after, whole=True) if 0 < before < after else []

    def _over(self, start: int, end: int) -> bytes:
        many = end - start
        if not many & (many - 1) and not start % many:
            return self._levels[many.bit_length() - 1][start // many]
        half = start + _half(many)
        return node_hash(self._over(start, half), self._over(half, end))

    def _from(self, before: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        """Section 2.1.4.1: SUBPROOF over the leaves from `start` to `end`; `before` counts from `start`."""
        if before == end - start:
            return [] if whole else [self._over(start, end)]
        half = _half(end - start)
        if before <= half:
            return [*self._from(before, start, start + half, whole=whole), self._over(start + half, end)]
        return [*self._from(before - half, start + half, end, whole=False), self._over(start, start + half)]


def _half(many: int) -> int:
    return 1 << (many - 1).bit_length() - 1

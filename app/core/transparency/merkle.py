"""The Merkle tree of the public log: one root for all leaves, short proofs that a leaf is in it and that it only ever grew.

Source: RFC 9162 (Certificate Transparency 2.0), section 2.1; the verifying algorithms are those of 2.1.3.2 and 2.1.4.2.
Hashes are 32 bytes of SHA-256; a leaf hash is SHA-256(0x00 || entry), an inner one SHA-256(0x01 || left || right).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash that stands for an entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree in O(log n) memory: the roots of its full subtrees, the largest first. Enough to append and to know the root."""

    def __init__(self, size: int = 0, roots: Iterable[bytes] = ()) -> None:
        self.size, self.roots = size, list(roots)
        if size < 0 or len(self.roots) != size.bit_count():
            raise ValueError("a tree of this size has another number of full subtrees")

    def append(self, leaf: bytes) -> list[bytes]:
        """Add one leaf hash. Returns the roots of the full subtrees that it completes, those over two leaves first, then four, eight …"""
        rest, completed = self.size, []
        while rest & 1:
            leaf, rest = node_hash(self.roots.pop(), leaf), rest >> 1
            completed.append(leaf)
        self.roots.append(leaf)
        self.size += 1
        return completed

    @property
    def root(self) -> bytes:
        """The root of the tree as it is now."""
        if not self.roots:
            return EMPTY
        found = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            found = node_hash(left, found)
        return found


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in their order."""
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root of all `leaves`. Raises ValueError if there is no such leaf."""
    if not 0 <= index < len(leaves):
        raise ValueError("there is no such leaf")
    return _path(index, leaves)


def consistency_proof(before: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that prove that the tree over `leaves` begins with its first `before` ones. Raises ValueError on a size out of range."""
    if not 0 < before <= len(leaves):
        raise ValueError("a proof goes from a tree with leaves to one that is not smaller")
    return [] if before == len(leaves) else _subproof(before, leaves, whole=True)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether this proof leads from the leaf hash to the root. Never raises."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(before: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a tree of `size` leaves with this root begins with the `before` leaves of the old one. Never raises."""
    if not 0 < before <= size:
        return False
    if before == size:
        return not proof and old_root == root
    path = list(proof) if before & (before - 1) else [old_root, *proof]
    if not path:
        return False
    place, last = before - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    half = _split(len(leaves))
    if index < half:
        return [*_path(index, leaves[:half]), root_of(leaves[half:])]
    return [*_path(index - half, leaves[half:]), root_of(leaves[:half])]


def _subproof(before: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if before == len(leaves):
        return [] if whole else [root_of(leaves)]
    half = _split(len(leaves))
    if before <= half:
        return [*_subproof(before, leaves[:half], whole=whole), root_of(leaves[half:])]
    return [*_subproof(before - half, leaves[half:], whole=False), root_of(leaves[:half])]

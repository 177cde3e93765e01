"""A Merkle tree of which every full subtree is known, for many proofs over one log: each then costs a few hashes instead of all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from app.core.transparency.merkle import EMPTY, node_hash

Node: TypeAlias = tuple[int, int]
"""A full subtree: its level (0 for a leaf, 1 over two leaves, 2 over four …) and its place among those of its level, from 0."""


class Tree:
    """The tree of RFC 9162 over leaf hashes; `at` gives the root of a full subtree."""

    def __init__(self, at: Callable[[Node], bytes]) -> None:
        self._at = at

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        return self._over(0, size) if size else EMPTY

    def consistency(self, before: int, after: int) -> list[bytes]:
        """The proof that the tree of `after` leaves begins with that of `before`; empty from nothing. The same as `consistency_proof`."""
        return self._from(before, 0, after, whole=True) if 0 < before < after else []

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The proof that leaf `index` is among the first `size`. The same as `inclusion_proof`. Raises ValueError if it cannot be."""
        if not 0 <= index < size:
            raise ValueError("there is no such leaf")
        return self._path(index, 0, size)

    def _over(self, start: int, end: int) -> bytes:
        many = end - start
        if not many & (many - 1) and not start % many:
            return self._at((many.bit_length() - 1, start // many))
        half = start + _half(many)
        return node_hash(self._over(start, half), self._over(half, end))

    def _path(self, index: int, start: int, end: int) -> list[bytes]:
        """Section 2.1.3.1: PATH over the leaves from `start` to `end`; `index` counts from the beginning of the log."""
        if end - start == 1:
            return []
        half = start + _half(end - start)
        if index < half:
            return [*self._path(index, start, half), self._over(half, end)]
        return [*self._path(index, half, end), self._over(start, half)]

    def _from(self, before: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        """Section 2.1.4.1: SUBPROOF over the leaves from `start` to `end`; `before` counts from `start`."""
        if before == end - start:
            return [] if whole else [self._over(start, end)]
        half = _half(end - start)
        if before <= half:
            return [*self._from(before, start, start + half, whole=whole), self._over(start + half, end)]
        return [*self._from(before - half, start + half, end, whole=False), self._over(start, start + half)]


def tree_over(leaves: Sequence[bytes]) -> Tree:
    """The tree over these leaf hashes, level by level in memory."""
    levels = [list(leaves)]
    while len(below := levels[-1]) > 1:
        levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])
    return Tree(lambda node: levels[node[0]][node[1]])


def read_at_once(prove: Callable[[Tree], list[bytes]], read: Callable[[set[Node]], Mapping[Node, bytes]]) -> list[bytes]:
    """A proof from a tree that is stored: `read` is asked once, for the few subtrees that the proof takes (some two for each level).

    Raises KeyError where `read` lacks one.
    """
    asked: set[Node] = set()

    def noted(node: Node) -> bytes:
        asked.add(node)
        return EMPTY

    prove(Tree(noted))
    held = read(asked) if asked else {}
    return prove(Tree(lambda node: held[node]))


def _half(many: int) -> int:
    return 1 << (many - 1).bit_length() - 1

"""The Merkle tree against an independent implementation, and against everyone who would bend a proof."""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from app.core.transparency import (
    EMPTY,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# Test vectors that circulate with Certificate Transparency: eight entries and the root of their tree.
ENTRIES = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43", bytes(range(0x50, 0x58)), bytes(range(0x60, 0x70))]
ROOT_OF_EIGHT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def leaves(number: int) -> list[bytes]:
    return [leaf_hash(str(index).encode()) for index in range(number)]


def test_the_known_tree_has_its_known_root() -> None:
    assert root_of([leaf_hash(entry) for entry in ENTRIES]).hex() == ROOT_OF_EIGHT
    assert root_of([]) == EMPTY == hashlib.sha256(b"").digest()
    assert node_hash(b"a", b"b") != leaf_hash(b"ab"), "an inner node can never be read as a leaf"


@pytest.mark.parametrize("number", [1, 2, 3, 7, 8, 9, 31, 64, 100, 257])
def test_roots_and_proofs_are_those_of_another_implementation(number: int) -> None:
    other = InmemoryTree(algorithm="sha256")
    for index in range(number):
        other.append_entry(str(index).encode())
    mine = leaves(number)
    assert root_of(mine) == other.get_root()
    rng = random.Random(number)
    for _ in range(20):
        index = rng.randrange(number)
        assert verify_inclusion(mine[index], index, number, inclusion_proof(index, mine), other.get_root())
        before = rng.randrange(1, number + 1)
        assert verify_consistency(before, other.get_root(before), number, root_of(mine), consistency_proof(before, mine))


@given(st.integers(1, 70), st.data())
def test_a_proof_holds_for_its_own_leaf_and_place_only(number: int, data: st.DataObject) -> None:
    mine = leaves(number)
    index, other = data.draw(st.integers(0, number - 1)), data.draw(st.integers(0, number - 1))
    proof, root = inclusion_proof(index, mine), root_of(mine)
    assert verify_inclusion(mine[index], index, number, proof, root)
    if other != index:
        assert not verify_inclusion(mine[other], index, number, proof, root)
        assert not verify_inclusion(mine[index], other, number, proof, root)
    assert not verify_inclusion(mine[index], index, number, [*proof, EMPTY], root)
    assert not proof or not verify_inclusion(mine[index], index, number, proof[:-1], root)


@given(st.integers(1, 70), st.data())
def test_a_changed_or_shortened_past_is_refused(number: int, data: st.DataObject) -> None:
    mine, before = leaves(number), data.draw(st.integers(1, number))
    proof, root = consistency_proof(before, mine), root_of(mine)
    assert verify_consistency(before, root_of(mine[:before]), number, root, proof)
    changed = [*mine[: before - 1], EMPTY]
    assert not verify_consistency(before, root_of(changed), number, root, proof)
    assert not verify_consistency(number + 1, root, number, root, proof)
    assert not proof or not verify_consistency(before, root_of(mine[:before]), number, root, proof[1:])


@given(st.integers(0, 70), st.integers(0, 30))
def test_a_tree_goes_on_growing_from_its_frontier_alone(size: int, more: int) -> None:
    tree = Frontier()
    for leaf in leaves(size + more)[:size]:
        tree.append(leaf)
    again = Frontier(tree.size, tree.roots)
    for leaf in leaves(size + more)[size:]:
        again.append(leaf)
    assert again.root == root_of(leaves(size + more))


def test_impossible_questions_are_refused() -> None:
    for wrong in (lambda: inclusion_proof(3, leaves(3)), lambda: consistency_proof(0, leaves(3)), lambda: Frontier(3, [EMPTY])):
        with pytest.raises(ValueError, match=r"leaf|leaves|size"):
            wrong()
    assert not verify_consistency(1, EMPTY, 2, EMPTY, [])

"""The tree kept level by level gives the very proofs and roots of the one that is computed anew."""

import pytest

from app.core.transparency import consistency_proof, leaf_hash, root_of
from app.core.transparency.tree import tree_over

LEAVES = [leaf_hash(bytes([at])) for at in range(41)]


@pytest.mark.parametrize("held", [1, 2, 7, 32, 41])
def test_roots_and_proofs_are_those_of_the_log(held: int) -> None:
    tree = tree_over(LEAVES[:held])
    for after in range(1, held + 1):
        assert tree.root(after) == root_of(LEAVES[:after])
        for before in range(1, after + 1):
            assert tree.consistency(before, after) == consistency_proof(before, LEAVES[:after])


def test_an_empty_log_has_the_root_of_nothing() -> None:
    assert tree_over([]).root(0) == root_of([])
    assert tree_over(LEAVES).consistency(0, 41) == []

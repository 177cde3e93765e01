"""Proofs are read from the stored subtrees: they are the very ones that the leaves give, and take a few rows however long the log is."""

from __future__ import annotations

import math
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, event
from sqlmodel import select

from app import migrating
from app.core.problems import Conflict
from app.core.transparency import consistency_proof, inclusion_proof, leaf_hash, root_of, verify_consistency
from app.ledger import log as ledger
from app.ledger.models import Log, LogLeaf, LogNode
from app.ledger.proofs import consistency, inclusion
from app.unit import Work, work
from tests.cast import Cast

BATCHES = st.lists(st.integers(0, 70), min_size=1, max_size=6).filter(lambda sizes: sum(sizes) > 0)


@pytest.fixture
def log(cast: Cast) -> Log:
    """An empty log."""
    edition = cast.edition()
    with work(cast.engine) as unit:
        return ledger.open_log(unit, edition.id or 0, "ballots", "ville.example/rennes-2027")


def grown(unit: Work, log: Log, sizes: list[int]) -> list[bytes]:
    """The log emptied, then appended to in batches of these sizes by both ways of appending; its leaf hashes."""
    for table in (LogLeaf, LogNode):
        unit.core.execute(delete(table))
    log = unit.db.merge(log)
    log.size, log.roots = 0, []
    leaves: list[bytes] = []
    for turn, many in enumerate(sizes):
        entries = [f"{len(leaves) + number}".encode() for number in range(many)]
        if turn % 2:
            ledger.append_hashes(unit, log, [leaf_hash(one).hex() for one in entries])
        else:
            ledger.append(unit, log, entries)
        leaves += map(leaf_hash, entries)
    return leaves


@given(sizes=BATCHES, data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_stored_proofs_are_those_of_the_leaves(engine: Engine, log: Log, sizes: list[int], data: st.DataObject) -> None:
    with work(engine) as unit:
        leaves = grown(unit, log, sizes)
        held = unit.db.get_one(Log, log.id)
        assert held.size == len(leaves)
        for _ in range(8):
            after = data.draw(st.integers(1, len(leaves)))
            before, place = data.draw(st.integers(0, after)), data.draw(st.integers(0, after - 1))
            proof = consistency(unit, held, before, after)
            assert proof == (consistency_proof(before, leaves[:after]) if before else [])
            if before:
                assert verify_consistency(before, root_of(leaves[:before]), after, root_of(leaves[:after]), proof)
            found = inclusion(unit, held, leaves[place].hex(), after)
            assert (found.index, list(found.proof)) == (place, inclusion_proof(place, leaves[:after]))
            assert found.leads_to(root_of(leaves[:after]))


def test_a_proof_of_a_long_log_reads_some_two_rows_for_each_level(engine: Engine, log: Log) -> None:
    many, read = 5_000, []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if "log_leaf" in statement or "log_node" in statement:
            read.append(len(parameters))

    with work(engine) as unit:
        leaves = grown(unit, log, [many])
        held = unit.db.get_one(Log, log.id)
        levels = math.ceil(math.log2(many))
        event.listen(engine, "before_cursor_execute", note)
        try:
            for place, size in ((0, many), (4_999, many), (2_345, 4_097), (1, 4_095)):
                read.clear()
                assert list(inclusion(unit, held, leaves[place].hex(), size).proof) == inclusion_proof(place, leaves[:size])
                assert len(read) <= 3
                assert sum(read) <= 2 * (2 * levels) + 6
                read.clear()
                assert consistency(unit, held, place + 1, size) == consistency_proof(place + 1, leaves[:size])
                assert len(read) <= 2
                assert sum(read) <= 2 * (2 * levels) + 6
        finally:
            event.remove(engine, "before_cursor_execute", note)


def test_a_log_that_lost_a_subtree_proves_nothing(engine: Engine, log: Log) -> None:
    with work(engine) as unit:
        leaves = grown(unit, log, [40])
        held = unit.db.get_one(Log, log.id)
        unit.core.execute(delete(LogNode).where(LogNode.level == 5))  # type: ignore[arg-type]
        with pytest.raises(Conflict):
            inclusion(unit, held, leaves[39].hex(), 40)
        with pytest.raises(Conflict):
            consistency(unit, held, 36, 40)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_log_from_before_is_given_its_subtrees_by_the_migration(engine: Engine, log: Log) -> None:
    with work(engine) as unit:
        grown(unit, log, [45, 0, 3])
        written = stored(unit)
    assert len(written) == 48 - (48).bit_count()
    before = ScriptDirectory.from_config(migrating.config()).get_revision("0017").down_revision
    migrating.downgrade(engine, str(before))
    migrating.upgrade(engine)
    with work(engine, writing=False) as unit:
        assert stored(unit) == written


def stored(unit: Work) -> list[tuple[int, int, str]]:
    return sorted((one.level, one.place, one.hash) for one in unit.db.exec(select(LogNode)))

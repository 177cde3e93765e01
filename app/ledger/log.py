"""Appending to a public log and signing what it has become. One sequencer at a time: whoever appends holds the log's own row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import tuple_
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, select

from app.core.transparency import Frontier, Head, Note, cosign_line, leaf_hash, sign
from app.core.transparency.tree import Node
from app.ledger.models import Cosignature, Log, LogHead, LogLeaf, LogNode
from app.unit import Work

AT_ONCE = 1000
_leaves, _nodes = (SQLModel.metadata.tables[str(model.__tablename__)] for model in (LogLeaf, LogNode))


def open_log(work: Work, edition_id: int, kind: str, origin: str, election_hash: str = "") -> Log:
    """The log of an edition (`kind`: "ballots" or "acts"), made empty if there is none yet."""
    found = log_of(work, edition_id, kind)
    if found is None:
        found = Log(edition_id=edition_id, kind=kind, origin=origin, election_hash=election_hash)
        work.db.add(found)
        work.db.flush()
    return found


def log_of(work: Work, edition_id: int, kind: str = "ballots") -> Log | None:
    """A log of an edition, None before its first leaf was thought of."""
    return work.db.exec(select(Log).where(Log.edition_id == edition_id, Log.kind == kind)).first()


def hold(work: Work, log: Log) -> Log:
    """The log as it stands, held until the transaction ends: no other worker can append meanwhile (SQLite has one writer anyway)."""
    return work.db.exec(select(Log).where(Log.id == log.id).with_for_update().execution_options(populate_existing=True)).one()


def append(work: Work, log: Log, entries: Sequence[bytes], *, kept: bool = True) -> list[str]:
    """Add entries in this order and return their leaf hashes; `kept`: the bytes stay beside the hash. The caller holds the log."""
    leaves = [leaf_hash(entry) for entry in entries]
    _write(work, log, leaves, entries if kept else [None] * len(leaves))
    return [leaf.hex() for leaf in leaves]


def append_hashes(work: Work, log: Log, leaves: Sequence[str]) -> None:
    """Add leaves of which only the hash (64 hexadecimal letters) is for the log. The caller holds it."""
    _write(work, log, [bytes.fromhex(leaf) for leaf in leaves], [None] * len(leaves))


def _write(work: Work, log: Log, leaves: Sequence[bytes], entries: Sequence[bytes | None]) -> None:
    """The leaves, the full subtrees that they complete, and what the log has become: one transaction, so they always agree."""
    tree, rows, nodes = Frontier(log.size, [bytes.fromhex(root) for root in log.roots]), [], []
    for leaf, entry in zip(leaves, entries, strict=True):
        place = tree.size
        rows.append({"log_id": log.id, "place": place, "hash": leaf.hex(), "entry": entry})
        for level, root in enumerate(tree.append(leaf), 1):
            nodes.append({"log_id": log.id, "level": level, "place": place >> level, "hash": root.hex()})
    for table, written in ((_leaves, rows), (_nodes, nodes)):
        for start in range(0, len(written), AT_ONCE):
            work.core.execute(table.insert(), written[start : start + AT_ONCE])
    log.size, log.roots = tree.size, [root.hex() for root in tree.roots]
    work.db.add(log)
    work.db.flush()


def sign_head(work: Work, log: Log, key: Ed25519PrivateKey) -> LogHead:
    """Sign what the log holds now, to the minute; a head of this size that is signed already stays as it is."""
    known = work.db.get(LogHead, (log.id, log.size))
    if known is not None:
        return known
    root = Frontier(log.size, [bytes.fromhex(one) for one in log.roots]).root
    head = Head(log.origin, log.size, root, log.election_hash, f"{work.now:%Y-%m-%dT%H:%MZ}")
    made = LogHead(log_id=log.id or 0, size=log.size, note=str(sign(head.text, log.origin, key)))
    work.db.add(made)
    work.db.flush()
    return made


def newest_head(work: Work, log: Log) -> LogHead | None:
    """The head of the largest size, None before the first."""
    return work.db.exec(select(LogHead).where(LogHead.log_id == log.id).order_by(col(LogHead.size).desc())).first()


def heads_of(work: Work, log: Log) -> list[LogHead]:
    """Every head that was signed, the smallest first."""
    return list(work.db.exec(select(LogHead).where(LogHead.log_id == log.id).order_by(col(LogHead.size))))


def note_of(work: Work, head: LogHead) -> str:
    """The whole note of a head: the log's own signature, then those of the witnesses by name."""
    wanted = select(Cosignature).where(Cosignature.log_id == head.log_id, Cosignature.size == head.size).order_by(col(Cosignature.witness))
    return head.note + "".join(one.line for one in work.db.exec(wanted))


def notes_of(work: Work, log: Log) -> list[str]:
    """The whole note of every head, the smallest first, in two statements."""
    lines: dict[int, str] = {}
    for one in work.db.exec(select(Cosignature).where(Cosignature.log_id == log.id).order_by(col(Cosignature.witness))):
        lines[one.size] = lines.get(one.size, "") + one.line
    return [head.note + lines.get(head.size, "") for head in heads_of(work, log)]


def keep_cosignature(work: Work, head: LogHead, witness: str, note: Note) -> None:
    """Keep a witness's line on a head; a second one of the same witness changes nothing, even if two come at once."""
    if work.db.get(Cosignature, (head.log_id, head.size, witness)) is not None:
        return
    with suppress(IntegrityError), work.db.begin_nested():
        work.db.add(Cosignature(log_id=head.log_id, size=head.size, witness=witness, line=cosign_line(note, witness)))
        work.db.flush()


def subtrees(work: Work, log: Log, wanted: Collection[Node]) -> dict[Node, bytes]:
    """The roots of these full subtrees, as far as the log holds them, in two statements at most."""
    places = [place for level, place in wanted if level == 0]
    above = [node for node in wanted if node[0]]
    found: dict[Node, bytes] = {}
    if places:
        rows = _leaves.select().with_only_columns(_leaves.c.place, _leaves.c.hash)
        rows = rows.where(_leaves.c.log_id == log.id, _leaves.c.place.in_(places))
        found |= {(0, row.place): bytes.fromhex(row.hash) for row in work.core.execute(rows)}
    if above:
        those = tuple_(_nodes.c.level, _nodes.c.place).in_(above)
        rows = _nodes.select().where(_nodes.c.log_id == log.id, those)
        found |= {(row.level, row.place): bytes.fromhex(row.hash) for row in work.core.execute(rows)}
    return found


def entries_of(work: Work, log: Log) -> list[bytes]:
    """The entries of a log in their order."""
    wanted = _leaves.select().with_only_columns(_leaves.c.entry).where(_leaves.c.log_id == log.id).order_by(_leaves.c.place)
    return [bytes(one) for one in work.core.execute(wanted).scalars()]


def place_of(work: Work, log: Log, leaf: str) -> int | None:
    """Where a leaf stands in the log, None if it is not there."""
    wanted = _leaves.select().with_only_columns(_leaves.c.place).where(_leaves.c.log_id == log.id, _leaves.c.hash == leaf)
    found: int | None = work.core.execute(wanted).scalar()
    return found


def entry_at(work: Work, log: Log, leaf: str) -> bytes:
    """The entry of a leaf (64 hexadecimal letters), empty if the log does not hold it."""
    wanted = _leaves.select().with_only_columns(_leaves.c.entry).where(_leaves.c.log_id == log.id, _leaves.c.hash == leaf)
    return bytes(work.core.execute(wanted).scalar() or b"")

"""Whether the database keeps what it has confirmed, even if the machine loses its power in the next moment (security.md T04)."""

from __future__ import annotations

from sqlalchemy import Connection, column, func, select, table

from app.core.messages import Message, say

SAFE: dict[str, tuple[str, ...]] = {
    "fsync": ("on",), "full_page_writes": ("on",), "synchronous_commit": ("on", "remote_apply", "remote_write", "local"),
}
"""Setting of PostgreSQL -> the values under which a confirmed ballot is on this machine's disk."""
PATIENCE_MS = 5000
_FULL = 2


def durability_faults(core: Connection) -> list[Message]:
    """What would let a confirmed ballot be lost, one sentence each; nothing where all is well."""
    if core.dialect.name == "postgresql":
        found = {name: str(core.execute(select(func.current_setting(name))).scalar_one()) for name in SAFE}
        return [_unsafe(name, value) for name, value in found.items() if value not in SAFE[name]]
    mode, synchronous = _pragma(core, "journal_mode"), int(_pragma(core, "synchronous"))
    told = [] if mode == "wal" else [_unsafe("journal_mode", mode)]
    told += [] if synchronous >= _FULL else [_unsafe("synchronous", str(synchronous))]
    told += [] if int(_pragma(core, "foreign_keys")) else [_unsafe("foreign_keys", "off")]
    waits = int(_pragma(core, "busy_timeout", "timeout"))
    return told + ([] if waits >= PATIENCE_MS else [_unsafe("busy_timeout", str(waits))])


def _pragma(core: Connection, name: str, answer: str = "") -> str:
    return str(core.execute(select(column(answer or name)).select_from(table(f"pragma_{name}"))).scalar_one())


def _unsafe(name: str, value: str) -> Message:
    return say(
        "The database has the setting %(name)s = %(value)s, with which a ballot that was confirmed could be lost. Set it right first; "
        "nothing was frozen.",
        name=name, value=value,
    )  # fmt: skip

"""One number that grows with every change that a public page could show: what was rendered under the same number may be shown again.

It is the last statement of the transaction that made the change: seen with it or not at all, and nobody who waits for it holds
anything that its holder still needs. Which tables count is said the other way round: all, but for those that no public page reads,
so that a new table is counted until somebody shows that it need not be (a test reads every public page and holds it to this list).
"""

import re
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, column, event, select, table
from sqlalchemy.dialects import postgresql, sqlite

UNSEEN = frozenset({
    "change_counter", "alembic_version", "job", "rate_counter", "sign_in", "mail_token", "invitation", "outgoing_mail",
    "lost_mail", "follower", "registrar", "roll_line", "email_proof", "roll_tally", "code_batch", "voting_code", "spent_credential",
    "cast_ballot", "log_leaf", "log_node", "log_head", "log_cosignature",
})  # fmt: skip
"""Tables that no public page reads. Casting a ballot writes into these alone: a voter never waits here for another."""

COUNTER = table("change_counter", column("id"), column("number"))
WRITING = re.compile(r'\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE)
FLAG = "changed"


def count_changes(engine: Engine) -> None:
    """Make every transaction of an engine count, if it writes into a table that is seen."""
    event.listen(engine, "begin", _nothing_yet)
    event.listen(engine, "before_cursor_execute", _note)
    event.listen(engine, "commit", _count)


def number_of(connection: Connection) -> int:
    """The number as this transaction sees it; 0 before the first change."""
    return connection.execute(READ).scalar() or 0


@lru_cache(maxsize=4096)
def shows(statement: str) -> bool:
    """Whether a statement writes into a table that a public page may read."""
    return not statement.startswith(("SELECT", "PRAGMA", "BEGIN")) and bool(set(WRITING.findall(statement.lower())) - UNSEEN)


def _nothing_yet(connection: Connection) -> None:
    connection.info.pop(FLAG, None)


def _note(connection: Connection, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
    if FLAG not in connection.info and shows(statement):
        connection.info[FLAG] = True


def _count(connection: Connection) -> None:
    if connection.info.pop(FLAG, False) and not connection.get_execution_options().get("migrating", False):
        connection.execute(NEXT_POSTGRES if connection.dialect.name == "postgresql" else NEXT_SQLITE)


def _next(made: Any) -> Any:
    grown = {"number": COUNTER.c.number + 1}
    return made.values(id=1, number=1).on_conflict_do_update(index_elements=["id"], set_=grown)


READ = select(COUNTER.c.number).where(COUNTER.c.id == 1)
NEXT_POSTGRES, NEXT_SQLITE = _next(postgresql.insert(COUNTER)), _next(sqlite.insert(COUNTER))

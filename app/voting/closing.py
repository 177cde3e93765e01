"""Closing a box, and leaving nothing of the order of the votes behind: its rows are written anew in the order of their random keys.

On PostgreSQL a row keeps the number of the transaction that wrote it and lies where it was written, so before the closing a mark
and its ballot can be put side by side. The closing deletes the marks and writes them again, all in one transaction, and the last merge
does the same with the hashes of the ballots. What was deleted still lies in the files, until a job of the worker has these written
anew as well.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    DDL,
    Engine,
    Executable,
    Integer,
    Table,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    table,
)

from app import jobs
from app.database import side_of
from app.unit import Work
from app.voting.box import boxes, cast_ballots, key_and_state, lock, marks, on_postgresql

CLEAN_JOB = "box:clean"
AT_ONCE = 1000

_SORT_FILES: dict[Table, Executable] = {
    marks: DDL("CLUSTER spent_credential USING pk_spent_credential"),  # type: ignore[no-untyped-call]
    cast_ballots: DDL("CLUSTER cast_ballot USING pk_cast_ballot"),  # type: ignore[no-untyped-call]
}
_PATIENCE = select(func.set_config("lock_timeout", "3s", True))
_sessions = table("pg_stat_activity", column("datname"), column("backend_xid"), column("backend_xmin"))
_OLD_VIEWS = (
    select(func.count())
    .select_from(_sessions.join(boxes, boxes.c.edition_id == bindparam("edition", type_=Integer)))
    .where(_sessions.c.datname == func.current_database())
    .where(
        func.greatest(func.age(_sessions.c.backend_xid), func.age(_sessions.c.backend_xmin)) >= func.age(literal_column("ballot_box.xmin"))
    )
)
"""How many views reach back before the closing, so that rows which it deleted may still be seen; the server's own upkeep is among them.

So is the view of whoever asks: while a transaction from before the closing runs in any database of the server, it reaches back as far,
and writing a table anew would carry the deleted rows along. The row of a box is last written at its closing, hence the comparison.
"""

_SEES_SESSIONS = select(func.pg_has_role("pg_read_all_stats", "usage"))


class StillRead(RuntimeError):
    """Somebody may still see the deleted rows, so they cannot be left out of the files yet; the worker tries again later."""


def close_box(work: Work, edition_id: int) -> bool:
    """Close the box for good: waits for the casts under way, and none comes after. False where it was closed already.

    From its commit on, neither the place of a row nor the number of its transaction says when it was cast.
    """
    lock(work, edition_id, alone=True)
    if key_and_state(work, edition_id)[1]:
        return False
    work.core.execute(boxes.update().where(boxes.c.edition_id == edition_id).values(closed=True))
    write_anew(work, marks, edition_id)
    clean_later(work, edition_id)
    return True


def clean_later(work: Work, edition_id: int) -> None:
    """Let the worker clean the files once this transaction is over."""
    jobs.enqueue(work, CLEAN_JOB, {"edition": edition_id}, key=f"{CLEAN_JOB}:{edition_id}")


def write_anew(work: Work, table: Table, edition_id: int) -> None:
    """Delete the rows of an edition and write them again in the order of their random key.

    On PostgreSQL in one statement, so that nothing of them leaves the server. SQLite keeps rows by their key anyway, but inside a page
    of its file they lie in the order in which they came.
    """
    mine, by_key = table.c.edition_id == edition_id, list(table.primary_key)[-1]
    if on_postgresql(work):
        taken = delete(table).where(mine).returning(*table.c).cte("taken")
        written = insert(table).from_select(list(taken.c.keys()), select(taken).order_by(taken.c[by_key.name]), include_defaults=False)
        work.core.execute(select(func.count()).select_from(written.returning(table.c.edition_id).cte("again")))
        return
    rows: list[dict[str, Any]] = [dict(row) for row in work.core.execute(select(table).where(mine).order_by(by_key)).mappings()]
    work.core.execute(delete(table).where(mine))
    for start in range(0, len(rows), AT_ONCE):
        work.core.execute(insert(table), rows[start : start + AT_ONCE])


def clean_files(work: Work, payload: dict[str, Any]) -> None:
    """The job of a closing: write the files of the box anew, without what the closing deleted.

    On PostgreSQL each table is locked for as long as this takes (a second or two for 100,000 ballots), so casts in another edition
    wait for it. Raises StillRead, or the database's own error, where somebody reads the tables: the worker comes back.
    """
    postgresql, engine = on_postgresql(work), work.core.engine
    work.db.commit()  # neither database can clean up what this very transaction may still see
    if postgresql:
        _write_tables_anew(work, payload["edition"])
    else:
        _empty_log(engine)


def _write_tables_anew(work: Work, edition_id: int) -> None:
    """One table after the other: holding both could block a cast that holds one and wants the other."""
    through_owner = side_of(work.core) is not None
    if through_owner and not work.core.execute(_SEES_SESSIONS).scalar():
        raise StillRead("this role cannot see which sessions are open: grant it pg_read_all_stats")
    for one in _SORT_FILES:
        work.core.execute(_PATIENCE)
        if work.core.execute(_OLD_VIEWS, {"edition": edition_id}).scalar():
            raise StillRead("a transaction from before the closing is not over")
        work.core.execute(select(func.box.sort_file(one.name)) if through_owner else _SORT_FILES[one])
        work.db.commit()


def _empty_log(engine: Engine) -> None:
    """Move what the write-ahead log of SQLite holds into the file and empty it; whatever is deleted there is overwritten with zeros."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA busy_timeout=2000")
        busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.invalidate()  # its patience is not that of the others
    if busy:
        raise StillRead("somebody still reads the write-ahead log")

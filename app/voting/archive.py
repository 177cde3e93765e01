"""Ballots that were cast elsewhere, such as those of a past election in a file: poured into a box that never was open here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select

from app.core.messages import say
from app.core.problems import Conflict
from app.core.transparency import leaf_hash, plain_ballot
from app.unit import Work
from app.voting.box import ballots, boxes, cast_ballots, key_and_state, lock, marks
from app.voting.models import PaperLot

AT_ONCE = 1000


def pour(work: Work, edition_id: int, cast: Iterable[tuple[Collection[str], bool]], *, origin: str) -> int:
    """Put ballots into a box that holds no mark and no ballot yet, and close it; returns how many.

    Checks no style: that was for others to do. `cast` gives the choices of each ballot and whether it is known to have been cast
    online; all others lie in one closed lot that bears the name `origin`. Raises Conflict where somebody has voted here, or the box
    is closed.
    """
    lock(work, edition_id, alone=True)
    connection = work.core
    tables = (marks, cast_ballots, ballots)
    used = [connection.execute(select(table.c.edition_id).where(table.c.edition_id == edition_id).limit(1)).first() for table in tables]
    if key_and_state(work, edition_id)[1] or any(used):
        raise Conflict(say("This box is in use: no ballot from elsewhere can be put into it."))
    lot = PaperLot(edition_id=edition_id, number=1, station=origin[:150], closed=True)
    work.db.add(lot)
    work.db.flush()
    connection.execute(boxes.update().where(boxes.c.edition_id == edition_id).values(closed=True, opened=True))
    rows = [_row(work, edition_id, choices, None if online else lot.id) for choices, online in cast]
    for start in range(0, len(rows), AT_ONCE):
        connection.execute(ballots.insert(), rows[start : start + AT_ONCE])
    return len(rows)


def _row(work: Work, edition_id: int, choices: Collection[str], lot_id: int | None) -> dict[str, Any]:
    content = plain_ballot(choices)
    leaf = leaf_hash(work.token().encode() + content).hex()
    row = {"leaf_hash": leaf, "edition_id": edition_id, "content": content}
    return row | {"channel": "online" if lot_id is None else "paper", "lot_id": lot_id}

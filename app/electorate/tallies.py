"""Day counts of requests for voting codes: by mail provider and by network, never by person."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from app.core.anomalies import Tally
from app.editions.models import Edition
from app.electorate.models import RollTally
from app.unit import Work

KEPT = timedelta(days=180)
"""How long the counts are kept: the six months that the French authority (deliberation 2021-122) asks of logs at least."""
ASKED, PROVED, NETWORK, WRONG = "asked", "proved", "network", "wrong"


def note(work: Work, edition: Edition, day: date, what: str, about: str) -> None:
    """Count one request of a day, in one atomic statement: parallel ones are all counted."""
    insert = (postgresql if work.db.get_bind().dialect.name == "postgresql" else sqlite).insert(RollTally)
    row = insert.values(edition_id=edition.id, day=day, what=what, about=about[:254], count=1)
    work.db.execute(
        row.on_conflict_do_update(index_elements=["edition_id", "day", "what", "about"], set_={"count": col(RollTally.count) + 1})
    )


def tallies(work: Work, edition: Edition) -> tuple[Tally, ...]:
    """Every count of an edition, the oldest first."""
    wanted = (
        select(RollTally).where(RollTally.edition_id == edition.id).order_by(col(RollTally.day), col(RollTally.what), col(RollTally.about))
    )
    return tuple(Tally(one.day, one.what, one.about, one.count) for one in work.db.exec(wanted))


def forget_old(work: Work) -> None:
    """Delete the counts of days long past."""
    work.db.execute(delete(RollTally).where(col(RollTally.day) < (work.now - KEPT).date()))

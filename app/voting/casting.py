"""Putting one ballot into the box: the mark of its credential and the ballot itself, both or neither, while the box is open.

On PostgreSQL this is one statement, for going to the database and back costs more than what is done there. On SQLite, whose
writing transactions follow one another, it is as many statements as there are steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, DateTime, Integer, LargeBinary, Select, String, bindparam, func, literal, select, true
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError

from app.core.messages import say
from app.core.problems import Conflict, Problem
from app.unit import AtCore
from app.voting import clock
from app.voting.box import boxes, cast_ballots, insert_once, key_and_state, marks, on_postgresql
from app.voting.sealing import Cast, Facts

SAME_BALLOT = say(
    "This very ballot is already in the box, sent with another voting key, so it was not recorded again. "
    "Go back to your choices and check them again."
)


@dataclass(frozen=True)
class Window:
    """When a box takes ballots, [opens, closes), and the zone whose days the turnout counts."""

    opens: datetime
    closes: datetime
    zone: str


@dataclass(frozen=True, eq=False)
class Proviso:
    """A condition that must hold as well, seen in the same statement, and the values of its parameters. PostgreSQL alone asks it."""

    holds: ColumnElement[bool]
    values: Mapping[str, object]


class Outdated(Problem):
    """What the ballot was checked against is no longer so: it is to be checked again, nobody is told."""


@dataclass(frozen=True)
class Attempt:
    """What came of putting a ballot in: the database's instant at which it was tried, and whether the ballot lies in the box now."""

    now: datetime
    done: bool


def put_in(
    work: AtCore, edition_id: int, facts: Facts, mark: str, ballot: Cast, window: Window, proviso: Proviso | None = None
) -> Attempt | None:
    """Spend the mark and put the ballot in, if the box is open, the instant in the window and the mark not spent yet.

    The box is locked first, as by `box.lock`, the clock read next, and only then is anything written. None where the box is
    closed, has another key or is frozen with another definition. Raises Conflict where this very ballot lies in the box under
    another mark, Outdated where the proviso does not hold.
    """
    values = {"edition": edition_id, "mark": mark, "leaf": ballot.leaf, "entry": ballot.entry}
    if not on_postgresql(work):
        return _step_by_step(work, facts, values, window)
    values |= {"key": facts.key, "frozen": facts.election_hash, "told": clock.told()}
    values |= {"opens": window.opens, "closes": window.closes, "zone": window.zone}
    try:
        found = work.core.execute(_at_once(proviso and proviso.holds), values | dict(proviso.values if proviso else {})).first()
    except IntegrityError as error:
        raise _same_ballot(error) from None
    if found is not None and not found.fits:
        raise Outdated(SAME_BALLOT)
    return None if found is None else Attempt(found.now, bool(found.done))


def _same_ballot(error: IntegrityError) -> Exception:
    """Somebody else's request, copied and sent with another key; the error also took back the mark."""
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", "")
    return Conflict(SAME_BALLOT) if constraint == cast_ballots.primary_key.name else error


def _step_by_step(work: AtCore, facts: Facts, values: dict[str, object], window: Window) -> Attempt | None:
    edition_id = int(str(values["edition"]))
    known, closed = key_and_state(work, edition_id)
    if closed or known != facts.key:
        return None
    now = clock.database_now(work.core)
    day = now.astimezone(ZoneInfo(window.zone)).date().isoformat()
    row = {"edition_id": edition_id, "mark": values["mark"], "how": "online", "day": day}
    if not window.opens <= now < window.closes or not insert_once(work, marks, row):
        return Attempt(now, False)
    row = {"leaf_hash": values["leaf"], "edition_id": edition_id, "entry": values["entry"]}
    if not insert_once(work, cast_ballots, row):
        raise Conflict(SAME_BALLOT)
    return Attempt(now, True)


def _text(name: str) -> BindParameter[str]:
    return bindparam(name, type_=String)


@cache
def _at_once(holds: ColumnElement[bool] | None) -> Select[tuple[datetime, bool, int]]:
    """The whole cast as one statement. Each part begins once the one before it has given its row.

    A row that was locked is looked at again as it stands then (PostgreSQL's manual, 13.2.1, on READ COMMITTED), so a cast that
    waited for the closing of the box finds it closed, although its statement began before.
    """
    instant = DateTime(timezone=True)
    box = (
        select(boxes.c.edition_id)
        .where(boxes.c.edition_id == bindparam("edition", type_=Integer), boxes.c.key == bindparam("key", type_=LargeBinary))
        .where(boxes.c.closed.is_(False), boxes.c.election_hash == _text("frozen")).with_for_update(read=True).cte("box")
    )  # fmt: skip
    held = select(box.c.edition_id, clock.POSTGRES_NOW.label("now"), (true() if holds is None else holds).label("fits")).cte("held")
    day = func.to_char(func.timezone(_text("zone"), held.c.now), literal("YYYY-MM-DD", String))
    in_time = select(held.c.edition_id, _text("mark"), literal("online", String), day).where(
        held.c.fits, held.c.now >= bindparam("opens", type_=instant), held.c.now < bindparam("closes", type_=instant)
    )
    spent = (
        postgresql.insert(marks).from_select(["edition_id", "mark", "how", "day"], in_time, include_defaults=False)
        .on_conflict_do_nothing().returning(marks.c.edition_id).cte("spent")
    )  # fmt: skip
    ballot = select(_text("leaf"), spent.c.edition_id, bindparam("entry", type_=LargeBinary))
    laid = (
        postgresql.insert(cast_ballots).from_select(["leaf_hash", "edition_id", "entry"], ballot, include_defaults=False)
        .returning(cast_ballots.c.edition_id).cte("laid")
    )  # fmt: skip
    return select(held.c.now, held.c.fits, select(func.count()).select_from(laid).scalar_subquery().label("done"))

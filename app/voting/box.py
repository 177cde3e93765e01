"""The box of an edition: its key, its lock, the marks of the credentials that are spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Executable, Integer, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from app.core import credentials
from app.core.messages import Message, say
from app.core.problems import Conflict, Missing, Refused
from app.unit import AtCore, Work
from app.voting.models import Ballot, Box, CastBallot, SpentCredential
from app.voting.sealing import Facts

NO_BOX = say("There is no vote here.")
NOT_FROZEN = say("The vote is not frozen yet, so it cannot take ballots, and nothing was recorded. The city's desk can say when it opens.")
FIRST_VOTE_STANDS: dict[str, Message] = {
    "online": say(
        "A vote was already cast with this voting key. The first vote stands and this one "
        "was not recorded; if you did not vote, tell the city's desk."
    ),
    "paper": say(
        "A paper ballot was already handed out for this voting key, so this vote was not recorded: "
        "put the paper ballot into the ballot box."
    ),
    "void": say("This voting key was cancelled, so this vote was not recorded. Ask the city's desk for another one."),
}
"""How a credential was spent -> what to say to whoever comes second."""

_tables = SQLModel.metadata.tables
boxes, marks, cast_ballots, ballots = (_tables[str(model.__tablename__)] for model in (Box, SpentCredential, CastBallot, Ballot))

_edition: BindParameter[int] = bindparam("edition", type_=Integer)
_SAME_EDITION = boxes.c.edition_id == _edition
_KEY_AND_STATE = select(boxes.c.key, boxes.c.closed).where(_SAME_EDITION)
_FACTS = select(
    boxes.c.key, boxes.c.public_key, boxes.c.election_hash, boxes.c.ballot_bytes, boxes.c.changeable, boxes.c.merge_by
).where(_SAME_EDITION)
_TAKE_SHARED, _TAKE_ALONE = (
    select(boxes.c.edition_id).where(_SAME_EDITION).with_for_update(read=shared) for shared in (True, False)
)


class AlreadyVoted(Conflict):
    """409: this credential is spent. `how` says through which channel: online, paper or void."""

    def __init__(self, how: str) -> None:
        super().__init__(FIRST_VOTE_STANDS[how])
        self.how = how


@dataclass(frozen=True)
class Turnout:
    """How many credentials were spent on one day through one channel. Says nothing of any choice."""

    day: str
    how: str
    count: int


def open_box(work: Work, edition_id: int) -> Box:
    """The box of an edition, made with a new key of 256 random bits if there is none yet."""
    box = work.db.get(Box, edition_id)
    if box is None:
        box = Box(edition_id=edition_id, key=bytes.fromhex(work.token(64, "0123456789abcdef")))
        work.db.add(box)
        work.db.flush()
    return box


def freeze_box(
    work: Work, edition_id: int, public_key: bytes, election_hash: str, ballot_bytes: int, *, changeable: bool, merge_by: str
) -> None:
    """Say what the ballots of this box are sealed with. Raises Conflict if that was said already."""
    box = work.db.get_one(Box, edition_id, with_for_update=True, populate_existing=True)
    if box.public_key is not None:
        raise Conflict(say("This vote is frozen already, and nothing was changed. What was frozen stands on the page of its public log."))
    box.public_key, box.election_hash, box.ballot_bytes = public_key, election_hash, ballot_bytes
    box.changeable, box.merge_by = changeable, merge_by
    work.db.add(box)
    work.db.flush()


def box_of(work: Work, edition_id: int) -> Box | None:
    """The box of an edition, None before the poll was fixed."""
    return work.db.get(Box, edition_id)


def lock(work: AtCore, edition_id: int, *, alone: bool = False) -> None:
    """Keep the box as it is until the transaction ends: shared among those who cast, `alone` for closing.

    On SQLite a writing transaction holds the one writer's lock from its start, so there is nothing to add.
    """
    if on_postgresql(work):
        work.core.execute(_TAKE_ALONE if alone else _TAKE_SHARED, {"edition": edition_id})


def on_postgresql(work: AtCore) -> bool:
    """Whether the database is PostgreSQL; it is SQLite otherwise."""
    return work.core.dialect.name == "postgresql"


def key_and_state(work: AtCore, edition_id: int) -> tuple[bytes, bool]:
    """The key of the box and whether it is closed. Raises Missing where there is no box."""
    found = work.core.execute(_KEY_AND_STATE, {"edition": edition_id}).first()
    if found is None:
        raise Missing(NO_BOX)
    return bytes(found.key), bool(found.closed)


def is_opened(work: AtCore, edition_id: int) -> bool:
    """Whether the ballots of a box were taken out of it to be counted."""
    return bool(work.core.execute(select(boxes.c.opened).where(_SAME_EDITION), {"edition": edition_id}).scalar())


def facts_of(work: AtCore, edition_id: int) -> Facts:
    """What ballots are sealed with. Raises Missing where there is no box, Refused before the freeze."""
    found = work.core.execute(_FACTS, {"edition": edition_id}).first()
    if found is None:
        raise Missing(NO_BOX)
    if found.public_key is None:
        raise Refused(NOT_FROZEN)
    return Facts(bytes(found.key), bytes(found.public_key), found.election_hash, found.ballot_bytes, bool(found.changeable), found.merge_by)


def insert_once(work: AtCore, table: Table, values: dict[str, Any]) -> bool:
    """Insert a row unless its key is taken; False if it is. Two at once wait for each other, and one of them gets False."""
    return work.core.execute(_insert_once(work.core.dialect.name, table), values).first() is not None


@cache
def _insert_once(dialect: str, table: Table) -> Executable:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    statement: Executable = insert.on_conflict_do_nothing().returning(next(iter(table.primary_key)))
    return statement


def spend(work: Work, edition_id: int, credential: str, how: str, day: str) -> None:
    """Mark a credential as spent without a ballot: for a paper ballot handed out ("paper") or a cancelled key ("void").

    `day` is an ISO date. Raises AlreadyVoted if it is spent already (the first mark prevails), Refused once the box is closed.
    """
    lock(work, edition_id)
    key, closed = key_and_state(work, edition_id)
    if closed:
        raise Refused(say(
            "The box is closed, so nobody can be marked as having voted any more and nothing was recorded. Hand out no paper ballot."
        ))
    mark = credentials.spent_mark(key, str(edition_id), credential)
    if not insert_once(work, marks, {"edition_id": edition_id, "mark": mark, "how": how, "day": str(day)}):
        raise AlreadyVoted(how_spent(work, edition_id, mark) or how)


def how_spent(work: AtCore, edition_id: int, mark: str) -> str | None:
    """How the credential of this mark was spent, None if it was not."""
    wanted = select(marks.c.how).where(marks.c.edition_id == edition_id, marks.c.mark == mark)
    found: str | None = work.core.execute(wanted).scalar()
    return found


def spent_hows(work: Work, edition_id: int, known: Sequence[str]) -> dict[str, str]:
    """For each of these credentials that is spent, how; in one statement."""
    if not known:
        return {}
    key = key_and_state(work, edition_id)[0]
    by_mark = {credentials.spent_mark(key, str(edition_id), credential): credential for credential in known}
    wanted = select(marks.c.mark, marks.c.how).where(marks.c.edition_id == edition_id, marks.c.mark.in_(by_mark))
    return {by_mark[mark]: how for mark, how in work.core.execute(wanted)}


def spent_how(work: Work, edition_id: int, credential: str) -> str | None:
    """How a credential was spent ("online", "paper", "void"), None if it was not."""
    return spent_hows(work, edition_id, [credential]).get(credential)


def is_spent(work: Work, edition_id: int, credential: str) -> bool:
    """Whether a credential was used or cancelled."""
    return spent_how(work, edition_id, credential) is not None


def turnout(work: Work, edition_id: int) -> list[Turnout]:
    """How many credentials were spent, by day and channel, the oldest day first."""
    groups = select(marks.c.day, marks.c.how, func.count()).where(marks.c.edition_id == edition_id)
    groups = groups.group_by(marks.c.day, marks.c.how).order_by(marks.c.day, marks.c.how)
    return [Turnout(day, how, int(count)) for day, how, count in work.core.execute(groups)]

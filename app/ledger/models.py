"""The journal of civic acts, and the public logs: leaves under one signed root, so that nothing can be taken away unseen."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class Entry(SQLModel, table=True):
    """One act: `event` follows the grammar subject:action (`proposal:submit`), `subject` names what it was done to."""

    __tablename__ = "ledger_entry"

    id: int | None = Field(default=None, primary_key=True)
    event: str = Field(max_length=60, index=True)
    subject: str = Field(max_length=120, index=True)
    text: str = Field(default="", max_length=4000)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: int | None = Field(default=None, foreign_key="account.id")


class ChangeCounter(SQLModel, table=True):
    """The one number that `app.changes` lets grow with every change that a public page could show."""

    __tablename__ = "change_counter"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(default=0, sa_type=BigInteger)


class Log(SQLModel, table=True):
    """A Merkle log of an edition: its sealed ballots, or its public acts. `roots` are those of the tree's full subtrees, in hexadecimal."""

    __tablename__ = "log"
    __table_args__ = (UniqueConstraint("edition_id", "kind"), CheckConstraint("kind IN ('ballots', 'acts')", name="known_kind"))

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id")
    kind: str = Field(max_length=10)
    origin: str = Field(max_length=200)
    election_hash: str = Field(default="", max_length=64)
    size: int = 0
    roots: list[str] = Field(default_factory=list, sa_type=JSON)


class LogLeaf(SQLModel, table=True):
    """One leaf, for ever: its place, its hash, and the bytes that were hashed (none in the log of acts, whose texts can be erased)."""

    __tablename__ = "log_leaf"
    __table_args__ = (UniqueConstraint("log_id", "hash"), {"sqlite_with_rowid": False})

    log_id: int = Field(foreign_key="log.id", primary_key=True)
    place: int = Field(primary_key=True)
    hash: str = Field(max_length=64)
    entry: bytes | None = Field(default=None, sa_type=LargeBinary)


class LogNode(SQLModel, table=True):
    """The root of a full subtree of a log, over 2 ** level leaves: a proof reads a few of these instead of all leaves.

    Written with the last of its leaves; it says nothing that they do not.
    """

    __tablename__ = "log_node"
    __table_args__ = ({"sqlite_with_rowid": False},)

    log_id: int = Field(foreign_key="log.id", primary_key=True)
    level: int = Field(primary_key=True, description="1 over two leaves, 2 over four …")
    place: int = Field(primary_key=True, description="Its place among those of its level, from 0.")
    hash: str = Field(max_length=64)


class LogHead(SQLModel, table=True):
    """A signed head of a log: a note as text, without the cosignatures of witnesses."""

    __tablename__ = "log_head"

    log_id: int = Field(foreign_key="log.id", primary_key=True)
    size: int = Field(primary_key=True)
    note: str = Field(max_length=2000)


class Cosignature(SQLModel, table=True):
    """The line by which a witness says that a head is consistent with all that it saw before."""

    __tablename__ = "log_cosignature"

    log_id: int = Field(foreign_key="log.id", primary_key=True)
    size: int = Field(primary_key=True)
    witness: str = Field(primary_key=True, max_length=100)
    line: str = Field(max_length=500)


class PublicAct(SQLModel, table=True):
    """A civic act that everybody may see: a salted hash in the log of acts, its text beside it, which can be erased."""

    __tablename__ = "public_act"
    __table_args__ = (Index("ix_public_act_edition_id_place", "edition_id", "place"),)

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id")
    event: str = Field(max_length=60)
    day: str = Field(max_length=10)
    salt: str | None = Field(default=None, max_length=32)
    text: str | None = Field(default=None, max_length=4000)
    hash: str = Field(max_length=64)
    place: int | None = Field(default=None, description="Its place in the log, None until the worker has put it there.")


class Motion(SQLModel, table=True):
    """An act that takes two people: one proposes it, another confirms it, and only then is it done.

    `payload` is all that will be done, so that the second person confirms exactly what the first has proposed.
    """

    __tablename__ = "motion"
    __table_args__ = (
        CheckConstraint("seconded_by_id IS NULL OR seconded_by_id <> proposed_by_id", name="takes_two"),
        CheckConstraint("seconded_at IS NULL OR withdrawn_at IS NULL", name="ends_once"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=12)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    act: str = Field(max_length=40)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reason: str = Field(default="", max_length=2000)
    proposed_by_id: int = Field(foreign_key="account.id")
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    seconded_by_id: int | None = Field(default=None, foreign_key="account.id")
    seconded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by_id: int | None = Field(default=None, foreign_key="account.id")
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

"""The ballot box. Nothing here can be joined with a person: no identity, no time, no order."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class Box(SQLModel, table=True):
    """The box of one edition: its own key, and from the freeze on what its ballots are sealed with.

    `public_key` is that of the bureau, None before the freeze: nothing can be cast without it. `closed` is written once, under the lock
    that casting shares, `opened` once, with everything that was in the box.
    """

    __tablename__ = "ballot_box"

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    key: bytes = Field(sa_type=LargeBinary)
    public_key: bytes | None = Field(default=None, sa_type=LargeBinary)
    election_hash: str = Field(default="", max_length=64)
    ballot_bytes: int = 0
    changeable: bool = False
    merge_by: str = Field(default="", max_length=20, description="The instant that receipts promise, as the frozen definition says it.")
    closed: bool = False
    opened: bool = False


class SpentCredential(SQLModel, table=True):
    """The keyed hash of a credential that has been used, or voided before use. Its uniqueness is "one person, one ballot"."""

    __tablename__ = "spent_credential"
    __table_args__ = (CheckConstraint("how IN ('online', 'paper', 'void')", name="known_how"), {"sqlite_with_rowid": False})

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    mark: str = Field(primary_key=True, max_length=64)
    how: str = Field(max_length=10)
    day: str = Field(max_length=10, description="The day of use, for the turnout; the ballot itself bears none.")


class CastBallot(SQLModel, table=True):
    """A ballot cast online: its sealed entry until that lies in the public log; then only its hash stays, so that no other can be the same.

    `replaces` is the hash of the ballot that this one takes the place of, where an edition lets people change their vote.
    """

    __tablename__ = "cast_ballot"
    __table_args__ = (UniqueConstraint("replaces"), {"sqlite_with_rowid": False})

    leaf_hash: str = Field(primary_key=True, max_length=64)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    entry: bytes | None = Field(default=None, sa_type=LargeBinary)
    replaces: str | None = Field(default=None, max_length=64)


class Ballot(SQLModel, table=True):
    """One ballot that is or will be counted: taken out of the log when the box is opened, or entered from paper.

    `content` is the text of the ballot; that of a paper ballot is sealed until the opening. A ballot on paper bears its lot and its
    serial in the lot. `opening` opens this one sealed ballot and no other, where the key of the box is never published.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint("channel IN ('online', 'paper')", name="known_channel"),
        CheckConstraint("(channel = 'paper') = (lot_id IS NOT NULL)", name="paper_has_a_lot"),
        UniqueConstraint("lot_id", "serial"),
        {"sqlite_with_rowid": False},
    )

    leaf_hash: str = Field(primary_key=True, max_length=64)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    channel: str = Field(max_length=10)
    content: bytes = Field(sa_type=LargeBinary)
    opening: bytes | None = Field(default=None, sa_type=LargeBinary)
    lot_id: int | None = Field(default=None, foreign_key="paper_lot.id")
    serial: int | None = None
    null_reason: str | None = Field(
        default=None, max_length=30, description="Why a ballot is null; a null paper ballot holds what was marked."
    )


class Opening(SQLModel, table=True):
    """The opening of a box: over which head, in which mode, and what is published of the key.

    `key` is the opening key itself where it is published; None where ballots are opened leaf by leaf, or in the discreet mode, in which
    `secret` belongs to the bureau alone: with it the published list of ballots is bound to a commitment.
    """

    __tablename__ = "box_opening"

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    head_size: int
    mode: str = Field(max_length=10)
    key: bytes | None = Field(default=None, sa_type=LargeBinary)
    secret: bytes | None = Field(default=None, sa_type=LargeBinary)
    commitment: str | None = Field(
        default=None, max_length=64, description="Discreet mode: binds the bureau to the ballots in the order of the log."
    )
    opened_at: datetime = Field(sa_type=UtcDateTime)


class PaperLot(SQLModel, table=True):
    """A numbered lot of paper ballots, entered one by one by a desk agent."""

    __tablename__ = "paper_lot"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id")
    number: int
    station: str = Field(max_length=150)
    closed: bool = False
    notes: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)

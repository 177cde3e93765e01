"""The ballot box. Nothing here can be joined with a person: no identity, no time, no order."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


class Box(SQLModel, table=True):
    """The box of one edition and its key. `closed` is written once, under the lock that casting shares."""

    __tablename__ = "ballot_box"

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    key: bytes = Field(sa_type=LargeBinary)
    closed: bool = False


class SpentCredential(SQLModel, table=True):
    """The keyed hash of a credential that has been used, or voided before use. Its uniqueness is "one person, one ballot"."""

    __tablename__ = "spent_credential"
    __table_args__ = (CheckConstraint("how IN ('online', 'paper', 'void')", name="known_how"), {"sqlite_with_rowid": False})

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    mark: str = Field(primary_key=True, max_length=64)
    how: str = Field(max_length=10)
    day: str = Field(max_length=10, description="The day of use, for the turnout; the ballot itself bears none.")


class Ballot(SQLModel, table=True):
    """One ballot. Its key is the hash of its leaf (random through the seed); `sealed` holds the leaf itself.

    A ballot on paper bears its lot and its serial in the lot instead of a credential.
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
    tracking_code: str = Field(max_length=16, index=True)
    channel: str = Field(max_length=10)
    sealed: bytes = Field(sa_type=LargeBinary)
    lot_id: int | None = Field(default=None, foreign_key="paper_lot.id")
    serial: int | None = None
    null_reason: str | None = Field(
        default=None, max_length=30, description="Why a paper ballot is null; a null ballot holds what was marked."
    )


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

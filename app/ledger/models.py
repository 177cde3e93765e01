"""The journal of civic acts: append-only; the public Merkle log is built over it when the ballot box comes."""

from datetime import datetime

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

"""Tables that officials sent, with what was found in them, and the references by which projects are known elsewhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime, one_of
from app.exchange.sheets.stages import Stage


class TableImport(SQLModel, table=True):
    """A table that was sent: looked at by the worker, then applied as it was looked at, or left. `content` is emptied at the end.

    `report` is a `sheets.reports.Report` as JSON; `sha256` is the file's own hash, and with the report's digest what is applied.
    """

    __tablename__ = "table_import"
    __table_args__ = (CheckConstraint(one_of("stage", Stage), name="known_stage"),)

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=26)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    kind: str = Field(max_length=20)
    name: str = Field(max_length=120)
    encoding: str = Field(max_length=10)
    content: bytes = Field(sa_type=LargeBinary)
    sha256: str = Field(max_length=64)
    stage: str = Field(default=Stage.READING, max_length=12)
    report: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by_id: int | None = Field(default=None, foreign_key="account.id")
    applied_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    applied_by_id: int | None = Field(default=None, foreign_key="account.id")


class ProjectReference(SQLModel, table=True):
    """The name that a project of an edition has in the tables of others: the same row sent twice is the same project."""

    __tablename__ = "project_reference"

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    reference: str = Field(primary_key=True, max_length=80)
    proposal_id: int = Field(foreign_key="proposal.id", index=True, unique=True)

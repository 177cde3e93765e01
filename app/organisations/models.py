"""Associations, collectives and sponsors, and the people who act for them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.core.permissions import MemberRole
from app.database import UtcDateTime, one_of


class Organisation(SQLModel, table=True):
    """A carrier, or the association that sponsors a collective. `slug` is its permanent public name."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("kind IN ('association', 'collective')", name="known_kind"),
        CheckConstraint("pending_reports >= 0", name="reports_not_negative"),
        CheckConstraint("sponsor_id IS NULL OR kind = 'collective'", name="only_collectives_are_sponsored"),
    )

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=80)
    kind: str = Field(max_length=20)
    name: str = Field(max_length=150)
    acronym: str | None = Field(default=None, max_length=30)
    siren: str | None = Field(default=None, max_length=9)
    siret: str | None = Field(default=None, max_length=14, unique=True)
    rna: str | None = Field(default=None, max_length=10, unique=True)
    founded_on: date | None = None
    commune: str | None = Field(default=None, max_length=5, description="INSEE code of the seat.")
    district: str | None = Field(default=None, max_length=20)
    members: int | None = None
    sponsor_id: int | None = Field(default=None, foreign_key="organisation.id")
    republican_commitment_on: date | None = None
    pending_reports: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)


class Membership(SQLModel, table=True):
    """A person acting for an organisation."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(one_of("role", MemberRole), name="known_role"),
    )

    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    account_id: int = Field(foreign_key="account.id", primary_key=True, index=True)
    role: str = Field(max_length=20)
    since: datetime = Field(sa_type=UtcDateTime)

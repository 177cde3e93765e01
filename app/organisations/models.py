"""Associations, collectives and sponsors, and the people who act for them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, LargeBinary
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
    led_by_diaspora: bool | None = Field(default=None, description="As the organisation says of itself; None: not said.")
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


class Invitation(SQLModel, table=True):
    """An address asked to act for an organisation. The link holds the secret, the table only its SHA-256."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(one_of("role", MemberRole), name="known_role"),
        CheckConstraint("outcome IN ('accepted', 'withdrawn')", name="known_outcome"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended_with_outcome"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=26)
    token_hash: str = Field(unique=True, max_length=64)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    email: str = Field(max_length=254, index=True, description="Normalised as accounts are; compared exactly.")
    role: str = Field(max_length=20)
    language: str = Field(default="fr", max_length=10)
    invited_by_id: int = Field(foreign_key="account.id")
    sent_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    outcome: str | None = Field(default=None, max_length=10)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Paper(SQLModel, table=True):
    """A document of an organisation that counts for all its files, such as its statutes. Replaced ones stay as older versions."""

    __tablename__ = "organisation_paper"
    __table_args__ = (
        CheckConstraint("size > 0", name="not_empty"),
        CheckConstraint("valid_until IS NULL OR valid_until >= dated_on", name="valid_after_its_date"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=26)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    kind: str = Field(max_length=30)
    name: str = Field(max_length=150)
    media_type: str = Field(max_length=60)
    size: int
    sha256: str = Field(max_length=64)
    dated_on: date
    valid_until: date | None = Field(default=None, description="The last day on which it counts.")
    added_at: datetime = Field(sa_type=UtcDateTime)
    added_by_id: int | None = Field(default=None, foreign_key="account.id")
    replaced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PaperContent(SQLModel, table=True):
    """The bytes of a paper, saved by the very transaction that says so."""

    __tablename__ = "organisation_paper_content"

    paper_id: int = Field(foreign_key="organisation_paper.id", primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)

"""The local partner's own side of a file: the links sent to it, and what it answered. A partner has no account."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class PartnerLink(SQLModel, table=True):
    """A link sent to the partner: only the fingerprint of its secret is kept. The newest of a file is the one that counts."""

    __tablename__ = "partner_link"

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    email: str = Field(max_length=254)
    contact: str = Field(max_length=120)
    language: str = Field(max_length=10)
    sent_at: datetime = Field(sa_type=UtcDateTime)
    sent_by_id: int | None = Field(default=None, foreign_key="account.id")
    expires_at: datetime = Field(sa_type=UtcDateTime)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PartnerAnswer(SQLModel, table=True):
    """What the partner answered: it signed the letter, whose very text is kept, or declined. The newest of a file counts."""

    __tablename__ = "partner_answer"
    __table_args__ = (CheckConstraint("outcome IN ('confirmed', 'declined')", name="known_outcome"),)

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id", index=True)
    link_id: int = Field(foreign_key="partner_link.id")
    outcome: str = Field(max_length=10)
    at: datetime = Field(sa_type=UtcDateTime)
    identity: dict[str, Any] = Field(sa_type=JSON, description="Who the file said the partner was when it answered.")
    name: str = Field(default="", max_length=120)
    function: str = Field(default="", max_length=120)
    language: str = Field(default="fr", max_length=10, description="The language of the letter.")
    letter: str = ""
    letter_hash: str = Field(default="", max_length=64, description="SHA-256 of the letter, in UTF-8.")
    statement: str = Field(default="", max_length=2000, description="The partner's own words, public.")
    statement_language: str = Field(default="", max_length=10)
    reason: str = Field(default="", max_length=2000, description="Why it declined, for the carrier and the city.")

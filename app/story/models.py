"""Those who follow a project or an edition by e-mail, without an account."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class Follower(SQLModel, table=True):
    """One address that follows one thing. The row is all that is known of it, and is deleted when the following ends.

    `token` stands in the links of its e-mails: it confirms the address, and ends the following. It opens nothing else.
    """

    __tablename__ = "follower"
    __table_args__ = (
        UniqueConstraint("email", "proposal_id"),
        UniqueConstraint("email", "edition_id"),
        CheckConstraint("(proposal_id IS NULL) <> (edition_id IS NULL)", name="follows_one_thing"),
    )

    id: int | None = Field(default=None, primary_key=True)
    token: str = Field(unique=True, max_length=43)
    email: str = Field(max_length=254)
    language: str = Field(max_length=10)
    proposal_id: int | None = Field(default=None, foreign_key="proposal.id", index=True)
    edition_id: int | None = Field(default=None, foreign_key="edition.id", index=True)
    asked_at: datetime = Field(sa_type=UtcDateTime, description="When the link to confirm was sent last.")
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_until: datetime | None = Field(default=None, sa_type=UtcDateTime, description="The end of the last summary of an edition.")

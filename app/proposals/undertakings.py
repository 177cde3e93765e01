"""What people put their name to for one file: the republican commitment, the interests they declare, the word of the sponsor.

Rows are only ever added: the latest of each counts, the earlier ones say what held before.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class Commitment(SQLModel, table=True):
    """The republican commitment, taken by an association for one request: which text, when, by whom."""

    __tablename__ = "commitment"

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    text_version: str = Field(max_length=40)
    accepted_at: datetime = Field(sa_type=UtcDateTime)
    accepted_by_id: int = Field(foreign_key="account.id")


class InterestStatement(SQLModel, table=True):
    """What a carrier declares of its interests for one file: nothing, or what and with whom."""

    __tablename__ = "interest_statement"

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id", index=True)
    what: str = Field(default="", max_length=2000, description="Blank: nothing to declare.")
    stated_at: datetime = Field(sa_type=UtcDateTime)
    stated_by_id: int = Field(foreign_key="account.id")

    @property
    def nothing(self) -> bool:
        """Whether it states that there is nothing to declare."""
        return not self.what


class SponsorStep(SQLModel, table=True):
    """The sponsor of a collective's file: asked, or its answer, about exactly the content that `content_hash` names."""

    __tablename__ = "sponsor_step"
    __table_args__ = (
        CheckConstraint("act IN ('ask', 'validate', 'decline')", name="known_act"),
        CheckConstraint("act <> 'decline' OR reason <> ''", name="declined_with_reason"),
    )

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id", index=True)
    sponsor_id: int = Field(foreign_key="organisation.id")
    act: str = Field(max_length=10)
    reason: str = Field(default="", max_length=2000)
    content_hash: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: int = Field(foreign_key="account.id")

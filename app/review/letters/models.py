"""Letters as they were written, and the terms of an edition they repeat: how long to appeal, where, who signs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel

from app.core.messages import Message, say
from app.database import UtcDateTime

DAYS_TO_APPEAL, DAYS_TO_ANSWER, COURT_MONTHS = 15, 30, 2
TITLES: dict[str, Message] = {
    "inadmissible": say("Decision: your file is inadmissible"),
    "incomplete": say("Your file is to be completed"),
    "admissible": say("Decision: your file is admissible"),
    "ineligible": say("Decision: your project is not accepted for the vote"),
    "eligible": say("Decision: your project is accepted for the vote"),
    "appeal_upheld": say("Decision on your appeal: it is upheld"),
    "appeal_rejected": say("Decision on your appeal: it is rejected"),
}


class AppealTerms(SQLModel, table=True):
    """Ways and dates of appeal of an edition, and who signs its letters. Without a row the defaults hold."""

    __tablename__ = "appeal_terms"
    __table_args__ = (
        CheckConstraint("days BETWEEN 1 AND 365", name="days_in_reason"),
        CheckConstraint("answer_days BETWEEN 1 AND 365", name="answer_in_reason"),
        CheckConstraint("court_months BETWEEN 1 AND 12", name="months_in_reason"),
    )

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    days: int = Field(default=DAYS_TO_APPEAL, description="Whole days after the notification in which an appeal can be filed.")
    answer_days: int = Field(default=DAYS_TO_ANSWER, description="Whole days in which the city answers an appeal.")
    signatory: str = Field(default="", max_length=150)
    signatory_title: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=500)
    court: str = Field(default="", max_length=300)
    court_months: int = COURT_MONTHS


class Letter(SQLModel, table=True):
    """One letter to the carrier: its facts frozen when it was written, in the language of the file. `public_id` holds 130 random bits."""

    __tablename__ = "letter"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=26)
    proposal_id: int = Field(foreign_key="proposal.id", index=True)
    reference: str = Field(max_length=60)
    outcome: str = Field(max_length=30)
    language: str = Field(max_length=10)
    facts: dict[str, Any] = Field(sa_type=JSON)
    issued_at: datetime = Field(sa_type=UtcDateTime)
    decided_by_id: int = Field(foreign_key="account.id")
    appeal_until: datetime | None = Field(default=None, sa_type=UtcDateTime, description="None where the outcome cannot be appealed.")

    @property
    def title(self) -> Message:
        """What the letter says, in a line."""
        return TITLES[self.outcome]

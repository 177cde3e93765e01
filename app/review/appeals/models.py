"""An appeal against a decision, its documents, and its outcome."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class Appeal(SQLModel, table=True):
    """One appeal against one letter: a draft of the carrier until it is filed, open until it is decided.

    `against_id` is who took the contested decision; the database itself refuses that they decide the appeal.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("channel IN ('online', 'paper')", name="known_channel"),
        CheckConstraint("outcome IS NULL OR outcome IN ('upheld', 'rejected')", name="known_outcome"),
        CheckConstraint(
            "outcome IS NULL OR (motive <> '' AND decided_at IS NOT NULL AND decided_by_id IS NOT NULL)", name="outcome_has_motive"
        ),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> against_id", name="decided_by_another"),
        CheckConstraint("filed_at IS NULL OR (text <> '' AND due_at IS NOT NULL)", name="filed_has_words_and_date"),
        CheckConstraint("outcome IS NULL OR filed_at IS NOT NULL", name="decided_after_filing"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=26)
    letter_id: int = Field(foreign_key="letter.id", unique=True)
    proposal_id: int = Field(foreign_key="proposal.id", index=True)
    against_id: int = Field(foreign_key="account.id")
    channel: str = Field(default="online", max_length=10)
    text: str = Field(default="", max_length=8000)
    saved_at: datetime = Field(sa_type=UtcDateTime)
    saved_by_id: int = Field(foreign_key="account.id")
    filed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="For a paper appeal, the day it reached the city.")
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="Until when the city answers.")
    outcome: str | None = Field(default=None, max_length=10)
    motive: str = Field(default="", max_length=4000)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    answer_id: int | None = Field(default=None, foreign_key="letter.id", description="The letter that answers it.")


class AppealDocument(SQLModel, table=True):
    """A document joined to an appeal, looked at like every other file. Its bytes stand in `appeal_document_content`."""

    __tablename__ = "appeal_document"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=26)
    appeal_id: int = Field(foreign_key="appeal.id", index=True)
    name: str = Field(max_length=150)
    media_type: str = Field(max_length=60)
    size: int
    sha256: str = Field(max_length=64)
    added_at: datetime = Field(sa_type=UtcDateTime)
    added_by_id: int = Field(foreign_key="account.id")


class AppealDocumentContent(SQLModel, table=True):
    """The bytes of a document of an appeal."""

    __tablename__ = "appeal_document_content"

    document_id: int = Field(foreign_key="appeal_document.id", primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)

"""E-mails on their way: written in the transaction that causes them, sent by the worker."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class OutgoingMail(SQLModel, table=True):
    """One e-mail. Its text is wiped once it is sent, except in demonstration mode, where people read it here."""

    __tablename__ = "outgoing_mail"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=26)
    name: str = Field(max_length=60, description="Which message: the folder of its templates.")
    recipient: str = Field(max_length=254)
    language: str = Field(max_length=10)
    subject: str = Field(max_length=300)
    body_text: str
    body_html: str
    queued_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unsubscribe: str = Field(default="", max_length=300, description="Where a mail program ends what this e-mail is part of (RFC 8058).")
    failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="When the mail server refused it for good.")
    problem: str = Field(default="", max_length=500, description="What the mail server answered.")
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="When somebody found its address wrong.")


class LostMail(SQLModel, table=True):
    """How many e-mails that leave no trace were refused for good on a day: a number, and nobody's address."""

    __tablename__ = "lost_mail"

    name: str = Field(primary_key=True, max_length=60)
    day: date = Field(primary_key=True)
    count: int = 0


class MailWording(SQLModel, table=True):
    """The city's own words for one message in one language, as saved once; the newest counts. A blank one returns to the usual text."""

    __tablename__ = "mail_wording"
    __table_args__ = (CheckConstraint("(subject = '') = (body = '')", name="whole_or_blank"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=60, index=True)
    language: str = Field(max_length=10)
    subject: str = Field(max_length=200)
    body: str
    saved_at: datetime = Field(sa_type=UtcDateTime)
    saved_by_id: int | None = Field(default=None, foreign_key="account.id")

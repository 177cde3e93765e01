"""E-mails on their way: written in the transaction that causes them, sent by the worker."""

from datetime import datetime

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

"""What the site is called: a row of its own, low in the house, because every e-mail bears the name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime
from app.settings import settings
from app.unit import Work


class SiteLook(SQLModel, table=True):
    """The city's name and colour, each blank where the house's stands; one row, or none."""

    __tablename__ = "site_look"
    __table_args__ = (CheckConstraint("id = 1", name="one_look"),)

    id: int | None = Field(default=1, primary_key=True)
    name: str = Field(default="", max_length=80)
    colour: str = Field(default="", max_length=7, description="#RRGGBB as it was chosen; what is shown is derived from it.")
    sign_hash: str = Field(default="", max_length=64, description="SHA-256 of the picture of the sign; blank where there is none.")
    changed_at: datetime = Field(sa_type=UtcDateTime)


def site_name(work: Work) -> str:
    """The name the city chose, else that of the setting. Read once in a transaction, however many mails it queues."""
    known: dict[str, str] = work.db.info
    if "site_name" not in known:
        look = work.db.get(SiteLook, 1)
        known["site_name"] = (look and look.name) or settings().site_name
    return known["site_name"]

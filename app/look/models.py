"""The look an installation was given: one row, or none."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class SiteLook(SQLModel, table=True):
    """The city's name and colour, each blank where the house's stands."""

    __tablename__ = "site_look"
    __table_args__ = (CheckConstraint("id = 1", name="one_look"),)

    id: int | None = Field(default=1, primary_key=True)
    name: str = Field(default="", max_length=80)
    colour: str = Field(default="", max_length=7, description="#RRGGBB as it was chosen; what is shown is derived from it.")
    sign_hash: str = Field(default="", max_length=64, description="SHA-256 of the picture of the sign; blank where there is none.")
    changed_at: datetime = Field(sa_type=UtcDateTime)


class SiteSign(SQLModel, table=True):
    """The picture of the city's sign, by the hash of its bytes. Apart from the look, which every page reads."""

    __tablename__ = "site_sign"

    hash: str = Field(primary_key=True, max_length=64)
    media_type: str = Field(max_length=40)
    content: bytes = Field(sa_type=LargeBinary)

"""A programme, its editions and their calendar. Envelope, rules and themes are frozen values in columns."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.calendar import PhaseKind
from app.core.eligibility import Rulebook
from app.core.envelope import Envelope
from app.core.messages import Localised
from app.database import Frozen, UtcDateTime, one_of


class Choice(BaseModel):
    """One entry of a list the city sets (themes, districts, other schemes): a key and its label by language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    label: dict[str, str]


class Programme(SQLModel, table=True):
    """What the city runs year after year: a name, a territory, a currency, a zone, languages."""

    __tablename__ = "programme"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=80)
    name: Localised = Field(sa_type=Frozen(Localised))
    tagline: Localised = Field(sa_type=Frozen(Localised))
    operator: str = Field(default="", max_length=200)
    commune: str = Field(max_length=5, description="INSEE code of the city.")
    currency: str = Field(default="EUR", max_length=3)
    zone: str = Field(default="Europe/Paris", max_length=40)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Edition(SQLModel, table=True):
    """One year of a programme. Public once published; its phases open and close by their dates alone."""

    __tablename__ = "edition"

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programme.id", index=True)
    slug: str = Field(unique=True, max_length=80)
    name: Localised = Field(sa_type=Frozen(Localised))
    introduction: Localised = Field(sa_type=Frozen(Localised))
    envelope: Envelope | None = Field(default=None, sa_type=Frozen(Envelope))
    rulebook: Rulebook = Field(sa_type=Frozen(Rulebook))
    themes: list[Choice] = Field(default_factory=list, sa_type=Frozen(list[Choice]))
    districts: list[Choice] = Field(default_factory=list, sa_type=Frozen(list[Choice]))
    redirects: list[Choice] = Field(default_factory=list, sa_type=Frozen(list[Choice]))
    frozen: bool = Field(default=False, description="The vote is frozen: its dates, its envelope and its rules can no longer be edited.")
    review_step: bool = Field(default=False, description="Admissible files are reviewed, and only those retained go on the ballot.")
    decisions_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="When decisions are shown; None: each at once.")
    revision: int = Field(default=1, description="Grows with every change, so that two officials cannot overwrite each other.")
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_by_id: int | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = Field(sa_type=UtcDateTime)


class Phase(SQLModel, table=True):
    """One window of an edition's calendar, half-open: [opens_at, closes_at)."""

    __tablename__ = "phase"
    __table_args__ = (
        UniqueConstraint("edition_id", "kind"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint(one_of("kind", PhaseKind), name="known_kind"),
    )

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id")
    kind: str = Field(max_length=20)
    opens_at: datetime = Field(sa_type=UtcDateTime)
    closes_at: datetime = Field(sa_type=UtcDateTime)

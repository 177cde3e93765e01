"""The panel of an edition and all that its jurors do, one record each: nothing given is ever overwritten."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Limit
from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.messages import Localised, Message, say
from app.database import Frozen, UtcDateTime, one_of


class Criterion(BaseModel):
    """What a project is scored on, and how much it weighs beside the others."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    label: Localised
    weight: int = Limit(ge=1, le=100)


class Fallback(StrEnum):
    """What happens where fewer opinions than the quorum are left."""

    OFFICERS = "officers"
    FEWER = "fewer"


FALLBACK_LABELS: dict[Fallback, Message] = {
    Fallback.OFFICERS: say("The jury gives no mean: the case officers review the file, and the minutes say so"),
    Fallback.FEWER: say("The mean of the opinions given counts, and the minutes say that the quorum was not met"),
}


class Tie(StrEnum):
    """Why a juror stands aside."""

    MEMBER = "member"
    FAMILY = "family"
    MONEY = "money"
    PARTNER = "partner"
    OTHER = "other"
    ABSENT = "absent"


TIE_LABELS: dict[Tie, Message] = {
    Tie.MEMBER: say("Member of the carrier or of its sponsor"),
    Tie.FAMILY: say("Family or close tie with the carrier"),
    Tie.MONEY: say("Job or money: works for the carrier, or is paid by the project"),
    Tie.PARTNER: say("Tie with the local partner"),
    Tie.OTHER: say("Another reason"),
    Tie.ABSENT: say("Absent: gave no opinion in time"),
}


class Stance(StrEnum):
    """What the jury as a whole says of a project."""

    FAVOURABLE = "favourable"
    RESERVED = "reserved"
    UNFAVOURABLE = "unfavourable"


STANCE_LABELS: dict[Stance, Message] = {
    Stance.FAVOURABLE: say("Favourable"),
    Stance.RESERVED: say("Favourable with reservations"),
    Stance.UNFAVOURABLE: say("Unfavourable"),
}


class JuryPanel(SQLModel, table=True):
    """How the jury of an edition scores: criteria with weights, a scale from 0, a quorum, a threshold of alert."""

    __tablename__ = "jury_panel"
    __table_args__ = (
        CheckConstraint("scale BETWEEN 1 AND 20", name="scale_in_reason"),
        CheckConstraint("quorum >= 1", name="quorum_of_one"),
        CheckConstraint("alert >= 1", name="alert_of_one"),
        CheckConstraint(one_of("fallback", Fallback), name="known_fallback"),
    )

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    criteria: list[Criterion] = Field(sa_type=Frozen(list[Criterion]))
    scale: int = Field(default=5, description="The highest score; the lowest is 0.")
    quorum: int = 2
    fallback: str = Field(default=Fallback.OFFICERS, max_length=10)
    alert: int = Field(default=3, description="Points between two jurors from which a criterion is shown as disputed.")
    set_at: datetime = Field(sa_type=UtcDateTime)
    set_by_id: int = Field(foreign_key="account.id")


class Juror(SQLModel, table=True):
    """A person named to the jury of an edition; one of them chairs it."""

    __tablename__ = "juror"

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    account_id: int = Field(foreign_key="account.id", primary_key=True)
    chair: bool = False


class JuryOpinion(SQLModel, table=True):
    """One juror's scores and comments on one file: number 1 as first given, later numbers correct it with a reason."""

    __tablename__ = "jury_opinion"
    __table_args__ = (
        UniqueConstraint("proposal_id", "account_id", "number"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        CheckConstraint("number = 1 OR (reason <> '' AND given_at IS NOT NULL)", name="correction_has_reason"),
    )

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    number: int = 1
    scores: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    comments: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    reason: str = Field(default="", max_length=2000)
    saved_at: datetime = Field(sa_type=UtcDateTime)
    given_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="None while it is a draft, which only its juror sees.")


class Recusal(SQLModel, table=True):
    """A juror who stands aside from one file, or gave no opinion in time: the reason, and who noted it."""

    __tablename__ = "recusal"
    __table_args__ = (CheckConstraint(one_of("tie", Tie), name="known_tie"),)

    proposal_id: int = Field(foreign_key="proposal.id", primary_key=True)
    account_id: int = Field(foreign_key="account.id", primary_key=True)
    tie: str = Field(max_length=10)
    words: str = Field(default="", max_length=2000)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: int | None = Field(default=None, foreign_key="account.id", description="None where the membership itself forced it.")


class PanelOpinion(SQLModel, table=True):
    """What the jury as a whole says of a file, written once all opinions are in; public once the minutes are confirmed."""

    __tablename__ = "panel_opinion"
    __table_args__ = (
        CheckConstraint(one_of("stance", Stance), name="known_stance"),
        CheckConstraint("text <> ''", name="opinion_has_words"),
    )

    proposal_id: int = Field(foreign_key="proposal.id", primary_key=True)
    stance: str = Field(max_length=20)
    text: str = Field(max_length=2000)
    written_at: datetime = Field(sa_type=UtcDateTime)
    written_by_id: int = Field(foreign_key="account.id")


class JuryMinutes(SQLModel, table=True):
    """The minutes of one meeting as the chair confirmed them: frozen facts and the SHA-256 of their canonical JSON."""

    __tablename__ = "jury_minutes"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id")
    number: int
    facts: dict[str, Any] = Field(sa_type=JSON)
    sha256: str = Field(max_length=64)
    confirmed_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_by_id: int = Field(foreign_key="account.id")


class JuryFinding(SQLModel, table=True):
    """What confirmed minutes say of one file, for everyone to read; the mean is an exact fraction, absent below the quorum."""

    __tablename__ = "jury_finding"
    __table_args__ = (
        CheckConstraint(one_of("stance", Stance), name="known_stance"),
        CheckConstraint("(mean_top IS NULL) = (mean_bottom IS NULL)", name="whole_fraction"),
        CheckConstraint("mean_bottom IS NULL OR mean_bottom > 0", name="real_fraction"),
    )

    proposal_id: int = Field(foreign_key="proposal.id", primary_key=True)
    minutes_id: int = Field(foreign_key="jury_minutes.id", index=True)
    stance: str = Field(max_length=20)
    text: str = Field(max_length=2000)
    mean_top: int | None = None
    mean_bottom: int | None = None
    scale: int
    opinions: int
    recused: int
    disputed: int = Field(default=0, description="How many criteria the jurors stood far apart on.")

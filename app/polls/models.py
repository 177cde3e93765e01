"""The poll of an edition: its ballot style, its rule, its draw, and the list that is voted on, fixed before voting opens."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import JSON, BigInteger, Text
from sqlmodel import Field, SQLModel

from app.database import Frozen, UtcDateTime


class Candidate(BaseModel):
    """A project on the ballot, as it was when the list was fixed: nothing of it changes during the vote.

    From `scope` on: what officials marked for the rules that look at it (see `BallotMark`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    number: int
    title: str
    cost_cents: int
    carrier: str
    theme: str = ""
    country: str = ""
    scope: str = ""
    district: str = ""
    site: str = ""
    tags: tuple[str, ...] = ()
    least_cents: int | None = None


class Poll(SQLModel, table=True):
    """What is voted on and how it will be counted. `style` and `rule` are the frozen values of core.ballots and core.tally."""

    __tablename__ = "poll"

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    style: dict[str, object] = Field(sa_type=Frozen(dict[str, object]))
    rule: dict[str, object] = Field(sa_type=Frozen(dict[str, object]))
    draw_source: str = Field(default="", max_length=500, description="The public draw that settles what remains tied, named beforehand.")
    candidates: list[Candidate] = Field(default_factory=list, sa_type=Frozen(list[Candidate]))
    fixed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fixed_by_id: int | None = Field(default=None, foreign_key="account.id")


class Freeze(SQLModel, table=True):
    """The freeze of a vote by two members of the bureau: the canonical definition that every head of the log and every receipt names."""

    __tablename__ = "poll_freeze"

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    definition: str = Field(sa_type=Text)
    election_hash: str = Field(max_length=64)
    frozen_at: datetime = Field(sa_type=UtcDateTime)
    proposed_by_id: int | None = Field(default=None, foreign_key="account.id")
    confirmed_by_id: int | None = Field(default=None, foreign_key="account.id")


class BallotMark(SQLModel, table=True):
    """What a rule may look at that a file does not say: part of the ballot, district, site, words such as "youth", least partial grant."""

    __tablename__ = "ballot_mark"

    proposal_id: int = Field(foreign_key="proposal.id", primary_key=True)
    scope: str = Field(default="", max_length=40)
    district: str = Field(default="", max_length=80)
    site: str = Field(default="", max_length=80)
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    least_cents: int | None = Field(default=None, sa_type=BigInteger)

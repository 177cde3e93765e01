"""Decisions on admissibility: one record each, with what was found on every rule."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class Decision(SQLModel, table=True):
    """A case officer's decision on one file: incomplete, admissible or inadmissible, with its public reasons."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("outcome IN ('incomplete', 'admissible', 'inadmissible')", name="known_outcome"),
        CheckConstraint("outcome <> 'inadmissible' OR reason <> ''", name="refusal_has_reason"),
        CheckConstraint("(outcome = 'incomplete') = (complete_by IS NOT NULL)", name="completion_has_date"),
    )

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id", index=True)
    outcome: str = Field(max_length=20)
    reason: str = Field(default="", max_length=4000)
    redirect: str | None = Field(default=None, max_length=40)
    complete_by: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_at: datetime = Field(sa_type=UtcDateTime)
    decided_by_id: int = Field(foreign_key="account.id")


class RuleVerdict(SQLModel, table=True):
    """What was found on one rule when a decision was taken, by the machine or by the officer."""

    __tablename__ = "rule_verdict"
    __table_args__ = (
        CheckConstraint("source IN ('automatic', 'officer')", name="known_source"),
        CheckConstraint("verdict IN ('pass', 'fail', 'missing', 'later')", name="known_verdict"),
    )

    decision_id: int = Field(foreign_key="decision.id", primary_key=True)
    rule_key: str = Field(primary_key=True, max_length=60)
    source: str = Field(primary_key=True, max_length=10)
    verdict: str = Field(max_length=10)
    fact: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="A stored Message: the fact found.")
    comment: str = Field(default="", max_length=2000)

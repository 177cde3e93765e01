"""Decisions on files: one record each, with what was found on every rule, and what else an officer writes down of a file."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime, one_of


class Concluded(StrEnum):
    """What a decision on a file can say."""

    INCOMPLETE = "incomplete"
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    UNDER_REVIEW = "under_review"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    REDIRECTED = "redirected"
    MERGED = "merged"


REFUSALS = (Concluded.INADMISSIBLE, Concluded.INELIGIBLE, Concluded.REDIRECTED)
"""The decisions after which a file does not go on to the vote: each has a public reason."""


class Decision(SQLModel, table=True):
    """A case officer's decision on one file, with its public reasons. `shown_at`: nobody outside the city sees it before."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(one_of("outcome", Concluded), name="known_outcome"),
        CheckConstraint("outcome NOT IN ('inadmissible', 'ineligible', 'redirected') OR reason <> ''", name="refusal_has_reason"),
        CheckConstraint("(outcome = 'incomplete') = (complete_by IS NOT NULL)", name="completion_has_date"),
        CheckConstraint("(outcome = 'merged') = (merged_into_id IS NOT NULL)", name="merge_has_target"),
    )

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id", index=True)
    outcome: str = Field(max_length=20)
    reason: str = Field(default="", max_length=4000)
    redirect: str | None = Field(default=None, max_length=40)
    merged_into_id: int | None = Field(default=None, foreign_key="proposal.id")
    complete_by: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_at: datetime = Field(sa_type=UtcDateTime)
    decided_by_id: int = Field(foreign_key="account.id")
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="None: shown at once.")
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="When the e-mails to the carrier were queued.")


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


class Assignment(SQLModel, table=True):
    """The case officer who looks after a file: at most one."""

    __tablename__ = "assignment"

    proposal_id: int = Field(foreign_key="proposal.id", primary_key=True)
    officer_id: int = Field(foreign_key="account.id", index=True)
    given_by_id: int = Field(foreign_key="account.id")
    since: datetime = Field(sa_type=UtcDateTime)


class CompletionRequest(SQLModel, table=True):
    """What a carrier was asked to put right, and the file as it stood then: the numbers of its pages' revisions, its documents."""

    __tablename__ = "completion_request"

    decision_id: int = Field(foreign_key="decision.id", primary_key=True)
    items: list[str] = Field(default_factory=list, sa_type=JSON)
    revisions: dict[str, int] = Field(default_factory=dict, sa_type=JSON, description="Page -> number of its last revision.")
    documents: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON, description="public_id, kind, name, sha256 of each.")


class DiligenceCheck(SQLModel, table=True):
    """One check on a carrier and its partner before the ballot: what was found, by whom, when."""

    __tablename__ = "diligence_check"
    __table_args__ = (
        CheckConstraint("found IN ('fine', 'not_needed', 'concern')", name="known_finding"),
        CheckConstraint("found = 'fine' OR note <> ''", name="other_findings_have_a_note"),
    )

    proposal_id: int = Field(foreign_key="proposal.id", primary_key=True)
    item: str = Field(primary_key=True, max_length=30)
    found: str = Field(max_length=12)
    note: str = Field(default="", max_length=2000)
    done_at: datetime = Field(sa_type=UtcDateTime)
    done_by_id: int = Field(foreign_key="account.id")


class MergeRequest(SQLModel, table=True):
    """A merge that an officer suggests: the file that would join another one, and why. `over_at`: done, refused or taken back."""

    __tablename__ = "merge_request"
    __table_args__ = (CheckConstraint("source_id <> target_id", name="two_files"),)

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=12)
    source_id: int = Field(foreign_key="proposal.id", index=True)
    target_id: int = Field(foreign_key="proposal.id", index=True)
    reason: str = Field(max_length=4000)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    asked_by_id: int = Field(foreign_key="account.id")
    over_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MergeConsent(SQLModel, table=True):
    """The answer of one carrier to a merge."""

    __tablename__ = "merge_consent"

    request_id: int = Field(foreign_key="merge_request.id", primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    agrees: bool
    answered_at: datetime = Field(sa_type=UtcDateTime)
    answered_by_id: int = Field(foreign_key="account.id")


class Ground(StrEnum):
    """The only grounds on which a project can be vetoed once it is on the ballot."""

    CARRIER_DISSOLVED = "carrier_dissolved"
    LEGAL_PROHIBITION = "legal_prohibition"
    FRAUD_PROVEN = "fraud_proven"
    CARRIER_WITHDRAWS = "carrier_withdraws"
    PARTNER_GONE = "partner_gone"


class Veto(SQLModel, table=True):
    """A published veto, by two people, on a project of the ballot. `on_ballot`: the vote was frozen, so the ballot keeps the project."""

    __tablename__ = "veto"
    __table_args__ = (
        CheckConstraint(one_of("ground", Ground), name="known_ground"),
        CheckConstraint("reason <> ''", name="veto_has_reason"),
        CheckConstraint("proposed_by_id <> confirmed_by_id", name="two_people"),
    )

    proposal_id: int = Field(foreign_key="proposal.id", primary_key=True)
    ground: str = Field(max_length=30)
    reason: str = Field(max_length=4000)
    on_ballot: bool
    vetoed_at: datetime = Field(sa_type=UtcDateTime)
    proposed_by_id: int = Field(foreign_key="account.id")
    confirmed_by_id: int = Field(foreign_key="account.id")


class CarrierAnswer(SQLModel, table=True):
    """What a carrier answers, for voters to read, to what the city and its committee found."""

    __tablename__ = "carrier_answer"

    proposal_id: int = Field(foreign_key="proposal.id", primary_key=True)
    text: str = Field(max_length=2000)
    written_at: datetime = Field(sa_type=UtcDateTime)
    written_by_id: int = Field(foreign_key="account.id")

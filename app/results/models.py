"""Counts, their publication and the council's decision. A recount adds a count and overwrites none."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class Count(SQLModel, table=True):
    """One run of the rule over the box: what went in (totals, rule, draw) and what came out."""

    __tablename__ = "ballot_count"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id")
    number: int
    counted_at: datetime = Field(sa_type=UtcDateTime)
    counted_by_id: int | None = Field(default=None, foreign_key="account.id")
    rule: dict[str, Any] = Field(sa_type=JSON)
    budget_cents: int = Field(sa_type=BigInteger)
    totals: dict[str, Any] = Field(sa_type=JSON)
    outcome: dict[str, Any] = Field(sa_type=JSON)
    profile_hash: str = Field(max_length=64, description="SHA-256 of the canonical list of ballots that was counted.")


class Draw(SQLModel, table=True):
    """The value of the public draw, entered once it was held.

    `kind` "order": the numbers of the projects in the order drawn, with commas. "seed": a public text, such as the numbers of a lottery.
    """

    __tablename__ = "public_draw"
    __table_args__ = (CheckConstraint("kind IN ('order', 'seed')", name="known_kind"),)

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    kind: str = Field(max_length=5)
    value: str = Field(max_length=500)
    held_on: date
    entered_at: datetime = Field(sa_type=UtcDateTime)
    entered_by_id: int | None = Field(default=None, foreign_key="account.id")


class Publication(SQLModel, table=True):
    """The publication of one count: from here on it is the official result, subject to the council."""

    __tablename__ = "publication"

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    count_id: int = Field(foreign_key="ballot_count.id")
    published_at: datetime = Field(sa_type=UtcDateTime)
    published_by_id: int | None = Field(default=None, foreign_key="account.id")


class ElectionBundle(SQLModel, table=True):
    """All that is needed to check a published result, as one zip file signed with the key of the log."""

    __tablename__ = "election_bundle"

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)
    made_on: date


class CouncilDecision(SQLModel, table=True):
    """What the council decided on one leading project."""

    __tablename__ = "council_decision"
    __table_args__ = (
        CheckConstraint("outcome IN ('awarded', 'refused')", name="known_outcome"),
        CheckConstraint("outcome <> 'refused' OR reason <> ''", name="refusal_has_reason"),
    )

    proposal_id: int = Field(foreign_key="proposal.id", primary_key=True)
    outcome: str = Field(max_length=10)
    reference: str = Field(max_length=80, description="The number of the council's deliberation.")
    decided_on: date
    reason: str = Field(default="", max_length=2000)
    entered_at: datetime = Field(sa_type=UtcDateTime)
    entered_by_id: int | None = Field(default=None, foreign_key="account.id")


class Simulation(SQLModel, table=True):
    """Several rules on the ballots of one count, side by side.

    `official`: those shown beside a published result. Any other is an official's what-if, a report with an address of its own.
    `rules` names them in their order, the deciding rule first; `min_votes` is what the what-if asks of a project (None: as decided).
    """

    __tablename__ = "simulation"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=12)
    count_id: int = Field(foreign_key="ballot_count.id", index=True)
    official: bool
    envelope_cents: int = Field(sa_type=BigInteger)
    min_votes: int | None = None
    rules: list[str] = Field(sa_type=JSON)
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by_id: int | None = Field(default=None, foreign_key="account.id")


class SimulatedRule(SQLModel, table=True):
    """One rule of a simulation, once it has counted: a `core.tally.comparison.ComparedRule` as JSON."""

    __tablename__ = "simulated_rule"

    simulation_id: int = Field(foreign_key="simulation.id", primary_key=True)
    position: int = Field(primary_key=True)
    data: dict[str, Any] = Field(sa_type=JSON)


class TriedFile(SQLModel, table=True):
    """An election in a Pabulib file that an official sent to the simulator: several rules on its ballots, a report with an address.

    `content` is emptied once every rule has counted; `rules` names them in their order, `titles` the projects by identifier.
    `envelope_cents` is the envelope tried, `budget_cents` that of the file.
    """

    __tablename__ = "tried_file"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=12)
    name: str = Field(max_length=120)
    title: str = Field(max_length=200)
    content: bytes = Field(sa_type=LargeBinary)
    currency: str = Field(max_length=3)
    budget_cents: int = Field(sa_type=BigInteger)
    envelope_cents: int = Field(sa_type=BigInteger)
    min_votes: int | None = None
    rules: list[str] = Field(sa_type=JSON)
    titles: dict[str, str] = Field(sa_type=JSON)
    ballots: int
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by_id: int | None = Field(default=None, foreign_key="account.id")


class TriedRule(SQLModel, table=True):
    """One rule on the ballots of a file, once it has counted: a `core.tally.comparison.ComparedRule` as JSON."""

    __tablename__ = "tried_rule"

    file_id: int = Field(foreign_key="tried_file.id", primary_key=True)
    position: int = Field(primary_key=True)
    data: dict[str, Any] = Field(sa_type=JSON)

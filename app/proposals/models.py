"""The carrier's file: its answers, its budget lines, its documents, and the record of all that happened to it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.lifecycle import State
from app.database import UtcDateTime, one_of
from app.uploads import small_size


class Proposal(SQLModel, table=True):
    """One project asking for a grant in one edition. `public_id` is its permanent address, `number` its number once submitted."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(one_of("state", State), name="known_state"),
        CheckConstraint(f"decided_state IS NULL OR {one_of('decided_state', State)}", name="known_decided_state"),
        CheckConstraint("(decided_state IS NULL) = (shown_at IS NULL)", name="decided_is_shown_one_day"),
        CheckConstraint("requested_cents IS NULL OR requested_cents >= 0", name="request_not_negative"),
        UniqueConstraint("edition_id", "number"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=12)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    number: int | None = None
    state: str = Field(default=State.DRAFT, max_length=24, description="Where the last transition led; only `lifecycle.record` writes it.")
    decided_state: str | None = Field(default=None, max_length=24, description="Where a decision not shown yet leads.")
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    complete_by: datetime | None = Field(default=None, sa_type=UtcDateTime, description="Given with the last request for completion.")

    title: str = Field(default="", max_length=120)
    summary: str = Field(default="", max_length=300)
    description: str = Field(default="", max_length=8000)
    need: str = Field(default="", max_length=4000)
    origin: str = Field(default="", max_length=2000, description="Who asked for the project, and how they said so.")
    language: str = Field(default="fr", max_length=10)
    country: str | None = Field(default=None, max_length=2)
    place: str = Field(default="", max_length=150)
    latitude: float | None = None
    longitude: float | None = None
    place_guarded: bool = Field(default=False, description="Place and partner would put people in danger.")
    public_place: str = Field(default="", max_length=150, description="What is public of a guarded place: a region, or nothing.")
    partner_name: str = Field(default="", max_length=200)
    partner_kind: str = Field(default="", max_length=30)
    partner_role: str = Field(default="", max_length=1000)
    partner_letter: bool | None = None
    theme: str | None = Field(default=None, max_length=40)
    sdgs: list[int] = Field(default_factory=list, sa_type=JSON)
    sdg_targets: list[str] = Field(default_factory=list, sa_type=JSON)
    purpose_code: str | None = Field(default=None, max_length=5)
    markers: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    marker_reasons: dict[str, str] = Field(default_factory=dict, sa_type=JSON, description="Why each marker says what it says.")
    nature: str | None = Field(default=None, max_length=20)
    beneficiaries: int | None = None
    beneficiaries_who: str = Field(default="", max_length=1000)
    beneficiary_groups: dict[str, int] = Field(default_factory=dict, sa_type=JSON, description="Groups of sex and age -> people.")
    objectives: str = Field(default="", max_length=2000)
    activities: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON, description="Rows: label, month, months.")
    indicators: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    risks: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    starts_on: date | None = None
    duration_months: int | None = None
    sustainability: str = Field(default="", max_length=2000)
    feedback: str = Field(default="", max_length=2000)
    feedback_on: date | None = None
    feedback_place: str = Field(default="", max_length=150)
    declarations: dict[str, bool] = Field(default_factory=dict, sa_type=JSON)
    requested_cents: int | None = Field(default=None, sa_type=BigInteger)
    copied_from_id: int | None = Field(default=None, foreign_key="proposal.id", description="The earlier file this one was started from.")
    search_text: str = Field(default="", description="Words stemmed and without accents, for the search.")


class BudgetLine(SQLModel, table=True):
    """One line of the budget. The grant asked of the city is `Proposal.requested_cents`, never a line.

    A cost in another currency keeps how its `cents` were computed: `foreign_millis` thousandths of `currency`, divided by `rate`
    (units of that currency for one euro, in decimal digits) as published on `rate_on` by `rate_source`. Blank `currency`: in euros.
    """

    __tablename__ = "budget_line"
    __table_args__ = (
        CheckConstraint("side IN ('charge', 'product')", name="known_side"),
        CheckConstraint("status IN ('requested', 'confirmed')", name="known_status"),
        CheckConstraint("cents >= 0", name="amount_not_negative"),
        CheckConstraint("(currency = '') = (foreign_millis IS NULL)", name="currency_with_its_amount"),
        UniqueConstraint("proposal_id", "side", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id")
    side: str = Field(max_length=8)
    position: int
    account: str = Field(max_length=6)
    label: str = Field(max_length=200)
    cents: int = Field(sa_type=BigInteger)
    status: str = Field(default="confirmed", max_length=10)
    currency: str = Field(default="", max_length=3)
    foreign_millis: int | None = Field(default=None, sa_type=BigInteger)
    rate: str = Field(default="", max_length=24)
    rate_on: date | None = None
    rate_source: str = Field(default="", max_length=120)


class SectionRevision(SQLModel, table=True):
    """What one page of the file held each time it was saved. Nothing typed is ever overwritten without trace."""

    __tablename__ = "section_revision"

    proposal_id: int = Field(foreign_key="proposal.id", primary_key=True)
    section: str = Field(primary_key=True, max_length=20)
    number: int = Field(primary_key=True)
    answers: dict[str, Any] = Field(sa_type=JSON)
    saved_at: datetime = Field(sa_type=UtcDateTime)
    saved_by_id: int | None = Field(default=None, foreign_key="account.id")


class Document(SQLModel, table=True):
    """A file attached to a proposal: checked, renamed, described. Its bytes stand in `document_content`."""

    __tablename__ = "document"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=26)
    proposal_id: int = Field(foreign_key="proposal.id", index=True)
    kind: str = Field(max_length=30)
    name: str = Field(max_length=150)
    media_type: str = Field(max_length=60)
    size: int
    sha256: str = Field(max_length=64)
    added_at: datetime = Field(sa_type=UtcDateTime)
    added_by_id: int | None = Field(default=None, foreign_key="account.id")
    from_partner: bool = Field(default=False, description="Sent by the local partner, who has no account.")
    alt: str = Field(default="", max_length=300, description="What a picture shows, in words.")
    width: int | None = Field(default=None, description="Pixels; None for what is no picture.")
    height: int | None = None
    shared: bool = Field(default=False, description="Everyone may see it, once the project has a public page.")
    consented_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="When it was stated that the people shown agree.")

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture, which needs words for those who cannot see it."""
        return self.width is not None

    @property
    def small_size(self) -> tuple[int, int] | None:
        """How large a picture stands on a page, in pixels; None for what is no picture."""
        return None if self.width is None or self.height is None else small_size(self.width, self.height)


class DocumentContent(SQLModel, table=True):
    """The bytes of a document, in the database so that they are saved by the very transaction that says so."""

    __tablename__ = "document_content"

    document_id: int = Field(foreign_key="document.id", primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class Transition(SQLModel, table=True):
    """One step in the life of a file: who, when, from where to where, and why."""

    __tablename__ = "transition"
    __table_args__ = (
        CheckConstraint(one_of("source", State), name="known_source"),
        CheckConstraint(one_of("target", State), name="known_target"),
    )

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id", index=True)
    verb: str = Field(max_length=30)
    source: str = Field(max_length=24)
    target: str = Field(max_length=24)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: int | None = Field(default=None, foreign_key="account.id")
    reason: str = Field(default="", max_length=4000, description="Shown to everyone who may see the project.")
    note: str = Field(default="", max_length=4000, description="For the staff only.")
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="Known to the city alone before; None: at once.")

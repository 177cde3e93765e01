"""Who may vote: the roll, the proofs of eligibility, the voting codes. Knows no ballot; days, never times."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.database import UtcDateTime


class Registrar(SQLModel, table=True):
    """The registrar's key of one edition: credentials and keyed hashes of the roll are drawn from it."""

    __tablename__ = "registrar"

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    key: bytes = Field(sa_type=LargeBinary)
    frozen: bool = Field(
        default=False, description="From the freeze on it takes two people to change the roll; residents may still declare themselves."
    )


class RollLine(SQLModel, table=True):
    """One person on the roll. `person_hash` is the keyed hash of normalised name and birth date: one line for each person.

    A line made for a printed code holds no person at all.
    """

    __tablename__ = "roll_line"
    __table_args__ = (
        UniqueConstraint("edition_id", "person_hash"),
        CheckConstraint("origin IN ('list', 'email', 'code', 'desk')", name="known_origin"),
        CheckConstraint("mark IS NULL OR mark IN ('paper', 'refused')", name="known_mark"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=26, description="The random name of the line, from which its credential is derived.")
    edition_id: int = Field(foreign_key="edition.id", index=True)
    origin: str = Field(max_length=10)
    person_hash: str | None = Field(default=None, max_length=64)
    name: str = Field(default="", max_length=150)
    search_name: str = Field(default="", max_length=150, index=True)
    birth_date: date | None = None
    address: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=254)
    district: str | None = Field(default=None, max_length=20)
    added_on: date
    mark: str | None = Field(
        default=None, max_length=10, description="paper: a paper ballot was handed out; refused: taken off, with a reason."
    )
    marked_on: date | None = None
    reason: str = Field(default="", max_length=500)


class EmailProof(SQLModel, table=True):
    """A one-time code on its way to an e-mail address, for one declared person. Only hashes of code and ticket."""

    __tablename__ = "email_proof"

    ticket_hash: str = Field(primary_key=True, max_length=64)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    code_hash: str = Field(max_length=64)
    declared: str = Field(max_length=1000, description="The declaration, as JSON: name, birth date, address, e-mail, district.")
    tries: int = 0
    expires_at: datetime = Field(sa_type=UtcDateTime)


class RollTally(SQLModel, table=True):
    """How many requests of one sort came on one day: what the report of unusual patterns reads beside the roll. Names nobody.

    `what`: "asked" and "proved" (codes by e-mail; `about` is the mail provider), "network" (codes asked for from a network),
    "wrong" (printed codes that do not exist, by network).
    """

    __tablename__ = "roll_tally"
    __table_args__ = (CheckConstraint("what IN ('asked', 'proved', 'network', 'wrong')", name="known_request"),)

    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    day: date = Field(primary_key=True)
    what: str = Field(primary_key=True, max_length=10)
    about: str = Field(primary_key=True, max_length=254)
    count: int = 0


class CodeBatch(SQLModel, table=True):
    """A batch of printed voting codes, made for a list or a place."""

    __tablename__ = "code_batch"
    __table_args__ = (UniqueConstraint("edition_id", "number"), CheckConstraint("size > 0", name="not_empty"))

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id")
    number: int
    label: str = Field(max_length=120)
    size: int
    made_on: date
    made_by_id: int | None = Field(default=None, foreign_key="account.id")


class VotingCode(SQLModel, table=True):
    """One printed code (80 random bits): only its keyed hash is kept; it stands for one line of the roll."""

    __tablename__ = "voting_code"
    __table_args__ = (UniqueConstraint("edition_id", "code_hash"), UniqueConstraint("batch_id", "serial"))

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id")
    batch_id: int = Field(foreign_key="code_batch.id", index=True)
    serial: int
    code_hash: str = Field(max_length=64)
    roll_line_id: int = Field(foreign_key="roll_line.id")
    voided_on: date | None = None
    void_reason: str = Field(default="", max_length=300)
    replaced_by_id: int | None = Field(default=None, foreign_key="voting_code.id")

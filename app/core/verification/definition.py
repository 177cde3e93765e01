"""The frozen definition of an election, as its canonical JSON says it: what was decided before the first vote."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from app.core.ballots import AnyStyle, Slate
from app.core.messages import Localised, say
from app.core.sentences import wrong
from app.core.tally import AnyRule, Project
from app.core.transparency import canonical, digest
from app.core.verification.bundle import Malformed, json_object

FILE = "definition.json"
KIND = "quotepart-election/1"
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[int, Field(strict=True, ge=0, le=10**15)]


class _Part(BaseModel):
    # Keys that later versions add are covered by the hash, and say nothing to this one.
    model_config = ConfigDict(frozen=True, extra="ignore")


class Candidate(_Part):
    """A project on the ballot; `number` is its place in the order of filing."""

    id: Annotated[str, Field(min_length=1, pattern=r"^\S+$")]
    number: int
    title: str
    cost_cents: Number
    carrier: str | None = None
    theme: str = ""
    country: str = ""


class Keys(_Part):
    """Public keys: ballots are sealed to `opening` (X25519); receipts, heads and sums are signed with the others (Ed25519)."""

    opening: Hash
    receipt: Hash
    log: Hash


class Witness(_Part):
    """Somebody outside the city who signs each head after seeing that the log only grew."""

    name: str
    key: Hash


class Register(_Part):
    """The roll as frozen: how many lines, and the root over their salted hashes."""

    count: Number
    root: Hash


class Definition(_Part):
    """All that is frozen. `ballot_bytes` is the size of every plain ballot once padded, `least_batch` of every batch of the log."""

    kind: Literal["quotepart-election/1"]
    edition: str
    title: Localised
    city: str
    origin: Annotated[str, Field(pattern=r"^\S+$")]
    projects: Annotated[tuple[Candidate, ...], Field(min_length=1)]
    envelope_cents: Number
    currency: str
    style: AnyStyle
    rule: AnyRule
    draw_source: str
    opens: datetime
    closes: datetime
    zone: str
    merge_by: str
    ballot_bytes: Annotated[int, Field(strict=True, ge=16, le=1_000_000)]
    publication: Literal["open", "discreet"]
    change_of_vote: Annotated[bool, Field(strict=True)]
    keys: Keys
    witnesses: tuple[Witness, ...]
    least_batch: Number
    register_: Annotated[Register, Field(alias="register")]
    declarations: Annotated[bool, Field(strict=True)]

    @field_validator("projects")
    @classmethod
    def _apart(cls, projects: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        if len({one.id for one in projects}) < len(projects):
            raise wrong(say("A project is listed twice."))
        return projects

    @field_validator("opens", "closes")
    @classmethod
    def _instant(cls, instant: datetime) -> datetime:
        if instant.tzinfo is None:
            raise wrong(say("An instant needs its zone."))
        return instant

    @cached_property
    def place(self) -> dict[str, int]:
        """Where each project stands in `projects`."""
        return {one.id: at for at, one in enumerate(self.projects)}

    @cached_property
    def slate(self) -> Slate:
        """The ballot paper."""
        return Slate({one.id: one.cost_cents for one in self.projects}, self.envelope_cents, self.currency)

    @cached_property
    def standing(self) -> tuple[Project, ...]:
        """The projects as a count sees them."""
        return tuple(
            Project(one.id, one.cost_cents, one.carrier, theme=one.theme, country=one.country, filed=one.number) for one in self.projects
        )

    @property
    def sealed_bytes(self) -> int:
        """The size of every sealed ballot: an ephemeral key, the padded ballot, a tag."""
        return 32 + self.ballot_bytes + 16


def define(value: Any) -> tuple[Definition, str]:
    """(definition, election hash) of a JSON value. Raises pydantic.ValidationError, or ValueError where it has no canonical form."""
    return Definition.model_validate(value), digest(value)


def read_definition(data: bytes) -> tuple[Definition, str]:
    """(definition, election hash) of the bytes of definition.json. Raises Malformed."""
    value = json_object(data, FILE, 0, strict=False)
    try:
        if canonical(value) != data:
            raise Malformed(FILE, 0, say("this is not canonical JSON, so its hash says nothing."))
        return define(value)
    except ValidationError as faults:
        first = faults.errors()[0]
        place = ".".join(str(part) for part in first["loc"])[:100]
        raise Malformed(FILE, 0, say("“%(place)s” is not as it must be (%(reason)s).", place=place, reason=first["msg"])) from None
    except ValueError as fault:
        if isinstance(fault, Malformed):
            raise
        raise Malformed(FILE, 0, say("this is not canonical JSON, so its hash says nothing.")) from None

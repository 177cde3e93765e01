"""The accessibility statement of this site (decree 2019-768, article 4): what a checked file says, and nothing that nobody found out.

The city edits `accessibility.toml`. A degree of conformity is accepted only with the audit that found it: who, when, against what.
"""

import tomllib
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.core.messages import Localised, Message, say
from app.settings import ROOT

FILE = ROOT / "app" / "accessibility.toml"


class Degree(StrEnum):
    """The degrees that the decree knows, and that no audit was made."""

    NOT_ASSESSED = "not_assessed"
    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"


LABELS: dict[Degree, Message] = {
    Degree.NOT_ASSESSED: say("Accessibility: not assessed"),
    Degree.NONE: say("Accessibility: not compliant"),
    Degree.PARTIAL: say("Accessibility: partly compliant"),
    Degree.FULL: say("Accessibility: fully compliant"),
}


class Part(BaseModel):
    """A table of the file; a name that is not known is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Audit(Part):
    """Who looked at the site, when, against which version of the rules, and what share of the criteria held, in per cent."""

    auditor: str = Field(min_length=2)
    made_on: date
    reference: str = Field(min_length=2)
    rate: int = Field(ge=0, le=100)
    pages: tuple[str, ...] = Field(min_length=1)


class Exception_(Part):
    """A content that is not accessible, and why the law allows it (a burden out of proportion, or content it exempts)."""

    content: Localised
    reason: Localised


class Contact(Part):
    """Whom to write to; an empty address says that the city has not named one yet."""

    email: str = ""
    address: str = ""


class Statement(Part):
    """The whole statement."""

    degree: Degree
    written_on: date
    audit: Audit | None = None
    tested: tuple[Localised, ...] = ()
    known: tuple[Localised, ...] = ()
    derogations: tuple[Exception_, ...] = ()
    contact: Contact = Contact()

    @model_validator(mode="after")
    def _no_claim_without_an_audit(self) -> "Statement":
        if (self.degree is Degree.NOT_ASSESSED) != (self.audit is None):
            raise ValueError("a degree of conformity and its audit go together: no claim without an auditor and a date")
        if self.audit is not None:
            expected = Degree.FULL if self.audit.rate == 100 else Degree.PARTIAL if self.audit.rate >= 50 else Degree.NONE
            if self.degree is not expected:
                raise ValueError(f"with {self.audit.rate} % of the criteria the degree is {expected.value}")
            if self.audit.made_on > self.written_on:
                raise ValueError("the statement is older than its audit")
        return self

    @property
    def label(self) -> Message:
        """The sentence that the foot of every page must show."""
        return LABELS[self.degree]


def read_statement(path: Path) -> Statement:
    """The statement of a file. Raises ValueError for a claim that nothing supports, and for anything misspelt."""
    return Statement.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


@cache
def statement() -> Statement:
    """The statement of this site, read once."""
    return read_statement(FILE)

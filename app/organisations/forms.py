"""What people send about an organisation."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from app.accounts.forms import Email
from app.core.forms import Day, Form, Text, Tick, YesNo
from app.core.messages import Message, say, say_count
from app.core.permissions import MemberRole
from app.core.sentences import wrong
from app.organisations.numbers import Rna, Siren, Siret

KIND_LABELS: dict[str, Message] = {"association": say("Association"), "collective": say("Collective")}

LABELS: dict[str, Message] = {
    "name": say("Name"), "acronym": say("Short name"), "siret": say("SIRET number"), "siren": say("SIREN number"),
    "rna": say("RNA number"), "founded_on": say("Founded on"), "commune": say("Commune of the seat"), "district": say("District"),
    "members": say("Number of members"), "republican_commitment_on": say("Signed on"), "sponsor_name": say("Its name"),
    "sponsor_siret": say("Its SIRET number"), "led_by_diaspora": say("Led mostly by people from a diaspora"),
}


def at_most(limit: int) -> AfterValidator:
    """A text of at most `limit` characters, with its sentence."""

    def check(value: str) -> str:
        if len(value) > limit:
            raise wrong(say_count("Keep this to %(count)d character at most.", "Keep this to %(count)d characters at most.", limit))
        return value

    return AfterValidator(check)


BLANK = BeforeValidator(lambda value: value.strip() or None if isinstance(value, str) else value)
Name = Annotated[Text, Field(min_length=1), at_most(150)]
Short = Annotated[Annotated[Text, at_most(20)] | None, BLANK]
Acronym = Annotated[Annotated[Text, at_most(30)] | None, BLANK]
OtherName = Annotated[Annotated[Text, at_most(150)] | None, BLANK]
Code = Annotated[Annotated[Text, Field(pattern=r"^[0-9AB]{5}$")] | None, BLANK]
"""The INSEE code of a commune."""
Headcount = Annotated[Annotated[int, Field(ge=0, le=1_000_000)] | None, BLANK]


class OrganisationForm(Form):
    """An association or a collective. A collective may be asked for no number: it has none."""

    kind: Literal["association", "collective"]
    name: Name
    acronym: Acronym = None
    siren: Siren = None
    siret: Siret = None
    rna: Rna = None
    no_rna: Tick = False
    founded_on: Day = None
    commune: Code = None
    district: Short = None
    members: Headcount = None
    signs_commitment: Tick = False
    republican_commitment_on: Day = None
    sponsor_name: OtherName = None
    sponsor_siret: Siret = None
    led_by_diaspora: YesNo = None

    @model_validator(mode="after")
    def _numbers_agree(self) -> Self:
        if self.siren and self.siret and not self.siret.startswith(self.siren):
            raise wrong(say("The SIRET number does not begin with this SIREN number. Check both."))
        return self

    @property
    def whole_siren(self) -> str | None:
        """The SIREN as given, else as the SIRET begins."""
        return self.siren or (self.siret[:9] if self.siret else None)


class PaperKind(StrEnum):
    """The documents that an organisation keeps for all its files; the same words as for the documents of a file."""

    STATUTES = "statutes"
    BOARD_LIST = "board_list"
    BANK_DETAILS = "bank_details"
    ACCOUNTS = "accounts"
    ACTIVITY_REPORT = "activity_report"


PAPER_LABELS: dict[str, Message] = {
    PaperKind.STATUTES: say("Statutes"), PaperKind.BOARD_LIST: say("List of the board"), PaperKind.BANK_DETAILS: say("Bank details"),
    PaperKind.ACCOUNTS: say("Accounts of the last year"), PaperKind.ACTIVITY_REPORT: say("Activity report"),
}


def _given(value: date | None) -> date | None:
    if value is None:
        raise wrong(say("Fill in this field."))
    return value


class InvitationForm(Form):
    """Somebody to invite, and as what."""

    email: Email
    role: MemberRole


class MemberRoleForm(Form):
    """Another role for a member."""

    role: MemberRole


class PaperForm(Form):
    """What is said of a document when it is handed in: its kind, the day on it, the last day on which it counts."""

    kind: PaperKind
    dated_on: Annotated[Day, AfterValidator(_given)]
    valid_until: Day = None

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.valid_until and self.dated_on and self.valid_until < self.dated_on:
            raise wrong(say("The last day on which it counts comes before the day on the document. Check both."))
        return self

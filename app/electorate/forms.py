"""What residents and agents type about a person on the roll."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from app.accounts.forms import Email
from app.accounts.forms import Name as OneLine
from app.core.forms import Day, Form, Text, Tick
from app.core.messages import say
from app.core.sentences import wrong
from app.electorate.codes import plain_words


def _full(name: str) -> str:
    if len(plain_words(name)) < 2:
        raise wrong(say("Give the first name and the last name."))
    return name


def _born(day: date | None) -> date:
    if day is None:
        raise wrong(say("Fill in this field."))
    if day.year < 1900:
        raise wrong(say("Check the year of birth."))
    return day


def _sworn(ticked: bool) -> bool:
    if not ticked:
        raise wrong(say("Only people who live in the city can vote. Tick this box if you do; your choices stay on the ballot page."))
    return ticked


def _seen(ticked: bool) -> bool:
    if not ticked:
        raise wrong(say("Tick this once you have seen the proof."))
    return ticked


Name = Annotated[OneLine, AfterValidator(_full)]
BirthDate = Annotated[Day, AfterValidator(_born)]
Address = Annotated[Text, Field(min_length=5, max_length=200)]
Reason = Annotated[Text, Field(min_length=1, max_length=300)]


class PersonForm(Form):
    """A person as the roll knows one."""

    name: Name
    birth_date: BirthDate
    address: Address

    @property
    def born(self) -> date:
        """The birth date, which the check has refused to leave blank."""
        return _born(self.birth_date)


class DeclarationForm(PersonForm):
    """A resident's own declaration, answered by a code sent to the e-mail address."""

    email: Email
    resident: Annotated[Tick, AfterValidator(_sworn)] = Field(default=False, validate_default=True)


class CodeBatchForm(Form):
    """A batch of printed codes: for whom or where, and how many."""

    label: Annotated[OneLine, Field(max_length=120)]
    size: Annotated[int, Field(ge=1, le=500)]


class LetterForm(Form):
    """Which printed code: batch and number, as at the foot of its letter."""

    batch: Annotated[int, Field(ge=1, le=10**6)]
    serial: Annotated[int, Field(ge=1, le=10**6)]


class CodeActForm(LetterForm):
    """A printed code, and why something is done to it."""

    reason: Reason


class DeskForm(PersonForm):
    """A resident who came to the desk with a proof; the proof is seen, never kept."""

    proof: Annotated[Tick, AfterValidator(_seen)] = Field(default=False, validate_default=True)
    namesake: Tick = False


class RollRow(PersonForm):
    """One row of a list of residents."""

    address: Annotated[Text, Field(max_length=200)] = ""
    email: Annotated[Text, Field(max_length=254)] = ""
    district: Annotated[Text, Field(max_length=20)] = ""

"""What officials type around a count: the public draw, the publication, the council's decision."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from app.core.forms import Cents, Day, Form, Text
from app.core.messages import Message, say
from app.core.sentences import wrong
from app.core.tally.comparison import SHADOWS


def _given(day: date | None) -> date:
    if day is None:
        raise wrong(say("Fill in this field."))
    return day


class DrawKind(StrEnum):
    """What a public draw gives: the projects themselves in an order, or a public text from which the order is computed."""

    ORDER = "order"
    SEED = "seed"


DRAW_LABELS: dict[DrawKind, Message] = {
    DrawKind.ORDER: say("The projects were drawn: their numbers, the first drawn first"),
    DrawKind.SEED: say("A public number or text was drawn, such as the numbers of a lottery"),
}


class CouncilOutcome(StrEnum):
    """What a council decides on a leading project."""

    AWARDED = "awarded"
    REFUSED = "refused"


COUNCIL_LABELS: dict[CouncilOutcome, Message] = {
    CouncilOutcome.AWARDED: say("The grant is awarded"),
    CouncilOutcome.REFUSED: say("The grant is refused"),
}


class DrawForm(Form):
    """The draw as it was held."""

    kind: DrawKind
    value: Annotated[Text, Field(min_length=1, max_length=500)]
    held_on: Annotated[Day, AfterValidator(_given)]

    @property
    def day(self) -> date:
        """The day of the draw, which the check has refused to leave blank."""
        return _given(self.held_on)


class PublicationForm(Form):
    """Which count is published (its number, as read on the page), and how many losers make the reserve list."""

    count: Annotated[int, Field(ge=1, le=10_000)]
    reserve: Annotated[int, Field(ge=0, le=1000)] = 0


class CouncilForm(Form):
    """One deliberation of the council on one or several leading projects (public ids)."""

    projects: Annotated[tuple[Annotated[str, Field(max_length=12)], ...], Field(min_length=1, max_length=1000)]
    outcome: CouncilOutcome
    reference: Annotated[Text, Field(min_length=1, max_length=80)]
    decided_on: Annotated[Day, AfterValidator(_given)]
    reason: Annotated[Text, Field(max_length=2000)] = ""

    @property
    def day(self) -> date:
        """The day of the deliberation, which the check has refused to leave blank."""
        return _given(self.decided_on)


class WhatIf(Form):
    """What an official asks of past ballots: another envelope (cents), another minimum of votes, some of the rules. Blank: as it was."""

    envelope: Cents = None
    min_votes: Annotated[Annotated[int, Field(ge=0, le=10**9)] | None, BeforeValidator(lambda typed: None if typed == "" else typed)] = None
    rules: Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(max_length=50)] = ()

    @field_validator("rules")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not set(names) <= set(SHADOWS):
            raise wrong(say("Choose one of the answers offered."))
        return names

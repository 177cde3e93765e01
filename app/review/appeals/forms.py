"""What a representative and an officer send about an appeal."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.core.forms import Day, Form, Text
from app.core.messages import Message, say


class Outcome(StrEnum):
    """How an appeal ends."""

    UPHELD = "upheld"
    REJECTED = "rejected"


OUTCOME_LABELS: dict[Outcome, Message] = {
    Outcome.UPHELD: say("Upheld: the decision is withdrawn and the file goes on"),
    Outcome.REJECTED: say("Rejected: the decision stands"),
}


class AppealForm(Form):
    """The words of an appeal."""

    text: Annotated[Text, Field(max_length=8000)] = ""


class PaperAppealForm(AppealForm):
    """An appeal that reached the city on paper, and the day it did."""

    received_on: Day = None


class AppealDecisionForm(Form):
    """The decision on an appeal. `motive` is published with the project."""

    outcome: Outcome
    motive: Annotated[Text, Field(min_length=1, max_length=4000)]


class TermsForm(Form):
    """Ways and dates of appeal, and who signs."""

    days: Annotated[int, Field(ge=1, le=365)]
    answer_days: Annotated[int, Field(ge=1, le=365)]
    court_months: Annotated[int, Field(ge=1, le=12)]
    court: Annotated[Text, Field(max_length=300)] = ""
    address: Annotated[Text, Field(max_length=500)] = ""
    signatory: Annotated[Text, Field(max_length=150)] = ""
    signatory_title: Annotated[Text, Field(max_length=200)] = ""

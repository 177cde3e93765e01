"""What an officer sends with a decision."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.core.forms import Form, Optional, Text, Whole, YesNo
from app.core.messages import Message, say


class Outcome(StrEnum):
    """The decisions an officer takes with the rules in hand: three on a file handed in, two on one under review."""

    INCOMPLETE = "incomplete"
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"


OUTCOME_LABELS: dict[Outcome, Message] = {
    Outcome.INCOMPLETE: say("Incomplete: the carrier must complete the file"),
    Outcome.ADMISSIBLE: say("Admissible"),
    Outcome.INADMISSIBLE: say("Inadmissible"),
    Outcome.ELIGIBLE: say("Accepted for the vote"),
    Outcome.INELIGIBLE: say("Not accepted for the vote"),
}

Comment = Annotated[Text, Field(max_length=2000)]
Words = Annotated[Text, Field(max_length=4000)]


class DecisionForm(Form):
    """A decision. `answers` and `comments` are by rule key; `seen` is the state of the file that the officer read.

    Which text is needed depends on the outcome: `to_complete` and a day with incomplete, `reason` with a refusal.
    """

    outcome: Outcome
    seen: Annotated[Text, Field(max_length=60)]
    to_complete: Words = ""
    complete_by_day: Annotated[Text, Field(max_length=20)] = ""
    complete_by_clock: Annotated[Text, Field(max_length=10)] = ""
    reason: Words = ""
    redirect: Optional = None
    note: Words = ""
    answers: dict[str, YesNo] = {}
    comments: dict[str, Comment] = {}


class StepForm(Form):
    """A step of a file; `seen` is the state of the file that the officer read."""

    seen: Annotated[Text, Field(max_length=60)]


class RedirectForm(StepForm):
    """Another scheme for a file, and why."""

    scheme: Annotated[Text, Field(max_length=40)] = ""
    why: Words = ""


class MergeForm(StepForm):
    """The number of the file that another would join, and why."""

    number: Whole = None
    why_merge: Words = ""

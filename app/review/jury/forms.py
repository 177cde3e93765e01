"""What officers, jurors and the chair send."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.core.forms import Day, Form, Optional, Text, Whole
from app.review.jury.models import Fallback, Stance, Tie

Words = Annotated[Text, Field(max_length=2000)]
Label = Annotated[Text, Field(max_length=150)]


class CriterionForm(Form):
    """One criterion: its name in French and, if wanted, in English, and its weight."""

    label_fr: Annotated[Text, Field(min_length=1, max_length=150)]
    label_en: Label = ""
    weight: Annotated[int, Field(ge=1, le=100)]


class PanelForm(Form):
    """The jury of an edition. `jurors` and `chair` are numbers of accounts that hold the role of reviewer."""

    criteria: Annotated[list[CriterionForm], Field(min_length=1, max_length=12)]
    scale: Annotated[int, Field(ge=1, le=20)]
    quorum: Annotated[int, Field(ge=1, le=50)]
    alert: Annotated[int, Field(ge=1, le=20)]
    fallback: Fallback
    jurors: Annotated[list[int], Field(min_length=1, max_length=50)]
    chair: Whole = None


class OpinionForm(Form):
    """Scores and comments by criterion, as typed: a draft may leave any of them out."""

    scores: dict[str, Annotated[Text, Field(max_length=5)]] = {}
    comments: dict[str, Words] = {}
    reason: Words = ""


class RecusalForm(Form):
    """Why a juror stands aside."""

    tie: Tie
    words: Annotated[Text, Field(min_length=1, max_length=2000)]


class AbsenceForm(Form):
    """A juror who gave no opinion in time, as an officer notes it."""

    juror: int
    words: Annotated[Text, Field(min_length=1, max_length=2000)]


class PanelOpinionForm(Form):
    """The jury's opinion on one file."""

    stance: Stance
    text: Annotated[Text, Field(min_length=1, max_length=2000)]


class MinutesForm(Form):
    """What the chair confirms: `seen` is the SHA-256 of the files' part that was read."""

    held_on: Day
    present: list[int] = []
    remarks: Words = ""
    seen: Annotated[Text, Field(max_length=64)]
    place: Optional = None

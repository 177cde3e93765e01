"""Paper ballots at the desk: what was marked is read against the frozen ballot, and a null one gets its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field

from app.accounts.forms import Name as OneLine
from app.accounts.people import Person
from app.core.ballots import BallotStyle, Slate, Style
from app.core.calendar import Stage
from app.core.forms import Form, Text, Tick
from app.core.messages import say
from app.core.permissions import refusal
from app.core.problems import Invalid, Missing, Refused
from app.editions.models import Edition
from app.ledger import service as ledger
from app.polls.models import Candidate
from app.polls.paper_marks import marked
from app.polls.queries import fixed_poll, slate, style_of, turnout
from app.polls.service import voting_stage
from app.unit import Work
from app.voting import paper
from app.voting.models import PaperLot
from app.voting.paper import NULL_LABELS, NullReason, entered, lots

__all__ = [
    "NULL_LABELS", "LotForm", "NullReason", "PaperForm", "TakeOutForm", "close_lot", "enter", "entered", "find_lot", "handed_out", "lots",
    "open_lot", "reading", "take_out",
]  # fmt: skip

SEPARATORS = re.compile(r"[\s,;/+.]+")


class LotForm(Form):
    """A new lot: the station it comes from."""

    station: Annotated[OneLine, Field(max_length=150)]


class PaperForm(Form):
    """One paper ballot as the agent reads it: numbers marked, or blank, or null for a reason that numbers do not show."""

    serial: Annotated[int, Field(ge=1, le=100_000)]
    marks: Annotated[Text, Field(max_length=300)] = ""
    blank: Tick = False
    null_reason: Annotated[NullReason | None, BeforeValidator(lambda typed: typed or None)] = None


class TakeOutForm(Form):
    """The number of a paper ballot that was entered wrongly."""

    out: Annotated[int, Field(ge=1, le=100_000)]


def reading(marks: str, candidates: Sequence[Candidate], style: BallotStyle | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The entries of the projects marked (each once) and the marks that are no project: "1, 2 99" -> (ids of 1 and 2), ("99",).

    For a ballot of marks see `app.polls.paper_marks`.
    """
    if style is not None and not isinstance(style, Style):
        return marked(marks, {str(one.number): one.id for one in candidates}, style)
    by_number = {str(one.number): one.id for one in candidates}
    typed = [part.lstrip("0") or part for part in SEPARATORS.split(marks) if part]
    known = tuple(dict.fromkeys(by_number[part] for part in typed if part in by_number))
    return known, tuple(dict.fromkeys(part for part in typed if part not in by_number))


def verdict(style: BallotStyle, ballot: Slate, choices: tuple[str, ...], strange: tuple[str, ...]) -> NullReason | None:
    """Why these marks make the ballot null, None if they do not. A strange mark is ignored, then the rest must stand by itself."""
    if not choices:
        return NullReason.UNKNOWN_MARK if strange else None
    if not isinstance(style, Style):
        return NullReason.FORM if style.check(choices, ballot) else None
    if style.count_problems(len(choices)):
        most = style.limit_choices()
        return NullReason.TOO_MANY if most is not None and len(choices) > most else NullReason.TOO_FEW
    return NullReason.OVER_BUDGET if style.check(choices, ballot) else None


def open_lot(work: Work, edition: Edition, form: LotForm, *, by: Person) -> PaperLot:
    """Open the next numbered lot. Raises Refused (no permission, or voting has not opened)."""
    _check(work, edition, by)
    lot = paper.open_lot(work, edition.id or 0, form.station)
    ledger.record(work, "lot:open", f"{edition.slug}/lot-{lot.number}", form.station, by=by.id)
    return lot


def find_lot(work: Work, edition: Edition, number: int) -> PaperLot:
    """A lot of this edition by its number. Raises Missing."""
    lot = next((one for one in lots(work, edition.id or 0) if one.number == number), None)
    if lot is None:
        raise Missing(say("There is no such lot."))
    return lot


def enter(work: Work, edition: Edition, lot: PaperLot, form: PaperForm, *, by: Person) -> NullReason | None:
    """Enter one ballot of a lot; returns why it is null, None if it counts (as blank, if nothing is marked).

    Raises Refused, Conflict (lot or box closed, serial taken), Invalid at "marks" where blank and marked do not agree.
    """
    _check(work, edition, by)
    poll = fixed_poll(work, edition)
    style = style_of(poll)
    choices, strange = reading(form.marks, poll.candidates, style)
    if form.blank and (form.marks or form.null_reason):
        raise Invalid({"marks": say("A blank ballot bears no mark. Empty this field, or untick « blank ».")})
    if not form.blank and not form.marks and form.null_reason is None:
        raise Invalid({"marks": say("Enter the numbers marked, or say that the ballot is blank or why it is null.")})
    reason = form.null_reason or verdict(style, slate(work, edition, poll), choices, strange)
    paper.enter_paper(work, lot, form.serial, choices, reason)
    return reason


def take_out(work: Work, edition: Edition, lot: PaperLot, serial: int, *, by: Person) -> None:
    """Take a ballot that was entered wrongly out of an open lot; the journal keeps who did it, never what it held.

    Raises Refused, Conflict (lot closed, box opened) and Missing (nothing is entered under this number).
    """
    _check(work, edition, by)
    paper.take_out(work, lot, serial)
    ledger.record(work, "lot:take_out", f"{edition.slug}/lot-{lot.number}/{serial}", by=by.id)


def handed_out(work: Work, edition: Edition) -> int:
    """How many paper ballots were handed out so far."""
    return turnout(work, edition).total("paper")


def close_lot(work: Work, edition: Edition, lot: PaperLot, *, by: Person) -> None:
    """Close a lot: nothing can be added to it any more. Raises Refused."""
    _check(work, edition, by)
    paper.close_lot(work, lot)
    many = len(entered(work, lot.id or 0))
    ledger.record(work, "lot:close", f"{edition.slug}/lot-{lot.number}", str(many), by=by.id)


def _check(work: Work, edition: Edition, by: Person) -> None:
    if (reason := refusal(by.roles, "keep_desk")) is not None:
        raise Refused(reason)
    fixed_poll(work, edition)
    if voting_stage(work, edition) in (Stage.before, Stage.absent):
        raise Refused(say("Paper ballots are entered once voting has opened."))

"""Taking people off the roll, and putting them back: an official's act, with a reason, on keys that have not been used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from app.accounts.people import Person
from app.core.forms import Form
from app.core.messages import say, say_count
from app.core.problems import Conflict
from app.editions.models import Edition
from app.electorate.anomalies import SHOWN
from app.electorate.desk import line_at
from app.electorate.forms import Reason
from app.electorate.models import RollLine
from app.electorate.register import check_change
from app.electorate.service import today
from app.ledger import service as ledger
from app.polls.queries import credential_for, poll_of
from app.unit import Work
from app.voting import service as voting


class RemovalForm(Form):
    """Whom to take off the roll (the random names of their lines), and why; the person is told the reason."""

    lines: Annotated[tuple[Annotated[str, Field(max_length=26)], ...], Field(min_length=1, max_length=SHOWN)]
    reason: Reason


def take_off(work: Work, edition: Edition, form: RemovalForm, *, by: Person, seconded: bool = False) -> list[RollLine]:
    """Take these people off the roll, all or none: their keys are spent as cancelled, so that a key given already is worthless.

    Raises Refused (no permission, alone once the register is frozen, the box is closed), Missing (no such line) and Conflict
    (somebody among them has voted: a ballot can never be found again, so only unspent keys can be cancelled; or is off the roll).
    """
    check_change(work, edition, "correct_roll", by=by, seconded=seconded)
    lines = [line_at(work, edition, name) for name in sorted(set(form.lines))]
    if any(line.mark == "refused" for line in lines):
        raise Conflict(say("Somebody among them is off the roll already. Nothing was changed: look at the list again."))
    with work.db.begin_nested():  # one who has voted undoes the whole
        _cancel(work, edition, lines)
    for line in lines:
        line.mark, line.marked_on, line.reason = "refused", today(work, edition), form.reason
        work.db.add(line)
    ledger.record(work, "roll:take_off", edition.slug, f"{len(lines)}, {form.reason}", by=by.id)
    return lines


def put_back(work: Work, edition: Edition, line: RollLine, *, by: Person, seconded: bool = False) -> None:
    """Put a person back on the roll, under a new random name: the key cancelled before stays worthless, a new one can be asked for.

    Raises Refused (no permission) and Conflict (the person is on the roll, or the line is that of a printed code).
    """
    check_change(work, edition, "correct_roll", by=by, seconded=seconded)
    if line.mark != "refused" or line.person_hash is None:
        raise Conflict(say("This person is on the roll."))
    line.public_id, line.mark, line.marked_on, line.reason = work.code(26), None, None, ""
    work.db.add(line)
    ledger.record(work, "roll:put_back", edition.slug, by=by.id)


def removable(lines: Sequence[RollLine], voted: Mapping[str, str]) -> list[RollLine]:
    """Those of these lines that can still be taken off; `voted` as `polls.queries.voted` gives it."""
    return [line for line in lines if line.mark is None and line.public_id not in voted]


def _cancel(work: Work, edition: Edition, lines: Sequence[RollLine]) -> None:
    """Spend the keys of these lines as cancelled. Before the vote is set up there are no keys yet."""
    if poll_of(work, edition) is None:
        return
    day, spent = today(work, edition).isoformat(), 0
    for line in lines:
        try:
            voting.spend(work, edition.id or 0, credential_for(work, edition, line), "void", day)
        except voting.AlreadyVoted:
            spent += 1
    if spent:
        raise Conflict(
            say_count(
                "%(count)d person among them has voted, and a vote cannot be taken back. Nothing was changed: leave them out.",
                "%(count)d people among them have voted, and a vote cannot be taken back. Nothing was changed: leave them out.",
                spent,
            )
        )

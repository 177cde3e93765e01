"""What officials enter of the projects on the ballot because a rule looks at it, and no file says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from sqlmodel import col, select

from app.accounts.people import Person
from app.core.calendar import Stage
from app.core.forms import Cents, Form, Text
from app.core.lifecycle import State
from app.core.messages import say
from app.core.permissions import refusal
from app.core.problems import Invalid, Refused
from app.editions.models import Edition
from app.ledger import service as ledger
from app.polls.models import BallotMark
from app.polls.service import voting_stage
from app.proposals.models import Proposal
from app.unit import Work


def _words(typed: Any) -> Any:
    """Words with commas between them, each once."""
    return tuple(dict.fromkeys(word for part in typed.split(",") if (word := part.strip()))) if isinstance(typed, str) else typed


class MarkRow(Form):
    """What is entered of one project: it has no effect under a rule that does not look at it."""

    number: Annotated[int, Field(ge=1)]
    scope: Annotated[Text, Field(max_length=40)] = ""
    district: Annotated[Text, Field(max_length=80)] = ""
    site: Annotated[Text, Field(max_length=80)] = ""
    tags: Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(max_length=10), BeforeValidator(_words)] = ()
    least: Cents = None


class MarksForm(Form):
    """The marks of all projects on the ballot."""

    marks: Annotated[tuple[MarkRow, ...], Field(max_length=1000)] = ()


def mark(work: Work, edition: Edition, form: MarksForm, *, by: Person) -> int:
    """Keep what was entered; how many projects changed. A vote that is fixed already keeps what it was fixed with.

    Raises Refused (no permission, voting has opened) and Invalid (no such project, a least grant above what is asked).
    """
    if (reason := refusal(by.roles, "set_up_poll")) is not None:
        raise Refused(reason)
    if voting_stage(work, edition) in (Stage.open, Stage.after):
        raise Refused(say("Voting has opened: its rules can no longer change."))
    known, kept = _proposals(work, edition), marks_of(work, edition)
    changed = []
    for place, row in enumerate(form.marks):
        proposal = known.get(row.number)
        if proposal is None:
            raise Invalid({f"marks-{place}-number": say("There is no project of this number on the ballot.")})
        if row.least is not None and row.least >= (proposal.requested_cents or 0):
            raise Invalid({f"marks-{place}-least": say("Enter less than what the project asks for, or leave this empty.")})
        values = {"scope": row.scope, "district": row.district, "site": row.site, "tags": list(row.tags), "least_cents": row.least}
        found = kept.get(row.number) or BallotMark(proposal_id=proposal.id or 0)
        if {name: getattr(found, name) for name in values} != values:
            for name, value in values.items():
                setattr(found, name, value)
            work.db.add(found)
            changed.append(str(row.number))
    if changed:
        ledger.record(work, "poll:mark", edition.slug, ", ".join(changed), by=by.id)
    work.db.flush()
    return len(changed)


def marks_of(work: Work, edition: Edition) -> Mapping[int, BallotMark]:
    """What is entered so far, by the number of the project."""
    wanted = select(Proposal.number, BallotMark).join(BallotMark, col(BallotMark.proposal_id) == col(Proposal.id))
    return {number: found for number, found in work.db.exec(wanted.where(Proposal.edition_id == edition.id)) if number is not None}


def _proposals(work: Work, edition: Edition) -> dict[int, Proposal]:
    wanted = select(Proposal).where(Proposal.edition_id == edition.id, Proposal.state == State.ON_BALLOT)
    return {one.number: one for one in work.db.exec(wanted) if one.number is not None}

"""One timeline for each project: what happened, when, by whom as a role, why, for how much, and what was changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.core.lifecycle import State, Verb
from app.core.messages import Message, say
from app.proposals.models import SectionRevision, Transition
from app.proposals.queries import history
from app.results.models import CouncilDecision
from app.results.queries import Standing, result_of
from app.review.history import told
from app.review.sheet import Sheet
from app.story.versions import Change, changes, revisions_of, said_at
from app.unit import Work

Fact = tuple[Message, Any]
SENT_IN = (Verb.SUBMIT, Verb.COMPLETE)
COUNTED = (Verb.LEAD, Verb.PUT_IN_RESERVE, Verb.LEAVE_OUT)
ON_THE_BALLOT = say("Corrected after the list of the ballot was settled")
SHORT = 6
"""How many events the page of the project shows; the history has them all."""


@dataclass(frozen=True)
class Event:
    """One thing that happened. `key` names it for ever; `kind` is that of the timeline: done, warn or err."""

    key: str
    at: datetime
    title: Message
    text: str | Message = ""
    kind: str = "done"
    facts: tuple[Fact, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Telling:
    """What the events of one project are told from, read once."""

    work: Work
    sheet: Sheet
    steps: tuple[Transition, ...]
    revisions: tuple[SectionRevision, ...]


def events_of(work: Work, sheet: Sheet) -> list[Event]:
    """Everything that happened to a project since it was submitted, the oldest first, in the language being spoken.

    Who may read it is for the page to say: a draft has no event at all, and a file that is not public yet has them for
    its carrier and the city alone.
    """
    steps = tuple(history(work, sheet.proposal))
    telling = Telling(work, sheet, steps, tuple(revisions_of(work, sheet.proposal)))
    found = [event for source in SOURCES for event in source(telling)]
    return sorted(found, key=lambda event: event.at)


def _steps(telling: Telling) -> list[Event]:
    """The steps of the file, each with its amounts and, where it was handed in again, with what changed."""
    sheet, revisions = telling.sheet, telling.revisions
    standing = _standing(telling)
    decision = telling.work.db.get(CouncilDecision, sheet.proposal.id) if standing else None
    events, before = [], None
    for number, step in enumerate(telling.steps):
        event = _event(step, number)
        if Verb(step.verb) in SENT_IN:
            said = said_at(revisions, step.at)
            asked = said.get("requested")
            event = replace(event, facts=((say("Asked of the city"), sheet.money(asked)),) if asked is not None else ())
            if before is not None:
                event = replace(event, changes=tuple(changes(before, said, sheet.edition)))
            before = said
        elif standing is not None:
            event = replace(event, facts=tuple(_facts(step, standing, decision, sheet)))
        events.append(event)
    return events


def _event(step: Transition, number: int) -> Event:
    item = told(step)
    return Event(key=f"{step.verb}-{number + 1}", at=step.at, title=item["title"], text=step.reason, kind=str(item["kind"]))


def _facts(step: Transition, standing: Standing, decision: CouncilDecision | None, sheet: Sheet) -> list[Fact]:
    """The amounts of a result and of the council's decision."""
    row = standing.row
    given = sheet.money(row.cost_cents if row.paid_cents is None else row.paid_cents)
    if Verb(step.verb) in COUNTED:
        votes: Fact = (say("Votes"), row.votes)
        return [votes, (say("Amount before the council"), given)] if Verb(step.verb) is Verb.LEAD else [votes]
    if Verb(step.verb) is Verb.AWARD and decision is not None:
        return [(say("Amount awarded"), given)]
    return []


def _standing(telling: Telling) -> Standing | None:
    """The project's line in the published result, None before, and where too few voted for more than totals to be shown."""
    if not any(Verb(step.verb) in COUNTED for step in telling.steps):
        return None
    result = result_of(telling.work, telling.sheet.edition)
    if result is None or result.few:
        return None
    return next((one for one in result.standings if one.proposal.id == telling.sheet.proposal.id), None)


def _corrections(telling: Telling) -> list[Event]:
    """What was changed in the file after the list of the ballot was settled: each correction is public, with its day."""
    settled = next((step.at for step in telling.steps if step.target == State.ON_BALLOT), None)
    if settled is None:
        return []
    revisions = telling.revisions
    instants = sorted({one.saved_at for one in revisions if one.saved_at > settled})
    events = []
    for number, (earlier, later) in enumerate(zip([settled, *instants], instants, strict=False), 1):
        moved = changes(said_at(revisions, earlier), said_at(revisions, later), telling.sheet.edition)
        if moved:
            events.append(Event(f"correction-{number}", later, ON_THE_BALLOT, kind="warn", changes=tuple(moved)))
    return events


SOURCES: tuple[Callable[[Telling], list[Event]], ...] = (_steps, _corrections)
"""What tells events. The opinions of the jury join here, once they may be read."""

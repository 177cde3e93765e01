"""One timeline for each project: what happened, when, by whom as a role, why, for how much, and what was changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.core.lifecycle import State, Verb
from app.core.messages import Message, say
from app.proposals.lifecycle import is_public
from app.proposals.models import SectionRevision, Transition
from app.proposals.queries import history
from app.rendering import number
from app.results.models import CouncilDecision
from app.results.queries import Standing, result_of
from app.review.history import told, told_appeals
from app.review.letters.writing import APPEALABLE
from app.review.models import Ground
from app.review.opinions import SaidOf, said_of
from app.review.sheet import Sheet
from app.review.vetoes import GROUND_LABELS
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
    said: SaidOf


def events_of(work: Work, sheet: Sheet) -> list[Event]:
    """Everything that happened to a project since it was submitted, the oldest first, in the language being spoken.

    Who may read it is for the page to say: a draft has no event at all, and a file that is not public yet has them for
    its carrier and the city alone.
    """
    steps = tuple(history(work, sheet.proposal))
    telling = Telling(work, sheet, steps, tuple(revisions_of(work, sheet.proposal)), said_of(work, sheet.proposal))
    found = [event for source in SOURCES for event in source(telling)]
    return sorted(found, key=lambda event: event.at)


def _steps(telling: Telling) -> list[Event]:
    """The steps of the file, each with its amounts and, where it was handed in again, with what changed."""
    sheet, revisions = telling.sheet, telling.revisions
    standing = _standing(telling)
    decision = telling.work.db.get(CouncilDecision, sheet.proposal.id) if standing else None
    events, before = [], None
    for place, step in enumerate(telling.steps):
        event = _event(step, place)
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


def _event(step: Transition, place: int) -> Event:
    item = told(step)
    return Event(key=f"{step.verb}-{place + 1}", at=step.at, title=item["title"], text=step.reason, kind=str(item["kind"]))


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
    for place, (earlier, later) in enumerate(zip([settled, *instants], instants, strict=False), 1):
        moved = changes(said_at(revisions, earlier), said_at(revisions, later), telling.sheet.edition)
        if moved:
            events.append(Event(f"correction-{place}", later, ON_THE_BALLOT, kind="warn", changes=tuple(moved)))
    return events


def _opinion(telling: Telling) -> list[Event]:
    """What the jury thinks, once its minutes are confirmed; of a file that is not public yet, nothing."""
    opinion, at = telling.said.opinion, telling.said.opined_at
    if opinion is None or at is None or not is_public(telling.sheet.proposal):
        return []
    facts: list[Fact] = [(say("Opinions"), opinion.opinions)]
    if opinion.mean is not None:
        facts.insert(0, (say("Mean"), f"{number(round(opinion.mean * 100) / 100)} / {opinion.scale}"))
    title = say("%(name)s: %(value)s", name=say("The jury's opinion"), value=opinion.label)
    return [Event("opinion", at, title, opinion.text, facts=tuple(facts))]


def _appeals(telling: Telling) -> list[Event]:
    """The appeals that were filed, and why one was rejected; only a refusal can have any."""
    if not any(step.target in APPEALABLE for step in telling.steps):
        return []
    found = told_appeals(telling.work, telling.sheet.proposal)
    return [Event(one["key"], one["when"], one["title"], one["text"], one["kind"]) for one in found]


def _veto(telling: Telling) -> list[Event]:
    """A veto on a project that the ballot keeps; one before the freeze is a step of the file."""
    veto = telling.said.veto
    if veto is None or not veto.on_ballot:
        return []
    ground: Fact = (say("Ground"), GROUND_LABELS[Ground(veto.ground)])
    return [Event("veto", veto.vetoed_at, say("This project was vetoed"), veto.reason, kind="err", facts=(ground,))]


SOURCES: tuple[Callable[[Telling], list[Event]], ...] = (_steps, _corrections, _opinion, _appeals, _veto)
"""What tells events."""

"""The life of a file told to everyone: what happened, when, by whom as a role, and why."""

from typing import Any

from app.core.lifecycle import STATES, TRANSITIONS, Actor, State, Verb
from app.core.messages import Message, say
from app.proposals.models import Proposal, Transition
from app.proposals.queries import history
from app.review.appeals.queries import appeals_of
from app.unit import Work

ACTORS: dict[Actor, Message] = {
    Actor.CARRIER: say("by the carrier"),
    Actor.CASE_OFFICER: say("by a case officer of the city"),
    Actor.PUBLISHER: say("by a publisher of the city"),
    Actor.COUNT: say("by the count of the votes"),
    Actor.COUNCIL: say("by the city council"),
    Actor.CLOCK: say("by the calendar"),
}
BY_TABLE = "table"
"""The note of a file that the city took in with a table (app/exchange/sheets)."""
BAD = frozenset({State.INADMISSIBLE, State.INELIGIBLE, State.REFUSED_BY_COUNCIL, State.CANCELLED, State.RECOVERED})


def actor_of(step: Transition) -> Message | None:
    """Who walked a step, as a role: names of people are not published."""
    if step.verb == Verb.SUBMIT and step.note == BY_TABLE:
        return say("entered by the city for the carrier")
    for arrow in TRANSITIONS:
        if arrow.verb is Verb(step.verb) and step.source in arrow.sources and step.target == arrow.target:
            return ACTORS[next(actor for actor in Actor if actor in arrow.by)]
    return None


def told_history(work: Work, proposal: Proposal, *, hidden: bool = False) -> list[dict[str, Any]]:
    """The steps as items of the timeline: when, title, text, kind; appeals among them.

    With `hidden`, for the city alone, steps that are not shown yet too.
    """
    steps = map(told, history(work, proposal, hidden=hidden))
    return sorted((*steps, *told_appeals(work, proposal)), key=lambda item: item["when"])


def told_appeals(work: Work, proposal: Proposal) -> list[dict[str, Any]]:
    """What everyone reads of the appeals about a file: that one was filed, and why it was rejected; an upheld one is a step of the file."""
    items: list[dict[str, Any]] = []
    for place, appeal in enumerate(appeals_of(work, proposal), 1):
        key, title = f"appeal-{place}", say("Appeal against the decision, by the carrier")
        items.append({"key": key, "when": appeal.filed_at, "title": title, "text": "", "kind": "done"})
        if appeal.outcome == "rejected":
            title = say("Appeal rejected, by another case officer of the city")
            items.append({"key": f"{key}-rejected", "when": appeal.decided_at, "title": title, "text": appeal.motive, "kind": "err"})
    return items


def told(step: Transition) -> dict[str, Any]:
    """One step as an item of the timeline."""
    target, actor = State(step.target), actor_of(step)
    label = STATES[target].label
    title = say("%(state)s, %(actor)s", state=label, actor=actor) if actor else label
    if step.verb == Verb.UPHOLD_APPEAL:
        title = say("Appeal upheld, by another case officer of the city: %(state)s", state=label)
    kind = "err" if target in BAD else "warn" if target is State.INCOMPLETE else "done"
    return {"when": step.at, "title": title, "text": step.reason, "kind": kind}

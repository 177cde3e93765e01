"""The life of a file told to everyone: what happened, when, by whom as a role, and why."""

from app.core.lifecycle import STATES, TRANSITIONS, Actor, State, Verb
from app.core.messages import Message, say
from app.proposals.models import Proposal, Transition
from app.proposals.queries import history
from app.unit import Work

ACTORS: dict[Actor, Message] = {
    Actor.CARRIER: say("by the carrier"),
    Actor.CASE_OFFICER: say("by a case officer of the city"),
    Actor.PUBLISHER: say("by a publisher of the city"),
    Actor.COUNT: say("by the count of the votes"),
    Actor.COUNCIL: say("by the city council"),
    Actor.CLOCK: say("by the calendar"),
}
BAD = frozenset({State.INADMISSIBLE, State.INELIGIBLE, State.REFUSED_BY_COUNCIL, State.CANCELLED, State.RECOVERED})


def actor_of(step: Transition) -> Message | None:
    """Who walked a step, as a role: names of people are not published."""
    for arrow in TRANSITIONS:
        if arrow.verb is Verb(step.verb) and step.source in arrow.sources and step.target == arrow.target:
            return ACTORS[next(actor for actor in Actor if actor in arrow.by)]
    return None


def told_history(work: Work, proposal: Proposal, *, hidden: bool = False) -> list[dict[str, object]]:
    """The steps as items of the timeline: when, title, text, kind; with `hidden`, for the city alone, those not shown yet too."""
    return [told(step) for step in history(work, proposal, hidden=hidden)]


def told(step: Transition) -> dict[str, object]:
    """One step as an item of the timeline."""
    target, actor = State(step.target), actor_of(step)
    label = STATES[target].label
    title = say("%(state)s, %(actor)s", state=label, actor=actor) if actor else label
    kind = "err" if target in BAD else "warn" if target is State.INCOMPLETE else "done"
    return {"when": step.at, "title": title, "text": step.reason, "kind": kind}

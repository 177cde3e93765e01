"""The states of a file, from draft to final report, and who may see a file in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.core.messages import Message, say


class State(StrEnum):
    """Where a file stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    INCOMPLETE = "incomplete"
    COMPLETED = "completed"
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    UNDER_REVIEW = "under_review"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    REDIRECTED = "redirected"
    ON_BALLOT = "on_ballot"
    LEADING = "leading"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    AWARDED = "awarded"
    REFUSED_BY_COUNCIL = "refused_by_council"
    AGREEMENT_SENT = "agreement_sent"
    AGREEMENT_SIGNED = "agreement_signed"
    PAID_PART = "paid_part"
    IN_DELIVERY = "in_delivery"
    REPORT_DUE = "report_due"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    RECOVERED = "recovered"


class SeenBy(StrEnum):
    """Who may see a file: its carrier alone, the carrier and the city, or everyone."""

    CARRIER = "carrier"
    CITY = "city"
    EVERYONE = "everyone"


@dataclass(frozen=True)
class StateFacts:
    """The label shown for a state, and who may see a file in it."""

    label: Message
    seen_by: SeenBy = SeenBy.EVERYONE

    @property
    def public(self) -> bool:
        """Whether the file has a public page in this state."""
        return self.seen_by is SeenBy.EVERYONE


STATES: dict[State, StateFacts] = {
    State.DRAFT: StateFacts(say("Draft"), SeenBy.CARRIER),
    State.SUBMITTED: StateFacts(say("Submitted"), SeenBy.CITY),
    State.INCOMPLETE: StateFacts(say("To be completed"), SeenBy.CITY),
    State.COMPLETED: StateFacts(say("File completed"), SeenBy.CITY),
    State.ADMISSIBLE: StateFacts(say("Admissible")),
    State.INADMISSIBLE: StateFacts(say("Inadmissible")),
    State.UNDER_REVIEW: StateFacts(say("Under review")),
    State.ELIGIBLE: StateFacts(say("Accepted for the vote")),
    State.INELIGIBLE: StateFacts(say("Not accepted for the vote")),
    State.MERGED: StateFacts(say("Merged")),
    State.WITHDRAWN: StateFacts(say("Withdrawn"), SeenBy.CITY),
    State.REDIRECTED: StateFacts(say("Redirected")),
    State.ON_BALLOT: StateFacts(say("On the ballot")),
    State.LEADING: StateFacts(say("Leading, subject to the council's decision")),
    State.RESERVE: StateFacts(say("Reserve list")),
    State.NOT_SELECTED: StateFacts(say("Not selected")),
    State.AWARDED: StateFacts(say("Awarded")),
    State.REFUSED_BY_COUNCIL: StateFacts(say("Refused by the council")),
    State.AGREEMENT_SENT: StateFacts(say("Agreement sent")),
    State.AGREEMENT_SIGNED: StateFacts(say("Agreement signed")),
    State.PAID_PART: StateFacts(say("First payment made")),
    State.IN_DELIVERY: StateFacts(say("In delivery")),
    State.REPORT_DUE: StateFacts(say("Final report due")),
    State.CLOSED: StateFacts(say("Closed and settled")),
    State.CANCELLED: StateFacts(say("Cancelled")),
    State.RECOVERED: StateFacts(say("Grant paid back")),
}

FINAL = frozenset(
    {
        State.MERGED,
        State.WITHDRAWN,
        State.REDIRECTED,
        State.NOT_SELECTED,
        State.REFUSED_BY_COUNCIL,
        State.CLOSED,
        State.RECOVERED,
    }
)
"""States with no way out."""

EDITABLE = frozenset({State.DRAFT, State.INCOMPLETE})
"""States in which the carrier may change the file."""


@dataclass(frozen=True)
class Step:
    """One step of the simplified path shown to residents, and the states that stand on it."""

    key: str
    label: Message
    states: frozenset[State]


def _step(label: Message, *states: State) -> Step:
    return Step(states[0].value, label, frozenset(states))


PATH: tuple[Step, ...] = (
    _step(say("Draft"), State.DRAFT),
    _step(say("Submitted"), State.SUBMITTED, State.INCOMPLETE, State.COMPLETED),
    _step(say("Admissible"), State.ADMISSIBLE, State.UNDER_REVIEW, State.ELIGIBLE),
    _step(say("On the ballot"), State.ON_BALLOT),
    _step(say("Leading"), State.LEADING, State.RESERVE),
    _step(say("Awarded"), State.AWARDED),
    _step(say("Agreement with the city"), State.AGREEMENT_SENT, State.AGREEMENT_SIGNED),
    _step(say("In delivery"), State.IN_DELIVERY, State.PAID_PART, State.REPORT_DUE),
    _step(say("Closed and settled"), State.CLOSED),
)
"""The path from idea to final report; the side doors (refused, withdrawn, merged …) stand on no step."""


def step_of(state: State) -> int | None:
    """The position of a state on `PATH`, or None for a side door."""
    return next((index for index, step in enumerate(PATH) if state in step.states), None)

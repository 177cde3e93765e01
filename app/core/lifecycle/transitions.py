"""The one table of arrows between the states of a file. `open` arrows can be walked today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.core.lifecycle.states import STATES, State
from app.core.messages import say
from app.core.problems import Conflict


class Actor(StrEnum):
    """Who walks an arrow."""

    CARRIER = "carrier"
    CASE_OFFICER = "case_officer"
    PUBLISHER = "publisher"
    COUNT = "count"
    COUNCIL = "council"
    CLOCK = "clock"


class Verb(StrEnum):
    """What is done to a file. Each verb keeps its own record."""

    SUBMIT = "submit"
    ASK_COMPLETION = "ask_completion"
    COMPLETE = "complete"
    ADMIT = "admit"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    REDIRECT = "redirect"
    MERGE = "merge"
    UPHOLD_APPEAL = "uphold_appeal"
    BEGIN_REVIEW = "begin_review"
    RETAIN = "retain"
    DECLINE = "decline"
    PUT_ON_BALLOT = "put_on_ballot"
    VETO = "veto"
    LEAD = "lead"
    PUT_IN_RESERVE = "put_in_reserve"
    LEAVE_OUT = "leave_out"
    CALL_FROM_RESERVE = "call_from_reserve"
    AWARD = "award"
    REFUSE = "refuse"
    SEND_AGREEMENT = "send_agreement"
    SIGN_AGREEMENT = "sign_agreement"
    PAY_FIRST = "pay_first"
    START_DELIVERY = "start_delivery"
    ASK_REPORT = "ask_report"
    CLOSE = "close"
    CANCEL = "cancel"
    RECOVER = "recover"


@dataclass(frozen=True)
class Transition:
    """An arrow: `verb` leads from any of `sources` to `target`, walked by `by`.

    `overdue` holds the sources that qualify only once the date given to the carrier has passed.
    """

    verb: Verb
    sources: frozenset[State]
    target: State
    by: frozenset[Actor]
    open: bool = False
    overdue: frozenset[State] = frozenset()


def _arrow(verb: Verb, sources: str, target: State, by: Actor | tuple[Actor, ...], *, open: bool = False, overdue: str = "") -> Transition:
    actors = by if isinstance(by, tuple) else (by,)
    return Transition(verb, _states(sources), target, frozenset(actors), open, _states(overdue))


def _states(names: str) -> frozenset[State]:
    return frozenset(map(State, names.split()))


_OFFICE = (Actor.CASE_OFFICER, Actor.PUBLISHER)
_RUNNING = "awarded agreement_sent agreement_signed paid_part in_delivery report_due"
_IN_HAND = "submitted completed admissible under_review"

TRANSITIONS: tuple[Transition, ...] = (
    _arrow(Verb.SUBMIT, "draft", State.SUBMITTED, Actor.CARRIER, open=True),
    _arrow(Verb.ASK_COMPLETION, "submitted completed", State.INCOMPLETE, Actor.CASE_OFFICER, open=True),
    _arrow(Verb.COMPLETE, "incomplete", State.COMPLETED, Actor.CARRIER, open=True),
    _arrow(Verb.ADMIT, "submitted completed", State.ADMISSIBLE, Actor.CASE_OFFICER, open=True),
    _arrow(Verb.REJECT, "submitted completed incomplete", State.INADMISSIBLE, Actor.CASE_OFFICER, open=True, overdue="incomplete"),
    _arrow(
        Verb.WITHDRAW,
        "submitted incomplete completed admissible under_review eligible",
        State.WITHDRAWN,
        Actor.CARRIER,
        open=True,
    ),
    _arrow(Verb.PUT_ON_BALLOT, "admissible eligible", State.ON_BALLOT, _OFFICE, open=True),
    # Before the freeze only: afterwards the ballot keeps the project, and the council applies the veto.
    _arrow(Verb.VETO, "on_ballot", State.INELIGIBLE, Actor.PUBLISHER, open=True),
    _arrow(Verb.REDIRECT, f"{_IN_HAND} inadmissible ineligible", State.REDIRECTED, Actor.CASE_OFFICER, open=True),
    _arrow(Verb.MERGE, f"{_IN_HAND} eligible", State.MERGED, Actor.CASE_OFFICER, open=True),
    _arrow(Verb.UPHOLD_APPEAL, "inadmissible", State.ADMISSIBLE, Actor.CASE_OFFICER, open=True),
    _arrow(Verb.UPHOLD_APPEAL, "ineligible", State.ELIGIBLE, Actor.CASE_OFFICER, open=True),
    _arrow(Verb.BEGIN_REVIEW, "admissible", State.UNDER_REVIEW, Actor.CASE_OFFICER, open=True),
    _arrow(Verb.RETAIN, "under_review", State.ELIGIBLE, Actor.CASE_OFFICER, open=True),
    _arrow(Verb.DECLINE, "under_review", State.INELIGIBLE, Actor.CASE_OFFICER, open=True),
    _arrow(Verb.LEAD, "on_ballot", State.LEADING, Actor.COUNT, open=True),
    _arrow(Verb.PUT_IN_RESERVE, "on_ballot", State.RESERVE, Actor.COUNT, open=True),
    _arrow(Verb.LEAVE_OUT, "on_ballot reserve", State.NOT_SELECTED, (Actor.COUNT, Actor.COUNCIL), open=True),
    _arrow(Verb.CALL_FROM_RESERVE, "reserve", State.LEADING, Actor.PUBLISHER),
    _arrow(Verb.AWARD, "leading", State.AWARDED, Actor.COUNCIL, open=True),
    _arrow(Verb.REFUSE, "leading", State.REFUSED_BY_COUNCIL, Actor.COUNCIL, open=True),
    _arrow(Verb.SEND_AGREEMENT, "awarded", State.AGREEMENT_SENT, Actor.CASE_OFFICER),
    _arrow(Verb.SIGN_AGREEMENT, "agreement_sent", State.AGREEMENT_SIGNED, _OFFICE),
    # The law asks for an agreement only above 23 000 €, so a small grant may be paid as soon as it is awarded.
    _arrow(Verb.PAY_FIRST, "awarded agreement_signed", State.PAID_PART, Actor.CASE_OFFICER),
    _arrow(Verb.START_DELIVERY, "paid_part", State.IN_DELIVERY, (Actor.CARRIER, Actor.CASE_OFFICER)),
    _arrow(Verb.ASK_REPORT, "in_delivery", State.REPORT_DUE, Actor.CLOCK),
    _arrow(Verb.CLOSE, "report_due", State.CLOSED, Actor.CASE_OFFICER),
    _arrow(Verb.CANCEL, _RUNNING, State.CANCELLED, (Actor.CARRIER, Actor.CASE_OFFICER)),
    _arrow(Verb.CLOSE, "cancelled", State.CLOSED, Actor.CASE_OFFICER),
    _arrow(Verb.RECOVER, "cancelled report_due", State.RECOVERED, Actor.CASE_OFFICER),
)


def walk(state: State, verb: Verb, *, overdue: bool = False) -> State:
    """The state after `verb`. `overdue`: the date given to the carrier has passed.

    Raises Conflict, with a sentence naming the current state, where no open arrow leads on.
    """
    for arrow in TRANSITIONS:
        if arrow.verb is verb and state in arrow.sources and arrow.open:
            if state in arrow.overdue and not overdue:
                raise Conflict(say("This cannot be done yet: the carrier still has time to complete the file."))
            return arrow.target
    raise Conflict(say("This cannot be done now. State of the file: %(state)s.", state=STATES[state].label))


def verbs_from(state: State, *, by: Iterable[Actor] = tuple(Actor), overdue: bool = False) -> tuple[Verb, ...]:
    """The verbs `walk` accepts from a state for these actors, in the order of the table."""
    actors = frozenset(by)
    return tuple(
        arrow.verb
        for arrow in TRANSITIONS
        if arrow.open and state in arrow.sources and arrow.by & actors and (overdue or state not in arrow.overdue)
    )

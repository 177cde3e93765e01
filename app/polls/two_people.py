"""The acts of a vote that take two people: what each is called, who may propose it, who may confirm it, and taking a proposal back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.accounts.people import Person
from app.core.messages import Message, say
from app.core.problems import Conflict
from app.editions.models import Edition
from app.ledger import motions
from app.ledger import service as ledger
from app.ledger.models import Motion
from app.polls.extending import EXTENSION
from app.polls.freezing import FREEZE
from app.polls.opening import OPENING
from app.polls.permitted import check
from app.polls.register_changes import CHANGE_LABELS, Change, permission_of, withdraw_change
from app.unit import Work


@dataclass(frozen=True)
class Act:
    """One kind of act: its name, and the permissions that proposing and confirming it take."""

    label: Message
    proposes: str
    confirms: str


ACTS: Mapping[str, Act] = {
    FREEZE: Act(say("Freeze the vote"), "freeze_vote", "freeze_vote"),
    EXTENSION: Act(say("Extend the vote"), "freeze_vote", "freeze_vote"),
    OPENING: Act(say("Open the box"), "open_box", "open_box"),
    **{change.value: Act(CHANGE_LABELS[change], permission_of(change), "confirm_register") for change in Change},
}
"""Motion.act -> the act. Publishing the result is not among them: it has a page of its own."""


def act_of(motion: Motion) -> Act:
    """What a proposal proposes. Raises Conflict for one that belongs to another page."""
    if motion.act not in ACTS:
        raise Conflict(say("This proposal is confirmed on the page of the results."))
    return ACTS[motion.act]


def withdraw(work: Work, edition: Edition, motion: Motion, *, by: Person) -> None:
    """Take a proposal back. Raises Refused (who may not propose it may not withdraw it), and Conflict if it is over."""
    check(by, act_of(motion).proposes)
    if motion.act in set(Change):
        withdraw_change(work, motion, by=by)
    else:
        motions.withdraw(work, motion, by=by.id)
    ledger.record(work, "poll:withdraw", edition.slug, motion.act, by=by.id)

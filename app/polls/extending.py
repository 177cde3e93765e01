"""Extending a vote: a public act of two members of the bureau that moves its closing instant to a later one, with a public reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlmodel import select

from app.accounts.people import Person
from app.core.calendar import PHASE_LABELS, Calendar, PhaseKind, Window, read_instant, shift
from app.core.forms import Form, Text, Tick
from app.core.messages import say
from app.core.problems import Conflict, Invalid, Refused
from app.editions.models import Edition, Phase
from app.editions.queries import calendar_of
from app.facts import read_once
from app.ledger import acts, motions
from app.ledger import service as ledger
from app.ledger.models import Motion
from app.polls.definition import instant, origin_of
from app.polls.freezing import freeze_of
from app.polls.permitted import check
from app.unit import Work
from app.voting.box import key_and_state, lock
from app.voting.clock import database_now

EXTENSION = "extension"
FOLLOWING = (PhaseKind.count, PhaseKind.council)
"""The phases that must come after the vote, and may move with its end."""
OVER = say("The vote is over, so it can no longer be extended. Nothing was changed, and every ballot in the box counts.")


class ExtensionForm(Form):
    """The new end of the vote as an official types it, the public reason, and whether count and council move by as much."""

    closes: Text = ""
    closes_clock: Text = ""
    closes_fold: Text = ""
    reason: Annotated[Text, Field(min_length=1, max_length=1000)]
    move_following: Tick = False

    def read(self, zone: str) -> datetime:
        """The instant meant (UTC). Raises Invalid at "closes": unreadable, not on the clock that night, or twice (Ambiguous is asked)."""
        if not self.closes:
            raise Invalid({"closes": say("Fill in this field.")})
        try:
            return read_instant(self.closes, self.closes_clock, zone, end=True, fold=self.closes_fold)
        except Invalid as problem:
            raise Invalid({"closes": problem.message}) from None


@dataclass(frozen=True)
class Extension:
    """An extension of the vote: the end before, the new one, why, and when it was confirmed."""

    before: datetime
    closes: datetime
    reason: str
    at: datetime | None


def propose_extension(work: Work, edition: Edition, form: ExtensionForm, *, by: Person) -> Motion:
    """Propose a later end. Raises Refused (no permission, not frozen, over), Invalid (at "closes") and Conflict (proposed already)."""
    check(by, "freeze_vote")
    calendar = calendar_of(work, edition)
    voting = _still_running(work, edition, calendar)
    moved = _moved(calendar, voting, form.read(calendar.zone), follow=form.move_following)
    payload = {"before": instant(voting.closes), "windows": {one.kind.value: [instant(one.opens), instant(one.closes)] for one in moved}}
    motion = motions.propose(work, edition.id or 0, EXTENSION, payload, form.reason, by=by.id)
    ledger.record(work, "poll:propose_extension", edition.slug, form.reason, by=by.id)
    return motion


def confirm_extension(work: Work, edition: Edition, motion: Motion, *, by: Person) -> Extension:
    """Move the end of the vote as it was proposed. Ballots under way wait for it; none is refused between the two ends.

    Raises Refused (no permission, the same person, over by the database's clock or the box is closed) and Conflict (the proposal is
    over, or the dates have changed since).
    """
    check(by, "freeze_vote")
    lock(work, edition.id or 0, alone=True)
    voting = _still_running(work, edition, calendar_of(work, edition))
    payload = motions.second(work, motion, EXTENSION, by=by.id)
    if payload["before"] != instant(voting.closes):
        raise Conflict(say("The dates have changed since this was proposed. Withdraw it, and propose the extension anew."))
    for window in windows_in(motion):
        _write(work, edition, window)
    edition.revision += 1
    work.db.add(edition)
    made = extension_in(motion)
    text = f"extension {payload['before']} {instant(made.closes)} {made.reason}"
    origin = f"{origin_of(edition)}/acts"
    acts.announce(work, edition.id or 0, EXTENSION, text, day=work.now.date().isoformat(), origin=origin)
    ledger.record(work, "poll:extend", edition.slug, text, by=by.id)
    work.db.flush()
    return made


@read_once
def extensions_of(work: Work, edition: Edition) -> list[Extension]:
    """Every extension of this vote, the oldest first."""
    return [extension_in(motion) for motion in motions.done(work, edition.id or 0, EXTENSION)]


def extension_in(motion: Motion) -> Extension:
    """What a proposed or confirmed motion says."""
    voting = next(one for one in windows_in(motion) if one.kind is PhaseKind.voting)
    return Extension(datetime.fromisoformat(motion.payload["before"]), voting.closes, motion.reason, motion.seconded_at)


def windows_in(motion: Motion) -> list[Window]:
    """The phases that an extension moves, as they will stand."""
    return [
        Window(kind=PhaseKind(kind), opens=datetime.fromisoformat(opens), closes=datetime.fromisoformat(closes))
        for kind, (opens, closes) in motion.payload["windows"].items()
    ]


def _still_running(work: Work, edition: Edition, calendar: Calendar) -> Window:
    """The dates of a vote that can be extended: frozen, and not over by either clock."""
    voting = calendar.window(PhaseKind.voting)
    if freeze_of(work, edition) is None or voting is None:
        raise Refused(say("This vote is not frozen: change its dates in the calendar."))
    if max(work.now, database_now(work.core)) >= voting.closes or key_and_state(work, edition.id or 0)[1]:
        raise Refused(OVER)
    return voting


def _moved(calendar: Calendar, voting: Window, closes: datetime, *, follow: bool) -> Sequence[Window]:
    """The phases that move. Raises Invalid at "closes" for an end that is not later, or after the start of what must follow."""
    zone = ZoneInfo(calendar.zone)
    if closes <= voting.closes:
        raise Invalid({"closes": say("The vote already ends on %(closes)s. Give a later end.", closes=voting.closes.astimezone(zone))})
    moved = [voting.model_copy(update={"closes": closes})]
    after = [window for kind in FOLLOWING if (window := calendar.window(kind))]
    if follow:
        return moved + [_later(window, voting.closes, closes, calendar.zone) for window in after]
    for window in after:
        if window.opens < closes:
            raise Invalid({"closes": say(
                "“%(phase)s” starts on %(opens)s, before this end. Give an earlier one, or tick the box that moves both by as much.",
                phase=PHASE_LABELS[window.kind], opens=window.opens.astimezone(zone),
            )})  # fmt: skip
    return moved


def _later(window: Window, before: datetime, closes: datetime, zone: str) -> Window:
    """A phase moved by as much as the end of the vote: whole days keep the local hour through a change of clocks."""
    where = ZoneInfo(zone)
    days = (closes.astimezone(where).date() - before.astimezone(where).date()).days
    rest = closes - shift(before, days, zone)
    opens, ends = (shift(edge, days, zone) + rest for edge in (window.opens, window.closes))
    return window.model_copy(update={"opens": opens, "closes": ends})


def _write(work: Work, edition: Edition, window: Window) -> None:
    row = work.db.exec(select(Phase).where(Phase.edition_id == edition.id, Phase.kind == window.kind.value)).one()
    row.opens_at, row.closes_at = window.opens, window.closes
    work.db.add(row)

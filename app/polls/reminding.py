"""The worker's round that reminds the bureau of a vote that nobody has frozen: a week before it opens, three days, one day."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import select

from app.accounts.queries import people_who_may
from app.core.calendar import PhaseKind, Window
from app.core.messages import Localised
from app.editions.queries import Listed, listed_editions
from app.ledger import service as ledger
from app.ledger.models import Entry
from app.notifications.service import queue
from app.polls.models import Freeze
from app.unit import Work

REMIND_JOB = "poll:remind"
DAYS = (1, 3, 7)
"""So many days before the vote opens, by the calendar of its zone."""


def remind_all(work: Work, _payload: dict[str, Any]) -> None:
    """Write to the bureau about each public vote that opens soon and is not frozen, once for each of the DAYS."""
    frozen = set(work.db.exec(select(Freeze.edition_id)))
    for listed in listed_editions(work):
        voting = listed.calendar.window(PhaseKind.voting)
        if voting and listed.edition.id not in frozen and (mark := _due(work, listed, voting)):
            remind(work, listed, voting)
            ledger.record(work, "poll:remind", listed.edition.slug, mark, by=None)


def remind(work: Work, listed: Listed, voting: Window) -> None:
    """One e-mail to each member of the bureau, in the language of each."""
    edition, days = listed.edition, _days_left(work, listed, voting)
    values = {"edition": Localised(edition.name), "slug": edition.slug, "opens": voting.opens, "days": days}
    for person in people_who_may(work, "freeze_vote"):
        queue(work, "vote-not-frozen", person.email, person.language, values, zone=listed.programme.zone)


def _days_left(work: Work, listed: Listed, voting: Window) -> int:
    zone = ZoneInfo(listed.programme.zone)
    return (voting.opens.astimezone(zone).date() - work.now.astimezone(zone).date()).days


def _due(work: Work, listed: Listed, voting: Window) -> str:
    """The mark of the reminder that is due and was not sent, "" if there is none: "3 2027-05-14" for three days before that opening."""
    left = _days_left(work, listed, voting)
    passed = [days for days in DAYS if left <= days]
    if work.now >= voting.opens or not passed:
        return ""
    mark = f"{passed[0]} {voting.opens:%Y-%m-%d}"
    sent = select(Entry.id).where(Entry.event == "poll:remind", Entry.subject == listed.edition.slug, Entry.text == mark)
    return "" if work.db.exec(sent).first() else mark

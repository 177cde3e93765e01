"""Dates to subscribe to (iCalendar, RFC 5545): the phases of an edition, and what a project has before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from icalendar import Calendar as Diary
from icalendar import Event

from app.core.calendar import Calendar, PhaseKind
from app.proposals.models import Proposal

AFTER_SUBMISSION = (PhaseKind.campaign, PhaseKind.voting, PhaseKind.count, PhaseKind.council, PhaseKind.agreement, PhaseKind.evaluation)
"""The phases that concern a project once it is public."""


def diary(name: str, zone: str) -> Diary:
    """An empty diary. Its instants are in UTC, right wherever they are read; `zone` says where people live."""
    made, name = Diary(), " ".join(name.split())
    made.add("prodid", "-//Quotepart//Calendar//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", zone)
    made.add("refresh-interval", timedelta(hours=12), {"value": "DURATION"})
    return made


def add_phases(
    to: Diary,
    calendar: Calendar,
    titles: Mapping[PhaseKind, str],
    *,
    identity: str,
    stamp: datetime,
    address: str,
    only: tuple[PhaseKind, ...] = tuple(PhaseKind),
) -> None:
    """Add the phases that a calendar has, each under an identity that stays when its dates move."""
    for kind in only:
        if window := calendar.window(kind):
            _add(to, f"{kind.value}-{identity}", titles[kind], window.opens, window.closes, stamp, address)


def add_project_days(to: Diary, proposal: Proposal, start: str, end: str, *, stamp: datetime, address: str) -> None:
    """Add the first and the last day of a project, as whole days; nothing where the file does not give them."""
    if proposal.starts_on is None:
        return
    first = proposal.starts_on
    _add(to, f"start-{proposal.public_id}@quotepart", start, first, first + timedelta(days=1), stamp, address)
    if proposal.duration_months:
        last = months_after(first, proposal.duration_months)
        _add(to, f"end-{proposal.public_id}@quotepart", end, last, last + timedelta(days=1), stamp, address)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


def _add(to: Diary, uid: str, title: str, opens: date, closes: date, stamp: datetime, address: str) -> None:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", opens)
    event.add("dtend", closes)
    event.add("summary", " ".join(title.split()))
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    to.add_component(event)

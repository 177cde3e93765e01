"""The dates of a usual edition around an instant: submission open since 37 days and for 70 more, then review, vote, count, council."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.calendar import Calendar, PhaseKind, Window, start_of_day

DAYS = {
    "submission": (-37, 72),
    "completion": (72, 100),
    "review": (72, 161),
    "appeal": (145, 161),
    "campaign": (163, 174),
    "voting": (174, 198),
    "count": (199, 200),
    "council": (219, 220),
    "agreement": (222, 345),
    "delivery": (314, 1075),
    "evaluation": (711, 756),
}
"""Phase -> (first day, day after the last), counted from today."""


def usual_calendar(now: datetime, zone: str = "Europe/Paris", **phases: tuple[datetime, datetime] | None) -> Calendar:
    """The usual calendar around `now`; `phases` replaces some by instants, or leaves them out (None)."""
    today = now.astimezone(ZoneInfo(zone)).date()
    dates = {kind: tuple(start_of_day(today + timedelta(days=day), zone) for day in days) for kind, days in DAYS.items()} | phases
    windows = [Window(kind=PhaseKind(kind), opens=pair[0], closes=pair[1]) for kind, pair in dates.items() if pair]
    return Calendar(zone=zone, windows=tuple(sorted(windows, key=lambda window: window.opens)))

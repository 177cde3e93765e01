"""The calendar of an edition in words, and as a calendar file that phones and diaries read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.core.calendar import PHASE_LABELS, Calendar, PhaseKind, Stage, Window, start_of_day
from app.core.messages import Message, say

PART_NAMES: dict[str, Message] = {
    "texts": say("Name and introduction"),
    "calendar": say("Calendar"),
    "envelope": say("Envelope"),
    "rules": say("Rules"),
    "lists": say("Themes, districts and other schemes"),
    "review": say("Review and decisions"),
}
"""The parts of an edition, as officials and the public page name them."""
STAGE_WORDS = {Stage.before: say("To come"), Stage.open: say("Open now"), Stage.after: say("Over")}


def spoken(window: Window, zone: str, *, full: bool = False) -> Message:
    """When a phase is open: « du 15 octobre 2026 au 31 janvier 2027 inclus », with hours only where they were given.

    `full` also says what an included day means, for the officials who type it.
    """
    where = ZoneInfo(zone)
    first, last = window.opens.astimezone(where), window.closes.astimezone(where)
    whole_start = start_of_day(first.date(), zone) == window.opens
    opens = first.date() if whole_start else first
    if start_of_day(last.date(), zone) != window.closes:
        return say("From %(opens)s to %(closes)s.", opens=opens, closes=last)
    final = last.date() - timedelta(days=1)
    if whole_start and final == first.date():
        return say("On %(day)s, all day.", day=final)
    if not full:
        return say("From %(opens)s to %(closes)s included.", opens=opens, closes=final)
    return say("From %(opens)s to %(closes)s included (until midnight at the end of that day).", opens=opens, closes=final)


def steps(calendar: Calendar, now: datetime) -> list[dict[str, Any]]:
    """The phases as the steps of a timeline: when, title, text, kind ("done", "now" or "todo")."""
    kinds = {Stage.before: "todo", Stage.open: "now", Stage.after: "done"}
    return [
        {"when": STAGE_WORDS[stage], "title": PHASE_LABELS[window.kind], "text": spoken(window, calendar.zone), "kind": kinds[stage]}
        for window in ordered(calendar)
        for stage in [window.stage(now)]
    ]


def ordered(calendar: Calendar) -> list[Window]:
    """The phases in the order people live them."""
    return sorted(calendar.windows, key=lambda window: (window.opens, window.closes))


def calendar_file(calendar: Calendar, titles: Mapping[PhaseKind, str], identity: str, stamp: datetime, address: str) -> str:
    """The phases as an iCalendar file (RFC 5545): `titles` by phase, `identity` unique to the edition, `stamp` its last change."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Quotepart//Calendar//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for window in ordered(calendar):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{window.kind.value}-{identity}",
            f"DTSTAMP:{_utc(stamp)}",
            f"DTSTART:{_utc(window.opens)}",
            f"DTEND:{_utc(window.closes)}",
            f"SUMMARY:{_escaped(titles[window.kind])}",
            f"URL:{address}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(sign, written)
    return text


def _folded(line: str) -> str:
    """A line of at most 75 octets, then continuation lines that begin with a space (RFC 5545, 3.1); no letter is cut in two."""
    pieces: list[str] = []
    piece = ""
    for sign in line:
        if len((piece + sign).encode()) > (75 if not pieces else 74):
            pieces.append(piece)
            piece = ""
        piece += sign
    return "\r\n ".join([*pieces, piece])

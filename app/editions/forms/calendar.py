"""The calendar as officials type it: for each phase a day and, if wanted, a time for its start and its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.core.calendar import PHASE_LABELS, Ambiguous, Calendar, PhaseKind, Window, fold_of, read_instant, show_instant
from app.core.messages import Message, say
from app.core.problems import Invalid

EDGES = ("opens", "closes")
FIELDS = tuple(f"{kind}_{edge}{part}" for kind in PhaseKind for edge in EDGES for part in ("", "_clock", "_fold"))
"""Every name the form may send: voting_opens (day), voting_opens_clock, voting_opens_fold ("0" or "1")."""


def typed_of(calendar: Calendar) -> dict[str, str]:
    """What the form shows for a calendar; `read_calendar` gives the same calendar back."""
    typed: dict[str, str] = {}
    for window in calendar.windows:
        for edge, instant in (("opens", window.opens), ("closes", window.closes)):
            name = f"{window.kind}_{edge}"
            typed[name], typed[f"{name}_clock"] = show_instant(instant, calendar.zone, end=edge == "closes")
            if edge == "opens" and typed[f"{name}_clock"] == "00:00":
                typed[f"{name}_clock"] = ""
            typed[f"{name}_fold"] = fold_of(instant, calendar.zone)
    return typed


def read_calendar(typed: Mapping[str, str], zone: str) -> Calendar:
    """The calendar typed. Raises Invalid with a sentence at each field: unreadable, in no clock, twice on the clock, in a wrong order."""
    errors: dict[str, Message] = {name: say("This field is not expected here.") for name in typed if name not in FIELDS}
    windows = []
    for kind in PhaseKind:
        opens, closes = (_read(typed, kind, edge, zone, errors) for edge in EDGES)
        if opens and closes:
            windows.append(Window(kind=kind, opens=opens, closes=closes))
        elif not errors.keys() & {f"{kind}_opens", f"{kind}_closes"} and (opens or closes):
            lacking = f"{kind}_{'closes' if opens else 'opens'}"
            errors[lacking] = say("Give both the start and the end of “%(phase)s”, or neither.", phase=PHASE_LABELS[kind])
    calendar = Calendar(zone=zone, windows=tuple(sorted(windows, key=lambda window: window.opens)))
    # A required phase that is only unfinished does not stop saving: the list of what is missing before publication says so.
    wrong = {field: sentence for field, sentence in calendar.check().items() if calendar.window(PhaseKind(field.partition("_")[0]))}
    errors |= {field: sentence for field, sentence in wrong.items() if field not in errors}
    if errors:
        raise Invalid(errors)
    return calendar


def asked_twice(typed: Mapping[str, str], zone: str) -> dict[str, tuple[datetime, datetime]]:
    """The fields whose local time happens twice, each with both instants: the page asks which one is meant."""
    asked = {}
    for kind in PhaseKind:
        for edge in EDGES:
            name = f"{kind}_{edge}"
            try:
                read_instant(typed.get(name, ""), typed.get(f"{name}_clock", ""), zone, end=edge == "closes")
            except Ambiguous as twice:
                asked[name] = (twice.first, twice.second)
            except Invalid:
                continue
    return asked


def _read(typed: Mapping[str, str], kind: PhaseKind, edge: str, zone: str, errors: dict[str, Message]) -> datetime | None:
    name = f"{kind}_{edge}"
    day, clock = typed.get(name, "").strip(), typed.get(f"{name}_clock", "").strip()
    if not day and not clock:
        return None
    if not day:
        errors[name] = say("Give the day too: a time alone does not say when.")
        return None
    try:
        return read_instant(day, clock, zone, end=edge == "closes", fold=typed.get(f"{name}_fold", ""))
    except Invalid as problem:
        errors[name] = problem.message
        return None

"""The calendar of an edition: phases as data, and local time as officials type it."""

from app.core.calendar.local_time import (
    Ambiguous,
    fold_of,
    known_zone,
    months_between,
    read_instant,
    shift,
    show_instant,
    start_of_day,
)
from app.core.calendar.phases import PHASE_LABELS, SEQUENCE, Calendar, PhaseKind, Stage, Window

__all__ = [
    "PHASE_LABELS",
    "SEQUENCE",
    "Ambiguous",
    "Calendar",
    "PhaseKind",
    "Stage",
    "Window",
    "fold_of",
    "known_zone",
    "months_between",
    "read_instant",
    "shift",
    "show_instant",
    "start_of_day",
]

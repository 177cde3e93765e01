"""Local time as officials type it, turned into instants and back, through every change of hour."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core.messages import say
from app.core.problems import Invalid

YEARS = range(2000, 2200)
_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})|(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})")
_CLOCK = re.compile(r"(\d{1,2})(?:\s*[hH]\s*|:)(\d{2})?(?::(\d{2}))?")


class Ambiguous(Invalid):
    """This local time happens twice: ask which one, then read again with `fold` "0" for `first` or "1" for `second` (UTC)."""

    def __init__(self, first: datetime, second: datetime, zone: ZoneInfo) -> None:
        self.first, self.second = first, second
        local = first.astimezone(zone)
        super().__init__(
            {
                "": say(
                    "On %(day)s, clocks go back and %(clock)s happens twice. Say which one you mean: the first or the second.",
                    day=local.date(),
                    clock=_clock(local.time()),
                )
            }
        )


def known_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name such as "Europe/Paris" or "Indian/Reunion". Raises Invalid for any other text."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # zoneinfo answers a bad name in three ways, one of them a folder that is no file
        raise Invalid({"": say("“%(zone)s” is not a known time zone. Choose one from the list.", zone=name)}) from None


def read_instant(day: str, clock: str, zone: str, *, end: bool, fold: str = "") -> datetime:
    """The UTC instant of a day ("2027-05-14" or "14/05/2027") and a clock ("09:00", "9 h 30", "09:00:30" or "").

    Without a clock, a start is the start of that day and an end the start of the next one: "until 14 May" includes 14 May.
    Raises Invalid with one sentence under "" for what cannot be read or does not exist (clocks going forward), and Ambiguous
    for a time that happens twice, unless `fold` is "0" (the first) or "1" (the second). The server's own zone plays no part.
    """
    where, which = known_zone(zone), _read_day(day)
    if not clock.strip():
        return start_of_day(which + timedelta(days=1) if end else which, zone)
    wall = datetime.combine(which, _read_clock(clock))
    first, second = _both(wall, where)
    if first > second:
        raise _gap(wall, where)
    if first < second and fold not in ("0", "1"):
        raise Ambiguous(first, second, where)
    return second if fold == "1" else first


def show_instant(instant: datetime, zone: str, *, end: bool) -> tuple[str, str]:
    """The (day, clock) to put in a form, so that `read_instant` gives the same instant back (parts of a second are dropped).

    An end at the start of a day shows as the day before, without a clock. In the hour that happens twice, pass `fold_of` on too.
    """
    local = instant.astimezone(known_zone(zone)).replace(microsecond=0)
    if end and start_of_day(local.date(), zone) == local.astimezone(UTC):
        return (local.date() - timedelta(days=1)).isoformat(), ""
    return local.date().isoformat(), _clock(local.time())


def fold_of(instant: datetime, zone: str) -> str:
    """ "0" or "1" when the instant's local time happens twice (first or second time), "" at any other time."""
    local = instant.astimezone(known_zone(zone))
    first, second = _both(local.replace(tzinfo=None, fold=0), known_zone(zone))
    return str(local.fold) if first < second else ""


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant (UTC) of a local day: midnight, or where clocks skip midnight the first time after it."""
    where = known_zone(zone)
    wall = datetime.combine(day, time())
    first, second = _both(wall, where)
    return _jump(wall, where) if first > second else first


def shift(instant: datetime, days: int, zone: str) -> datetime:
    """The instant `days` whole days later (or earlier) at the same local hour, in UTC.

    Where clocks skip that hour it moves on by the length of the jump; where it happens twice, first stays first.
    """
    where = known_zone(zone)
    local = instant.astimezone(where)
    first, second = _both((local + timedelta(days=days)).replace(tzinfo=None), where)
    return second if local.fold and first < second else first


def months_between(start: date, end: date) -> int:
    """Whole months elapsed from `start` to `end`, negative if `end` is earlier.

    A month that has no such day is complete on its last day: from 31 January to 28 February is one month.
    """
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    last_day = monthrange(end.year, end.month)[1]
    return months - 1 if end.day < min(start.day, last_day) else months


def _both(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Both readings of a wall clock in UTC: equal as a rule, first < second if it happens twice, first > second if never."""
    local = wall.replace(tzinfo=zone)
    return local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)


def _jump(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which clocks skip over `wall`, to the second: found by halving, zoneinfo does not list its changes."""
    after, before = _both(wall, zone)
    early = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == early else (before, middle)
    return after


def _gap(wall: datetime, zone: ZoneInfo) -> Invalid:
    jump = _jump(wall, zone)
    last = (jump - timedelta(minutes=1)).astimezone(zone)
    first = jump.astimezone(zone)
    return Invalid(
        {
            "": say(
                "%(clock)s does not exist on %(day)s: clocks jump forward and go from %(last)s to %(next)s. Type one of these two times.",
                clock=_clock(wall.time()),
                day=wall.date(),
                last=_clock(last.time()),
                next=_clock(first.time()),
            )
        }
    )


def _clock(moment: time) -> str:
    return moment.strftime("%H:%M:%S" if moment.second else "%H:%M")


def _read_day(text: str) -> date:
    match = _DAY.fullmatch(text.strip())
    if not match:
        raise Invalid({"": say("Type the date as 14/05/2027 (day, month, year).")})
    year, month, day = (int(match[iso] or match[french]) for iso, french in (("year", "y"), ("month", "m"), ("day", "d")))
    if year not in YEARS:
        raise Invalid({"": say("Type a year between %(first)s and %(last)s.", first=str(YEARS[0]), last=str(YEARS[-1]))})
    try:
        return date(year, month, day)
    except ValueError:
        raise Invalid({"": say("There is no such day as %(day)s. Check the day and the month.", day=text.strip())}) from None


def _read_clock(text: str) -> time:
    match = _CLOCK.fullmatch(text.strip())
    try:
        if match and (match[2] or ":" not in text):
            return time(int(match[1]), int(match[2] or 0), int(match[3] or 0))
    except ValueError:
        pass
    raise Invalid({"": say("Type the time as 09:00, between 00:00 and 23:59. For a whole day, leave it empty.")})

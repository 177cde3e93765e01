"""Moving the demonstration in time: every date by one whole number of days, local hours kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.calendar import shift

ZONE = "Europe/Paris"
VOTING_OPENS = date(2027, 5, 14)
"""The day the vote opens in the demonstration data."""
SUBMISSION_OPENS = date(2026, 10, 15)
"""The day submissions open in the demonstration data."""
YEAR = 365


@dataclass(frozen=True)
class Move:
    """A move of the whole demonstration by `days` (negative: into the past)."""

    days: int

    def day(self, text: str) -> date:
        """An ISO day ("2026-10-15"), or the first day of a month ("2027-11"), moved."""
        return date.fromisoformat(text if len(text) > 7 else f"{text}-01") + timedelta(days=self.days)

    def instant(self, text: str, *, end: bool = False) -> datetime:
        """An ISO instant moved with its local hour kept; a mere day is its first second, or as an end the next day's."""
        if len(text) > 10:
            return shift(datetime.fromisoformat(text), self.days, ZONE)
        start = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))
        return shift(start, self.days + (1 if end else 0), ZONE)


def current(now: datetime) -> Move:
    """The move that opens the vote yesterday, so that it lasts three more weeks."""
    return Move((now.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=1) - VOTING_OPENS).days)


def past(now: datetime) -> Move:
    """One year before the current edition."""
    return Move(current(now).days - YEAR)


def coming(now: datetime) -> Move:
    """The move that opened submissions three weeks ago, for the edition to come."""
    return Move((now.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=21) - SUBMISSION_OPENS).days)

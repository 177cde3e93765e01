"""What a visitor can do now, in one sentence and at most two links: submit, discover, read, or wait until a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.calendar import PhaseKind, Stage, Window, start_of_day
from app.core.envelope import PerInhabitant
from app.core.messages import Message, Value, say
from app.core.money import Money
from app.editions.models import Edition
from app.editions.queries import Listed

SUBMIT, DISCOVER, RULES, VOTE = say("Submit a project"), say("Discover the projects"), say("Read the rules"), say("Vote now")
RESULTS = say("See the results")


@dataclass(frozen=True)
class Call:
    """The sentence that says where an edition stands, and its links (address, label), the main one first."""

    words: Message
    links: tuple[tuple[str, Message], ...] = ()


def call_of(listed: Listed, now: datetime) -> Call:
    """What this edition asks of a visitor at the instant `now`."""
    calendar, address = listed.calendar, f"/editions/{listed.edition.slug}"
    discover, rules = (f"{address}/projects", DISCOVER), (f"{address}/rules", RULES)
    voting, submission = calendar.window(PhaseKind.voting), calendar.window(PhaseKind.submission)
    if voting and voting.stage(now) is Stage.open:
        words = say("The vote is open until %(closes)s.", closes=last_moment(voting, calendar.zone))
        return Call(words, ((f"{address}/vote", VOTE), discover))
    if submission and submission.stage(now) is Stage.open:
        words = say("Associations and collectives can submit projects until %(closes)s.", closes=last_moment(submission, calendar.zone))
        return Call(words, (("/files", SUBMIT), rules))
    if submission and submission.stage(now) is Stage.before:
        words = say("Associations and collectives can submit projects from %(opens)s.", opens=first_moment(submission, calendar.zone))
        return Call(words, (rules,))
    if voting and voting.stage(now) is Stage.before:
        words = say("The city is looking at the projects. The vote opens on %(opens)s.", opens=first_moment(voting, calendar.zone))
        return Call(words, (discover, rules))
    return Call(say("The vote is over."), ((f"{address}/results", RESULTS), discover))


def first_moment(window: Window, zone: str) -> Value:
    """When a phase opens: the day alone where it opens at the start of the day, else the instant."""
    day = window.opens.astimezone(ZoneInfo(zone)).date()
    return day if start_of_day(day, zone) == window.opens else window.opens


def last_moment(window: Window, zone: str) -> Value:
    """When a phase closes: « 31 janvier 2027 inclus » where it closes at midnight, else the instant."""
    return last_instant(window.closes, zone)


def last_instant(closes: datetime, zone: str) -> Value:
    """Until when something can be done that ends at `closes`: nobody should have to wonder which day midnight belongs to."""
    day = closes.astimezone(ZoneInfo(zone)).date()
    return say("%(day)s included", day=day - timedelta(days=1)) if start_of_day(day, zone) == closes else closes


def share_of(edition: Edition) -> Money | None:
    """The amount for each inhabitant, where the envelope is that and nothing else."""
    envelope = edition.envelope
    if envelope is None or len(envelope.terms) != 1 or not isinstance(envelope.terms[0], PerInhabitant):
        return None
    return Money(envelope.terms[0].rate_cents, envelope.currency)

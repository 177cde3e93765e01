"""Reading programmes, editions and their calendars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from app.accounts.models import Account
from app.core.calendar import Calendar, PhaseKind, Stage, Window
from app.core.eligibility import Context, CountryList, Rulebook
from app.core.messages import Localised, say
from app.core.problems import Missing
from app.countries import country_names
from app.editions.communes import find_commune
from app.editions.models import Edition, Phase, Programme
from app.editions.reference import ODA_KNOWN_FROM, oda_countries
from app.facts import read_once, read_until_changed, shares_facts
from app.ledger.models import Entry
from app.unit import Work

NO_EDITION = say("There is no edition at this address.")
NO_PROGRAMME = say("There is no programme at this address.")
PARTS = ("texts", "calendar", "envelope", "rules", "lists", "review")
"""The parts of an edition, as the ledger and the addresses of the back office name them."""


@dataclass(frozen=True)
class Listed:
    """An edition with its programme and calendar, read together."""

    edition: Edition
    programme: Programme
    calendar: Calendar


@dataclass(frozen=True)
class Change:
    """A change made after publication: which part, when, by whom, and the reason everyone may read."""

    part: str
    at: datetime
    name: str
    reason: str


def find_programme(work: Work, slug: str) -> Programme:
    """The programme at an address. Raises Missing."""
    programme = work.db.exec(select(Programme).where(Programme.slug == slug)).first()
    if programme is None:
        raise Missing(NO_PROGRAMME)
    return programme


def programmes(work: Work) -> list[Programme]:
    """Every programme, the oldest first."""
    return list(work.db.exec(select(Programme).order_by(col(Programme.id))))


def programme_of(work: Work, edition: Edition) -> Programme:
    """The programme an edition belongs to."""
    known = _found(work, edition.slug) if shares_facts(work) else None
    return known[1] if known else work.db.get_one(Programme, edition.programme_id)


def find_edition(work: Work, slug: str, *, drafts: bool = False) -> Edition:
    """The edition at an address. Raises Missing; an unpublished one is missing to all but the staff (`drafts`)."""
    found = _found(work, slug)
    if found is None or (found[0].published_at is None and not drafts):
        raise Missing(NO_EDITION)
    return found[0]


@read_until_changed
def _found(work: Work, slug: str) -> tuple[Edition, Programme] | None:
    """An edition and its programme, which every page about it names."""
    both = select(Edition, Programme).join(Programme, col(Programme.id) == col(Edition.programme_id))
    return work.db.exec(both.where(Edition.slug == slug)).first()


def published_editions(work: Work) -> list[Edition]:
    """Every public edition, the newest first."""
    newest = (col(Edition.created_at).desc(), col(Edition.id).desc())
    return list(work.db.exec(select(Edition).where(col(Edition.published_at).is_not(None)).order_by(*newest)))


@read_once
def listed_editions(work: Work, *, drafts: bool = False) -> list[Listed]:
    """Every public edition (or every edition, `drafts`) with programme and calendar, the newest first; two statements."""
    wanted = select(Edition, Programme).join(Programme, col(Programme.id) == col(Edition.programme_id))
    if not drafts:
        wanted = wanted.where(col(Edition.published_at).is_not(None))
    found = work.db.exec(wanted.order_by(col(Edition.created_at).desc(), col(Edition.id).desc())).all()
    phases: defaultdict[int, list[Phase]] = defaultdict(list)
    ids = [edition.id for edition, _ in found]
    for phase in work.db.exec(select(Phase).where(col(Phase.edition_id).in_(ids)).order_by(col(Phase.opens_at))) if ids else ():
        phases[phase.edition_id].append(phase)
    return [Listed(edition, programme, _calendar(programme.zone, phases[edition.id or 0])) for edition, programme in found]


def current_edition(work: Work) -> Edition | None:
    """The public edition that matters most now: see `ranked`. None before any is published."""
    first = next(iter(ranked(listed_editions(work), work.now)), None)
    return first.edition if first else None


def ranked(editions: Iterable[Listed], now: datetime) -> list[Listed]:
    """Vote open first, then submission open, then between the two, then those to come, then those past; the nearest first in each."""
    return sorted(editions, key=lambda listed: _nearness(listed.calendar, now))


def is_past(calendar: Calendar, now: datetime) -> bool:
    """Whether vote, count and council are behind; an edition without dates is not past."""
    kinds = (PhaseKind.voting, PhaseKind.count, PhaseKind.council)
    ends = [window.closes for kind in kinds if (window := calendar.window(kind))]
    return bool(ends) and max(ends) <= now


def _nearness(calendar: Calendar, now: datetime) -> tuple[int, float]:
    voting, submission = calendar.window(PhaseKind.voting), calendar.window(PhaseKind.submission)
    if voting and voting.stage(now) is Stage.open:
        return 0, voting.closes.timestamp()
    if submission and submission.stage(now) is Stage.open:
        return 1, submission.closes.timestamp()
    if is_past(calendar, now):
        return 4, -max(window.closes.timestamp() for window in calendar.windows)
    if submission and submission.stage(now) is Stage.before:
        return 3, submission.opens.timestamp()
    return 2, voting.opens.timestamp() if voting else 0.0


@read_until_changed
def calendar_of(work: Work, edition: Edition) -> Calendar:
    """The calendar of an edition, in its programme's zone."""
    phases = work.db.exec(select(Phase).where(Phase.edition_id == edition.id).order_by(col(Phase.opens_at)))
    return _calendar(programme_of(work, edition).zone, phases)


def _calendar(zone: str, phases: Iterable[Phase]) -> Calendar:
    windows = tuple(Window(kind=PhaseKind(phase.kind), opens=phase.opens_at, closes=phase.closes_at) for phase in phases)
    return Calendar(zone=zone, windows=windows)


def context_of(work: Work, edition: Edition) -> Context:
    """The facts of an edition that its rules need: last day of submission, council date, dated lists, words for keys."""
    return rules_context(edition, calendar_of(work, edition))


def rules_context(edition: Edition, calendar: Calendar) -> Context:
    """As `context_of`, from a calendar already read."""
    zone = ZoneInfo(calendar.zone)
    submission, council = calendar.window(PhaseKind.submission), calendar.window(PhaseKind.council)
    themes = {f"theme:{theme.key}": Localised(theme.label) for theme in edition.themes}
    return Context(
        deadline=(submission.closes - timedelta(microseconds=1)).astimezone(zone).date() if submission else None,
        council_on=council.opens.astimezone(zone).date() if council else None,
        countries=_dated_lists(edition.rulebook),
        names=_country_words() | _commune_words(edition.rulebook) | themes,
    )


def _dated_lists(rulebook: Rulebook) -> tuple[CountryList, ...]:
    """The lists that ship for these days; a rule whose list does not ship waits, see `CountryInList`."""
    days = [as_of for list_id, as_of in rulebook.country_lists() if list_id == "oda" and as_of >= ODA_KNOWN_FROM]
    return tuple(oda_countries(day) for day in days)


@cache
def _country_words() -> dict[str, Localised]:
    return {f"country:{code}": name for code, name in country_names().items()}


def _commune_words(rulebook: Rulebook) -> dict[str, Localised]:
    codes = {code for rule in rulebook.rules for code in getattr(rule, "communes", ())}
    found = {code: find_commune(code) for code in codes}
    return {f"commune:{code}": Localised(fr=commune.name) for code, commune in found.items() if commune}


@read_once
def changes_of(work: Work, edition: Edition) -> list[Change]:
    """What was changed after publication, with its public reason, the newest first."""
    return _changes(work, edition, "edition:change")


def last_saved(work: Work, edition: Edition) -> Change | None:
    """Who saved the edition last, None if nobody has since it was made."""
    return next(iter(_changes(work, edition, "edition:edit", "edition:change", limit=1)), None)


def _changes(work: Work, edition: Edition, *events: str, limit: int = 100) -> list[Change]:
    found = work.db.exec(
        select(Entry, Account.display_name)
        .join(Account, col(Account.id) == col(Entry.by_id))
        .where(col(Entry.subject).in_([f"{edition.slug}/{part}" for part in PARTS]), col(Entry.event).in_(events))
        .order_by(col(Entry.id).desc())
        .limit(limit)
    )
    return [Change(entry.subject.rpartition("/")[2], entry.at, name, entry.text) for entry, name in found]

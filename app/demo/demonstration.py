"""Preparing the demonstration: made once, kept while its vote is open, set aside and made anew when it has ended."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlalchemy.engine import make_url
from sqlmodel import select

from app import keyring
from app.accounts.models import Account
from app.core.calendar import PhaseKind
from app.database import make_engine, session
from app.demo import carriers, city, dates, files, votes
from app.demo.bureau import shares
from app.demo.jury import hold_jury
from app.demo.sign_ins import EVERYONE, PASSWORD, TREASURER
from app.editions.models import Phase
from app.migrating import upgrade
from app.polls.models import Freeze
from app.rendering import speaking, translate
from app.review.forms import Outcome
from app.review.jury.models import JuryMinutes
from app.review.models import Decision
from app.settings import settings
from app.unit import clock


class Standing(StrEnum):
    """What the database of a demonstration holds."""

    EMPTY = "empty"
    UNFINISHED = "unfinished"
    READY = "ready"
    ENDED = "ended"
    FOREIGN = "foreign"


WHY_ASIDE = {
    Standing.ENDED: "The vote of the demonstration has ended.",
    Standing.UNFINISHED: "The demonstration was interrupted while it was being made.",
}


def prepare() -> Iterator[str]:
    """Make the demonstration ready, and say what is done, line by line."""
    now, url = clock(), settings().database_url
    engine = make_engine(url)
    if (stands := standing(engine, now)) is Standing.FOREIGN:
        raise SystemExit("This database holds something else than the demonstration; nothing was changed. Set DATABASE_URL to another.")
    if stands in (Standing.ENDED, Standing.UNFINISHED):
        engine.dispose()
        yield _set_aside(url, now, stands)
        engine = make_engine(url)
    upgrade(engine)
    keyring.make_missing()
    if stands is not Standing.READY:
        yield "Making the demonstration city (about half a minute) …"
        load(engine, now)
    engine.dispose()
    yield from _welcome()


def load(engine: Engine, now: datetime) -> None:
    """Fill an empty migrated database: a past edition with its result, the current one open to votes, the next one open for submissions."""
    town = city.Town(engine)
    past, current, coming = dates.past(now), dates.current(now), dates.coming(now)
    year = (current.day(dates.VOTING_OPENS.isoformat())).year
    city.make_people(town, city.at_noon(past, "2026-09-01"))
    city.make_programme(town, city.at_noon(past, "2026-09-15"))
    carriers.make_carriers(town, current, city.at_noon(current, "2026-11-25"))
    for move, when, vote in ((past, year - 1, votes.hold_vote), (current, year, votes.open_vote)):
        slug = city.make_edition(town, move, when)
        files.enter_files(town, slug, move)
        if move == current:
            hold_jury(town, slug, move)
        files.list_ballot(town, slug, move)
        vote(town, slug, move)
    files.make_coming_edition(town, city.make_edition(town, coming, year + 1), coming, now)


def standing(engine: Engine, now: datetime) -> Standing:
    """What a database holds; anything but the demonstration is foreign and never touched."""
    if not inspect(engine).has_table("phase"):
        return Standing.EMPTY
    with session(engine, writing=False) as db:
        people = set(db.exec(select(Account.email)))
        if not people:
            return Standing.EMPTY
        if TREASURER.email not in people:
            return Standing.FOREIGN
        if db.exec(select(Decision.id).where(Decision.outcome == Outcome.INCOMPLETE.value)).first() is None:
            return Standing.UNFINISHED  # that decision is the last thing `load` makes
        if not inspect(engine).has_table(str(Freeze.__tablename__)) or db.exec(select(Freeze.edition_id)).first() is None:
            return Standing.UNFINISHED  # made before votes were frozen
        if not inspect(engine).has_table(str(JuryMinutes.__tablename__)) or db.exec(select(JuryMinutes.id)).first() is None:
            return Standing.UNFINISHED  # made before there was a jury
        opened = select(Phase.closes_at).where(Phase.kind == PhaseKind.voting.value, Phase.opens_at <= now)
        return Standing.READY if max(db.exec(opened), default=now) > now else Standing.ENDED


def _set_aside(url: str, now: datetime, stands: Standing) -> str:
    """Move an old demonstration file out of the way; nothing is ever deleted."""
    name = make_url(url).database
    if not name or not url.startswith("sqlite"):
        raise SystemExit(f"{WHY_ASIDE[stands]} Give it an empty database: DATABASE_URL.")
    kept = Path(name).with_suffix(f".until-{now:%Y-%m-%d-%H%M%S}.db")
    for ending in ("", "-wal", "-shm"):
        if Path(name + ending).exists():
            shutil.move(name + ending, f"{kept}{ending}")
    return f"{WHY_ASIDE[stands]} The old file is kept as {kept.name}."


def _welcome() -> Iterator[str]:
    with speaking("en"):
        yield f"The demonstration is ready: {settings().base_url}"
        yield f"Sign in with the password « {PASSWORD} » as one of:"
        for person in EVERYONE:
            yield f"  {person.email:30} {person.name}, {translate(person.label)}"
        yield "Shares of the key that opens the box (UNSAFE: everybody can read them here; two of the three open it):"
    for number, share in enumerate(shares(), 1):
        yield f"  {number}. {share}"
    yield f"E-mails are readable at {settings().base_url}/demo/outbox"

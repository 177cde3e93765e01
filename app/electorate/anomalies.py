"""The report of unusual patterns: what the roll and the day counts hold, handed to the pure rules of core. It changes nothing.

It reads no mark of a vote and no ballot: whether somebody has voted plays no part in what is shown (security.md N24).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select as select_rows
from sqlmodel import col, select

from app.accounts.people import Person
from app.accounts.queries import names
from app.core.anomalies import Batch, DeskDay, Entry, Facts, Kind, Signal, signals
from app.core.credentials import keyed
from app.core.messages import say
from app.core.permissions import refusal
from app.core.problems import Missing, Refused
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.electorate.codes import key_if_any, plain_words
from app.electorate.models import RollLine
from app.electorate.queries import batches
from app.electorate.tallies import tallies
from app.ledger.models import Entry as Act
from app.unit import Work

SHOWN = 200
"""How many people of one pattern a page shows."""
NO_SIGNAL = say("This pattern is no longer there: the roll has changed meanwhile. Look at the report again.")


@dataclass(frozen=True)
class Listed:
    """A pattern with the name of its page: a keyed hash, so that no address says whom or what it is about."""

    signal: Signal
    key: str


def report(work: Work, edition: Edition, *, by: Person) -> dict[Kind, list[Listed]]:
    """Every unusual pattern of an edition, by kind. Raises Refused without the permission "see_anomalies"."""
    if (reason := refusal(by.roles, "see_anomalies")) is not None:
        raise Refused(reason)
    key = key_if_any(work, edition)
    found: dict[Kind, list[Listed]] = {}
    if key is None:
        return found
    for one in signals(_facts(work, edition)):
        found.setdefault(one.kind, []).append(Listed(one, keyed(key, "signal", one.kind, one.about, str(one.day)).hex()[:16]))
    return found


def signal_at(work: Work, edition: Edition, key: str, *, by: Person) -> Listed:
    """One pattern by the name of its page. Raises Refused, and Missing if it is no longer there."""
    listed = (one for group in report(work, edition, by=by).values() for one in group if one.key == key)
    if (found := next(listed, None)) is None:
        raise Missing(NO_SIGNAL)
    return found


def people_of(work: Work, edition: Edition, signal: Signal) -> list[RollLine]:
    """The lines of a pattern, by name: at most SHOWN."""
    wanted = select(RollLine).where(RollLine.edition_id == edition.id, col(RollLine.public_id).in_(signal.people[:SHOWN]))
    return list(work.db.exec(wanted.order_by(col(RollLine.search_name), col(RollLine.birth_date))))


def taken_off(work: Work, edition: Edition) -> list[RollLine]:
    """The people who were taken off the roll, by day; cancelled codes, which hold no person, are left out."""
    wanted = select(RollLine).where(RollLine.edition_id == edition.id, RollLine.mark == "refused", col(RollLine.person_hash).is_not(None))
    return list(work.db.exec(wanted.order_by(col(RollLine.marked_on).desc(), col(RollLine.search_name))))


def _facts(work: Work, edition: Edition) -> Facts:
    printed = tuple(Batch(one.batch.label, one.made, one.voided) for one in batches(work, edition))
    return Facts(_entries(work, edition), tallies(work, edition), printed, _desk_days(work, edition))


def _entries(work: Work, edition: Edition) -> tuple[Entry, ...]:
    """The people who came by e-mail or at the desk and are still on the roll, in the order in which they came."""
    columns = (
        col(RollLine.public_id), col(RollLine.added_on), col(RollLine.origin), col(RollLine.search_name), col(RollLine.birth_date),
        col(RollLine.address), col(RollLine.email), col(RollLine.mark),
    )  # fmt: skip
    wanted = select_rows(*columns).where(col(RollLine.edition_id) == edition.id, col(RollLine.origin).in_(("email", "desk")))
    return tuple(
        Entry(name, day, origin == "email", " ".join(plain_words(searched)), born, " ".join(plain_words(address)), email)
        for name, day, origin, searched, born, address, email, mark in work.db.execute(wanted.order_by(col(RollLine.id)))
        if born is not None and mark != "refused"
    )


def _desk_days(work: Work, edition: Edition) -> tuple[DeskDay, ...]:
    """How many people each official put on the roll each day, from the journal."""
    zone = ZoneInfo(programme_of(work, edition).zone)
    acts = work.db.exec(select(Act.at, Act.by_id).where(Act.event == "roll:add", Act.subject == edition.slug))
    counts: Counter[tuple[date, int]] = Counter((at.astimezone(zone).date(), by or 0) for at, by in acts)
    known = names(work, {by for _, by in counts if by})
    return tuple(DeskDay(day, known.get(by, ""), count) for (day, by), count in sorted(counts.items()))

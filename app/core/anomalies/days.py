"""Crowds by day: declarations, codes asked for and not used, networks, wrong and cancelled codes, one official's desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.core.anomalies.facts import Facts, Signal, far_above_others, grouped, signal
from app.core.anomalies.kinds import Kind

CROWD, TIMES = 30, 5
"""A day is a crowd from so many people on, and above so many times the usual day."""
ASKED_ON_DAY, ASKED_OF_DOMAIN = 20, 10
"""From how many codes on it is looked at how many of them were used: half on a day, a quarter at one mail provider."""
FROM_NETWORK, WRONG_CODES, DESK = 60, 50, 30
CANCELLED, FEW_CANCELLED = 10, 3
"""Cancelled codes of one batch: so many, or a few that are more than a quarter of it."""


def day_signals(facts: Facts) -> Iterator[Signal]:
    """Everything that the numbers of each day tell."""
    by_day = grouped((entry for entry in facts.entries if entry.by_email), lambda entry: entry.day)
    for day, people in by_day.items():
        others = [len(found) for other, found in by_day.items() if other != day]
        if len(people) >= CROWD and far_above_others(len(people), others, TIMES):
            yield signal(Kind.DAY, "", people, day)
    yield from _unused(facts)
    for tally in facts.tallies:
        if tally.what == "network" and tally.count >= FROM_NETWORK:
            yield Signal(Kind.NETWORK, tally.about, tally.count, tally.day)
    wrong: Counter[object] = Counter()
    for tally in facts.tallies:
        wrong[tally.day] += tally.count if tally.what == "wrong" else 0
    yield from (
        Signal(Kind.GUESSED, "", wrong[day], day) for day in sorted({one.day for one in facts.tallies}) if wrong[day] >= WRONG_CODES
    )
    for batch in facts.batches:
        if batch.cancelled >= CANCELLED or (batch.cancelled >= FEW_CANCELLED and 4 * batch.cancelled > batch.made):
            yield Signal(Kind.CANCELLED, batch.label, batch.cancelled)
    for held in facts.desk:
        others = [other.count for other in facts.desk if other is not held]
        if held.count >= DESK and far_above_others(held.count, others, TIMES):
            yield Signal(Kind.DESK_DAY, held.who, held.count, held.day)


def _unused(facts: Facts) -> Iterator[Signal]:
    """Days and mail providers of which many codes were asked for and few used; `count` is how many were not."""
    asked, proved = (
        {by: Counter[object]() for by in ("day", "about")},
        {by: Counter[object]() for by in ("day", "about")},
    )
    for tally in facts.tallies:
        counters = {"asked": asked, "proved": proved}.get(tally.what)
        if counters is not None:
            counters["day"][tally.day] += tally.count
            counters["about"][tally.about] += tally.count
    for day in sorted({tally.day for tally in facts.tallies}):
        many, used = asked["day"][day], proved["day"][day]
        if many >= ASKED_ON_DAY and 2 * used < many:
            yield Signal(Kind.UNUSED, "", many - used, day)
    for domain in sorted({tally.about for tally in facts.tallies if tally.what == "asked"}):
        many, used = asked["about"][domain], proved["about"][domain]
        if many >= ASKED_OF_DOMAIN and 4 * used < many:
            yield Signal(Kind.UNUSED, domain, many - used)

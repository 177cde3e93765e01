"""Postal addresses that go together, and people who come in an order that people do not come in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from app.core.anomalies.facts import Entry, Facts, Signal, bursts, grouped, signal
from app.core.anomalies.kinds import Kind

BUILDING, HOME_DAY, STREET_DAY, IN_ORDER, HOUSES = 15, 6, 8, 10, 6
"""From how many on: people at one address, on one day, in one street on a day, in order one after the other, houses one after the other.

Ten people who come in no order stand in alphabetical order once in 3,600,000 times (10!)."""


def place_signals(facts: Facts) -> Iterator[Signal]:
    """Everything that postal addresses tell."""
    for address, people in grouped(facts.entries, lambda entry: entry.address).items():
        if len(people) >= BUILDING:
            yield signal(Kind.ADDRESS, address, people)
        for day, found in grouped(people, lambda entry: entry.day).items():
            if len(found) >= HOME_DAY:
                yield signal(Kind.ADDRESS_DAY, address, found, day)
    for street, day, people in bursts(facts.entries, lambda entry: {street_of(entry)} - {""}, lambda entry: entry.address, STREET_DAY):
        yield signal(Kind.STREET_DAY, street, people, day)


def order_signals(facts: Facts) -> Iterator[Signal]:
    """People who declare themselves by e-mail in the order of a list."""
    mailed = [entry for entry in facts.entries if entry.by_email]
    for day, of_day in grouped(mailed, lambda entry: entry.day).items():
        # A family that comes together may well stand in order: one of each home is enough.
        people = [entry for before, entry in zip([None, *of_day], of_day, strict=False) if not (before and before.address == entry.address)]
        by_name = _runs(people, lambda entry: entry.name, IN_ORDER) or _runs(people, lambda entry: entry.name.split()[::-1], IN_ORDER)
        yield from (signal(Kind.BY_NAME, "", run, day) for run in by_name)
        yield from (signal(Kind.BY_BIRTH_DATE, "", run, day) for run in _runs(people, lambda entry: entry.birth_date, IN_ORDER))
        for run in _runs(people, house_of, HOUSES, same=street_of):
            if street_of(run[0]):
                yield signal(Kind.BY_HOUSE, street_of(run[0]), run, day)


def street_of(entry: Entry) -> str:
    """The address without its numbers: « 3 rue de brest 35000 rennes » gives « rue de brest rennes »."""
    return " ".join(word for word in entry.address.split() if not any(sign.isdigit() for sign in word))


def house_of(entry: Entry) -> int:
    """The first number in the address, 0 if there is none."""
    return next((int(word) for word in entry.address.split() if word.isdecimal() and len(word) < 6), 0)


def _runs(people: list[Entry], key: Callable[[Entry], Any], least: int, same: Callable[[Entry], str] | None = None) -> list[list[Entry]]:
    """Stretches of at least so many people, one after the other, whose keys go strictly up (within one `same`, if given)."""
    runs: list[list[Entry]] = []
    run: list[Entry] = []
    for entry in people:
        if run and not (key(run[-1]) < key(entry) and (same is None or same(run[-1]) == same(entry))):
            runs.append(run)
            run = []
        run.append(entry)
    return [found for found in [*runs, run] if len(found) >= least]

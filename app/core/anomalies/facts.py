"""What the report looks at: lines of the roll and day counts of requests. No ballot, no mark of a vote, no time finer than a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from math import exp, lgamma, log
from statistics import median
from typing import TypeVar

from app.core.anomalies.kinds import Kind

RARE = 1e-6
"""How improbable a number must be, by chance alone, to be shown."""
T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Entry:
    """A person on the roll who came by e-mail or at the desk: `name` and `address` in plain words, in the order of declaration."""

    id: str
    day: date
    by_email: bool
    name: str
    birth_date: date
    address: str
    email: str

    @property
    def age(self) -> int:
        """Whole years on the day of the declaration."""
        return self.day.year - self.birth_date.year - ((self.day.month, self.day.day) < (self.birth_date.month, self.birth_date.day))

    @property
    def domain(self) -> str:
        """What follows the @, "" without an e-mail address."""
        return self.email.rpartition("@")[2]


@dataclass(frozen=True)
class Tally:
    """How many requests of one sort came on one day: `what` is asked, proved, network or wrong; `about` a mail domain or a network."""

    day: date
    what: str
    about: str
    count: int


@dataclass(frozen=True)
class Batch:
    """A batch of printed codes: how many it has, how many were cancelled."""

    label: str
    made: int
    cancelled: int


@dataclass(frozen=True)
class DeskDay:
    """How many people one official put on the roll at the desk on one day."""

    day: date
    who: str
    count: int


@dataclass(frozen=True)
class Facts:
    """All that the report looks at. `entries` stand in the order in which they came."""

    entries: tuple[Entry, ...] = ()
    tallies: tuple[Tally, ...] = ()
    batches: tuple[Batch, ...] = ()
    desk: tuple[DeskDay, ...] = ()


@dataclass(frozen=True)
class Signal:
    """One unusual pattern: `about` what (it may be personal), on which day if on one, how many, and which lines of the roll."""

    kind: Kind
    about: str
    count: int
    day: date | None = None
    people: tuple[str, ...] = ()


def chance(count: int, mean: float) -> float:
    """The probability of `count` or more where `mean` are expected (Poisson, 1837: rare events that do not know of one another)."""
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if count <= mean:
        return 1.0  # not a probability, but nothing there can be rare
    term = exp(count * log(mean) - mean - lgamma(count + 1))
    total, number = 0.0, count
    while term > total * 1e-9:
        total += term
        number += 1
        term *= mean / number
    return min(total, 1.0)


def far_more(count: int, mean: float, least: int) -> bool:
    """Whether `count` is at least `least` and far above what chance gives."""
    return count >= least and chance(count, mean) < RARE


def far_above_others(count: int, others: Iterable[int], times: int) -> bool:
    """Whether `count` is more than so many times the median of at least three others."""
    known = list(others)
    return len(known) >= 3 and count > times * median(known)


def grouped(entries: Iterable[Entry], by: Callable[[Entry], T]) -> dict[T, list[Entry]]:
    """Entries by what they share; a falsy value is shared by nobody."""
    groups: defaultdict[T, list[Entry]] = defaultdict(list)
    for entry in entries:
        if key := by(entry):
            groups[key].append(entry)
    return groups


def bursts(
    entries: Iterable[Entry], traits: Callable[[Entry], set[str]], home: Callable[[Entry], str], least: int
) -> Iterator[tuple[str, date, list[Entry]]]:
    """(trait, day, its entries) where a trait is far more frequent on one day than its share on all other days gives.

    Homes are counted, not people (`home`: what the members of one have in common): a family that comes together is one event.
    """
    of_day: defaultdict[date, set[str]] = defaultdict(set)
    together: defaultdict[str, defaultdict[date, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        of_day[entry.day].add(home(entry))
        for trait in traits(entry):
            together[trait][entry.day].append(entry)
    total = sum(map(len, of_day.values()))
    for trait, by_day in together.items():
        homes = {day: len({home(entry) for entry in found}) for day, found in by_day.items()}
        for day, found in by_day.items():
            # One more on either side: a trait that was never seen elsewhere is rare, not impossible.
            share = (sum(homes.values()) - homes[day] + 1) / (total - len(of_day[day]) + 2)
            if far_more(homes[day], share * len(of_day[day]), least):
                yield trait, day, found


def signal(kind: Kind, about: str, people: Iterable[Entry], day: date | None = None) -> Signal:
    """A signal about people on the roll."""
    ids = tuple(entry.id for entry in people)
    return Signal(kind, about, len(ids), day, ids)

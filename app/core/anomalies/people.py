"""Names, ages and birth dates: crowds that chance does not make, and one person under several spellings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from app.core.anomalies.facts import Entry, Facts, Signal, bursts, far_more, grouped, signal
from app.core.anomalies.kinds import Kind

SAME_BIRTH, OLD_PEOPLE, NAMESAKES, CLASS = 5, 5, 8, 12
"""From how many on: people born on one day, very old people, people with one name on a day, children on a day."""
BIRTHDAYS = 20_000
"""Over how many days births are spread: most voters were born within some fifty-five years."""
FIRST_OF_JANUARY = 20
"""How much more often 1 January stands in papers than another day, at least in some years: it is given where the day is not known."""
VERY_OLD, OLDEST, SHARE_OF_VERY_OLD = 95, 112, 0.005
"""Years of age; years that hardly anybody reaches; and what part of all residents is 95 or older at most (in France about 1 in 250)."""
MAJORITY = 18


def people_signals(facts: Facts) -> Iterator[Signal]:
    """Everything that names and birth dates tell."""
    entries = facts.entries
    for born, people in grouped(entries, lambda entry: entry.birth_date).items():
        mean = len(entries) / BIRTHDAYS * (FIRST_OF_JANUARY if (born.month, born.day) == (1, 1) else 1)
        if far_more(len(people), mean, SAME_BIRTH):
            yield signal(Kind.BIRTH_DATE, born.isoformat(), people)
    yield from _very_old(entries)
    for _, day, people in bursts(entries, lambda entry: {"child"} if entry.age < MAJORITY else set(), home_of, CLASS):
        yield signal(Kind.CHILDREN_DAY, "", people, day)
    for name, day, people in bursts(entries, lambda entry: {word for word in entry.name.split() if len(word) > 2}, home_of, NAMESAKES):
        yield signal(Kind.NAME_DAY, name, people, day)
    if figures := [entry for entry in entries if any(sign.isdigit() for sign in entry.name)]:
        yield signal(Kind.FIGURES, "", figures)
    yield from _one_person_twice(entries)


def home_of(entry: Entry) -> str:
    """What tells families apart: the postal address, else the mailbox."""
    return entry.address or entry.email


def _very_old(entries: tuple[Entry, ...]) -> Iterator[Signal]:
    old = [entry for entry in entries if entry.age >= VERY_OLD]
    if any(entry.age >= OLDEST for entry in old) or far_more(len(old), SHARE_OF_VERY_OLD * len(entries), OLD_PEOPLE):
        yield signal(Kind.VERY_OLD, "", old)
        return
    all_of_day = grouped(entries, lambda entry: entry.day)
    for day, people in grouped(old, lambda entry: entry.day).items():
        if far_more(len(people), SHARE_OF_VERY_OLD * len(all_of_day[day]), OLD_PEOPLE):
            yield signal(Kind.VERY_OLD, "", people, day)


def _one_person_twice(entries: tuple[Entry, ...]) -> Iterator[Signal]:
    """Pairs at one mailbox or postal address that differ in a letter or two of the name, or in the birth date alone."""
    seen: set[tuple[str, str]] = set()
    for home in (lambda entry: entry.email, lambda entry: entry.address):
        for people in grouped(entries, home).values():
            for one, other in combinations(people[:60], 2):  # beyond a family, the signals about addresses speak
                if (one.id, other.id) in seen:
                    continue
                seen.add((one.id, other.id))
                first, second = (" ".join(sorted(entry.name.split())) for entry in (one, other))
                if one.birth_date == other.birth_date and distance(first, second, most=2) <= 2:
                    yield signal(Kind.SPELLING, one.name, (one, other))
                elif one.birth_date != other.birth_date and first == second:
                    yield signal(Kind.REDATED, one.name, (one, other))


def distance(one: str, other: str, most: int) -> int:
    """How many letters must be put in, taken out or changed; anything above `most` may be said as `most` + 1 (Wagner and Fischer, 1974)."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        above, row = row, [at]
        for to, sign in enumerate(other, 1):
            row.append(min(above[to] + 1, row[to - 1] + 1, above[to - 1] + (letter != sign)))
        if min(row) > most:
            return most + 1
    return row[-1]

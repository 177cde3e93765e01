"""Rolls to look at: honest ones, drawn with a fixed seed, and the patterns of known frauds to plant in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from app.core.anomalies import Batch, DeskDay, Entry, Facts, Kind, Tally

FIRST_DAY = date(2027, 5, 10)
DAYS = 20
FIRST_NAMES = (
    "marie", "jean", "pierre", "anne", "yann", "nolwenn", "karim", "fatima", "aminata", "louise", "gabriel", "emma", "jules",
    "chloe", "hugo", "lea", "lucas", "manon", "thomas", "camille", "nicolas", "julie", "erwan", "gwenaelle", "soizic", "ronan",
    "maeva", "mehdi", "sarah", "ines", "adam", "jade", "raphael", "alice", "malo", "rozenn", "tugdual", "armelle", "denis",
    "sylvie", "brigitte", "michel", "nathalie", "patrick", "valerie", "olivier", "celine", "david", "aurelie", "sebastien", "awa",
    "moussa", "ousmane", "linh", "thuy", "ana", "joao", "ewa", "pavel", "olga", "dimitri",
)  # fmt: skip
LAST_NAMES = (
    "martin", "bernard", "thomas", "petit", "robert", "richard", "durand", "dubois", "moreau", "laurent", "simon", "michel",
    "lefebvre", "leroy", "roux", "david", "bertrand", "morel", "fournier", "girard", "legoff", "lebris", "lebihan", "kerviel",
    "guillou", "tanguy", "riou", "quere", "jezequel", "bihan", "cadiou", "corre", "diallo", "traore", "ndiaye", "sow", "benali",
    "haddad", "nguyen", "tran", "silva", "pereira", "kowalski", "ivanov", "morvan", "hamon", "prigent", "gall", "salaun", "floch",
    "madec", "nicolas", "colin", "rolland", "lucas", "meunier", "blanchard", "garnier", "chevalier", "francois", "mercier",
    "dupont", "lambert", "bonnet", "fontaine", "rousseau", "vincent", "muller", "faure", "andre",
)  # fmt: skip
STREETS = (
    "rue de brest", "rue de nantes", "rue saint malo", "boulevard de la liberte", "avenue janvier",
    "quai lamennais", "place hoche", "rue haute", "rue de fougeres", "rue de chateaugiron",
    "rue d antrain", "rue de lorient", "mail francois mitterrand", "rue de vern", "boulevard albert 1er",
    "rue de redon", "rue papu", "rue legraverend", "rue de dinan", "rue de paris",
    "avenue du mail", "rue tourmentine", "rue adolphe leray", "boulevard jacques cartier",
)  # fmt: skip
FAMILY = ("alphonse", "bertille", "clemence", "eulalie", "fulgence", "isidore", "theodule", "wilfried")
PROVIDERS = (
    ["gmail.com"] * 9 + ["orange.fr"] * 5 + ["free.fr"] * 3 + ["laposte.net"] * 2 + ["yahoo.fr", "outlook.fr", "hotmail.fr", "sfr.fr"]
)


class Roll:
    """A roll being written: honest people, then what is planted among them."""

    def __init__(self, people: int = 800, seed: int = 1) -> None:
        self.dice, self.entries = Random(seed), list[Entry]()
        self.tallies, self.batches, self.desk = list[Tally](), list[Batch](), list[DeskDay]()
        for number in range(people):
            self.add(number % DAYS)
            if self.dice.random() < 0.15:
                self.household()
        for day in range(DAYS):
            on = FIRST_DAY + timedelta(days=day)
            self.tallies += [
                Tally(on, "asked", "gmail.com", 26),
                Tally(on, "proved", "gmail.com", 22),
                Tally(on, "wrong", "192.0.2.0/24", 3),
            ]
            self.tallies += [Tally(on, "network", "198.51.100.0/24", 12)]
            self.desk.append(DeskDay(on, "Denis Agent", 4 + day % 5))
        self.batches += [Batch("École Liberté", 120, 2), Batch("EHPAD", 30, 1)]
        self.entries.sort(key=lambda entry: entry.day)

    def add(self, day: int = 7, **other: object) -> str:
        """One person, honest but for what is said."""
        dice, number = self.dice, len(self.entries)
        first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
        on = FIRST_DAY + timedelta(days=day)
        usual: dict[str, object] = {
            "id": f"line{number}", "day": on, "by_email": True, "name": f"{first} {last}",
            "birth_date": date(1936, 1, 1) + timedelta(days=dice.randrange(25_500)),
            "address": f"{dice.randrange(1, 180)} {dice.choice(STREETS)} porte {dice.randrange(1, 40)}",
            "email": f"{first}.{last}{number * 7919 % 9973}@{dice.choice(PROVIDERS)}",
        }  # fmt: skip
        self.entries.append(Entry(**usual | other))  # type: ignore[arg-type]
        return f"line{number}"

    def household(self) -> None:
        """Three more people who live with the last one, two of them without a mailbox of their own."""
        last = self.entries[-1]
        surname = last.name.split()[1]
        first_names = self.dice.sample(FAMILY, 3)
        for first, email in zip(first_names, (last.email, last.email, f"{surname}.{len(self.entries)}@orange.fr"), strict=True):
            self.add(name=f"{first} {surname}", address=last.address, email=email, day=(last.day - FIRST_DAY).days)

    def facts(self) -> Facts:
        """The roll as the report looks at it."""
        return Facts(tuple(self.entries), tuple(self.tallies), tuple(self.batches), tuple(self.desk))


Plant = Callable[[Roll], list[str]]
DAY = FIRST_DAY + timedelta(days=7)
CLUB = "presidentduclub"


def ten(**one: Callable[[int], object]) -> Plant:
    """Ten people who have in common, or in a row, what these functions give for the n-th of them."""
    return lambda roll: [roll.add(**{name: value(at) for name, value in one.items()}) for at in range(10)]


def spread(**one: Callable[[int], object]) -> Plant:
    """The same, on ten days."""
    return lambda roll: [roll.add(at + 3, **{name: value(at) for name, value in one.items()}) for at in range(10)]


def in_front(plant: Plant) -> Plant:
    """The same, one right after the other: before everybody else of their day."""

    def planted(roll: Roll) -> list[str]:
        ids = plant(roll)
        roll.entries.sort(key=lambda entry: entry.id not in ids)
        return ids

    return planted


def tallied(*tallies: Tally) -> Plant:
    """Day counts, and nobody on the roll."""

    def planted(roll: Roll) -> list[str]:
        roll.tallies += tallies
        return []

    return planted


def batch(made: int, cancelled: int) -> Plant:
    """A batch of printed codes."""

    def planted(roll: Roll) -> list[str]:
        roll.batches.append(Batch("Bibliothèque", made, cancelled))
        return []

    return planted


def busy_desk(roll: Roll) -> list[str]:
    """An official who adds sixty people on one day."""
    roll.desk.append(DeskDay(DAY, "Une Autre", 60))
    return []


PLANTS: list[tuple[str, Kind, Plant]] = [
    ("one mailbox, eight a day at most", Kind.MAILBOX, spread(email=lambda _: "president@club.example")),
    ("plus addresses", Kind.TAGGED, spread(email=lambda at: f"president+{at}@orange.fr")),
    ("dots that mean nothing", Kind.TAGGED, spread(email=lambda at: f"{CLUB[: at + 1]}.{CLUB[at + 1 :]}@gmail.com")),
    ("numbered mailboxes", Kind.NUMBERED, spread(email=lambda at: f"voix{at + 1:02d}@orange.fr")),
    ("throwaway addresses", Kind.THROWAWAY, spread(email=lambda at: f"{'abcdefghij'[at]}x@yopmail.com")),
    ("a domain that takes any address", Kind.DOMAIN, spread(email=lambda at: f"{'abcdefghij'[at]}x@mon-club.example")),
    ("a common provider on one day", Kind.DOMAIN_DAY, ten(email=lambda at: f"{'abcdefghij'[at]}x.martin@gmx.fr")),
    ("one postal address", Kind.ADDRESS, lambda roll: [roll.add(at, address="12 rue de la mairie") for at in range(16)]),
    ("one postal address on one day", Kind.ADDRESS_DAY, ten(address=lambda _: "12 rue de la mairie")),
    ("one street on one day", Kind.STREET_DAY, ten(address=lambda at: f"{(at * 37) % 90 + 1} impasse des lilas")),
    ("one name on one day", Kind.NAME_DAY, ten(name=lambda at: f"{FIRST_NAMES[at * 3]} kermarrec")),
    ("one birth date", Kind.BIRTH_DATE, spread(birth_date=lambda _: date(1971, 4, 2))),
    ("near-centenarians in one day", Kind.VERY_OLD, ten(birth_date=lambda at: date(1929, 1, 5) + timedelta(days=53 * at))),
    ("a person of 120 years", Kind.VERY_OLD, lambda roll: [roll.add(birth_date=date(1906, 5, 4))]),
    ("a list of children", Kind.CHILDREN_DAY, lambda roll: [
        roll.add(birth_date=date(2014, 2, 3) + timedelta(days=41 * at)) for at in range(16)]),
    ("one person, a letter apart", Kind.SPELLING, lambda roll: [
        roll.add(name=f"jean dupon{letter}", birth_date=date(1971, 4, 2), email="jd@free.fr") for letter in "dt"]),
    ("one person, another birth date", Kind.REDATED, lambda roll: [
        roll.add(month, name="jean dupont", birth_date=date(1971, month, 6 - month), address="5 rue papu") for month in (2, 4)]),
    ("numbered people", Kind.FIGURES, spread(name=lambda at: f"personne numero{at}")),
    ("a list in alphabetical order", Kind.BY_NAME, in_front(ten(name=lambda at: f"{sorted(FIRST_NAMES)[at * 5]} zed"))),
    ("a list by last name", Kind.BY_NAME, in_front(ten(name=lambda at: f"{FIRST_NAMES[at * 7 % 60]} {sorted(LAST_NAMES)[at * 6]}"))),
    ("a list by birth date", Kind.BY_BIRTH_DATE, in_front(ten(birth_date=lambda at: date(1950, 1, 1) + timedelta(days=900 * at)))),
    ("house after house", Kind.BY_HOUSE, in_front(ten(address=lambda at: f"{2 * at + 1} rue de brest"))),
    ("a crowd on one day", Kind.DAY, lambda roll: [roll.add(7) for _ in range(400)]),
    ("codes of a day that nobody uses", Kind.UNUSED, tallied(Tally(DAY, "asked", "orange.fr", 80), Tally(DAY, "proved", "orange.fr", 2))),
    ("codes of a provider that nobody uses", Kind.UNUSED, tallied(
        *(Tally(DAY + timedelta(days=at), "asked", "x.example", 4) for at in range(5)))),
    ("one network", Kind.NETWORK, tallied(Tally(DAY, "network", "203.0.113.0/24", 90))),
    ("guessing at printed codes", Kind.GUESSED, tallied(Tally(DAY, "wrong", "203.0.113.0/24", 900))),
    ("cancelled codes", Kind.CANCELLED, batch(200, 12)),
    ("a small batch half cancelled", Kind.CANCELLED, batch(8, 4)),
    ("one official's busy desk", Kind.DESK_DAY, busy_desk),
]  # fmt: skip
"""What is planted, what it must be listed as, and how: N24 asks for twenty."""

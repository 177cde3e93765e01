"""The voters of the demonstration: fictitious people on a roll, and printed codes that anyone may try."""

import csv
import hashlib
import io
from collections.abc import Callable
from datetime import date, timedelta

from app.core.credentials import CROCKFORD
from app.unit import URL_SAFE, dice

FIRST_NAMES = (
    "Aïcha", "Alan", "Anaïs", "Bachir", "Céline", "Corentin", "Denise", "Elouan", "Enora", "Fanny", "Gaëlle", "Hassan", "Ines", "Joseph",
    "Katell", "Léa", "Malo", "Mariam", "Nolwenn", "Olivier", "Paul", "Rozenn", "Salomé", "Titouan", "Yasmine", "Zoé",
)  # fmt: skip
LAST_NAMES = (
    "Abgrall", "Bah", "Bellec", "Camara", "Cadiou", "Diallo", "Evano", "Faure", "Gourvennec", "Guillou", "Haddad", "Jaouen", "Kone",
    "Lagadec", "Le Bihan", "Le Roux", "Madec", "Moreau", "Nguyen", "Olivier", "Prigent", "Quentel", "Robin", "Salaün", "Traoré", "Urvoy",
)  # fmt: skip
STREETS = ("rue de la Démo", "place du Bulletin", "allée des Isoloirs", "quai de l’Urne", "rue du Dépouillement")
CODES = 20


def roll(many: int) -> bytes:
    """A list of residents as CSV; every name, day and address is made up. At most 676."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("name", "birth_date", "address"))
    for number in range(many):
        first, last = FIRST_NAMES[number % len(FIRST_NAMES)], LAST_NAMES[(number + number // len(FIRST_NAMES)) % len(LAST_NAMES)]
        born = date(1938, 1, 1) + timedelta(days=number * 7919 % 27_000)
        writer.writerow((f"{first} {last}", born.isoformat(), f"{number % 90 + 1} {STREETS[number % len(STREETS)]}, Rennes"))
    return text.getvalue().encode()


def known_codes() -> list[str]:
    """The printed codes of the demonstration: always the same, so that its page can show them. A real city's come from the dice."""
    return ["".join(CROCKFORD[byte & 31] for byte in hashlib.sha256(f"quotepart demo {n}".encode()).digest()[:16]) for n in range(CODES)]


def codes_then_dice() -> Callable[..., str]:
    """A source of random text whose texts of a code's length are the known codes, in order."""
    codes = iter(known_codes())

    def token(length: int = 43, alphabet: str = URL_SAFE) -> str:
        return next(codes) if (length, alphabet) == (16, CROCKFORD) else dice(length, alphabet)

    return token

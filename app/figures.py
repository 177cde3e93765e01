"""Amounts, numbers, shares, days and hours as a language writes them (Babel, CLDR): pure, and remembered."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

REGIONS = {"en": "en_GB"}
"""Languages whose dates are written as in one region: a European city says 15 October 2026."""
BEFORE_PERCENT = {"fr": "\u202f", "es": "\u00a0", "de": "\u00a0"}
"""The space that keeps a number and its sign apart."""
KNOWN = 10_000
"""How many amounts, numbers, shares and days a process remembers in words: Babel reads its tables anew for each one."""


@lru_cache(maxsize=KNOWN)
def money(cents: int, currency: str, whole: bool, locale: str) -> str:
    """An amount: `cents` of a `currency`, without cents where it is `whole`."""
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    if whole:
        pattern = pattern.replace(".00", "")
    return str(format_currency(Decimal(cents) / 100, currency, pattern, locale=locale, currency_digits=False))


@lru_cache(maxsize=KNOWN)
def number(value: int | float, locale: str) -> str:
    """A number with its separators."""
    return str(format_decimal(value, locale=locale))


@lru_cache(maxsize=KNOWN)
def percent(share: Fraction | float, locale: str) -> str:
    """A share with two decimals, four for the smallest."""
    exact = Decimal(share.numerator) / Decimal(share.denominator) if isinstance(share, Fraction) else Decimal(str(share))
    digits = "##" if abs(exact) >= Decimal("0.001") else "####"
    space = BEFORE_PERCENT.get(locale, "")
    return str(format_percent(exact, format=f"#,##0.{digits}{space}%", locale=locale))


@lru_cache(maxsize=KNOWN)
def day(value: date, locale: str) -> str:
    """A day in full; the first of a month is « 1er » in French."""
    shown = str(format_date(value, "long", locale=REGIONS.get(locale, locale)))
    return f"1er{shown[1:]}" if value.day == 1 and locale == "fr" else shown


def clock(local: datetime, locale: str) -> str:
    """The hour as people say it: « 9 h », « 9 h 05 » in French; to the second only where there is one to tell."""
    if local.second or locale != "fr":
        return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{local.hour}\u00a0h\u00a0{local:%M}" if local.minute else f"{local.hour}\u00a0h"

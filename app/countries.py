"""The names of countries as the city says them: its own wording where one ships, else Unicode CLDR's."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from babel import Locale, UnknownLocaleError

from app.core.messages import Localised

TABLE = Path(__file__).parent / "locales" / "country_names.csv"
NOT_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
"""What Unicode CLDR names beside countries: groups of countries, test codes, parts of a territory."""


NAMED = ("fr", "en", "es", "it", "de", "ar")
"""The languages in which countries are named unless others are asked for: those of the interface."""


@cache
def country_name(iso2: str, languages: tuple[str, ...] = NAMED) -> Localised:
    """A country's name: the city's wording where one ships, else Unicode CLDR's; the code itself if neither knows it."""
    overrides = _overrides().get(iso2, {})
    return Localised({language: overrides.get(language) or _cldr_name(iso2, language) for language in languages})


@cache
def country_names(languages: tuple[str, ...] = NAMED) -> Mapping[str, Localised]:
    """Every country and territory with its names, by ISO 3166 alpha-2 code."""
    codes = sorted(str(code) for code in Locale.parse("en").territories)
    countries = (code for code in codes if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES)
    return MappingProxyType({code: country_name(code, languages) for code in countries})


def _cldr_name(iso2: str, language: str) -> str:
    try:
        return str(Locale.parse(language).territories.get(iso2, iso2))
    except (UnknownLocaleError, ValueError):
        return iso2


@cache
def _overrides() -> Mapping[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        return {row["iso2"]: row for row in csv.DictReader(table)}

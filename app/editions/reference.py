"""The reference lists that ship with the platform: countries, goals, purpose codes, accounts of the budget.

Each is a small table in `data/`, read once. Their sources and what a person must check are in `data/README.md`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple, cast

from app.core.eligibility import CountryList
from app.core.messages import Localised, say
from app.core.problems import Missing

DATA = Path(__file__).parent / "data"
ODA_KNOWN_FROM = date(2024, 1, 1)
"""Before this day the shipped list of ODA recipients is not complete."""

ODA_NAME = Localised(
    fr="pays bénéficiaires de l’aide publique au développement (CAD de l’OCDE)", en="ODA recipients (OECD DAC list)",
    es="receptores de ayuda oficial al desarrollo (lista del CAD de la OCDE)",
    it="beneficiari dell’aiuto pubblico allo sviluppo (lista del DAC dell’OCSE)",
    de="Empfängerländer öffentlicher Entwicklungszusammenarbeit (DAC-Liste der OECD)",
    ar="البلدان المتلقية للمساعدة الإنمائية الرسمية (قائمة لجنة المساعدة الإنمائية، منظمة التعاون والتنمية الاقتصادية)",
)  # fmt: skip
NAMED = ("fr", "en", "es", "it", "de", "ar")
"""The columns of the tables that hold a name."""

Side = Literal["charge", "product", "in_kind"]


class Goal(NamedTuple):
    """A sustainable development goal; `colour` is its official colour, never shown without the number and name."""

    number: int
    name: Localised
    colour: str


class GoalTarget(NamedTuple):
    """A target of a goal ("6.1"), in a short wording."""

    code: str
    goal: int
    name: Localised


class PurposeCode(NamedTuple):
    """A five-digit CRS purpose code and its three-digit category."""

    code: str
    category: str
    name: Localised


class BudgetAccount(NamedTuple):
    """An account of the budget form; `side` in_kind covers accounts 86 and 87."""

    account: str
    side: Side
    name: Localised


@cache
def oda_countries(as_of: date) -> CountryList:
    """The countries that can receive official development assistance on `as_of` (OECD DAC list).

    Raises Missing for a day before 2024, which the shipped list does not cover.
    """
    if as_of < ODA_KNOWN_FROM:
        raise Missing(say("The list of countries before %(day)s is not on this site.", day=ODA_KNOWN_FROM))
    rows = (row for row in _rows("oda_countries.csv") if _covers(row, as_of))
    return CountryList("oda", as_of, frozenset(row["iso2"] for row in rows), ODA_NAME)


def _covers(row: Mapping[str, str], day: date) -> bool:
    return date.fromisoformat(row["from"]) <= day and (not row["to"] or day < date.fromisoformat(row["to"]))


@cache
def goals() -> tuple[Goal, ...]:
    """The 17 goals, in order."""
    return tuple(Goal(int(row["goal"]), _names(row), row["colour"]) for row in _rows("sdgs.csv"))


@cache
def goal_targets() -> Mapping[str, GoalTarget]:
    """The targets that ship, by code; not all 169."""
    return MappingProxyType({row["target"]: GoalTarget(row["target"], int(row["goal"]), _names(row)) for row in _rows("sdg_targets.csv")})


@cache
def purpose_codes() -> Mapping[str, PurposeCode]:
    """The purpose codes that ship, by code."""
    return MappingProxyType({row["code"]: PurposeCode(row["code"], row["category"], _names(row)) for row in _rows("purpose_codes.csv")})


@cache
def budget_accounts() -> Mapping[str, BudgetAccount]:
    """The accounts of the budget form, by number, in the order of the form."""
    rows = _rows("budget_accounts.csv")
    return MappingProxyType({row["account"]: BudgetAccount(row["account"], cast(Side, row["side"]), _names(row)) for row in rows})


def _names(row: Mapping[str, str]) -> Localised:
    return Localised({code: row[code] for code in NAMED if row.get(code)})


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (DATA / name).open(encoding="utf-8", newline="") as table:
        return tuple(csv.DictReader(table))

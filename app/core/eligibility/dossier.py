"""What the rules look at: the plain facts of one file, and the facts of its edition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.core.messages import Localised
from app.core.money import Money

IN_KIND_CHARGES = ("86",)
IN_KIND_PRODUCTS = ("87",)


class CarrierForm(StrEnum):
    """Who may stand behind a project."""

    ASSOCIATION = "association"
    COLLECTIVE = "collective"


class SponsorWord(StrEnum):
    """What the sponsor of a collective says of one file. OUTDATED: it validated another version than the present one."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    VALIDATED = "validated"
    OUTDATED = "outdated"
    DECLINED = "declined"


@dataclass(frozen=True)
class Carrier:
    """An association, or a collective with the association (`sponsor`) that will sign for it.

    `sponsor_word` is what the sponsor says of this file, None where nobody is to be asked.
    `republican_commitment_on`: the day it accepted that commitment for this very file.
    `commune` is an INSEE code; `pending_reports` counts grant reports the city still waits for.
    """

    form: CarrierForm
    name: str = ""
    commune: str | None = None
    founded_on: date | None = None
    pending_reports: int = 0
    republican_commitment_on: date | None = None
    siren: str | None = None
    siret: str | None = None
    rna: str | None = None
    sponsor: Carrier | None = None
    sponsor_word: SponsorWord | None = None

    @property
    def signatory(self) -> Carrier | None:
        """The declared association that signs with the city: itself, or a collective's sponsor."""
        return self if self.form is CarrierForm.ASSOCIATION else self.sponsor


@dataclass(frozen=True)
class Partner:
    """The organisation on the spot, and whether its letter of agreement is signed. `guarded`: no fact may tell its name.

    `declined`: it was asked and said no, which counts whatever letter the carrier has joined.
    """

    name: str
    letter_signed: bool = False
    guarded: bool = False
    declined: bool = False


class BudgetLine(NamedTuple):
    """One line: an account of the chart ("625") and an amount in cents of the file's currency."""

    account: str
    cents: int


@dataclass(frozen=True)
class Dossier:
    """The plain facts of one file. Everything may be absent: a draft is a dossier too.

    `charges` and `products` include the contributions in kind (accounts 86 and 87), which no total counts.
    `country` is ISO 3166 alpha-2; `texts` maps the name of a text field to what was written;
    `declarations` maps a declaration's key to the answer (absent or None: not answered yet).
    """

    carrier: Carrier | None = None
    partner: Partner | None = None
    country: str | None = None
    theme: str | None = None
    nature: str | None = None
    requested_cents: int | None = None
    charges: tuple[BudgetLine, ...] = ()
    products: tuple[BudgetLine, ...] = ()
    currency: str = "EUR"
    duration_months: int | None = None
    starts_on: date | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    declarations: Mapping[str, bool | None] = field(default_factory=dict)
    documents: frozenset[str] = frozenset()

    @property
    def total_cost(self) -> Money:
        """All charges but the contributions in kind: what the project costs in money."""
        return self.money(line.cents for line in self.charges if not line.account.startswith(IN_KIND_CHARGES))

    @property
    def total_products(self) -> Money:
        """All products but the contributions in kind: what pays for the project."""
        return self.money(line.cents for line in self.products if not line.account.startswith(IN_KIND_PRODUCTS))

    @property
    def in_kind_charges(self) -> Money:
        """Accounts 86: what is given in kind, by its use."""
        return self.charged_to(IN_KIND_CHARGES)

    @property
    def in_kind_products(self) -> Money:
        """Accounts 87: what is given in kind, by its source."""
        return self.money(line.cents for line in self.products if line.account.startswith(IN_KIND_PRODUCTS))

    def charged_to(self, accounts: tuple[str, ...]) -> Money:
        """The charges of these accounts and their sub-accounts."""
        return self.money(line.cents for line in self.charges if line.account.startswith(accounts))

    def money(self, cents: Iterable[int]) -> Money:
        """The sum of these cents, in the file's currency."""
        return Money(sum(cents), self.currency)


@dataclass(frozen=True)
class CountryList:
    """A list of countries (ISO alpha-2) as it stood on `as_of`."""

    list_id: str
    as_of: date
    members: frozenset[str]
    name: Localised = field(default_factory=Localised)


@dataclass(frozen=True)
class Context:
    """The facts of the edition that rules need; absent ones make a rule wait, never fail.

    `deadline` is the last day of submission in the edition's zone. `names` gives the words for keys:
    {"theme:climate": …, "country:SN": …, "commune:35238": …, "document:statutes": …}.
    """

    deadline: date | None = None
    council_on: date | None = None
    countries: tuple[CountryList, ...] = ()
    names: Mapping[str, Localised] = field(default_factory=dict)

    def name_of(self, family: str, key: str) -> Localised | str:
        """The words for a key, or the key itself."""
        return self.names.get(f"{family}:{key}", key)

    def country_list(self, list_id: str, as_of: date) -> CountryList | None:
        """The list with this id and date, if the edition has it."""
        return next((one for one in self.countries if (one.list_id, one.as_of) == (list_id, as_of)), None)

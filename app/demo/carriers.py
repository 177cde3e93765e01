"""The organisations of the demonstration: 24 carriers and a sponsor, and the ten whose files are refused."""

import re
import unicodedata
from datetime import datetime
from typing import Any

from sqlmodel import select

from app.accounts import sessions
from app.accounts.models import Account
from app.accounts.people import Person
from app.core.permissions import MemberRole
from app.demo.city import Town, data
from app.demo.dates import Move
from app.demo.sign_ins import TREASURER
from app.organisations import service as organisations
from app.organisations.forms import OrganisationForm
from app.organisations.models import Membership, Organisation
from app.unit import Work

CLAIRES = "Les Filles d'abord 35 (fictif)"
"""The association whose treasurer is one of the demonstration's sign-ins."""


def make_carriers(town: Town, move: Move, instant: datetime) -> None:
    """Register every organisation, each by its own representative. Sponsors come before the collectives they sign for.

    An identifier stands twice in the data, so an organisation is known by its name.
    """
    by_number: dict[str, Any] = {}
    for given in data()["organisations"]:
        by_number.setdefault(given["id"], given)
    with town.at(instant) as unit:
        for given in sorted(data()["organisations"], key=lambda one: one["type"] == "collective"):
            sponsor = by_number.get(given["fiscal_sponsor"] or "", {})
            person = _representative(unit, given["name"])
            organisation = organisations.register(unit, _form(given, sponsor, move), by=person)
            town.people[given["name"]] = person
            if given["name"] == CLAIRES:
                claire = town.people[TREASURER.email]
                membership = Membership(
                    organisation_id=organisation.id or 0, account_id=claire.id, role=MemberRole.TREASURER, since=instant
                )
                unit.db.add(membership)


def organisation_named(unit: Work, name: str) -> Organisation:
    """The organisation with this name."""
    return unit.db.exec(select(Organisation).where(Organisation.name == name)).one()


def carrier_name(file: dict[str, Any]) -> str:
    """The name of the organisation that carries a file of the data."""
    if "organisation_name" in file:
        return str(file["organisation_name"])
    return next(str(one["name"]) for one in data()["organisations"] if one["id"] == file["organisation"])


def _representative(unit: Work, name: str) -> Person:
    """Somebody who acts for an organisation; they cannot sign in, for nobody gave them a password."""
    bare = unicodedata.normalize("NFKD", name.removesuffix(" (fictif)")).encode("ascii", "ignore").decode().lower()
    address = f"{re.sub(r'[^a-z0-9]+', '-', bare).strip('-')}@asso.example"
    account = Account(
        email=address, display_name=f"Représentante · {name.removesuffix(' (fictif)')}"[:120], confirmed_at=unit.now, created_at=unit.now
    )
    unit.db.add(account)
    unit.db.flush()
    return sessions.person_of(unit, account)


def _form(given: dict[str, Any], sponsor: dict[str, Any], move: Move) -> OrganisationForm:
    signed = given["republican_commitment_signed"]
    return OrganisationForm(
        kind=given["type"],
        name=given["name"],
        acronym=given["acronym"],
        siren=given["siren"],
        siret=given["siret"],
        rna=given["rna"],
        founded_on=move.day(given["created"]),
        commune=given["commune"],
        district=given["district"].lower(),
        members=given["members"],
        republican_commitment_on=move.day(signed) if signed else None,
        sponsor_name=sponsor.get("name"),
        sponsor_siret=sponsor.get("siret"),
    )

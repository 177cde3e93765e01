"""The 34 files of the demonstration, as dossiers: what the rules are tried on."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import app.demo
import app.editions
from app.core.eligibility import BudgetLine, Carrier, CarrierForm, Context, Dossier, Partner, Rulebook, read_rulebook
from app.core.messages import Localised
from app.countries import country_name
from app.editions.reference import oda_countries

DATA = Path(app.demo.__file__).parent / "data"
RULES = Path(app.editions.__file__).parent / "data" / "rules_rennes.json"
DEADLINE = date(2027, 1, 31)
COUNCIL = date(2027, 6, 28)
DECLARATIONS = ("general_interest", "non_profit", "no_worship_or_political_purpose", "no_youth_worksite")
THEMES = {
    "infrastructure": Localised(fr="Infrastructures", en="Infrastructure"),
    "sustainable_development": Localised(fr="Développement soutenable", en="Sustainable development"),
    "climate": Localised(fr="Climat", en="Climate"),
}


@cache
def demonstration() -> dict[str, Any]:
    """The whole demonstration programme."""
    loaded: dict[str, Any] = json.loads((DATA / "rennes.json").read_text("utf-8"))
    return loaded


@cache
def rulebook() -> Rulebook:
    """The 22 rules of the demonstration."""
    return read_rulebook(json.loads(RULES.read_text("utf-8")))


@cache
def context() -> Context:
    """The edition of 2027: its dates, its list of countries, its words."""
    lists = tuple(oda_countries(as_of) for _, as_of in rulebook().country_lists())
    names = {f"theme:{key}": text for key, text in THEMES.items()}
    names |= {f"country:{file['country']}": country_name(file["country"]) for file in files()}
    return Context(DEADLINE, COUNCIL, lists, names | {"commune:35238": Localised(fr="Rennes")})


def files() -> list[dict[str, Any]]:
    """The 24 admissible and the 10 inadmissible files."""
    return [*demonstration()["projects"], *demonstration()["inadmissible_projects"]]


def dossier(file: dict[str, Any]) -> Dossier:
    """One file of the demonstration as the rules see it."""
    partner = file["local_partner"]
    given = file["budget"]["in_kind"]
    return Dossier(
        carrier=_carrier(_organisation(file)),
        partner=Partner(partner["name"], partner["agreement_letter"]) if partner else None,
        country=file["country"],
        theme=file["theme"],
        nature=file.get("nature", "development"),
        requested_cents=file["requested"] * 100,
        charges=_lines(file, "charges", ("864", given["864_volunteering"])),
        products=_lines(file, "products", ("870", given["870_volunteering"])),
        duration_months=file["duration_months"],
        starts_on=date.fromisoformat(file["start"] + "-01"),
        texts={"title": file["title"], "summary": file["summary"], "feedback": file["rennes_feedback"]},
        declarations=file.get("declarations", dict.fromkeys(DECLARATIONS, True)),
    )


def _lines(file: dict[str, Any], side: str, in_kind: tuple[str, int]) -> tuple[BudgetLine, ...]:
    lines = [(line["account"], line["amount"]) for line in file["budget"][side]]
    return tuple(BudgetLine(account, euros * 100) for account, euros in [*lines, in_kind])


def _organisation(file: dict[str, Any]) -> dict[str, Any]:
    # Two organisations bear the id O30; a file that names its carrier is matched by that name.
    everyone = demonstration()["organisations"]
    name = file.get("organisation_name")
    found = [one for one in everyone if (one["name"] == name if name else one["id"] == file["organisation"])]
    organisation: dict[str, Any] = found[0]
    return organisation


def _carrier(organisation: dict[str, Any]) -> Carrier:
    sponsors = [one for one in demonstration()["organisations"] if one["id"] == organisation["fiscal_sponsor"]]
    signed = organisation["republican_commitment_signed"]
    return Carrier(
        form=CarrierForm(organisation["type"]),
        name=organisation["name"],
        commune=organisation["commune"],
        founded_on=date.fromisoformat(organisation["created"]),
        pending_reports=organisation["pending_reports"],
        republican_commitment_on=date.fromisoformat(signed) if signed else None,
        siren=organisation["siren"],
        siret=organisation["siret"],
        rna=organisation["rna"],
        sponsor=_carrier(sponsors[0]) if sponsors else None,
    )

"""One page of a file as it is written: its form, the choices it offers, its empty lines, its sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.messages import Message, say
from app.core.money import Money
from app.countries import country_names
from app.editions.reference import goal_targets, goals, purpose_codes
from app.pages.file_views import head
from app.proposals.budget import STATUS_LABELS, Balance, accounts_of, balance_saved, balance_typed, cents_typed
from app.proposals.currencies import amount_typed
from app.proposals.forms import SectionForm
from app.proposals.logframe import AGES, LIKELIHOODS, MARKERS, SEXES, people_counted
from app.proposals.queries import CarrierFile
from app.proposals.search import bare
from app.proposals.sections import (
    BY_SECTION,
    LABELS,
    MARKER_LABELS,
    NATURES,
    PAGES,
    PARTNER_KINDS,
    declarations,
    goal_name,
    target_name,
    theme_names,
)
from app.rendering import LANGUAGES
from app.unit import Work

BLANK_ROWS = {"charges": 3, "products": 3, "activities": 2, "indicators": 2, "risks": 2}
"""How many empty lines a page offers beside those that are filled, by group."""


def section(
    work: Work, file: CarrierFile, name: str, values: Mapping[str, Any], language: str, *, seen: int, blank: Mapping[str, int] = BLANK_ROWS
) -> dict[str, Any]:
    """One page: its form, the choices it offers, the balance of a budget as it stands in the fields."""
    names = [page.section.value for page in PAGES if page.form]
    context = {
        "page": BY_SECTION[name],
        "name": name,
        "path": f"/files/{file.proposal.public_id}/{name}",
        "labels": LABELS | _line_labels(name, values),
        "steps": [BY_SECTION[one].title for one in names],
        "step": names.index(name) + 1,
        "blank": blank,
        "seen": seen,
        "broken": [],
        "advice": [],
        "values": values,
        "choices": _choices(file, name, language),
    }
    if name == "budget":
        context |= {"balance": _balance(values), "computed": computed(values["charges"]), "amount_typed": amount_typed}
    if name == "beneficiaries":
        context["counted"] = _people_counted(values)
    return head(work, file) | context


def _line_labels(name: str, values: Mapping[str, Any]) -> dict[str, Message]:
    """What the list of problems calls the fields of each line: « Charges, ligne 2 »."""
    form = BY_SECTION[name].form or SectionForm
    return {
        f"{group}-{number}-{column}": say("%(group)s, line %(number)d", group=LABELS[group], number=number + 1)
        for group, columns in form.groups.items()
        for number in range(len(values.get(group) or ()))
        for column in columns
    }


def _balance(values: Mapping[str, Any]) -> Balance:
    """Of the fields as typed (texts), or of the file as saved (cents)."""
    if isinstance(values.get("requested", ""), str):
        return balance_typed(values.get("requested", ""), values["charges"], values["products"])
    return balance_saved(values["requested"], values["charges"], values["products"])


def computed(charges: Sequence[Mapping[str, Any]]) -> list[tuple[int, str, Money | None]]:
    """The lines in another currency: line number, currency, the euros they make (None while they cannot be read)."""
    found = []
    for number, row in enumerate(charges, 1):
        if row.get("currency"):
            cents = row["amount"] if isinstance(row["amount"], int) else cents_typed(row)
            found.append((number, row["currency"].strip().upper(), None if cents is None else Money(cents)))
    return found


def _people_counted(values: Mapping[str, Any]) -> int | None:
    """The sum of the groups of people as they stand in the fields; what is no number is left out."""
    return people_counted({key: int(text) for key, value in values.items() if (text := str(value).strip()).isascii() and text.isdigit()})


def _choices(file: CarrierFile, name: str, language: str) -> dict[str, Any]:
    match name:
        case "project":
            return {"languages": [(code, name) for code, name in LANGUAGES.items() if "@" not in code]}
        case "place":
            return {"countries": sorted(country_names().items(), key=lambda one: bare(one[1].best(language)[1]))}
        case "partner":
            return {"kinds": list(PARTNER_KINDS.items())}
        case "theme":
            return {
                "themes": list(theme_names(file.edition).items()),
                "natures": list(NATURES.items()),
                "targets": [(code, target_name(code)) for code in goal_targets()],
                "goals": [(goal.number, goal_name(goal.number)) for goal in goals()],
                "purposes": [(code, say("%(code)s: %(name)s", code=code, name=one.name)) for code, one in purpose_codes().items()],
            }
        case "beneficiaries":
            return {"sexes": SEXES, "ages": AGES}
        case "markers":
            return {"markers": MARKERS, "marks": list(MARKER_LABELS.items())}
        case "risks":
            return {"likelihoods": list(LIKELIHOODS.items())}
        case "budget":
            return {side: accounts_of(side) for side in ("charges", "products")} | {"statuses": list(STATUS_LABELS.items())}
        case "declarations":
            return {"declarations": list(declarations(file.edition).items())}
        case _:
            return {}

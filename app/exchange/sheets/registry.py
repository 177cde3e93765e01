"""The organisations of the city read once, and found by what a row says of them: no statement for each row."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import col, select

from app.core.forms import read
from app.core.messages import say
from app.core.problems import Invalid
from app.organisations.forms import OrganisationForm
from app.organisations.models import Organisation
from app.unit import Work

NUMBERS = ("siret", "rna")
UNKNOWN = say("No organisation here has this name or number. Bring in the organisations first.")


class Registry:
    """Every organisation by its address, its numbers and its name; `add` makes one known that is to be written."""

    def __init__(self, work: Work, *, locked: bool = False) -> None:
        wanted = select(Organisation).order_by(col(Organisation.id))
        self._by: dict[str, dict[str, list[Organisation]]] = {name: {} for name in ("id", "name", *NUMBERS)}
        for organisation in work.db.exec(wanted.with_for_update() if locked else wanted):
            self.add(organisation)
        self.by_key = {one.id: one for many in self._by["id"].values() for one in many}

    def add(self, organisation: Organisation) -> None:
        """Make an organisation findable."""
        names = {"id": organisation.slug, "name": organisation.name.casefold(), "siret": organisation.siret, "rna": organisation.rna}
        for name, value in names.items():
            if value:
                self._by[name].setdefault(value, []).append(organisation)

    def by(self, name: str, value: str | None) -> Organisation | None:
        """The only organisation of which this holds."""
        found = self._by[name].get(value.casefold() if name == "name" else value, []) if value else []
        return found[0] if len(found) == 1 else None

    def carrier(self, values: Mapping[str, str]) -> Organisation | None:
        """The organisation that the columns of a carrier name, None where all are blank. Raises Invalid where it is unknown."""
        asked = {name: values.get(f"carrier_{name}", "").strip() for name in ("id", *NUMBERS)} | {"name": values.get("carrier", "").strip()}
        found: dict[str, Organisation] = {}
        for name, value in asked.items():
            if not value or (name == "name" and found):
                continue
            column = "carrier" if name == "name" else f"carrier_{name}"
            organisation = self.by(name, self._number(name, value, column))
            if organisation is None:
                raise Invalid({column: UNKNOWN})
            found[column] = organisation
        if len({one.id for one in found.values()}) > 1:
            raise Invalid({next(reversed(found)): say("This is another organisation than the one the columns before it name.")})
        return next(iter(found.values()), None)

    def _number(self, name: str, value: str, column: str) -> str:
        """A number as its form reads it, without spaces and with its key checked."""
        if name not in NUMBERS:
            return value
        try:
            return str(getattr(read(OrganisationForm, {"kind": "association", "name": "-", name: value}), name))
        except Invalid as problem:
            raise Invalid({column: problem.message}) from None

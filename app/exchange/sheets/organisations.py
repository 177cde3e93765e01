"""Organisations from a table: found again by their address, SIRET, RNA or, without any, their name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.forms import read
from app.core.messages import Message, say
from app.core.problems import Invalid
from app.editions.models import Edition
from app.exchange.sheets.cells import answer
from app.exchange.sheets.columns import ORGANISATIONS
from app.exchange.sheets.registry import Registry
from app.exchange.sheets.reports import Step
from app.ledger import service as ledger
from app.organisations.forms import OrganisationForm
from app.organisations.models import Organisation
from app.organisations.service import slug_for
from app.unit import Work

PLAIN = ("kind", "name", "acronym", "siren", "siret", "rna", "founded_on", "commune", "district", "members", "republican_commitment_on")
KINDS = {"association": "association", "collective": "collective", "collectif": "collective", "": "association"}
NO_RNA = say("Enter the RNA number, or “yes” in the column no_rna if the association is registered in Alsace-Moselle.")


class Organisations:
    """Goes through the rows of a table of organisations."""

    columns = ORGANISATIONS

    def __init__(self, work: Work, edition: Edition, *, by: int | None, applying: bool) -> None:
        self.work, self.by = work, by
        self.registry = Registry(work, locked=applying)
        self._to_write: list[tuple[Organisation, Mapping[str, Any]]] = []
        self._planned: dict[str, OrganisationForm] = {}

    def keys(self, values: Mapping[str, str]) -> list[str]:
        """What the row is known by: two rows that share one are the same organisation."""
        given = [f"{name}:{''.join(values[name].split())}" for name in ("id", "siret", "rna") if values.get(name, "").strip()]
        return given or [f"name:{values.get('name', '').strip().casefold()}"]

    def step(self, values: Mapping[str, str]) -> tuple[Step, Any]:
        """What a row would do. Raises Invalid with a sentence for each column."""
        known = self._known(values)
        before = self._said(known) if known else {}
        asked: dict[str, Any] = {name: text for name, text in values.items() if name in PLAIN}
        if "kind" in values:
            asked["kind"] = KINDS.get(values["kind"].strip().casefold(), values["kind"])
        elif not known:
            asked["kind"] = "association"
        no_rna = answer(values["no_rna"]) if "no_rna" in values else "yes" if known and not known.rna else ""
        form = read(OrganisationForm, {name: value for name, value in before.items() if name in PLAIN} | asked | {"no_rna": no_rna})
        after = form.model_dump(mode="json", include=set(PLAIN)) | {"siren": form.whole_siren, "sponsor": before.get("sponsor")}
        if "sponsor_siret" in values:
            after["sponsor"] = self._sponsor(form, values["sponsor_siret"])
        if form.kind == "collective":
            after |= dict.fromkeys(("siren", "siret", "rna", "republican_commitment_on"))
        self._check(form, known, no_rna)
        self._planned[form.siret or ""] = form
        act = "change" if before else "create"
        return Step("same" if before == after else act, known.slug if known else form.name, before, after), (known, form)  # type: ignore[arg-type]

    def take(self, step: Step, thing: Any) -> None:
        """Keep a step to be written by `finish`."""
        known, form = thing
        values = {name: getattr(form, name) for name in PLAIN} | {name: step.after[name] for name in ("siren", "siret", "rna")}
        values["republican_commitment_on"] = form.republican_commitment_on if form.kind == "association" else None
        organisation = known or Organisation(slug=slug_for(self.work, form.name), kind=form.kind, name=form.name, created_at=self.work.now)
        for name, value in values.items():
            setattr(organisation, name, value)
        self.registry.add(organisation)
        self._to_write.append((organisation, step.after))

    def finish(self) -> None:
        """Write all that was kept, sponsors before those whom they sponsor."""
        self.work.db.add_all([organisation for organisation, _ in self._to_write])
        self.work.db.flush()
        for organisation, after in self._to_write:
            sponsor = self.registry.by("siret", after["sponsor"])
            organisation.sponsor_id = sponsor.id if sponsor else None
            ledger.record(self.work, "organisation:import", organisation.slug, by=self.by)
        self.work.db.flush()

    def _known(self, values: Mapping[str, str]) -> Organisation | None:
        address = values.get("id", "").strip()
        if address:
            found = self.registry.by("id", address)
            if found is None:
                raise Invalid({"id": say("There is no organisation at this address. Leave the cell blank for a new one.")})
            return found
        numbers = read(OrganisationForm, {"kind": "association", "name": "-"} | {name: values.get(name, "") for name in ("siret", "rna")})
        by_number = self.registry.by("siret", numbers.siret) or self.registry.by("rna", numbers.rna)
        named = None if numbers.siret or numbers.rna else self.registry.by("name", values.get("name", "").strip())
        return by_number or named

    def _said(self, known: Organisation) -> dict[str, Any]:
        sponsor = self.registry.by_key.get(known.sponsor_id)
        plain = {name: getattr(known, name) for name in PLAIN}
        told = OrganisationForm.model_construct(**plain).model_dump(mode="json", include=set(PLAIN), warnings=False)
        return told | {"sponsor": sponsor.siret if sponsor else None}

    def _sponsor(self, form: OrganisationForm, text: str) -> str | None:
        if not text.strip():
            return None
        if form.kind != "collective":
            raise Invalid({"sponsor_siret": say("Only a collective has a sponsor. Empty this cell.")})
        try:
            siret = read(OrganisationForm, {"kind": "association", "name": "-", "siret": text}).siret or ""
        except Invalid as problem:
            raise Invalid({"sponsor_siret": problem.message}) from None
        if self.registry.by("siret", siret) is None and siret not in self._planned:
            raise Invalid({"sponsor_siret": say("No association here has this number. Put the sponsor in a row above this one.")})
        return siret

    def _check(self, form: OrganisationForm, known: Organisation | None, no_rna: str) -> None:
        errors: dict[str, Message] = {}
        if known and form.kind != known.kind:
            errors["kind"] = say("The kind of an organisation stays as it is.")
        if form.kind == "association":
            if form.rna is None and no_rna != "yes":
                errors["rna"] = NO_RNA
            for name in ("siret", "rna"):
                holder = self.registry.by(name, getattr(form, name))
                if holder is not None and holder is not known:
                    errors[name] = say("This number is that of “%(name)s” here.", name=holder.name)
        for name in ("founded_on", "republican_commitment_on"):
            if (day := getattr(form, name)) and day > self.work.now.date():
                errors[name] = say("This day is still to come.")
        if errors:
            raise Invalid(errors)

"""What people do with organisations: register one, change it."""

import re
import unicodedata
from typing import Any

from sqlmodel import col, select

from app.accounts.people import Person
from app.core.messages import Message, say
from app.core.permissions import CARRIER, MemberRole, who_may
from app.core.problems import Invalid, Refused
from app.ledger import service as ledger
from app.organisations.forms import OrganisationForm
from app.organisations.models import Membership, Organisation
from app.organisations.queries import members_of, role_in
from app.unit import Work

TAKEN = say("This organisation is already registered here, as “%(name)s”. Ask its representative to invite you.", name="")
COPIED = ("kind", "name", "acronym", "siret", "rna", "founded_on", "commune", "district", "members", "led_by_diaspora")
ONLY_ASSOCIATIONS = ("siret", "rna")


def register(work: Work, form: OrganisationForm, *, by: Person) -> Organisation:
    """Register an organisation; whoever does it becomes its representative.

    An association that only stands here as somebody's sponsor, without members, is taken over by the first who
    registers it. Raises Invalid at the number that is already taken by an organisation with members.
    """
    waiting = _without_members(work, form)
    _check(work, form, itself=waiting.id if waiting else None)
    organisation = waiting or Organisation(slug=slug_for(work, form.name), created_at=work.now, kind=form.kind, name=form.name)
    _write(work, organisation, form)
    work.db.add(Membership(organisation_id=organisation.id or 0, account_id=by.id, role=MemberRole.REPRESENTATIVE, since=work.now))
    ledger.record(work, "organisation:register", organisation.slug, by=by.id)
    return organisation


def change(work: Work, organisation: Organisation, form: OrganisationForm, *, by: Person) -> None:
    """Correct what is said of an organisation. Its kind stays. Raises Refused for who may not, Invalid at a taken number."""
    check_member(work, organisation, "edit_organisation", by)
    _check(work, form, itself=organisation.id)
    _write(work, organisation, form.model_copy(update={"kind": organisation.kind}))
    ledger.record(work, "organisation:change", organisation.slug, by=by.id)


def check_member(work: Work, organisation: Organisation, permission: str, by: Person) -> None:
    """Raise Refused, naming the roles that could, unless `by` holds a permission inside the organisation."""
    if role_in(work, organisation.id, by) not in CARRIER[permission]:
        raise Refused(not_for(permission))


def not_for(permission: str) -> Message:
    """Why a member's role does not allow something: the roles that do. A button that is missing is explained by the same sentence."""
    return say("Your role in this organisation does not allow this. These roles can do it: %(roles)s.", roles=who_may(permission))


def _check(work: Work, form: OrganisationForm, *, itself: int | None) -> None:
    errors: dict[str, Message] = {}
    if form.kind == "association":
        for name in ONLY_ASSOCIATIONS:
            holder = _holder(work, name, getattr(form, name))
            if holder is not None and holder.id != itself:
                errors[name] = say(TAKEN.text, name=holder.name)
        if form.rna is None and not form.no_rna:
            errors["rna"] = say("Enter the RNA number, or tick the box below if the association is registered in Alsace-Moselle.")
    if form.founded_on and form.founded_on > work.now.date():
        errors["founded_on"] = say("This day is still to come.")
    if form.republican_commitment_on and form.republican_commitment_on > work.now.date():
        errors["republican_commitment_on"] = say("This day is still to come.")
    if form.kind == "collective" and form.sponsor_name and not form.sponsor_siret and _named(work, form.sponsor_name) is None:
        errors["sponsor_siret"] = say("No association of this name is registered here yet. Give its SIRET number, and it will be added.")
    if form.kind == "collective" and form.sponsor_siret and not form.sponsor_name and _holder(work, "siret", form.sponsor_siret) is None:
        errors["sponsor_name"] = say("No association with this SIRET number is registered here yet. Give its name, and it will be added.")
    if errors:
        raise Invalid(errors)


def _write(work: Work, organisation: Organisation, form: OrganisationForm) -> None:
    values: dict[str, Any] = {name: getattr(form, name) for name in COPIED} | {"siren": form.whole_siren}
    if form.kind == "collective":
        values |= dict.fromkeys((*ONLY_ASSOCIATIONS, "siren"), None)
        values["sponsor_id"] = _sponsor(work, form)
    else:
        values["republican_commitment_on"] = form.republican_commitment_on or (work.now.date() if form.signs_commitment else None)
    for name, value in values.items():
        setattr(organisation, name, value)
    work.db.add(organisation)
    work.db.flush()


def _sponsor(work: Work, form: OrganisationForm) -> int | None:
    if not form.sponsor_name and not form.sponsor_siret:
        return None
    known = _holder(work, "siret", form.sponsor_siret) or (None if form.sponsor_siret else _named(work, form.sponsor_name or ""))
    if known is None:
        siret = form.sponsor_siret or ""
        name = form.sponsor_name or siret
        known = Organisation(slug=slug_for(work, name), kind="association", name=name, siret=siret, siren=siret[:9], created_at=work.now)
        work.db.add(known)
        work.db.flush()
    return known.id


def _holder(work: Work, column: str, number: str | None) -> Organisation | None:
    if not number:
        return None
    return work.db.exec(select(Organisation).where(col(getattr(Organisation, column)) == number)).first()


def _named(work: Work, name: str) -> Organisation | None:
    """The only association of this name. Compared here: the databases do not agree on the lower case of É."""
    names = work.db.exec(select(Organisation.id, Organisation.name).where(Organisation.kind == "association")).all()
    same = [number for number, known in names if known.casefold() == name.casefold()]
    return work.db.get(Organisation, same[0]) if len(same) == 1 else None


def _without_members(work: Work, form: OrganisationForm) -> Organisation | None:
    """The association of these numbers that stands here as a sponsor only, and that nobody acts for yet."""
    if form.kind == "collective":
        return None
    known = _holder(work, "siret", form.siret) or _holder(work, "rna", form.rna)
    return known if known is not None and not members_of(work, known.id) else None


def slug_for(work: Work, name: str) -> str:
    """A readable address with a random end, so that it never collides and never counts."""
    bare = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe")).encode("ascii", "ignore").decode()
    return f"{re.sub(r'[^a-z0-9]+', '-', bare).strip('-')[:60].strip('-') or 'organisation'}-{work.code(5)}"

"""What people do with organisations: register one, change it, add and remove members."""

import re
import unicodedata
from typing import Any

from sqlmodel import col, select

from app.accounts.models import Account
from app.accounts.people import Person
from app.core.messages import Message, say
from app.core.permissions import CARRIER, MEMBER_ROLE_LABELS, MemberRole
from app.core.problems import Invalid, Refused
from app.ledger import service as ledger
from app.organisations.forms import MemberForm, OrganisationForm
from app.organisations.models import Membership, Organisation
from app.organisations.queries import members_of, role_in
from app.unit import Work

TAKEN = say("This organisation is already registered here, as “%(name)s”. Ask its representative to add you to its members.", name="")
COPIED = ("kind", "name", "acronym", "siret", "rna", "founded_on", "commune", "district", "members")
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
        able = tuple(MEMBER_ROLE_LABELS[role] for role in MemberRole if role in CARRIER[permission])
        raise Refused(say("Your role in this organisation does not allow this. These roles can do it: %(roles)s.", roles=able))


def add_member(work: Work, organisation: Organisation, form: MemberForm, *, by: Person) -> None:
    """Let somebody with an account act for the organisation. Raises Invalid where no confirmed account has this address."""
    check_member(work, organisation, "edit_organisation", by)
    address = unicodedata.normalize("NFKC", form.email).lower()
    account = work.db.exec(select(Account).where(Account.email == address, col(Account.confirmed_at).is_not(None))).first()
    if account is None or account.id is None:
        raise Invalid({"email": say("No confirmed account has this address. Ask the person to create an account first, then add them.")})
    membership = work.db.get(Membership, (organisation.id, account.id))
    if membership is not None and form.role is not MemberRole.REPRESENTATIVE:
        _keep_a_representative(work, organisation, leaving=account.id, field="role")
    membership = membership or Membership(organisation_id=organisation.id or 0, account_id=account.id, role=form.role, since=work.now)
    membership.role = form.role.value
    work.db.add(membership)
    ledger.record(work, "organisation:add-member", organisation.slug, by=by.id)


def remove_member(work: Work, organisation: Organisation, account_id: int, *, by: Person) -> None:
    """End somebody's membership. Raises Invalid for the last representative: someone must remain who can add others."""
    check_member(work, organisation, "edit_organisation", by)
    membership = work.db.get(Membership, (organisation.id, account_id))
    if membership is None:
        return
    _keep_a_representative(work, organisation, leaving=account_id, field="")
    work.db.delete(membership)
    ledger.record(work, "organisation:remove-member", organisation.slug, by=by.id)


def _keep_a_representative(work: Work, organisation: Organisation, *, leaving: int, field: str) -> None:
    rows = work.db.exec(select(Membership).where(Membership.organisation_id == organisation.id)).all()
    if not any(row.role == MemberRole.REPRESENTATIVE and row.account_id != leaving for row in rows):
        raise Invalid({field: say("Name another legal representative first: an organisation cannot be left without one.")})


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

"""Pages of organisations: registering one, its public page, its members."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from app.accounts.people import Person
from app.core.messages import Message, say
from app.core.permissions import CARRIER, MEMBER_ROLE_LABELS
from app.core.problems import Invalid, Missing, Refused
from app.editions.communes import find_commune, named_commune
from app.editions.queries import current_edition, programme_of
from app.http.answers import form_again, go, page
from app.http.audience import EVERYONE, SIGNED_IN
from app.http.forms import Sent, SentForm
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.organisations import queries, service
from app.organisations.forms import KIND_LABELS, LABELS, MemberForm, OrganisationForm
from app.organisations.models import Organisation
from app.unit import Work

router = APIRouter(include_in_schema=False)

Kind = Literal["association", "collective"]


@router.get("/organisations/new", dependencies=[SIGNED_IN])
def new(request: Request, work: InWork, kind: Annotated[Kind | None, Query()] = None) -> Response:
    if kind is None:
        return page(request, "organisations/choose.html")
    return page(request, "organisations/form.html", values={"kind": kind, **_seat(work)}, **_form(work, None))


@router.post("/organisations", dependencies=[SIGNED_IN])
def create(request: Request, work: InWork, who: Asking, sent: SentForm) -> Response:
    try:
        organisation = service.register(work, _checked(sent), by=_person(who))
    except Invalid as problem:
        return form_again(request, work, "organisations/form.html", problem, values=sent.simple(), **_form(work, None))
    return go(f"/organisations/{organisation.slug}", done="created")


@router.get("/organisations/{slug}", dependencies=[EVERYONE])
def show(request: Request, work: InWork, who: Asking, slug: str) -> Response:
    return page(request, "organisations/show.html", **_shown(work, queries.organisation_by_slug(work, slug), who))


@router.get("/organisations/{slug}/edit", dependencies=[SIGNED_IN])
def edit(request: Request, work: InWork, who: Asking, slug: str) -> Response:
    organisation = _mine(work, slug, who)
    service.check_member(work, organisation, "edit_organisation", _person(who))
    return page(request, "organisations/form.html", values=_values(work, organisation), **_form(work, organisation))


@router.post("/organisations/{slug}", dependencies=[SIGNED_IN])
def change(request: Request, work: InWork, who: Asking, slug: str, sent: SentForm) -> Response:
    organisation = _mine(work, slug, who)
    try:
        service.change(work, organisation, _checked(sent), by=_person(who))
    except Invalid as problem:
        return form_again(request, work, "organisations/form.html", problem, values=sent.simple(), **_form(work, organisation))
    return go(f"/organisations/{slug}", done="saved")


@router.post("/organisations/{slug}/members", dependencies=[SIGNED_IN])
def add_member(request: Request, work: InWork, who: Asking, slug: str, sent: SentForm) -> Response:
    organisation = _mine(work, slug, who)
    try:
        service.add_member(work, organisation, sent.check(MemberForm), by=_person(who))
    except Invalid as problem:
        return form_again(request, work, "organisations/show.html", problem, **_shown(work, organisation, who) | {"values": sent.simple()})
    return go(f"/organisations/{slug}#members", done="saved")


@router.post("/organisations/{slug}/members/{account_id}/removal", dependencies=[SIGNED_IN])
def remove_member(request: Request, work: InWork, who: Asking, slug: str, account_id: int) -> Response:
    organisation = _mine(work, slug, who)
    try:
        service.remove_member(work, organisation, account_id, by=_person(who))
    except Invalid as problem:
        return form_again(request, work, "organisations/show.html", problem, **_shown(work, organisation, who))
    return go(f"/organisations/{slug}#members", done="saved")


def _person(who: Asking) -> Person:
    if who is None:
        raise Refused(say("Sign in to open this page."))
    return who


def _mine(work: Work, slug: str, who: Asking) -> Organisation:
    """An organisation the person acts for. Raises Missing for strangers: what cannot be changed has no such page."""
    organisation = queries.organisation_by_slug(work, slug)
    if queries.role_in(work, organisation.id, who) is None:
        raise Missing(say("There is no organisation at this address, or you do not act for it."))
    return organisation


def _seat(work: Work) -> dict[str, str]:
    edition = current_edition(work)
    return {"commune": _commune_name(programme_of(work, edition).commune)} if edition else {}


def _commune_name(code: str | None) -> str:
    """The commune as it is typed: its name, or its code where others have the same name or the table does not know it."""
    commune = find_commune(code or "")
    try:
        return named_commune(commune.name).name if commune else code or ""
    except Invalid:
        return code or ""


def _checked(sent: Sent) -> OrganisationForm:
    """The form, its commune typed by name or by code. Raises Invalid with every fault at once."""
    errors: dict[str, Message] = {}
    code = sent.get("commune").strip()
    try:
        code = named_commune(code).code if code else ""
    except Invalid as problem:
        errors, code = dict(problem.errors), ""
    try:
        form = sent.check(OrganisationForm, ignore=("commune",), commune=code)
    except Invalid as problem:
        raise Invalid({**problem.errors, **errors}) from None
    if errors:
        raise Invalid(errors)
    return form


def _form(work: Work, organisation: Organisation | None) -> dict[str, Any]:
    edition = current_edition(work)
    districts = [(district.key, district.label) for district in edition.districts] if edition else []
    return {"organisation": organisation, "labels": LABELS, "districts": districts}


def _values(work: Work, organisation: Organisation) -> dict[str, Any]:
    sponsor = queries.sponsor_of(work, organisation)
    blank = {"no_rna": "yes" if organisation.rna is None else "", "signs_commitment": ""}
    return organisation.model_dump() | blank | {
        "commune": _commune_name(organisation.commune),
        "sponsor_name": sponsor.name if sponsor else "", "sponsor_siret": sponsor.siret if sponsor else "",
    }


def _shown(work: Work, organisation: Organisation, who: Asking) -> dict[str, Any]:
    role = queries.role_in(work, organisation.id, who)
    return {
        "organisation": organisation, "sponsor": queries.sponsor_of(work, organisation), "kind": KIND_LABELS[organisation.kind],
        "commune": find_commune(organisation.commune) if organisation.commune else None,
        "role": role, "roles": MEMBER_ROLE_LABELS, "may_edit": role is not None and role in CARRIER["edit_organisation"],
        "members": queries.members_of(work, organisation.id) if role is not None else [],
    }

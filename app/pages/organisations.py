"""Pages of organisations: registering one, changing it, its public page."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from app.core.messages import Message
from app.core.problems import Invalid
from app.editions.communes import find_commune, named_commune
from app.editions.queries import current_edition, programme_of
from app.http.answers import form_again, go, page
from app.http.audience import EVERYONE, SIGNED_IN
from app.http.forms import Sent, SentForm
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.organisations import queries, service
from app.organisations.forms import KIND_LABELS, LABELS, OrganisationForm
from app.organisations.models import Organisation
from app.pages.members_only import known, mine
from app.proposals.by_carrier import collectives_of, fates_of
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
        organisation = service.register(work, _checked(sent), by=known(who))
    except Invalid as problem:
        return form_again(request, work, "organisations/form.html", problem, values=sent.simple(), **_form(work, None))
    return go(f"/organisations/{organisation.slug}/desk", done="created")


@router.get("/organisations/{slug}", dependencies=[EVERYONE])
def show(request: Request, work: InWork, who: Asking, slug: str) -> Response:
    return page(request, "organisations/show.html", **_shown(work, queries.organisation_by_slug(work, slug), who))


@router.get("/organisations/{slug}/edit", dependencies=[SIGNED_IN])
def edit(request: Request, work: InWork, who: Asking, slug: str) -> Response:
    organisation = mine(work, slug, who)
    service.check_member(work, organisation, "edit_organisation", known(who))
    return page(request, "organisations/form.html", values=_values(work, organisation), **_form(work, organisation))


@router.post("/organisations/{slug}", dependencies=[SIGNED_IN])
def change(request: Request, work: InWork, who: Asking, slug: str, sent: SentForm) -> Response:
    organisation = mine(work, slug, who)
    try:
        service.change(work, organisation, _checked(sent), by=known(who))
    except Invalid as problem:
        return form_again(request, work, "organisations/form.html", problem, values=sent.simple(), **_form(work, organisation))
    return go(f"/organisations/{slug}/desk", done="saved")


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
    blank["led_by_diaspora"] = {True: "yes", False: "no", None: ""}[organisation.led_by_diaspora]
    return organisation.model_dump() | blank | {
        "commune": _commune_name(organisation.commune),
        "sponsor_name": sponsor.name if sponsor else "", "sponsor_siret": sponsor.siret if sponsor else "",
    }


def _shown(work: Work, organisation: Organisation, who: Asking) -> dict[str, Any]:
    association = organisation.kind == "association"
    return {
        "organisation": organisation, "sponsor": queries.sponsor_of(work, organisation), "kind": KIND_LABELS[organisation.kind],
        "commune": find_commune(organisation.commune) if organisation.commune else None,
        "role": queries.role_in(work, organisation.id, who), "projects": fates_of(work, organisation),
        "collectives": collectives_of(work, organisation) if association else [],
    }

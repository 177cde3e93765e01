"""Programmes of the city, and the start of a new edition."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.problems import Invalid
from app.editions import queries, service
from app.editions.communes import find_commune, search_communes
from app.editions.forms.programme import ZONES, EditionForm, ProgrammeEdit, ProgrammeForm
from app.editions.models import Programme
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.unit_of_work import InWork
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official
from app.unit import Work

router = APIRouter(include_in_schema=False)
SEARCH = ("commune_search", "action")


@router.get("/staff/programmes", dependencies=[staff("see_back_office")])
def index(request: Request, work: InWork, who: Official) -> Response:
    editions = queries.listed_editions(work, drafts=True)
    return staff_page(request, "staff/programmes/index.html", programmes=queries.programmes(work), editions=editions)


@router.get("/staff/programmes/new", dependencies=[staff("edit_programme")])
def new(request: Request, work: InWork, who: Official) -> Response:
    return _form(request, None, {"zone": "Europe/Paris"})


@router.post("/staff/programmes", dependencies=[staff("edit_programme")])
def create(request: Request, work: InWork, who: Official, sent: SentForm) -> Response:
    if sent.get("action") == "find":
        return _form(request, None, sent.simple())
    try:
        programme = service.create_programme(work, sent.check(ProgrammeForm, ignore=SEARCH), by=who)
    except Invalid as problem:
        work.db.rollback()
        return _form(request, None, sent.simple(), status=422, errors=problem.errors)
    return go(f"/staff/programmes/{programme.slug}", done="created")


@router.get("/staff/programmes/{slug}", dependencies=[staff("edit_programme")])
def show(request: Request, work: InWork, who: Official, slug: str) -> Response:
    programme = queries.find_programme(work, slug)
    return _form(request, programme, _values(programme))


@router.post("/staff/programmes/{slug}", dependencies=[staff("edit_programme")])
def save(request: Request, work: InWork, who: Official, slug: str, sent: SentForm) -> Response:
    programme = queries.find_programme(work, slug)
    if sent.get("action") == "find":
        return _form(request, programme, sent.simple())
    try:
        service.edit_programme(work, programme, sent.check(ProgrammeEdit, ignore=SEARCH), by=who)
    except Invalid as problem:
        work.db.rollback()
        return _form(request, programme, sent.simple(), status=422, errors=problem.errors)
    return go(f"/staff/programmes/{slug}", done="saved")


@router.get("/staff/programmes/{slug}/editions/new", dependencies=[staff("edit_edition")])
def new_edition(request: Request, work: InWork, who: Official, slug: str) -> Response:
    return _edition_form(request, work, queries.find_programme(work, slug), {"start": "preset"})


@router.post("/staff/programmes/{slug}/editions", dependencies=[staff("edit_edition")])
def create_edition(request: Request, work: InWork, who: Official, slug: str, sent: SentForm) -> Response:
    programme = queries.find_programme(work, slug)
    try:
        edition = service.create_edition(work, programme, sent.check(EditionForm), by=who)
    except Invalid as problem:
        work.db.rollback()
        return _edition_form(request, work, programme, sent.simple(), status=422, errors=problem.errors)
    return go(f"/staff/editions/{edition.slug}", done="created")


def _form(request: Request, programme: Programme | None, values: dict[str, Any], **more: Any) -> Response:
    """The form of a programme: the communes found, and the one chosen before, as radios."""
    chosen = find_commune(str(values.get("commune", "")))
    found = search_communes(str(values.get("commune_search", "")), limit=12)
    communes = [*([chosen] if chosen and chosen not in found else []), *found]
    context = {"programme": programme, "communes": communes, "zones": ZONES, "values": values, **more}
    return staff_page(request, "staff/programmes/form.html", **context)


def _edition_form(request: Request, work: Work, programme: Programme, values: dict[str, Any], **more: Any) -> Response:
    earlier = [listed.edition for listed in queries.listed_editions(work, drafts=True) if listed.programme.id == programme.id]
    context = {"programme": programme, "earlier": earlier, "values": values, **more}
    return staff_page(request, "staff/programmes/new_edition.html", **context)


def _values(programme: Programme) -> dict[str, str]:
    written = (("name", programme.name), ("tagline", programme.tagline))
    texts = {f"{name}_{code}": text.get(code, "") for name, text in written for code in ("fr", "en")}
    return texts | {"operator": programme.operator, "commune": programme.commune, "zone": programme.zone}



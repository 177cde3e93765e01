"""The envelope of an edition: terms, floor and cap, split; every button works without a script and shows the result before saving."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.envelope import Envelope
from app.core.problems import Invalid
from app.editions import queries, service
from app.editions.communes import search_communes
from app.editions.forms import envelope as forms
from app.editions.forms.envelope import Sheet, press, read_envelope, sheet_of
from app.editions.forms.labels import TERM_LABELS
from app.editions.forms.rules import NOT_EXPECTED
from app.editions.models import Edition
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.unit_of_work import InWork
from app.pages.staff.edition_parts import SEALS, Official, change_of, load, part_page, tried
from app.unit import Work

router = APIRouter(include_in_schema=False)


@router.get("/staff/editions/{slug}/envelope", dependencies=[staff("edit_edition")])
def envelope(request: Request, work: InWork, who: Official, slug: str) -> Response:
    edition = load(work, slug)
    return _page(request, work, edition, sheet_of(edition.envelope, queries.programme_of(work, edition).commune))


@router.post("/staff/editions/{slug}/envelope", dependencies=[staff("edit_edition")])
def save(request: Request, work: InWork, who: Official, slug: str, sent: SentForm) -> Response:
    edition, sheet, action = load(work, slug), _sheet(sent), sent.get("action", "save")
    programme = queries.programme_of(work, edition)

    def again(**more: Any) -> Response:
        return _page(request, work, load(work, slug), sheet, sent=sent, **more)

    if action != "save":
        try:
            sheet = press(sheet, action, commune=programme.commune, themes=edition.themes, districts=edition.districts)
            faults = _faults(sheet, programme.currency) if action == "preview" else {}
        except Invalid as problem:
            faults = {"status": problem.status, "errors": problem.errors}
        return again(found=_found(sheet, action), **faults)

    def act() -> None:
        service.save_envelope(work, edition, read_envelope(sheet, programme.currency), change_of(sent), by=who)

    return tried(work, act, f"/staff/editions/{slug}", again)


def _sheet(sent: Sent) -> Sheet:
    """The sheet as sent. Raises Invalid for a field this page does not have."""
    known = {"terms": forms.TERM_FIELDS, "parts": forms.PART_FIELDS, "keys": forms.KEY_FIELDS}
    for name in sent.values:
        group, _, rest = name.partition("-")
        if name not in (*SEALS, *forms.SETTINGS) and rest.partition("-")[2] not in known.get(group, ()):
            raise Invalid({name: NOT_EXPECTED})
    return Sheet(
        terms=tuple(sent.rows("terms", forms.TERM_FIELDS)),
        parts=tuple(sent.rows("parts", forms.PART_FIELDS)),
        keys=tuple(sent.rows("keys", forms.KEY_FIELDS)),
        settings={name: sent.get(name) for name in forms.SETTINGS},
    )


def _page(request: Request, work: Work, edition: Edition, sheet: Sheet, **more: Any) -> Response:
    drawn = {kind: forms.drawn_term(kind) for kind in forms.TERMS}
    context = {"found": {}, "errors": {}} | more
    return part_page(
        request, work, edition, "envelope", sheet=sheet, drawn=drawn, kinds=list(TERM_LABELS.items()), splits=forms.SPLITS,
        preview=_computed(sheet), **context,
    )  # fmt: skip


def _computed(sheet: Sheet) -> Envelope | None:
    try:
        return read_envelope(sheet)
    except Invalid:
        return None


def _faults(sheet: Sheet, currency: str) -> dict[str, Any]:
    read_envelope(sheet, currency)
    return {"previewed": True}


def _found(sheet: Sheet, action: str) -> dict[int, Any]:
    """The communes found for the row whose search button was pressed."""
    verb, _, row = action.partition(":")
    if verb != "find" or not row.isdigit() or int(row) >= len(sheet.terms):
        return {}
    return {int(row): search_communes(sheet.terms[int(row)].get("search", ""), limit=10)}

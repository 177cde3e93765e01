"""The whole file on paper: a tagged PDF, and the same as a page to print where no PDF can be made."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app import printing
from app.accounts.people import Person
from app.core.eligibility import Section
from app.core.lifecycle import STATES, State
from app.core.problems import Conflict
from app.editions.communes import find_commune
from app.http.answers import page
from app.http.audience import SIGNED_IN
from app.http.identity import Asking
from app.http.language import language_of
from app.http.looks import shown_look
from app.http.unit_of_work import InWork
from app.organisations.forms import KIND_LABELS
from app.pages import file_views as views
from app.proposals import queries, service
from app.proposals.documents import kinds_of
from app.proposals.partner_forms import OWN_NAMES
from app.proposals.partner_queries import standing_of
from app.proposals.sections import PAGES
from app.rendering import render
from app.review.sheet import account_of, sheet_of
from app.settings import settings
from app.unit import Work

router = APIRouter(include_in_schema=False)
TEMPLATE = "print/file.html"


@router.get("/files/{public_id}/file.pdf", dependencies=[SIGNED_IN])
def as_pdf(request: Request, work: InWork, who: Asking, public_id: str) -> Response:
    values = _values(request, work, public_id, who)
    try:
        made = printing.pdf(TEMPLATE, values, language=language_of(request), zone=values["zone"])
    except Conflict as problem:
        paper = f"/files/{public_id}/file.html"
        return page(request, "files/no_pdf.html", status=problem.status, message=problem.message, paper=paper, public_id=public_id)
    name = f"{values['p'].number or 'draft'}-{public_id}.pdf"
    return Response(made, media_type="application/pdf", headers=_headers(f'attachment; filename="{name}"'))


@router.get("/files/{public_id}/file.html", dependencies=[SIGNED_IN])
def as_page(request: Request, work: InWork, who: Asking, public_id: str) -> Response:
    values = _values(request, work, public_id, who)
    html = render(TEMPLATE, values, language=language_of(request), zone=values["zone"])
    return Response(html, media_type="text/html; charset=utf-8", headers={"Cache-Control": "no-store"})


def _headers(disposition: str) -> dict[str, str]:
    sandbox = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
    return {"Content-Disposition": disposition, "Cache-Control": "no-store", **sandbox}


def _values(request: Request, work: Work, public_id: str, who: Person | None) -> dict[str, Any]:
    """All that the paper says, read in a fixed number of statements. Raises Missing for whoever may not read the file."""
    proposal = queries.file_to_read(work, public_id, who)
    sheet, standing = sheet_of(work, proposal), standing_of(work, proposal)
    pages = [
        {"title": one.title, "section": one.section.value, "rows": _rows(work, one.section, sheet.edition, proposal)}
        for one in PAGES if one.form and one.section is not Section.BUDGET
    ]  # fmt: skip
    kinds = kinds_of(sheet.edition)
    return {
        "site_name": shown_look(request).name,
        "p": proposal, "title": views.title_of(proposal), "sheet": sheet, "edition": sheet.edition, "carrier": sheet.carrier,
        "sponsor": sheet.sponsor, "kind": KIND_LABELS.get(sheet.carrier.kind, sheet.carrier.kind),
        "state": STATES[State(proposal.state)].label,
        "seat": find_commune(sheet.carrier.commune) if sheet.carrier.commune else None, "pages": pages, "account_of": account_of,
        "documents": [(kinds.get(one.kind, one.kind), one) for one in sheet.documents],
        "standing": standing, "answer": standing.answer, "own_names": OWN_NAMES, "zone": sheet.programme.zone, "now": work.now,
        "steps": [(step.at, STATES[State(step.target)].label, step.reason) for step in queries.history(work, proposal)],
        "permanent": f"{settings().base_url}/projects/{proposal.public_id}",
    }  # fmt: skip


def _rows(work: Work, section: Section, edition: Any, proposal: Any) -> list[tuple[Any, Any]]:
    return views.labelled(service.answers(work, proposal, section), edition)

"""What the rules of a vote look at of each project beside its file: district, site, words, the least partial grant."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.messages import Localised, Message, say
from app.core.problems import Invalid
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official, load
from app.polls.marking import MarkRow, MarksForm, mark, marks_of
from app.polls.queries import ballot_projects
from app.unit import Work

router = APIRouter(include_in_schema=False)
FIELDS = tuple(MarkRow.model_fields)
LABELS: Mapping[str, Message] = {
    "district": say("District"), "site": say("Site"), "scope": say("Part of the ballot"), "tags": say("Marks"),
    "least": say("Least that its carrier accepts"),
}  # fmt: skip


@router.get("/staff/editions/{slug}/poll/projects", dependencies=[staff("set_up_poll")])
def show(request: Request, work: InWork, slug: Address) -> Response:
    """The projects on the ballot with what is entered of each."""
    edition = load(work, slug)
    kept = marks_of(work, edition)
    rows = [
        {
            "number": one.number, "scope": found.scope, "district": found.district, "site": found.site, "tags": ", ".join(found.tags),
            "least": "" if found.least_cents is None else f"{found.least_cents / 100:.2f}",
        } if (found := kept.get(one.number)) else {"number": one.number}
        for one in ballot_projects(work, edition)
    ]  # fmt: skip
    return _page(request, work, edition, rows)


@router.post("/staff/editions/{slug}/poll/projects", dependencies=[staff("set_up_poll")])
def save(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Keep what was entered."""
    edition, rows = load(work, slug), sent.rows("marks", FIELDS)
    try:
        mark(work, edition, sent.check(MarksForm, marks=rows), by=who)
    except Invalid as problem:
        work.db.rollback()
        return _page(request, work, load(work, slug), rows, errors=problem.errors, status=problem.status)
    return go(f"/staff/editions/{slug}/poll/projects", done="saved")


def _page(request: Request, work: Work, edition: Edition, rows: list[Any], **more: Any) -> Response:
    programme = programme_of(work, edition)
    titles = {str(one.number): one for one in ballot_projects(work, edition)}
    named = {f"marks-{place}-{name}": label for place in range(len(rows)) for name, label in LABELS.items()}
    return staff_page(
        request, "staff/polls/projects.html", zone=programme.zone, currency=programme.currency, edition=edition, rows=rows, titles=titles,
        labels=LABELS, named=named, districts=[(one.key, Localised(one.label)) for one in edition.districts], **{"errors": {}} | more,
    )  # fmt: skip

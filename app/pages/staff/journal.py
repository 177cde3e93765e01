"""The journal: what was done on this site, by whom and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.accounts.queries import names
from app.core.messages import Message
from app.core.permissions import ROLE_LABELS, Role
from app.http.audience import staff
from app.http.unit_of_work import InWork
from app.ledger import queries
from app.ledger.models import Entry
from app.pages.staff import staff_page
from app.unit import Work

Number = Annotated[int, Query(ge=1, le=100_000)]
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Line:
    """One act, as the page shows it."""

    at: datetime
    what: Message | str
    text: Message | str
    subject: str
    who: str


@router.get("/staff/journal", dependencies=[staff("see_journal")])
def journal(request: Request, work: InWork, about: queries.About | None = None, page: Number = 1) -> Response:
    entries, pages = queries.entries(work, about=about, page=page)
    shown = {"rows": _lines(work, entries), "page": min(page, pages), "pages": pages, "about": about, "kinds": queries.ABOUT_LABELS}
    return staff_page(request, "staff/journal/list.html", **shown)


def _lines(work: Work, entries: list[Entry]) -> list[Line]:
    """The acts with the names of people: two statements for a whole page of them."""
    known = names(work, {number for entry in entries for number in (entry.by_id, queries.account_in(entry)) if number})
    return [_line(entry, known) for entry in entries]


def _line(entry: Entry, known: dict[int, str]) -> Line:
    subject = known.get(queries.account_in(entry) or 0, entry.subject)
    return Line(entry.at, queries.label_of(entry.event), _text(entry), subject, known.get(entry.by_id or 0, ""))


def _text(entry: Entry) -> Message | str:
    """What was written with the act; a role by its name."""
    about_role = entry.event.startswith("account:") and entry.text in set(Role)
    return ROLE_LABELS[Role(entry.text)] if about_role else entry.text

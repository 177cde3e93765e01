"""The calendar of an edition: eleven phases, typed in the city's own time, said back in words before anything is saved."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.calendar import PHASE_LABELS, Calendar, PhaseKind
from app.core.problems import Invalid
from app.editions import queries, service
from app.editions.forms.calendar import asked_twice, read_calendar, typed_of
from app.editions.models import Edition
from app.editions.spoken import ordered, spoken
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.unit_of_work import InWork
from app.pages.staff.edition_parts import Official, change_of, load, own_values, part_page, tried
from app.unit import Work

router = APIRouter(include_in_schema=False)


@router.get("/staff/editions/{slug}/calendar", dependencies=[staff("edit_edition")])
def calendar(request: Request, work: InWork, who: Official, slug: str) -> Response:
    edition = load(work, slug)
    current = queries.calendar_of(work, edition)
    return _page(request, work, edition, typed_of(current), said=current)


@router.post("/staff/editions/{slug}/calendar", dependencies=[staff("edit_edition")])
def save(request: Request, work: InWork, who: Official, slug: str, sent: SentForm) -> Response:
    edition, typed = load(work, slug), own_values(sent)
    zone = queries.programme_of(work, edition).zone

    def again(**more: Any) -> Response:
        fresh = load(work, slug)
        return _page(request, work, fresh, typed, sent=sent, said=_said(typed, zone), saved=queries.calendar_of(work, fresh), **more)

    if sent.get("action") == "preview":
        return again(**_faults(typed, zone))

    def act() -> None:
        service.save_calendar(work, edition, read_calendar(typed, zone), change_of(sent), by=who)

    return tried(work, act, f"/staff/editions/{slug}", again)


def _page(request: Request, work: Work, edition: Edition, typed: dict[str, Any], *, said: Calendar | None, **more: Any) -> Response:
    zone = queries.programme_of(work, edition).zone
    kinds = [(kind.value, PHASE_LABELS[kind]) for kind in PhaseKind]
    return part_page(
        request, work, edition, "calendar", values=typed, kinds=kinds, twice=asked_twice(typed, zone), words=_words(said), zone_name=zone,
        **({"saved": None} | more | ({"saved": _words(more["saved"])} if more.get("saved") else {})),
    )  # fmt: skip


def _words(calendar: Calendar | None) -> list[tuple[Any, Any]]:
    return [(PHASE_LABELS[window.kind], spoken(window, calendar.zone, full=True)) for window in ordered(calendar)] if calendar else []


def _said(typed: dict[str, Any], zone: str) -> Calendar | None:
    try:
        return read_calendar(typed, zone)
    except Invalid:
        return None


def _faults(typed: dict[str, Any], zone: str) -> dict[str, Any]:
    try:
        read_calendar(typed, zone)
    except Invalid as problem:
        return {"status": problem.status, "errors": problem.errors}
    return {"previewed": True}

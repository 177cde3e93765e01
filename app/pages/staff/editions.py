"""An edition's overview and publication, its texts and its lists; calendar, envelope and rules have modules of their own."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.accounts.people import Person
from app.core.calendar import Calendar
from app.core.messages import Message, say, say_count
from app.core.permissions import refusal
from app.editions import queries, service
from app.editions.forms.programme import ListsForm, Publish, TextsForm, lines_of
from app.editions.models import Edition
from app.editions.spoken import PART_NAMES, steps
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.unit_of_work import InWork
from app.pages.staff import edition_calendar, edition_envelope, edition_review, edition_rules
from app.pages.staff.edition_parts import Official, load, own_values, part_page, tried
from app.unit import Work

router = APIRouter(include_in_schema=False)
for room in (edition_calendar, edition_envelope, edition_rules, edition_review):
    router.include_router(room.router)


@router.get("/staff/editions/{slug}", dependencies=[staff("see_back_office")])
def overview(request: Request, work: InWork, who: Official, slug: str) -> Response:
    return _overview(request, work, load(work, slug), who)


@router.post("/staff/editions/{slug}/publication", dependencies=[staff("publish_edition")])
def publish(request: Request, work: InWork, who: Official, slug: str, sent: SentForm) -> Response:
    edition = load(work, slug)

    def again(**more: Any) -> Response:
        return _overview(request, work, load(work, slug), who, **more)

    answer = tried(work, lambda: service.publish(work, edition, sent.check(Publish), by=who), f"/staff/editions/{slug}", again)
    return go(f"/staff/editions/{slug}", done="published") if answer.status_code == 303 else answer


@router.get("/staff/editions/{slug}/texts", dependencies=[staff("edit_edition")])
def texts(request: Request, work: InWork, who: Official, slug: str) -> Response:
    edition = load(work, slug)
    return part_page(request, work, edition, "texts", values=_texts_of(edition))


@router.post("/staff/editions/{slug}/texts", dependencies=[staff("edit_edition")])
def save_texts(request: Request, work: InWork, who: Official, slug: str, sent: SentForm) -> Response:
    edition = load(work, slug)

    def again(**more: Any) -> Response:
        fresh = load(work, slug)
        return part_page(request, work, fresh, "texts", sent=sent, values=own_values(sent), saved=_texts_of(fresh), **more)

    return tried(work, lambda: service.save_texts(work, edition, sent.check(TextsForm), by=who), f"/staff/editions/{slug}", again)


@router.get("/staff/editions/{slug}/lists", dependencies=[staff("edit_edition")])
def lists(request: Request, work: InWork, who: Official, slug: str) -> Response:
    edition = load(work, slug)
    return part_page(request, work, edition, "lists", values=_lists_of(edition))


@router.post("/staff/editions/{slug}/lists", dependencies=[staff("edit_edition")])
def save_lists(request: Request, work: InWork, who: Official, slug: str, sent: SentForm) -> Response:
    edition = load(work, slug)

    def again(**more: Any) -> Response:
        fresh = load(work, slug)
        return part_page(request, work, fresh, "lists", sent=sent, values=own_values(sent), saved=_lists_of(fresh), **more)

    return tried(work, lambda: service.save_lists(work, edition, sent.check(ListsForm), by=who), f"/staff/editions/{slug}", again)


def _overview(request: Request, work: Work, edition: Edition, who: Person, **more: Any) -> Response:
    calendar = queries.calendar_of(work, edition)
    missing = service.missing_parts(edition, calendar)
    return part_page(
        request, work, edition, "overview", missing=missing, tasks=_tasks(edition, calendar, missing), may_edit=who.may("edit_edition"),
        phases=steps(calendar, work.now),
        changes=queries.changes_of(work, edition), part_names=PART_NAMES, cannot_publish=refusal(who.roles, "publish_edition"), **more,
    )  # fmt: skip


def _tasks(edition: Edition, calendar: Calendar, missing: dict[str, Message]) -> list[dict[str, Any]]:
    """The parts as a task list: what each holds, or what it lacks."""
    envelope = edition.envelope
    held: dict[str, Any] = {
        "texts": edition.name,
        "calendar": say_count("%(count)d phase", "%(count)d phases", len(calendar.windows)),
        "envelope": say("%(amount)s", amount=envelope.amount()) if envelope else None,
        "rules": say_count("%(count)d rule", "%(count)d rules", len(edition.rulebook.rules)),
        "lists": say_count("%(count)d theme", "%(count)d themes", len(edition.themes)),
        "review": say("With a review step") if edition.review_step else say("Admissible files go straight on the ballot"),
    }
    return [
        {
            "url": f"/staff/editions/{edition.slug}/{part}",
            "title": name,
            "hint": missing.get(part) or held[part],
            "status": say("To complete") if part in missing else say("Ready"),
            "kind": "warn" if part in missing else "ok",
        }
        for part, name in PART_NAMES.items()
    ]


def _texts_of(edition: Edition) -> dict[str, str]:
    texts = (("name", edition.name), ("introduction", edition.introduction))
    return {f"{name}_{code}": text.get(code, "") for name, text in texts for code in ("fr", "en")}


def _lists_of(edition: Edition) -> dict[str, str]:
    return {"themes": lines_of(edition.themes), "districts": lines_of(edition.districts), "redirects": lines_of(edition.redirects)}

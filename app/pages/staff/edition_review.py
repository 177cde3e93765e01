"""How an edition judges its files: the checklist in the officer's words, the review step, and when decisions are shown."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.calendar import read_instant, show_instant
from app.core.messages import say
from app.core.problems import Invalid
from app.editions.models import Edition
from app.editions.queries import listed_editions, programme_of
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.unit_of_work import InWork
from app.pages.staff.edition_parts import Official, change_of, load, own_values, part_page, tried
from app.review import checklist, publication
from app.unit import Work

router = APIRouter(include_in_schema=False)


@router.get("/staff/editions/{slug}/review", dependencies=[staff("edit_edition")])
def settings(request: Request, work: InWork, who: Official, slug: str) -> Response:
    """The settings of the review."""
    edition = load(work, slug)
    return part_page(request, work, edition, "review", values=_values(work, edition))


@router.post("/staff/editions/{slug}/review", dependencies=[staff("edit_edition")])
def save(request: Request, work: InWork, who: Official, slug: str, sent: SentForm) -> Response:
    """Save the settings of the review."""
    edition = load(work, slug)

    def again(**more: Any) -> Response:
        fresh = load(work, slug)
        return part_page(request, work, fresh, "review", sent=sent, values=own_values(sent), saved=_values(work, fresh), **more)

    def act() -> None:
        instant = _instant(sent, programme_of(work, edition).zone)
        step = sent.get("review_step") == "yes"
        publication.set_up(work, edition, change_of(sent), review_step=step, decisions_at=instant, by=who)

    return tried(work, act, f"/staff/editions/{slug}/review", again)


@router.get("/staff/editions/{slug}/checklist", dependencies=[staff("edit_edition")])
def show_checklist(request: Request, work: InWork, who: Official, slug: str) -> Response:
    """The checklist."""
    return _checklist(request, work, load(work, slug))


@router.post("/staff/editions/{slug}/checklist", dependencies=[staff("edit_edition")])
def save_checklist(request: Request, work: InWork, who: Official, slug: str, sent: SentForm) -> Response:
    """Save the words and the order of the checklist."""
    edition, typed = load(work, slug), own_values(sent)

    def again(**more: Any) -> Response:
        return _checklist(request, work, load(work, slug), sent=sent, typed=typed, **more)

    def act() -> None:
        checklist.save_rules(work, edition, checklist.reworded(edition.rulebook, typed), change_of(sent), by=who)

    return tried(work, act, f"/staff/editions/{slug}/checklist", again)


@router.post("/staff/editions/{slug}/checklist/copy", dependencies=[staff("edit_edition")])
def copy(request: Request, work: InWork, who: Official, slug: str, sent: SentForm) -> Response:
    """Take over the rules of another edition that this one lacks."""
    edition = load(work, slug)

    def again(**more: Any) -> Response:
        return _checklist(request, work, load(work, slug), sent=sent, **more)

    def act() -> None:
        rules = checklist.with_rules_of(work, edition, sent.get("source"))
        checklist.save_rules(work, edition, rules, change_of(sent), by=who)

    return tried(work, act, f"/staff/editions/{slug}/checklist", again)


def _checklist(request: Request, work: Work, edition: Edition, *, typed: dict[str, Any] | None = None, **more: Any) -> Response:
    others = [one.edition for one in listed_editions(work, drafts=True) if one.edition.id != edition.id and one.edition.rulebook.rules]
    rules = edition.rulebook.rules
    named = {f"{part}-{rule.key}": rule.public_wording for rule in rules for part in (*checklist.WORDS, "place")}
    return part_page(
        request, work, edition, "checklist", items=[checklist.Item.of(rule) for rule in rules], named=named, typed=typed, others=others,
        fixed=checklist.are_fixed(work, edition), **more,
    )  # fmt: skip


def _values(work: Work, edition: Edition) -> dict[str, Any]:
    at = edition.decisions_at
    day, clock = show_instant(at, programme_of(work, edition).zone, end=False) if at else ("", "")
    return {"review_step": "yes" if edition.review_step else "no", "when": "later" if at else "at_once", "day": day, "clock": clock}


def _instant(sent: Sent, zone: str) -> datetime | None:
    """The instant typed, None where decisions are shown at once. Raises Invalid."""
    if sent.get("when") == "at_once":
        return None
    if sent.get("when") != "later":
        raise Invalid({"when": say("Choose one of the answers offered.")})
    try:
        return read_instant(sent.get("day"), sent.get("clock"), zone, end=False, fold="1")
    except Invalid as problem:
        raise Invalid({"day": problem.message}) from None

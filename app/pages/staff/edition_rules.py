"""The rules of an edition: the list with its plain sentences, and one form for every kind, drawn from its fields."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.editions import queries
from app.editions.forms import rules as forms
from app.editions.forms.labels import RULE_LABELS
from app.editions.models import Edition
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.unit_of_work import InWork
from app.pages.staff.edition_parts import Official, change_of, load, own_values, part_page, tried
from app.review import checklist
from app.unit import Work

router = APIRouter(include_in_schema=False)


@router.get("/staff/editions/{slug}/rules", dependencies=[staff("edit_edition")])
def index(request: Request, work: InWork, who: Official, slug: str) -> Response:
    return _list(request, work, load(work, slug))


@router.get("/staff/editions/{slug}/rules/new", dependencies=[staff("edit_edition")])
def new(request: Request, work: InWork, who: Official, slug: str, kind: str = "") -> Response:
    edition = load(work, slug)
    drawn = forms.drawn_rule(kind, edition, new=True)
    return _form(request, work, edition, kind, drawn, forms.fresh(kind, edition))


@router.post("/staff/editions/{slug}/rules", dependencies=[staff("edit_edition")])
def create(request: Request, work: InWork, who: Official, slug: str, sent: SentForm) -> Response:
    edition, kind = load(work, slug), sent.get("kind")
    drawn = forms.drawn_rule(kind, edition, new=True)
    typed = _typed(sent, drawn)

    def again(**more: Any) -> Response:
        return _form(request, work, load(work, slug), kind, drawn, typed, sent=sent, **more)

    def act() -> None:
        change = change_of(sent)
        rulebook = forms.with_rule(edition.rulebook, forms.read_rule(kind, typed, edition), typed.get("position", ""))
        checklist.save_rules(work, edition, rulebook, change, by=who)

    return tried(work, act, f"/staff/editions/{slug}/rules", again)


@router.get("/staff/editions/{slug}/rules/{key}", dependencies=[staff("edit_edition")])
def show(request: Request, work: InWork, who: Official, slug: str, key: str) -> Response:
    edition = load(work, slug)
    rule = forms.find_rule(edition.rulebook, key)
    drawn = forms.drawn_rule(rule.kind, edition, new=False)
    return _form(request, work, edition, rule.kind, drawn, forms.shown(rule, edition), key=key)


@router.post("/staff/editions/{slug}/rules/{key}", dependencies=[staff("edit_edition")])
def save(request: Request, work: InWork, who: Official, slug: str, key: str, sent: SentForm) -> Response:
    edition, kind = load(work, slug), sent.get("kind")  # the kind is sent too: the rule may have been removed meanwhile
    drawn = forms.drawn_rule(kind, edition, new=False)
    typed = _typed(sent, drawn)

    def again(**more: Any) -> Response:
        return _form(request, work, load(work, slug), kind, drawn, typed, key=key, sent=sent, **more)

    def act() -> None:
        change = change_of(sent)
        rulebook = forms.with_rule(edition.rulebook, forms.read_rule(kind, typed, edition, key=key), typed.get("position", ""))
        checklist.save_rules(work, edition, rulebook, change, by=who)

    return tried(work, act, f"/staff/editions/{slug}/rules", again)


@router.post("/staff/editions/{slug}/rules/{key}/removal", dependencies=[staff("edit_edition")])
def remove(request: Request, work: InWork, who: Official, slug: str, key: str, sent: SentForm) -> Response:
    edition = load(work, slug)
    rule = forms.find_rule(edition.rulebook, key)

    def again(**more: Any) -> Response:
        fresh = load(work, slug)
        drawn = forms.drawn_rule(rule.kind, fresh, new=False)
        return _form(request, work, fresh, rule.kind, drawn, forms.shown(rule, edition), key=key, sent=sent, **more)

    less = forms.without_rule(edition.rulebook, key)
    return tried(work, lambda: checklist.save_rules(work, edition, less, change_of(sent), by=who), f"/staff/editions/{slug}/rules", again)


@router.post("/staff/editions/{slug}/rules/{key}/place", dependencies=[staff("edit_edition")])
def move(request: Request, work: InWork, who: Official, slug: str, key: str, sent: SentForm) -> Response:
    edition = load(work, slug)

    def act() -> None:
        checklist.save_rules(work, edition, forms.moved(edition.rulebook, key, sent.get("action")), change_of(sent), by=who)

    return tried(work, act, f"/staff/editions/{slug}/rules", lambda **more: _list(request, work, load(work, slug), **more))


def _list(request: Request, work: Work, edition: Edition, **more: Any) -> Response:
    rules = edition.rulebook.plain(queries.context_of(work, edition))
    return part_page(request, work, edition, "rules", rules=rules, kinds=sorted(RULE_LABELS.items()), kind_names=RULE_LABELS, **more)


def _form(
    request: Request, work: Work, edition: Edition, kind: str, drawn: Any, typed: dict[str, Any], *, key: str | None = None, **more: Any
) -> Response:
    saved = edition.rulebook.plain(queries.context_of(work, edition))
    current = next((plain for plain in saved if plain.rule.key == key), None)
    return part_page(
        request, work, edition, "rule", kind=kind, kind_name=RULE_LABELS[kind], drawn=drawn, values=typed, key=key, current=current,
        last=len(saved) + (key is None), **more,
    )  # fmt: skip


def _typed(sent: Sent, drawn: Any) -> dict[str, Any]:
    return own_values(sent, *(one.name for one in drawn if one.kind == "choices"))

"""The jury of an edition: who waits for whom, the panel, the minutes."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.people import Person
from app.core.messages import Message
from app.core.permissions import refusal
from app.core.problems import Conflict, Invalid
from app.core.transparency import digest
from app.editions.models import Edition
from app.editions.queries import find_edition, listed_editions, programme_of, ranked
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.identity import Asking
from app.http.looks import shown_look
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.pages.staff.jury_view import BLANK_CRITERIA, CRITERION, known, panel_values
from app.printing import pdf
from app.proposals.queries import STATE_KINDS
from app.review.jury import minutes
from app.review.jury.forms import MinutesForm, PanelForm
from app.review.jury.models import FALLBACK_LABELS, STANCE_LABELS, Fallback, JuryMinutes
from app.review.jury.panel import set_panel
from app.review.jury.queries import STATUS_LABELS, files_before, has_begun, juries_of, jurors_of, panel_of, reviewers
from app.review.sheet import shown_state
from app.unit import Work

router = APIRouter(include_in_schema=False)
PRIVATE = {"Cache-Control": "no-store"}


@router.get("/staff/jury", dependencies=[staff("see_files")])
def nearest(request: Request, work: InWork) -> Response:
    """The way to the jury of the edition that matters most now."""
    editions = ranked(listed_editions(work, drafts=True), work.now)
    if not editions:
        return staff_page(request, "staff/reviews/none.html")
    chosen = next((one.edition for one in editions if panel_of(work, one.edition)), editions[0].edition)
    return RedirectResponse(f"/staff/editions/{chosen.slug}/jury", status_code=303)


@router.get("/staff/editions/{slug}/jury", dependencies=[staff("see_files")])
def desk(request: Request, work: InWork, who: Asking, slug: Address) -> Response:
    """Every file before the jury: how many opinions are in, and one's own."""
    edition, person = find_edition(work, slug, drafts=True), known(who)
    panel = panel_of(work, edition)
    juries = juries_of(work, panel, files_before(work, edition)) if panel else []
    return staff_page(
        request, "staff/jury/desk.html", zone=programme_of(work, edition).zone, edition=edition, panel=panel, juries=juries, person=person,
        editions=[one.edition for one in listed_editions(work, drafts=True)], labels=STATUS_LABELS, shown_state=shown_state,
        jurors=jurors_of(work, edition.id or 0), may_set_up=person.may("set_up_jury"), kept=minutes.minutes_list(work, edition),
        stance_labels=STANCE_LABELS, state_kinds=STATE_KINDS,
    )  # fmt: skip


@router.get("/staff/editions/{slug}/jury/panel", dependencies=[staff("see_files")])
def panel_form(request: Request, work: InWork, who: Asking, slug: Address) -> Response:
    """The criteria, the quorum and the jurors; a form until opinions begin."""
    edition = find_edition(work, slug, drafts=True)
    values = panel_values(panel_of(work, edition), jurors_of(work, edition.id or 0))
    return staff_page(request, "staff/jury/panel.html", **_panel_page(work, edition, who), values=values)


@router.post("/staff/editions/{slug}/jury/panel", dependencies=[staff("set_up_jury")])
def save_panel(request: Request, work: InWork, who: Asking, sent: SentForm, slug: Address) -> Response:
    """Set the panel."""
    edition = find_edition(work, slug, drafts=True)
    rows = sent.rows("criteria", CRITERION)
    try:
        form = sent.check(PanelForm, "jurors", criteria=rows)
        set_panel(work, edition, form, by=known(who))
    except Invalid as problem:
        work.db.rollback()
        context = _panel_page(work, find_edition(work, slug, drafts=True), who)
        values = sent.simple("jurors") | {"criteria": rows}
        return staff_page(request, "staff/jury/panel.html", status=422, errors=problem.errors, **context, values=values)
    return go(f"/staff/editions/{slug}/jury", done="saved")


@router.get("/staff/editions/{slug}/jury/minutes", dependencies=[staff("see_files")])
def draft(request: Request, work: InWork, who: Asking, slug: Address) -> Response:
    """The minutes as they stand, before the chair confirms them."""
    return _draft_page(request, work, find_edition(work, slug, drafts=True), who)


@router.post("/staff/editions/{slug}/jury/minutes", dependencies=[staff("give_opinion")])
def confirm(request: Request, work: InWork, who: Asking, sent: SentForm, slug: Address) -> Response:
    """Confirm the minutes as they were read."""
    edition = find_edition(work, slug, drafts=True)
    try:
        made = minutes.confirm(work, edition, sent.check(MinutesForm, "present"), by=known(who))
    except (Invalid, Conflict) as problem:
        work.db.rollback()
        return _draft_page(request, work, find_edition(work, slug, drafts=True), who, sent, problem)
    return go(f"/staff/editions/{slug}/jury/minutes/{made.number}", done="saved")


@router.get("/staff/editions/{slug}/jury/minutes/{number}", dependencies=[staff("see_files")])
def confirmed(request: Request, work: InWork, slug: Address, number: int) -> Response:
    """Confirmed minutes, frozen."""
    edition = find_edition(work, slug, drafts=True)
    found = minutes.find_minutes(work, edition, number)
    return staff_page(request, "staff/jury/confirmed.html", zone=programme_of(work, edition).zone, edition=edition, **_words(found))


@router.get("/staff/editions/{slug}/jury/minutes/{number}/minutes.pdf", dependencies=[staff("see_files")])
def confirmed_pdf(request: Request, work: InWork, slug: Address, number: int) -> Response:
    """The same as a tagged PDF, in French."""
    edition = find_edition(work, slug, drafts=True)
    found = minutes.find_minutes(work, edition, number)
    values = {"site_name": shown_look(request).name, **_words(found)}
    made = pdf("print/jury_minutes.html", values, language="fr", zone=programme_of(work, edition).zone)
    named = {"Content-Disposition": f'attachment; filename="{edition.slug}-jury-{number}.pdf"'}
    return Response(made, media_type="application/pdf", headers=PRIVATE | named)


def _words(found: JuryMinutes) -> dict[str, Any]:
    return {
        "minutes": found, "facts": found.facts, "words": minutes.labels(),
        "fallback": FALLBACK_LABELS[Fallback(found.facts["rules"]["fallback"])], "hidden": (),
        "held_on": date.fromisoformat(found.facts["held_on"]),
    }  # fmt: skip


def _panel_page(work: Work, edition: Edition, who: Person | None) -> dict[str, Any]:
    begun = has_begun(work, edition)
    return {
        "edition": edition, "panel": panel_of(work, edition), "jurors": jurors_of(work, edition.id or 0), "begun": begun,
        "people": reviewers(work), "fallbacks": [(one.value, label) for one, label in FALLBACK_LABELS.items()],
        "not_setting": refusal(known(who).roles, "set_up_jury"), "blank": BLANK_CRITERIA, "fallback_labels": FALLBACK_LABELS,
    }  # fmt: skip


def _draft_page(
    request: Request, work: Work, edition: Edition, who: Person | None, sent: Sent | None = None, problem: Invalid | Conflict | None = None
) -> Response:
    person = known(who)
    panel, done, left = minutes.ready(work, edition)
    files, jurors = minutes.facts_of_files(work, panel, done), jurors_of(work, edition.id or 0)
    why_not: Message | None = refusal(person.roles, "give_opinion") or minutes.not_chair(jurors, person)
    return staff_page(
        request, "staff/jury/minutes.html", status=problem.status if problem else 200, zone=programme_of(work, edition).zone,
        errors=problem.errors if isinstance(problem, Invalid) else {}, conflict=problem.message if isinstance(problem, Conflict) else None,
        edition=edition, facts={"files": files, "rules": minutes.rules_of(panel)}, words=minutes.labels(), left=left, jurors=jurors,
        seen=digest(files), why_not=why_not, values=sent.simple("present") if sent else {"held_on": "", "present": []},
        hidden=[one.proposal.public_id for one in done if one.shut_to(person)], kept=minutes.minutes_list(work, edition),
        fallback=FALLBACK_LABELS[Fallback(panel.fallback)],
    )  # fmt: skip

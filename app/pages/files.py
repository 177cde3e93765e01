"""The carrier's side: my files, the task list of one, its pages."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.accounts.people import Person
from app.core.calendar import PhaseKind
from app.core.eligibility import Section
from app.core.lifecycle import EDITABLE, STATES, State
from app.core.messages import say
from app.core.problems import Invalid, Missing, Refused
from app.editions.queries import find_edition, listed_editions
from app.http.answers import form_again, go, page
from app.http.audience import SIGNED_IN
from app.http.forms import Sent, SentForm
from app.http.identity import Asking
from app.http.language import language_of
from app.http.unit_of_work import InWork
from app.organisations.queries import organisation_by_slug, organisations_of
from app.pages import file_section as sections
from app.pages import file_views as views
from app.pages.documents import router as documents
from app.pages.file_answers import router as answers
from app.pages.file_print import router as paper
from app.pages.file_steps import router as steps
from app.pages.partner_links import router as partner_links
from app.pages.undertakings import router as undertakings
from app.proposals import copying, queries, service
from app.proposals.budget import COST, LINE, balance_typed
from app.proposals.completeness import assess
from app.proposals.forms import SectionForm
from app.proposals.lifecycle import OVER, is_editable, is_judged_so
from app.proposals.queries import CarrierFile
from app.proposals.sections import BY_SECTION
from app.review.asked import asked_of_carrier
from app.unit import Work

router = APIRouter(include_in_schema=False)
router.include_router(steps)
router.include_router(answers)
router.include_router(documents)
router.include_router(partner_links)
router.include_router(paper)
router.include_router(undertakings)

CONTROLS = ("seen", "then", "add")


@router.get("/files", dependencies=[SIGNED_IN])
def mine(request: Request, work: InWork, who: Asking) -> Response:
    organisations = organisations_of(work, person(who))
    calendars = listed_editions(work)
    opened = [(one, views.due(one)) for one in calendars if one.calendar.is_open(PhaseKind.submission, work.now)]
    deadlines = {one.edition.id: one.calendar.deadline(PhaseKind.submission) for one in calendars}
    own = [(one.organisation.slug, one.organisation.name) for one in organisations if one.may("write_file")]
    held = queries.files_of(work, person(who))
    files = [views.row_of(file, deadlines.get(file.edition.id)) for file in held]
    earlier = [views.earlier(file) for file in held if file.may("write_file") and file.proposal.title]
    return page(
        request, "files/index.html", organisations=organisations, own=own, editions=opened, files=files, earlier=earlier
    )


@router.post("/files", dependencies=[SIGNED_IN])
def start(work: InWork, who: Asking, sent: SentForm) -> Response:
    organisation = organisation_by_slug(work, sent.get("organisation"))
    if organisation.id not in {one.organisation.id for one in organisations_of(work, person(who))}:
        raise Missing(say("There is no organisation at this address, or you do not act for it."))
    edition, earlier = find_edition(work, sent.get("edition")), sent.get("from")
    if earlier:
        file = queries.carrier_file(work, earlier, who)
        proposal = copying.start_from(work, edition, organisation, file, by=person(who))
    else:
        proposal = service.start(work, edition, organisation, by=person(who))
    return go(f"/files/{proposal.public_id}", done="created")


@router.get("/files/{public_id}", dependencies=[SIGNED_IN])
def show(request: Request, work: InWork, who: Asking, public_id: str) -> Response:
    file = queries.carrier_file(work, public_id, who)
    if is_editable(file.proposal, work.now):
        return page(request, "files/tasks.html", zone=file.programme.zone, **views.tasks(work, file) | asked_of_carrier(work, file))
    return page(request, "files/status.html", zone=file.programme.zone, **views.status(work, file) | asked_of_carrier(work, file))


@router.get("/files/{public_id}/{section}", dependencies=[SIGNED_IN])
def section(request: Request, work: InWork, who: Asking, public_id: str, section: str) -> Response:
    file = editable(work, public_id, who, section)
    if is_judged_so(file.proposal, work.now):
        raise Refused(OVER)
    found = assess(work, file)
    held = service.answers(work, file.proposal, Section(section), found.lines)
    revision = queries.last_revision(work, file.proposal, Section(section))
    context = sections.section(work, file, section, held, language_of(request), seen=revision.number if revision else 0)
    advice = [point for point in found.of(Section(section)) if point.advice]
    told = {"broken": found.broken(Section(section)), "advice": advice}
    return page(request, "files/section.html", zone=file.programme.zone, **context | told)


@router.post("/files/{public_id}/{section}", dependencies=[SIGNED_IN])
def save(request: Request, work: InWork, who: Asking, public_id: str, section: str, sent: SentForm) -> Response:
    file = editable(work, public_id, who, section)
    try:
        form = read_section(sent, section)
        service.save(work, file, Section(section), form, seen=_number(sent.get("seen")), by=person(who))
    except service.Overtaken as problem:
        context = views.conflict(work, file, section, problem, sent)
        return page(request, "files/conflict.html", zone=file.programme.zone, status=problem.status, **context)
    except Invalid as problem:
        context = sections.section(work, file, section, typed_values(sent, section), language_of(request), seen=_number(sent.get("seen")))
        return form_again(request, work, "files/section.html", problem, zone=file.programme.zone, **context)
    return go(views.after(public_id, section, sent.get("then")), done="saved")


@router.post("/files/{public_id}/{section}/lines", dependencies=[SIGNED_IN])
def more_lines(request: Request, work: InWork, who: Asking, public_id: str, section: str, sent: SentForm) -> Response:
    """The same page with what was typed, its sums computed anew, and one more line where asked; nothing is saved."""
    file = editable(work, public_id, who, section)
    typed, seen = typed_values(sent, section), _number(sent.get("seen"))
    form = BY_SECTION[section].form or SectionForm
    blank = {group: _blank_rows(sent, group, len(typed[group])) for group in form.groups}
    context = sections.section(work, file, section, typed, language_of(request), seen=seen, blank=blank)
    return page(request, "files/section.html", zone=file.programme.zone, **context)


def _blank_rows(sent: Sent, group: str, filled: int) -> int:
    """As many empty lines as the page had, and one more for the group that asked for it."""
    had = len({name.split("-", 2)[1] for name in sent.values if name.startswith(f"{group}-")})
    return max(had - filled, sections.BLANK_ROWS[group]) + (sent.get("add") == group)


@router.post("/files/{public_id}/budget/balance", dependencies=[SIGNED_IN])
def balance(request: Request, work: InWork, who: Asking, public_id: str, sent: SentForm) -> Response:
    """The balance of what stands in the fields, computed here; nothing is saved."""
    queries.carrier_file(work, public_id, who)
    charges = sent.rows("charges", COST)
    sums = balance_typed(sent.get("requested"), charges, sent.rows("products", LINE))
    return page(request, "files/_balance.html", balance=sums, computed=sections.computed(charges))


def person(who: Person | None) -> Person:
    """Whoever is signed in, which the route has made sure of."""
    if who is None:
        raise Refused(say("Sign in to open this page."))
    return who


def editable(work: Work, public_id: str, who: Person | None, section: str) -> CarrierFile:
    """A file that its carrier may still change. Raises Missing for strangers and unknown pages, Refused once it is submitted."""
    if section not in BY_SECTION or BY_SECTION[section].form is None:
        raise Missing(say("A file has no such page."))
    file = queries.carrier_file(work, public_id, who)
    if State(file.proposal.state) not in EDITABLE:
        raise Refused(say("This file can no longer be changed. State: %(state)s.", state=STATES[State(file.proposal.state)].label))
    return file


def read_section(sent: Sent, section: str) -> SectionForm:
    """The form of a page, checked. Raises Invalid."""
    form = BY_SECTION[section].form or SectionForm
    return sent.check(form, *form.lists, ignore=CONTROLS, **_rows(sent, form))


def typed_values(sent: Sent, section: str) -> dict[str, Any]:
    """What was typed on a page, right or wrong, for showing it again."""
    form = BY_SECTION[section].form or SectionForm
    return sent.simple(*form.lists, ignore=CONTROLS) | _rows(sent, form)


def _rows(sent: Sent, form: type[SectionForm]) -> dict[str, Any]:
    return {group: sent.rows(group, columns) for group, columns in form.groups.items()}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

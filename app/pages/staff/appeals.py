"""Appeals on the city's desk: the list by due date, one appeal with its decision, appeals on paper, and the terms of an edition."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app import uploads
from app.accounts.people import Person
from app.core.problems import Conflict, Invalid
from app.editions.queries import find_edition
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.appeals import joined
from app.pages.staff import staff_page
from app.pages.staff.jury_view import known
from app.proposals.models import Proposal
from app.review.appeals import service
from app.review.appeals.forms import OUTCOME_LABELS, AppealDecisionForm, PaperAppealForm, TermsForm
from app.review.appeals.queries import Filed, contested, desk_of_appeals, documents_of, find_appeal
from app.review.emails import until
from app.review.letters.models import Letter
from app.review.letters.writing import terms_of
from app.review.queries import find_file
from app.review.sheet import shown_state
from app.settings import settings
from app.unit import Work

router = APIRouter(include_in_schema=False)


@router.get("/staff/appeals", dependencies=[staff("see_files")])
def desk(request: Request, work: InWork) -> Response:
    """Every appeal, those to answer first."""
    return staff_page(request, "staff/appeals/index.html", found=desk_of_appeals(work), now=work.now)


@router.get("/staff/appeals/{public_id}", dependencies=[staff("see_files")])
def show(request: Request, work: InWork, who: Asking, public_id: Address) -> Response:
    """One appeal beside the decision it contests."""
    return _page(request, work, who, find_appeal(work, public_id))


@router.post("/staff/appeals/{public_id}/decision", dependencies=[staff("examine_appeals")])
def decide(request: Request, work: InWork, who: Asking, sent: SentForm, public_id: Address) -> Response:
    """Decide it, with a motive."""
    filed = find_appeal(work, public_id)
    try:
        service.decide(work, filed, sent.check(AppealDecisionForm), by=known(who))
    except (Invalid, Conflict) as problem:
        work.db.rollback()
        return _page(request, work, who, find_appeal(work, public_id), sent, problem)
    return go(f"/staff/appeals/{public_id}", done="decided")


@router.get("/staff/reviews/{public_id}/paper-appeal", dependencies=[staff("examine_appeals")])
def paper_form(request: Request, work: InWork, public_id: Address) -> Response:
    """The form of an appeal that came on paper."""
    return _paper_page(request, work, find_file(work, public_id))


@router.post("/staff/reviews/{public_id}/paper-appeal", dependencies=[staff("examine_appeals")])
def note_paper(request: Request, work: InWork, who: Asking, sent: SentForm, public_id: Address) -> Response:
    """Record it, with the scan if there is one; one that came too late is refused, and the attempt recorded."""
    proposal = find_file(work, public_id)
    try:
        appeal = service.note_paper(work, proposal, sent.check(PaperAppealForm), by=known(who))
        if errors := joined(work, appeal, sent, known(who)):
            raise Invalid(errors)
    except service.TooLate as problem:
        service.record_late(work, proposal, by=known(who))
        return _paper_page(request, work, proposal, sent, problem)
    except (Invalid, Conflict) as problem:
        work.db.rollback()
        return _paper_page(request, work, find_file(work, public_id), sent, problem)
    return go(f"/staff/appeals/{appeal.public_id}", done="saved")


@router.get("/staff/editions/{slug}/appeal-terms", dependencies=[staff("set_up_jury")])
def terms_form(request: Request, work: InWork, slug: Address) -> Response:
    """Ways and dates of appeal, and who signs the letters."""
    edition = find_edition(work, slug, drafts=True)
    return staff_page(request, "staff/appeals/terms.html", edition=edition, values=terms_of(work, edition).model_dump())


@router.post("/staff/editions/{slug}/appeal-terms", dependencies=[staff("set_up_jury")])
def save_terms(request: Request, work: InWork, who: Asking, sent: SentForm, slug: Address) -> Response:
    """Set them, for the letters to come."""
    edition = find_edition(work, slug, drafts=True)
    try:
        service.set_terms(work, edition, sent.check(TermsForm), by=known(who))
    except Invalid as problem:
        work.db.rollback()
        context = {"edition": find_edition(work, slug, drafts=True), "values": sent.simple(), "errors": problem.errors}
        return staff_page(request, "staff/appeals/terms.html", status=problem.status, **context)
    return go(f"/staff/editions/{slug}/appeal-terms", done="saved")


def _page(
    request: Request, work: Work, who: Person | None, filed: Filed, sent: Sent | None = None, problem: Invalid | Conflict | None = None
) -> Response:
    return staff_page(
        request, "staff/appeals/show.html", zone=filed.programme.zone, **_problem(problem), filed=filed, now=work.now,
        not_deciding=service.may_not_examine(work, filed, known(who)),
        outcomes=[(one.value, label) for one, label in OUTCOME_LABELS.items()],
        documents=documents_of(work, filed.appeal), values=sent.simple() if sent else {}, shown_state=shown_state,
        answer=work.db.get(Letter, filed.appeal.answer_id) if filed.appeal.answer_id else None,
    )  # fmt: skip


def _paper_page(
    request: Request, work: Work, proposal: Proposal, sent: Sent | None = None, problem: Invalid | Conflict | None = None
) -> Response:
    return staff_page(
        request, "staff/appeals/paper.html", **_problem(problem), proposal=proposal, letter=contested(work, proposal),
        values=sent.simple() if sent else {}, accept=uploads.ACCEPT, limit=settings().upload_limit_mb, until=until,
    )  # fmt: skip


def _problem(problem: Invalid | Conflict | None) -> dict[str, Any]:
    return {
        "status": problem.status if problem else 200, "errors": problem.errors if isinstance(problem, Invalid) else {},
        "conflict": problem.message if isinstance(problem, Conflict) else None,
    }  # fmt: skip

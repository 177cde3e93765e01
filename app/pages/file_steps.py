"""The carrier's side: checking and submitting a file, completing it, withdrawing it."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from app.accounts.people import Person
from app.core.lifecycle import Actor, State, Verb, verbs_from
from app.core.messages import say
from app.core.problems import Invalid, Refused
from app.http.answers import form_again, go, page
from app.http.audience import SIGNED_IN
from app.http.forms import SentForm
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.pages import file_views as views
from app.pages.projects import project_page
from app.proposals import queries, service
from app.unit import Work

router = APIRouter(include_in_schema=False)


@router.get("/files/{public_id}/submission", dependencies=[SIGNED_IN])
def check(request: Request, work: InWork, who: Asking, public_id: str) -> Response:
    file = queries.carrier_file(work, public_id, who)
    return page(request, "files/check.html", zone=file.programme.zone, **views.check(work, file))


@router.post("/files/{public_id}/submission", dependencies=[SIGNED_IN])
def submit(request: Request, work: InWork, who: Asking, public_id: str) -> Response:
    return _hand_in(request, work, who, public_id, service.submit)


@router.post("/files/{public_id}/completion", dependencies=[SIGNED_IN])
def complete(request: Request, work: InWork, who: Asking, public_id: str) -> Response:
    return _hand_in(request, work, who, public_id, service.complete)


def _hand_in(request: Request, work: Work, who: Person | None, public_id: str, verb: Callable[..., None]) -> Response:
    """Submit or complete; what is lacking or too late is said on the page of answers, where nothing is lost."""
    file = queries.carrier_file(work, public_id, who)
    try:
        verb(work, file, by=_person(who))
    except service.TooLate as problem:
        service.record_late(work, file, problem, by=_person(who))
        return page(request, "files/check.html", status=409, zone=file.programme.zone, **views.check(work, file, late=problem.message))
    except Invalid as problem:
        return form_again(request, work, "files/check.html", problem, zone=file.programme.zone, **views.check(work, file))
    return go(f"/files/{public_id}", done="sent")


@router.get("/files/{public_id}/preview", dependencies=[SIGNED_IN])
def preview(request: Request, work: InWork, who: Asking, public_id: str) -> Response:
    """The page of the project as residents will read it, drafts included, for the members of its carrier alone."""
    file = queries.carrier_file(work, public_id, who)
    return project_page(request, work, file.proposal, public=False, preview=True)


@router.get("/files/{public_id}/withdrawal", dependencies=[SIGNED_IN])
def think_twice(request: Request, work: InWork, who: Asking, public_id: str) -> Response:
    """The question before a project is withdrawn; where it can no longer be, the page of the file says where it stands."""
    file = queries.carrier_file(work, public_id, who)
    if Verb.WITHDRAW not in verbs_from(State(file.proposal.state), by=(Actor.CARRIER,)):
        return go(f"/files/{public_id}")
    return page(request, "files/withdrawal.html", file=file)


@router.post("/files/{public_id}/withdrawal", dependencies=[SIGNED_IN])
def withdraw(request: Request, work: InWork, who: Asking, public_id: str, sent: SentForm) -> Response:
    file = queries.carrier_file(work, public_id, who)
    reason = sent.get("reason").strip()
    if len(reason) > 2000 or "\x00" in reason:
        problem = Invalid({"reason": say("Keep the reason to 2,000 characters at most.")})
        return form_again(request, work, "files/withdrawal.html", problem, file=file, values={"reason": reason})
    service.withdraw(work, file, reason, by=_person(who))
    return go(f"/files/{public_id}", done="saved")


def _person(who: Person | None) -> Person:
    if who is None:
        raise Refused(say("Sign in to open this page."))
    return who

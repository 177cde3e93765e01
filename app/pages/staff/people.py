"""People and roles: who works on this site for the city, and what each role may do."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from app.accounts import queries, roles
from app.accounts.forms import RoleForm, StaffForm
from app.accounts.models import Account
from app.accounts.people import Person
from app.accounts.sessions import open_session
from app.core.permissions import PERMISSION_LABELS, ROLE_LABELS, STAFF, Role
from app.core.problems import Invalid
from app.http.answers import form_again, go
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.identity import Asking, hand_session
from app.http.language import language_of
from app.http.unit_of_work import InWork
from app.pages.staff import staff_nav, staff_page
from app.unit import Work

router = APIRouter(include_in_schema=False)
Number = Annotated[int, Path(ge=1, lt=2**31)]
PAGE = "staff/people/list.html"


def _shown(work: Work) -> dict[str, Any]:
    return {
        "people": queries.staff_members(work),
        "roles": [(role.value, ROLE_LABELS[role]) for role in Role],
        "permissions": [(PERMISSION_LABELS[act], tuple(ROLE_LABELS[role] for role in Role if role in STAFF[act])) for act in STAFF],
    }


def _again(request: Request, work: Work, who: Person | None, problem: Invalid, **values: Any) -> Response:
    work.db.rollback()
    return form_again(request, work, PAGE, problem, staff_nav=staff_nav(who, "/staff/people"), **_shown(work) | values)


def _back(work: Work, who: Person | None, account: Account) -> Response:
    """Back to the list. A change of roles ends every session of the person; who changed their own gets a new one."""
    answer = go("/staff/people", done="saved")
    if who is not None and account.id == who.id:
        work.db.flush()
        hand_session(answer, open_session(work, account))
    return answer


@router.get("/staff/people", dependencies=[staff("grant_roles")])
def people(request: Request, work: InWork) -> Response:
    return staff_page(request, PAGE, **_shown(work))


@router.post("/staff/people", dependencies=[staff("grant_roles")])
def add(request: Request, work: InWork, who: Asking, sent: SentForm) -> Response:
    try:
        account = roles.add_staff(work, sent.check(StaffForm), by=who, language=language_of(request))
    except Invalid as problem:
        return _again(request, work, who, problem, values=sent.simple())
    return _back(work, who, account)


@router.post("/staff/people/{account_id}/roles", dependencies=[staff("grant_roles")])
def grant(request: Request, work: InWork, who: Asking, sent: SentForm, account_id: Number) -> Response:
    account = queries.staff_account(work, account_id)
    try:
        roles.grant_role(work, account, sent.check(RoleForm).role, by=who)
    except Invalid as problem:
        return _again(request, work, who, Invalid({f"role-{account_id}": problem.message}))
    return _back(work, who, account)


@router.post("/staff/people/{account_id}/roles/{role}/withdrawal", dependencies=[staff("grant_roles")])
def withdraw(request: Request, work: InWork, who: Asking, account_id: Number, role: Role) -> Response:
    account = queries.staff_account(work, account_id)
    try:
        roles.withdraw_role(work, account, role, by=who)
    except Invalid as problem:
        return _again(request, work, who, Invalid({f"withdrawal-{account_id}": problem.message}))
    return _back(work, who, account)

"""The people of an organisation: the list, invitations, roles; and the invitation as the person invited sees it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from app.accounts.people import Person
from app.core.messages import Message
from app.core.permissions import CARRIER, CARRIER_LABELS, MEMBER_ROLE_LABELS, MemberRole
from app.core.problems import Invalid
from app.http.answers import form_again, go, page
from app.http.audience import EVERYONE, SIGNED_IN
from app.http.forms import SentForm
from app.http.identity import Asking
from app.http.unit_of_work import InWork
from app.organisations import invitations, members, queries, service
from app.organisations.forms import InvitationForm, MemberRoleForm
from app.organisations.models import Invitation, Organisation
from app.pages.addresses import Address
from app.pages.members_only import known, mine
from app.unit import Work

router = APIRouter(include_in_schema=False)
PAGE = "organisations/members.html"
Number = Annotated[int, Path(ge=1, lt=2**31)]


@router.get("/organisations/{slug}/members", dependencies=[SIGNED_IN])
def people(request: Request, work: InWork, who: Asking, slug: Address) -> Response:
    return page(request, PAGE, **_shown(work, mine(work, slug, who), who))


@router.post("/organisations/{slug}/invitations", dependencies=[SIGNED_IN])
def invite(request: Request, work: InWork, who: Asking, slug: Address, sent: SentForm) -> Response:
    organisation = mine(work, slug, who)
    try:
        invitations.invite(work, organisation, sent.check(InvitationForm), by=known(who))
    except Invalid as problem:
        return form_again(request, work, PAGE, problem, **_shown(work, organisation, who) | {"values": sent.simple()})
    return go(f"/organisations/{slug}/members#waiting", done="sent")


@router.post("/organisations/{slug}/invitations/{invitation}/resending", dependencies=[SIGNED_IN])
def resend(work: InWork, who: Asking, slug: Address, invitation: Address) -> Response:
    invitations.resend(work, mine(work, slug, who), invitation, by=known(who))
    return go(f"/organisations/{slug}/members#waiting", done="sent")


@router.post("/organisations/{slug}/invitations/{invitation}/withdrawal", dependencies=[SIGNED_IN])
def withdraw(work: InWork, who: Asking, slug: Address, invitation: Address) -> Response:
    invitations.withdraw(work, mine(work, slug, who), invitation, by=known(who))
    return go(f"/organisations/{slug}/members#waiting", done="saved")


@router.post("/organisations/{slug}/members/{account_id}/role", dependencies=[SIGNED_IN])
def change_role(request: Request, work: InWork, who: Asking, slug: Address, account_id: Number, sent: SentForm) -> Response:
    organisation = mine(work, slug, who)
    try:
        members.change_role(work, organisation, account_id, sent.check(MemberRoleForm), by=known(who))
    except Invalid as problem:
        at = {f"role-of-{account_id}" if name == "role" else name: sentence for name, sentence in problem.errors.items()}
        return form_again(request, work, PAGE, Invalid(at), **_shown(work, organisation, who))
    return go(f"/organisations/{slug}/members", done="saved")


@router.post("/organisations/{slug}/members/{account_id}/removal", dependencies=[SIGNED_IN])
def remove(request: Request, work: InWork, who: Asking, slug: Address, account_id: Number) -> Response:
    organisation = mine(work, slug, who)
    try:
        members.remove_member(work, organisation, account_id, by=known(who))
    except Invalid as problem:
        return form_again(request, work, PAGE, problem, **_shown(work, organisation, who))
    return go(f"/organisations/{slug}/members" if account_id != known(who).id else "/files", done="saved")


@router.post("/organisations/{slug}/departure", dependencies=[SIGNED_IN])
def leave(request: Request, work: InWork, who: Asking, slug: Address) -> Response:
    organisation = mine(work, slug, who)
    try:
        members.leave(work, organisation, by=known(who))
    except Invalid as problem:
        return form_again(request, work, PAGE, problem, **_shown(work, organisation, who))
    return go("/files", done="saved")


@router.get("/invitations", dependencies=[SIGNED_IN])
def waiting(request: Request, work: InWork, who: Asking) -> Response:
    """The invitations that wait for whoever is signed in: where a new account arrives once its address is confirmed."""
    return page(request, "organisations/invitations.html", waiting=invitations.waiting_for(work, known(who)), roles=MEMBER_ROLE_LABELS)


@router.post("/invitations/{invitation}/acceptance", dependencies=[SIGNED_IN])
def accept_waiting(work: InWork, who: Asking, invitation: Address) -> Response:
    return _join(work, invitations.mine(work, invitation, known(who)), known(who))


@router.get("/invitations/{token}", dependencies=[EVERYONE])
def look(request: Request, work: InWork, who: Asking, token: Address) -> Response:
    """The page behind the link of the e-mail. Opening it changes nothing: mail scanners open links too."""
    invitation = invitations.by_secret(work, token)
    reason = invitations.open_to(work, invitation, who)
    return page(
        request,
        "organisations/invitation.html",
        status=409 if reason else 200,
        token=token,
        reason=reason,
        invitation=invitation,
        organisation=work.db.get_one(Organisation, invitation.organisation_id),
        role=MEMBER_ROLE_LABELS[MemberRole(invitation.role)],
        may=[CARRIER_LABELS[act] for act in CARRIER if invitation.role in CARRIER[act]],
        person=who,
    )


@router.post("/invitations/{token}", dependencies=[SIGNED_IN])
def accept(work: InWork, who: Asking, token: Address) -> Response:
    return _join(work, invitations.by_secret(work, token), known(who))


def _join(work: Work, invitation: Invitation, person: Person) -> Response:
    organisation = invitations.accept(work, invitation, by=person)
    return go(f"/organisations/{organisation.slug}/desk", done="joined")


def _shown(work: Work, organisation: Organisation, who: Asking) -> dict[str, Any]:
    role = queries.role_in(work, organisation.id, who)
    may = role in CARRIER["manage_members"]
    return {
        "organisation": organisation,
        "role": role,
        "roles": MEMBER_ROLE_LABELS,
        "members": queries.members_of(work, organisation.id),
        "may_manage": may,
        "why_not": None if may else service.not_for("manage_members"),
        "me": known(who).id,
        "now": work.now,
        "waiting": invitations.pending(work, organisation) if may else [],
        "table": _who_does_what(),
        "can": tuple(MemberRole),
    }


def _who_does_what() -> list[tuple[Message, list[bool]]]:
    """What is done in an organisation, and for each role in order whether it may."""
    return [(CARRIER_LABELS[act], [role in able for role in MemberRole]) for act, able in CARRIER.items()]

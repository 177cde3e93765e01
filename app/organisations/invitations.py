"""Invitations: an address is asked to act for an organisation, by a link that works once and not for long.

Only the person of that address can accept, signed in, once the address is confirmed. An invitation that is over stays over, whatever
happens to passwords and addresses: only a new sending makes a new link.
"""

from datetime import timedelta

from sqlmodel import col, select

from app.accounts.models import Account
from app.accounts.people import Person
from app.accounts.sessions import fingerprint
from app.core.messages import Message, say
from app.core.permissions import MemberRole
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.ledger import service as ledger
from app.organisations import emails
from app.organisations.forms import InvitationForm
from app.organisations.members import hold
from app.organisations.models import Invitation, Membership, Organisation
from app.organisations.queries import members_of
from app.organisations.service import check_member
from app.unit import Work

LASTS = timedelta(days=7)
PENDING_AT_MOST = 30
RESENT_AFTER = timedelta(minutes=5)
UNKNOWN = say("There is no invitation at this address. The link may be incomplete: open it again from the e-mail.")
FOREIGN = say("This invitation was sent to another address than that of your account. Sign in with the address that received it.")


def invite(work: Work, organisation: Organisation, form: InvitationForm, *, by: Person) -> Invitation:
    """Ask somebody by e-mail to act for the organisation. An address already asked gets a new link, and the former one ends.

    Raises Refused for who may not, Invalid at "email" for a member and beyond 30 invitations that wait.
    """
    hold(work, organisation)
    check_member(work, organisation, "manage_members", by)
    if any(member.email == form.email for member in members_of(work, organisation.id)):
        raise Invalid({"email": say("This person already acts for the organisation. You can change their role in the list.")})
    waiting = pending(work, organisation)
    for one in (one for one in waiting if one.email == form.email):
        _end(work, one, "withdrawn")
    if len(waiting) >= PENDING_AT_MOST:
        raise Invalid({"email": say("%(limit)d invitations are waiting already. Withdraw one first.", limit=PENDING_AT_MOST)})
    made = Invitation(
        public_id=work.code(26),
        token_hash="",
        organisation_id=organisation.id or 0,
        email=form.email,
        role=form.role.value,
        language=_language_of(work, form.email) or by.language,
        invited_by_id=by.id,
        sent_at=work.now,
        expires_at=work.now,
    )
    _send(work, organisation, made, by)
    ledger.record(work, "organisation:invite", organisation.slug, f"{made.public_id} {made.role}", by=by.id)
    return made


def resend(work: Work, organisation: Organisation, public_id: str, *, by: Person) -> None:
    """Send an invitation again: a new link, a new week; the former link ends. Raises Conflict for one that is over or was just sent."""
    hold(work, organisation)
    check_member(work, organisation, "manage_members", by)
    invitation = _of(work, organisation, public_id)
    if invitation.outcome is not None:
        raise Conflict(_why_over(invitation))
    if work.now < invitation.sent_at + RESENT_AFTER:
        raise Conflict(say("This invitation was sent a moment ago. Wait five minutes before you send it again."))
    _send(work, organisation, invitation, by)
    ledger.record(work, "organisation:resend-invitation", organisation.slug, invitation.public_id, by=by.id)


def withdraw(work: Work, organisation: Organisation, public_id: str, *, by: Person) -> None:
    """End an invitation before it is accepted; done twice it changes nothing. Raises Conflict if it was accepted meanwhile."""
    hold(work, organisation)
    check_member(work, organisation, "manage_members", by)
    invitation = _of(work, organisation, public_id)
    if invitation.outcome == "accepted":
        raise Conflict(say("This invitation was accepted meanwhile. You can remove the person from the members."))
    if invitation.outcome is None:
        _end(work, invitation, "withdrawn")
        ledger.record(work, "organisation:withdraw-invitation", organisation.slug, invitation.public_id, by=by.id)


def by_secret(work: Work, secret: str) -> Invitation:
    """The invitation of a link, over or not. Raises Missing for a link that never was."""
    found = work.db.exec(select(Invitation).where(Invitation.token_hash == fingerprint(secret))).first()
    if found is None:
        raise Missing(UNKNOWN)
    return found


def open_to(work: Work, invitation: Invitation, person: Person | None) -> Message | None:
    """None if this person can accept now, else why not. Nobody but the holder of the address learns more than that."""
    if invitation.outcome is not None or invitation.expires_at <= work.now:
        return _why_over(invitation)
    return FOREIGN if person is not None and person.email != invitation.email else None


def accept(work: Work, invitation: Invitation, *, by: Person) -> Organisation:
    """Act for the organisation from now on.

    Raises Conflict for an invitation that is over or is somebody else's, Refused without a confirmed address.
    """
    organisation = work.db.get_one(Organisation, invitation.organisation_id)
    hold(work, organisation)
    work.db.refresh(invitation, with_for_update=True)
    if (reason := open_to(work, invitation, by)) is not None:
        raise Conflict(reason)
    if not by.confirmed:
        raise Refused(say("Confirm your e-mail address first: we have sent you a link. The invitation waits until then."))
    if work.db.get(Membership, (organisation.id, by.id)) is None:
        work.db.add(Membership(organisation_id=organisation.id or 0, account_id=by.id, role=MemberRole(invitation.role), since=work.now))
    _end(work, invitation, "accepted")
    ledger.record(work, "organisation:accept-invitation", organisation.slug, f"{invitation.public_id} {invitation.role}", by=by.id)
    emails.invitation_accepted(work, organisation, invitation, by)
    return organisation


def pending(work: Work, organisation: Organisation) -> list[Invitation]:
    """The invitations neither accepted nor withdrawn, those run out too, the oldest first."""
    open_ones = select(Invitation).where(Invitation.organisation_id == organisation.id, col(Invitation.outcome).is_(None))
    return list(work.db.exec(open_ones.order_by(col(Invitation.id))))


def waiting_for(work: Work, person: Person) -> list[tuple[Invitation, Organisation]]:
    """The invitations that this person can accept now; none before the address is confirmed."""
    if not person.confirmed:
        return []
    mine = (
        select(Invitation, Organisation)
        .join(Organisation, col(Organisation.id) == col(Invitation.organisation_id))
        .where(Invitation.email == person.email, col(Invitation.outcome).is_(None), col(Invitation.expires_at) > work.now)
    )
    return list(work.db.exec(mine.order_by(col(Invitation.id))))


def mine(work: Work, public_id: str, person: Person) -> Invitation:
    """An invitation sent to this person's confirmed address. Raises Missing for everybody else's."""
    found = work.db.exec(select(Invitation).where(Invitation.public_id == public_id, Invitation.email == person.email)).first()
    if found is None or not person.confirmed:
        raise Missing(UNKNOWN)
    return found


def _of(work: Work, organisation: Organisation, public_id: str) -> Invitation:
    asked = select(Invitation).where(Invitation.public_id == public_id, Invitation.organisation_id == organisation.id)
    found = work.db.exec(asked.with_for_update()).first()
    if found is None:
        raise Missing(UNKNOWN)
    return found


def _send(work: Work, organisation: Organisation, invitation: Invitation, by: Person) -> None:
    secret = work.token(43)
    invitation.token_hash, invitation.sent_at = fingerprint(secret), work.now
    invitation.expires_at = (work.now + LASTS).replace(second=0, microsecond=0)
    work.db.add(invitation)
    work.db.flush()
    emails.invitation(work, organisation, invitation, secret, by)


def _end(work: Work, invitation: Invitation, outcome: str) -> None:
    invitation.outcome, invitation.ended_at = outcome, work.now
    work.db.add(invitation)
    work.db.flush()


def _why_over(invitation: Invitation) -> Message:
    if invitation.outcome == "accepted":
        return say("This invitation has already been accepted. If it was you, sign in: the organisation is among yours.")
    if invitation.outcome == "withdrawn":
        return say("This invitation was withdrawn, or replaced by a newer one. Ask the organisation, or look for its latest e-mail.")
    return say("This invitation ran out on %(moment)s. Ask the organisation to send it again.", moment=invitation.expires_at)


def _language_of(work: Work, email: str) -> str | None:
    return work.db.exec(select(Account.language).where(Account.email == email)).first()

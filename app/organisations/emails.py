"""The e-mails about the members of an organisation."""

from app.accounts.people import Person
from app.core.permissions import MEMBER_ROLE_LABELS, MemberRole
from app.notifications.service import queue
from app.organisations.models import Invitation, Organisation
from app.organisations.queries import members_of
from app.settings import settings
from app.unit import Work


def invitation(work: Work, organisation: Organisation, sent: Invitation, secret: str, by: Person) -> None:
    """Ask the holder of an address to act for an organisation."""
    queue(work, "invitation", sent.email, sent.language, {
        "organisation": organisation.name, "role": MEMBER_ROLE_LABELS[MemberRole(sent.role)], "by": by.display_name,
        "until": sent.expires_at, "action": f"{settings().base_url}/invitations/{secret}",
    })  # fmt: skip


def invitation_accepted(work: Work, organisation: Organisation, sent: Invitation, person: Person) -> None:
    """Tell those who manage the members that somebody has joined."""
    for member in members_of(work, organisation.id):
        if member.may("manage_members") and member.account_id != person.id:
            queue(work, "invitation-accepted", member.email, member.language, {
                "name": member.name, "organisation": organisation.name, "person": person.display_name, "email": person.email,
                "role": MEMBER_ROLE_LABELS[MemberRole(sent.role)],
                "action": f"{settings().base_url}/organisations/{organisation.slug}/members",
            })  # fmt: skip

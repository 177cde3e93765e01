"""Reading organisations and who acts for them."""

from typing import NamedTuple

from sqlmodel import col, select

from app.accounts.models import Account
from app.accounts.people import Person
from app.core.messages import say
from app.core.permissions import CARRIER, MemberRole
from app.core.problems import Missing
from app.organisations.models import Membership, Organisation
from app.unit import Work


class Member(NamedTuple):
    """A person acting for an organisation, as the other members see them."""

    account_id: int
    name: str
    email: str
    language: str
    role: MemberRole

    def may(self, permission: str) -> bool:
        """Whether this member's role holds a permission of `core.permissions.CARRIER`."""
        return self.role in CARRIER[permission]


class Mine(NamedTuple):
    """An organisation and the role somebody has in it."""

    organisation: Organisation
    role: MemberRole

    def may(self, permission: str) -> bool:
        """Whether that role holds a permission of `core.permissions.CARRIER`."""
        return self.role in CARRIER[permission]


def organisation_by_slug(work: Work, slug: str) -> Organisation:
    """The organisation at an address. Raises Missing."""
    found = work.db.exec(select(Organisation).where(Organisation.slug == slug)).first()
    if found is None:
        raise Missing(say("There is no organisation at this address."))
    return found


def sponsor_of(work: Work, organisation: Organisation) -> Organisation | None:
    """The association that signs for a collective, if it has named one."""
    return work.db.get(Organisation, organisation.sponsor_id) if organisation.sponsor_id else None


def organisations_of(work: Work, person: Person) -> list[Mine]:
    """The organisations a person acts for, by name."""
    mine = (
        select(Organisation, Membership.role)
        .join(Membership, col(Membership.organisation_id) == col(Organisation.id))
        .where(Membership.account_id == person.id)
        .order_by(col(Organisation.name))
    )
    return [Mine(organisation, MemberRole(role)) for organisation, role in work.db.exec(mine)]


def role_in(work: Work, organisation_id: int | None, person: Person | None) -> MemberRole | None:
    """The role of a person in an organisation, None for a stranger."""
    if person is None or organisation_id is None:
        return None
    membership = work.db.get(Membership, (organisation_id, person.id))
    return MemberRole(membership.role) if membership else None


def members_of(work: Work, organisation_id: int | None) -> list[Member]:
    """The people acting for an organisation, by name."""
    people = (
        select(Account, Membership.role)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .where(Membership.organisation_id == organisation_id)
        .order_by(col(Account.display_name), col(Account.id))
    )
    return [
        Member(account.id or 0, account.display_name, account.email, account.language, MemberRole(role))
        for account, role in work.db.exec(people)
    ]

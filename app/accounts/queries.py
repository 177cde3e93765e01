"""Reading accounts: the city's people with their roles."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from app.accounts.models import Account, StaffRole
from app.accounts.people import Person
from app.accounts.sessions import person_of
from app.core.messages import Message, say
from app.core.permissions import ROLE_LABELS, STAFF, Role
from app.core.problems import Missing
from app.unit import Work


@dataclass(frozen=True)
class StaffMember:
    """One of the city's people, as the page of roles shows one."""

    id: int
    name: str
    email: str
    roles: tuple[tuple[Role, datetime], ...]
    can_sign_in: bool

    @property
    def missing_roles(self) -> list[tuple[str, Message]]:
        """The roles that could still be given, for a choice."""
        held = {role for role, _ in self.roles}
        return [(role.value, ROLE_LABELS[role]) for role in Role if role not in held]


def staff_members(work: Work) -> list[StaffMember]:
    """Everybody with a staff role, by name; each role with the instant it was given."""
    rows = work.db.exec(
        select(Account, StaffRole)
        .join(StaffRole, col(StaffRole.account_id) == col(Account.id))
        .order_by(col(Account.display_name), col(Account.id))
    )
    people: dict[int, tuple[Account, list[tuple[Role, datetime]]]] = {}
    for account, role in rows:
        people.setdefault(account.id or 0, (account, []))[1].append((Role(role.role), role.granted_at))
    return [_member(account, roles) for account, roles in people.values()]


def _member(account: Account, roles: list[tuple[Role, datetime]]) -> StaffMember:
    order = list(Role)
    ordered = tuple(sorted(roles, key=lambda held: order.index(held[0])))
    return StaffMember(account.id or 0, account.display_name, account.email, ordered, account.password_hash is not None)


def staff_account(work: Work, account_id: int) -> Account:
    """The account of one of the city's people. Raises Missing for everybody else's."""
    account = work.db.exec(select(Account).where(Account.id == account_id, col(Account.id).in_(select(StaffRole.account_id)))).first()
    if account is None:
        raise Missing(say("There is nobody with a role at this address."))
    return account


def names(work: Work, ids: set[int]) -> dict[int, str]:
    """The names of accounts, by id, in one statement."""
    return dict(work.db.exec(select(Account.id, Account.display_name).where(col(Account.id).in_(ids))).all()) if ids else {}  # type: ignore[arg-type]


def people_who_may(work: Work, permission: str) -> list[Person]:
    """The city's people who can sign in and whose roles hold a permission, by name."""
    able = [role.value for role in STAFF[permission]]
    holding = select(StaffRole.account_id).where(col(StaffRole.role).in_(able))
    wanted = select(Account).where(col(Account.id).in_(holding), col(Account.password_hash).is_not(None))
    found = work.db.exec(wanted.order_by(col(Account.display_name), col(Account.id)))
    return [person_of(work, account) for account in found]

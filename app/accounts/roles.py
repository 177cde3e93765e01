"""Roles of the city's people: given and withdrawn by an administrator, or from the command line; all in the journal."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from app.accounts import emails, passwords, tokens
from app.accounts.forms import StaffForm
from app.accounts.models import Account, StaffRole
from app.accounts.people import Person
from app.accounts.service import account_with
from app.accounts.sessions import end_sessions
from app.core.messages import say
from app.core.permissions import ROLE_LABELS, Role, refusal
from app.core.problems import Invalid, Refused
from app.ledger import service as ledger
from app.unit import Work


def _guard(by: Person | None) -> None:
    """Raise Refused unless `by` may give roles; None is whoever runs the command line of the installation."""
    if by is not None and (reason := refusal(by.roles, "grant_roles")) is not None:
        raise Refused(reason)


def add_staff(work: Work, form: StaffForm, *, by: Person | None, language: str) -> Account:
    """Give a first role to someone, known or not, and tell them by e-mail.

    An address that was registered but never confirmed may have been registered by somebody else: its password,
    links and sessions end, and the holder of the address chooses anew.
    """
    _guard(by)
    account = account_with(work, form.email) or Account(email=form.email, display_name=form.name, language=language, created_at=work.now)
    if account.confirmed_at is None:
        account.display_name, account.password_hash = form.name, None
    work.db.add(account)
    work.db.flush()
    if account.confirmed_at is None:
        tokens.revoke(work, account, tokens.CONFIRM)
    grant_role(work, account, form.role, by=by)
    secret = tokens.issue(work, account, tokens.RESET, tokens.INVITATION_LASTS) if account.password_hash is None else None
    emails.staff_invitation(work, account, ROLE_LABELS[form.role], secret)
    return account


def add_account(work: Work, form: StaffForm, password: str) -> Account:
    """Make an account that can sign in at once: for the command line, whose operator answers for the address."""
    if (reason := passwords.weakness(password, form.name, form.email)) is not None:
        raise Invalid({"password": reason})
    if account_with(work, form.email) is not None:
        raise Invalid({"email": say("There is already an account with this address. Use “quotepart user grant-role” to give it a role.")})
    kept = passwords.hash_password(password)
    account = Account(email=form.email, display_name=form.name, password_hash=kept, confirmed_at=work.now, created_at=work.now)
    work.db.add(account)
    work.db.flush()
    grant_role(work, account, form.role, by=None)
    return account


def grant_role(work: Work, account: Account, role: Role, *, by: Person | None) -> None:
    """Give a role; the person signs in again to use it. Raises Invalid for a role held already or an address not confirmed."""
    _guard(by)
    if account.confirmed_at is None and account.password_hash is not None:
        raise Invalid({"role": say("This person has not confirmed the e-mail address yet. Add the person by e-mail instead.")})
    try:
        with work.db.begin_nested():
            work.db.add(StaffRole(account_id=account.id or 0, role=role, granted_at=work.now, granted_by_id=by.id if by else None))
    except IntegrityError:
        raise Invalid({"role": say("%(name)s already has this role.", name=account.display_name)}) from None
    _changed(work, account, "account:grant_role", role, by)


def withdraw_role(work: Work, account: Account, role: Role, *, by: Person | None) -> None:
    """Withdraw a role. Raises Invalid if it is not held, or is that of the last administrator who can sign in."""
    _guard(by)
    held = work.db.get(StaffRole, (account.id, role.value))
    if held is None:
        raise Invalid({"role": say("%(name)s does not have this role.", name=account.display_name)})
    if role is Role.ADMINISTRATOR and not _other_administrators(work, account):
        raise Invalid({"role": say("This is the last administrator. Make somebody else administrator first.")})
    work.db.delete(held)
    _changed(work, account, "account:withdraw_role", role, by)


def _other_administrators(work: Work, account: Account) -> bool:
    """Whether someone else is administrator and can sign in. The rows are locked: two people cannot withdraw each other."""
    rows = work.db.exec(
        select(StaffRole, Account.password_hash)
        .join(Account, col(Account.id) == col(StaffRole.account_id))
        .where(StaffRole.role == Role.ADMINISTRATOR.value)
        .order_by(col(StaffRole.account_id))
        .with_for_update(of=StaffRole)
    ).all()
    return any(role.account_id != account.id and password is not None for role, password in rows)


def _changed(work: Work, account: Account, event: str, role: Role, by: Person | None) -> None:
    end_sessions(work, account.id or 0)
    ledger.record(work, event, f"account:{account.id}", role.value, by=by.id if by else None)

"""The e-mails about an account: one function for each message. They go to the stored address and nowhere else."""

from app.accounts.models import Account
from app.core.messages import Message
from app.notifications.service import queue
from app.settings import settings
from app.unit import Work


def link(path: str) -> str:
    """A full address of this site, from the settings: never from what a visitor's browser says."""
    return f"{settings().base_url}{path}"


def confirm_address(work: Work, account: Account, secret: str) -> None:
    """Ask the holder of an address to confirm it."""
    _queue(work, "confirm-address", account, action=link(f"/confirmations/{secret}"))


def address_known(work: Work, account: Account) -> None:
    """Tell someone who registers again that the account exists: the page itself says nothing of it."""
    _queue(work, "address-known", account, action=link("/sign-in"), reset=link("/password-resets"))


def reset_password(work: Work, account: Account, secret: str) -> None:
    """Send the link that lets choose a new password."""
    _queue(work, "reset-password", account, action=link(f"/password-resets/{secret}"))


def pretend_reset(work: Work, email: str, language: str) -> None:
    """Spend what `reset_password` costs and keep nothing: an unknown address must not answer faster than a known one."""
    nobody = Account(email=email, display_name=email, language=language, created_at=work.now)
    attempt = work.db.begin_nested()
    reset_password(work, nobody, work.token(43))
    attempt.rollback()


def staff_invitation(work: Work, account: Account, role: Message, secret: str | None) -> None:
    """Tell someone of the city's people of a role; with a secret, also how to choose a first password."""
    action = link(f"/password-resets/{secret}" if secret else "/sign-in")
    _queue(work, "staff-invitation", account, action=action, role=role, chooses=secret is not None)


def _queue(work: Work, name: str, account: Account, **values: object) -> None:
    queue(work, name, account.email, account.language, {"name": account.display_name, **values})

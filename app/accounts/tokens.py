"""Links sent by e-mail: single use, for a limited time; the database keeps only the fingerprint of their secret."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import col, select

from app.accounts.models import Account, MailToken
from app.accounts.sessions import fingerprint
from app.core.messages import say
from app.core.problems import Missing
from app.unit import Work

CONFIRM, RESET = "confirm", "reset"
CONFIRM_LASTS, RESET_LASTS, INVITATION_LASTS = timedelta(days=2), timedelta(minutes=30), timedelta(days=7)


class LinkOver(Missing):
    """404: a link that was used, ran out, or never was. All three are told alike."""


def issue(work: Work, account: Account, purpose: str, lasts: timedelta) -> str:
    """A new secret for a link; earlier links of the same purpose end."""
    revoke(work, account, purpose)
    secret = work.token(43)
    work.db.add(MailToken(token_hash=fingerprint(secret), account_id=account.id or 0, purpose=purpose, expires_at=work.now + lasts))
    return secret


def revoke(work: Work, account: Account, purpose: str) -> None:
    """End every link of a purpose; those of the past are forgotten with them."""
    work.db.execute(delete(MailToken).where(col(MailToken.account_id) == account.id, col(MailToken.purpose) == purpose))


def look(work: Work, secret: str, purpose: str) -> Account:
    """The account a link is for, without using it: mail scanners open links too. Raises LinkOver."""
    found = work.db.exec(
        select(Account).join(MailToken, col(MailToken.account_id) == col(Account.id)).where(*_good(work, secret, purpose))
    ).first()
    if found is None:
        raise _over()
    return found


def use(work: Work, secret: str, purpose: str) -> Account:
    """Use a link, once: of two requests at the same time only one succeeds. Raises LinkOver."""
    marked = update(MailToken).where(*_good(work, secret, purpose)).values(used_at=work.now).returning(col(MailToken.account_id))
    account_id = work.db.execute(marked).scalar()
    account = work.db.get(Account, account_id) if account_id is not None else None
    if account is None:
        raise _over()
    return account


def _good(work: Work, secret: str, purpose: str) -> tuple[ColumnElement[bool], ...]:
    """The conditions on a link that may still be used."""
    return (
        col(MailToken.token_hash) == fingerprint(secret), col(MailToken.purpose) == purpose,
        col(MailToken.used_at).is_(None), col(MailToken.expires_at) > work.now,
    )


def _over() -> LinkOver:
    return LinkOver(say("This link has already been used or has expired. Ask for a new one."))

"""Open sessions: their secrets, how long they last, how they end."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import col, select

from app.accounts.models import Account, SignIn, StaffRole
from app.accounts.people import Person
from app.core.permissions import Role
from app.unit import Work

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
STAFF_IDLE, STAFF_ABSOLUTE = timedelta(minutes=15), timedelta(hours=8)
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Held:
    """An open session: whose, and when it was last used."""

    person: Person
    seen_at: datetime


def fingerprint(secret: str) -> str:
    """What the database keeps of a random secret: its SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def person_of(work: Work, account: Account) -> Person:
    """An account as the rest of the house sees it."""
    roles = work.db.exec(select(StaffRole.role).where(StaffRole.account_id == account.id))
    return Person(
        id=account.id or 0, display_name=account.display_name, email=account.email, language=account.language,
        confirmed=account.confirmed_at is not None, roles=frozenset(Role(role) for role in roles),
    )


def open_session(work: Work, account: Account) -> str:
    """Open a session and return its secret (over 256 random bits), which is kept nowhere else."""
    secret = work.token(43)
    lasts = STAFF_ABSOLUTE if person_of(work, account).is_staff else ABSOLUTE
    ends = work.now + lasts
    work.db.add(SignIn(id_hash=fingerprint(secret), account_id=account.id or 0, created_at=work.now, seen_at=work.now, expires_at=ends))
    return secret


def held_by(work: Work, secret: str) -> Held | None:
    """The open session that has this secret; None if it is unknown, too old or idle for too long."""
    found = work.db.exec(
        select(SignIn, Account).join(Account, col(Account.id) == col(SignIn.account_id)).where(SignIn.id_hash == fingerprint(secret))
    ).first()
    if found is None:
        return None
    session, account = found
    person = person_of(work, account)
    return Held(person, session.seen_at) if work.now < _ends(session, person) else None


def _ends(session: SignIn, person: Person) -> datetime:
    """When a session ends if it is not used again. The limits are those of the roles held now, not of those at sign-in."""
    idle, absolute = (STAFF_IDLE, STAFF_ABSOLUTE) if person.is_staff else (IDLE, ABSOLUTE)
    return min(session.expires_at, session.created_at + absolute, session.seen_at + idle)


def open_sessions(work: Work, person: Person) -> list[SignIn]:
    """The sessions of a person that are still open, the one used last first."""
    newest = col(SignIn.seen_at).desc(), col(SignIn.created_at).desc()
    rows = work.db.exec(select(SignIn).where(SignIn.account_id == person.id).order_by(*newest))
    return [row for row in rows if work.now < _ends(row, person)]


def touch(work: Work, secret: str) -> None:
    """Note that a session is in use; its idle time starts again."""
    mine = col(SignIn.id_hash) == fingerprint(secret)
    work.db.execute(update(SignIn).where(mine, col(SignIn.seen_at) < work.now).values(seen_at=work.now))


def end_session(work: Work, secret: str) -> None:
    """End one session; an unknown secret ends nothing."""
    work.db.execute(delete(SignIn).where(col(SignIn.id_hash) == fingerprint(secret)))


def end_sessions(work: Work, account_id: int, *, but: str | None = None) -> None:
    """End every session of an account, but for the one with the secret `but`."""
    ended = delete(SignIn).where(col(SignIn.account_id) == account_id)
    work.db.execute(ended if but is None else ended.where(col(SignIn.id_hash) != fingerprint(but)))


def forget_old(work: Work) -> None:
    """Delete the sessions that have ended by themselves."""
    work.db.execute(delete(SignIn).where((col(SignIn.expires_at) < work.now) | (col(SignIn.seen_at) < work.now - IDLE)))

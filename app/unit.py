"""Work: all that a verb may use besides its arguments. The clock and the dice are read here and nowhere else."""

import secrets
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from app.core.sides import Side
from app.database import session

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
URL_SAFE = string.ascii_letters + string.digits + "-_"


def clock() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def dice(length: int = 43, alphabet: str = URL_SAFE) -> str:
    """A random text of `length` characters: 6 bits each in the URL-safe alphabet, 5 in Crockford's."""
    return "".join(secrets.choice(alphabet) for _ in range(length))


@dataclass(frozen=True)
class Work:
    """One unit of work: a session, one instant, and a source of random text."""

    db: Session
    now: datetime
    token: Callable[..., str] = dice

    @property
    def core(self) -> Connection:
        """The connection under the session, for statements that map no object."""
        return self.db.connection()

    def code(self, length: int = 8) -> str:
        """A random public identifier of `length` characters in Crockford's base 32 (5 bits each)."""
        return self.token(length, CROCKFORD)


class AtCore(Protocol):
    """What the path of a ballot uses of a unit of work: a connection and one instant, with or without a session above them."""

    @property
    def core(self) -> Connection:
        """Where statements are executed."""

    @property
    def now(self) -> datetime:
        """The instant of the request, by the clock of the web server."""


@dataclass(frozen=True)
class CoreWork:
    """A unit of work without a session: making one takes as long as a third of a ballot."""

    core: Connection
    now: datetime


@contextmanager
def work(
    engine: Engine, *, writing: bool = True, now: datetime | None = None, side: Side = Side.REGISTRAR
) -> Iterator[Work]:
    """A unit of work outside a request: for the command line, the worker and the demonstration. Raises WrongSide."""
    with session(engine, writing=writing, side=side) as db:
        yield Work(db, now or clock())

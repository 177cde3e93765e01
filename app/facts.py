"""What public pages read of the database, read once: known until something that is seen changes, or the minute is over.

Many pages say the same things: of which edition, of which calendar, under which rule. A page that is made anew while nothing changed
(another language, another order, another project) takes them from here. Only pages that are themselves kept under the number of
`app.changes` do so (app/http/unchanged.py); everything else, and whoever brings a session, reads the database each time. Why: decision 15.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import object_mapper
from sqlmodel import Session, SQLModel

from app.unit import Work

P = ParamSpec("P")
T = TypeVar("T")
KEPT = "facts"
MOST = 500
"""How many answers are kept at once; what comes after them is read each time."""


class Facts:
    """What was read under one number and in one minute."""

    def __init__(self, standing: tuple[int, str]) -> None:
        self.standing, self.known = standing, dict[Hashable, Any]()

    def lend(self, session: Session) -> None:
        """Let the reads of this session be taken from here, and kept here."""
        session.info[KEPT] = self


class Newest:
    """The facts of a process: those of the newest number and minute asked for, nothing older."""

    def __init__(self) -> None:
        self._facts, self._lock = Facts((-1, "")), Lock()

    def at(self, number: int, minute: str) -> Facts:
        """The facts of this number and minute; who comes late, with an older one, gets some of his own."""
        with self._lock:
            if (number, minute) > self._facts.standing:
                self._facts = Facts((number, minute))
            return self._facts if self._facts.standing == (number, minute) else Facts((number, minute))


def read_once(reading: Callable[Concatenate[Work, P], T]) -> Callable[Concatenate[Work, P], T]:
    """Written over a function that reads what many public pages show, and that writes nothing.

    What it returns is shared by all of them: nobody changes it, and the rows in it belong to no session any more.
    """

    @wraps(reading)
    def once(work: Work, /, *args: P.args, **kwargs: P.kwargs) -> T:
        facts: Facts | None = work.db.info.get(KEPT)
        if facts is None:
            return reading(work, *args, **kwargs)
        key = (reading.__module__, reading.__qualname__, *map(_named, args), *((name, _named(one)) for name, one in kwargs.items()))
        if key in facts.known:
            known: T = facts.known[key]
            return known
        found = reading(work, *args, **kwargs)
        if len(facts.known) < MOST:
            for row in list(work.db):
                work.db.expunge(row)
            facts.known[key] = found
        return found

    return once


def _named(value: object) -> Hashable:
    """What tells an argument from another: a row by its table and its key."""
    return (type(value).__name__, *object_mapper(value).primary_key_from_instance(value)) if isinstance(value, SQLModel) else value

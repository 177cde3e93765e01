"""What public pages read of the database, read once: known until something that is seen changes, or until the minute is over.

Many pages say the same things: of which edition, of which calendar, under which rule. A page that is made anew while nothing changed
(another language, another order, another project) takes them from here. Only pages that are themselves kept under the number of
`app.changes` do so (app/http/unchanged.py); everything else, and whoever brings a session, reads the database each time. Why: decision 15.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from functools import wraps
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import object_mapper
from sqlmodel import Session, SQLModel

from app.unit import Work

P = ParamSpec("P")
T = TypeVar("T")
Owner = TypeVar("Owner", bound=SQLModel)
KEPT = "facts"
MOST, MOST_PARTS = 500, 5_000
"""How many answers are kept at once, and how many single things of a list; what comes after them is read each time."""


class Facts:
    """What was read under one number and in one minute, and beside it what lasts as long as the number, whatever the minute."""

    def __init__(self, standing: tuple[int, str], lasting: dict[Hashable, Any] | None = None) -> None:
        self.standing, self.known, self.parts = standing, dict[Hashable, Any](), dict[Hashable, Any]()
        self.lasting: dict[Hashable, Any] = {} if lasting is None else lasting

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
                self._facts = Facts((number, minute), self._facts.lasting if number == self._facts.standing[0] else None)
            return self._facts if self._facts.standing == (number, minute) else Facts((number, minute))


def shares_facts(work: Work) -> bool:
    """Whether this unit of work takes what it reads from what others read."""
    return KEPT in work.db.info


def read_once(reading: Callable[Concatenate[Work, P], T]) -> Callable[Concatenate[Work, P], T]:
    """Written over a function that reads what many public pages show, and that writes nothing.

    What it returns is shared by all of them: nobody changes it, and the rows in it belong to no session any more.
    """
    return _once(reading, lambda facts: facts.known)


def read_until_changed(reading: Callable[Concatenate[Work, P], T]) -> Callable[Concatenate[Work, P], T]:
    """As `read_once`, over a function that never asks what time it is: its answer outlives the minute."""
    return _once(reading, lambda facts: facts.lasting)


def _once(reading: Callable[Concatenate[Work, P], T], shelf: Callable[[Facts], dict[Hashable, Any]]) -> Callable[Concatenate[Work, P], T]:
    @wraps(reading)
    def once(work: Work, /, *args: P.args, **kwargs: P.kwargs) -> T:
        facts: Facts | None = work.db.info.get(KEPT)
        if facts is None:
            return reading(work, *args, **kwargs)
        key = (reading.__module__, reading.__qualname__, *map(_named, args), *((name, _named(one)) for name, one in kwargs.items()))
        known = shelf(facts)
        if key in known:
            found: T = known[key]
            return found
        found = reading(work, *args, **kwargs)
        if len(known) < MOST:
            for row in list(work.db):
                work.db.expunge(row)
            known[key] = found
        return found

    return once


def read_each_once(
    reading: Callable[[Work, Owner, Collection[str]], Mapping[str, T]],
) -> Callable[[Work, Owner, Collection[str]], Mapping[str, T]]:
    """Written over a function that reads several things of an owner by their names: only those not known yet are read.

    What it returns are frozen values, no rows. The same cards stand in many lists.
    """

    @wraps(reading)
    def each(work: Work, owner: Owner, names: Collection[str]) -> Mapping[str, T]:
        facts: Facts | None = work.db.info.get(KEPT)
        if facts is None:
            return reading(work, owner, names)
        whose = (reading.__module__, reading.__qualname__, _named(owner))
        found = {name: facts.parts[*whose, name] for name in names if (*whose, name) in facts.parts}
        if missing := [name for name in names if name not in found]:
            for name, one in reading(work, owner, missing).items():
                found[name] = one
                if len(facts.parts) < MOST_PARTS:
                    facts.parts[*whose, name] = one
        return found

    return each


def _named(value: object) -> Hashable:
    """What tells an argument from another: a row by its table and its key."""
    return (type(value).__name__, *object_mapper(value).primary_key_from_instance(value)) if isinstance(value, SQLModel) else value

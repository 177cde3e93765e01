"""What may be claimed about insiders of this installation, so that a page claims neither more nor less."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Engine

from app.core.messages import Message, say
from app.core.sides import Side
from app.database import sides_of


class Separation(StrEnum):
    """How far the roll is kept from the ballots in the database, the least first."""

    FILE = "file"
    ACCOUNT = "account"
    TRANSACTIONS = "transactions"
    PROCESSES = "processes"

    @property
    def claimed(self) -> bool:
        """Whether anything is claimed at all against people who run this installation."""
        return self in (Separation.TRANSACTIONS, Separation.PROCESSES)

    @property
    def sentence(self) -> Message:
        """What the staff's page of the ballot box says."""
        return SENTENCES[self]


SENTENCES: dict[Separation, Message] = {
    Separation.FILE: say(
        "On SQLite the roll and the ballot box lie in one file: no separation from the people who hold this server is claimed. Ballots "
        "are sealed to the key of the bureau all the same, and nobody can open them before the bureau does."
    ),
    Separation.ACCOUNT: say(
        "The database has one account for everything: no separation from the people who hold this server is claimed. The command "
        "quotepart roles makes one for each side."
    ),
    Separation.TRANSACTIONS: say(
        "Each transaction in the database takes one role, and the one that reads the roll can read no ballot. This process may take "
        "the roles of both sides, so nothing is claimed against somebody who takes over the whole of it."
    ),
    Separation.PROCESSES: say(
        "Processes with accounts of their own read the roll, cast ballots and count: none of them alone can tell who voted what. "
        "Whoever administers the database or the machine still sees all of it."
    ),
}


def separation_of(engine: Engine) -> Separation:
    """How far this installation keeps the roll from the ballots, as this process sees it: by the roles that it was given."""
    if engine.dialect.name != "postgresql":
        return Separation.FILE
    sides = sides_of(engine)
    if not sides:
        return Separation.ACCOUNT
    both = Side.REGISTRAR in sides and sides & {Side.BOX, Side.LOG}
    return Separation.TRANSACTIONS if both else Separation.PROCESSES

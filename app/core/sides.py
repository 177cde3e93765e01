"""The sides of the wall in the database: what one transaction may see. None of them sees both the roll and the ballots that wait."""

from __future__ import annotations

from enum import StrEnum

from app.core.messages import Message, say


class Side(StrEnum):
    """A role that a transaction takes: everything but the ballots, casting, the public log, or the ballots once they can be opened."""

    REGISTRAR = "registrar"
    BOX = "box"
    LOG = "log"
    COUNT = "count"


SIDE_LABELS: dict[Side, Message] = {
    Side.REGISTRAR: say("the roll, the desk and all pages that show no ballot"),
    Side.BOX: say("casting a ballot, its receipt and the booth"),
    Side.LOG: say("closing the box and bringing its ballots to the public log"),
    Side.COUNT: say("opening the box and counting"),
}


def sides_in(text: str) -> frozenset[Side]:
    """The sides in a text such as "registrar, count"; "all" is all of them, an empty text none. Raises ValueError."""
    if text.strip() == "all":
        return frozenset(Side)
    return frozenset(Side(part.strip()) for part in text.split(",") if part.strip())

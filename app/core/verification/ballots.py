"""What is published of each ballot, and the one reading of an opened ballot that the count and its verifiers share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from app.core.messages import say
from app.core.transparency import Broken, unpad
from app.core.verification.bundle import Bundle, Malformed, compact, json_object
from app.core.verification.definition import Definition
from app.core.verification.shapes import shaped

FILE = "ballots.jsonl"
Reason: TypeAlias = Literal["unreadable", "form", "unknown"]
"""Why a ballot counts for nothing: it does not open to a ballot; its choices break the rules; it names what does not stand."""
REASONS: tuple[str, ...] = get_args(Reason)


@dataclass(frozen=True)
class Published:
    """One line: the choices of a ballot that counts, or why it is invalid, or the index of the ballot that replaced it."""

    choices: tuple[str, ...] | None = None
    invalid: str | None = None
    replaced_by: int | None = None

    def row(self, index: int | None = None) -> dict[str, object]:
        """The line as a JSON value, with its index in the log or without."""
        told: dict[str, object] = {} if index is None else {"index": index}
        if self.choices is not None:
            return told | {"choices": list(self.choices)}
        return told | ({"invalid": self.invalid} if self.invalid is not None else {"replaced_by": self.replaced_by})


def plain(choices: Sequence[str]) -> bytes:
    """The plain ballot with these choices, before it is padded and sealed."""
    return compact({"choices": sorted(choices)})[:-1]


def choices_in(padded: bytes) -> tuple[str, ...] | None:
    """The choices of an opened ballot, None where it holds no ballot in the one way of writing it ("unreadable")."""
    try:
        text = unpad(padded)
        value = json_object(text + b"\n", "", 0)
    except (Broken, Malformed):
        return None
    if not shaped(value, {"choices": list}) or not all(type(one) is str for one in value["choices"]):
        return None
    return tuple(value["choices"]) if value["choices"] == sorted(value["choices"]) else None


def fault_of(choices: Sequence[str], definition: Definition) -> Reason | None:
    """Why these choices make a ballot invalid by the frozen rules, None where it counts."""
    if any(id not in definition.place for id in definition.style.named(choices)):
        return "unknown"
    return "form" if definition.style.check(choices, definition.slate) else None


def read_published(bundle: Bundle, *, indexed: bool) -> Iterator[Published]:
    """The lines of ballots.jsonl, in the order of the log where they are `indexed`. Raises Malformed."""
    for number, row in bundle.rows(FILE):
        if indexed and row.get("index") != number - 1:
            raise Malformed(FILE, number, say("the ballots must be numbered from 0 in the order of the log."))
        yield _published(row, number, indexed)


def _published(row: dict[str, object], number: int, indexed: bool) -> Published:
    place = {"index": int} if indexed else {}
    choices = row.get("choices")
    if shaped(row, place | {"choices": list}) and isinstance(choices, list) and all(type(one) is str for one in choices):
        return Published(choices=tuple(choices))
    if shaped(row, place | {"invalid": str}) and row["invalid"] in REASONS:
        return Published(invalid=str(row["invalid"]))
    if indexed and shaped(row, place | {"replaced_by": int}) and isinstance(row["replaced_by"], int):
        return Published(replaced_by=row["replaced_by"])
    raise Malformed(FILE, number, say("this line tells neither choices nor why the ballot does not count."))

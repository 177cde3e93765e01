"""What was found in a table: how many rows would change what, what is wrong where, and the digest of all that would be done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.core.messages import Message, say, say_count

MOST = 1_000
"""Faults that a report names; the others are counted."""
SHOWN, LONGEST = 200, 200
"""Rows of which a report tells what they would do, and how many characters of a value."""
Act = Literal["create", "change", "same"]


@dataclass(frozen=True)
class Step:
    """What one row does: nothing is done with it here. `before` and `after` are JSON, and say all that is written."""

    act: Act
    key: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Planned:
    """What one row would do, for the official to read: whether it is new, what it is about, each field with what stood and would stand."""

    row: int
    act: Act
    about: str
    fields: list[tuple[str, str, str]]

    @classmethod
    def of(cls, row: int, step: Step) -> Planned:
        """The fields that would change; of what is new the name is enough."""
        before, after = _flat(step.before), _flat(step.after)
        about = str(after.get("title") or after.get("name") or step.key)
        changed = [name for name in after if before.get(name) != after[name]] if step.act == "change" else []
        return cls(row, step.act, about[:LONGEST], [(name, _short(before.get(name)), _short(after[name])) for name in changed])


@dataclass(frozen=True)
class Fault:
    """What is wrong in a cell (or, without a column, in a row): the sentence says what to do."""

    row: int
    column: str
    sentence: Message


@dataclass
class Report:
    """The outcome of going through a table once."""

    create: int = 0
    change: int = 0
    same: int = 0
    wrong: int = 0
    faults: list[Fault] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    digest: str = ""

    @property
    def rows(self) -> int:
        """The rows that could be read."""
        return self.create + self.change + self.same

    @property
    def good(self) -> bool:
        """Whether the table may be applied."""
        return not self.wrong

    @property
    def more(self) -> int:
        """Faults that are not named."""
        return self.wrong - len(self.faults)

    def count(self, row: int, step: Step) -> None:
        """Count a row, keep what it would do, and mix that into the digest."""
        setattr(self, step.act, getattr(self, step.act) + 1)
        if step.act != "same" and len(self.planned) < SHOWN:
            self.planned.append(Planned.of(row, step))
        told = as_json_text([self.digest, step.act, step.key, dict(step.before), dict(step.after)])
        self.digest = hashlib.sha256(told.encode()).hexdigest()

    def blame(self, row: int, errors: Mapping[str, Message]) -> None:
        """Note the faults of a row."""
        self.wrong += len(errors)
        self.faults += [Fault(row, column, sentence) for column, sentence in errors.items()][: MOST - len(self.faults)]

    def to_json(self) -> dict[str, Any]:
        """The report as a JSON value."""
        counts = {name: getattr(self, name) for name in ("create", "change", "same", "wrong", "digest")}
        planned = [[one.row, one.act, one.about, one.fields] for one in self.planned]
        return counts | {"faults": [[one.row, one.column, one.sentence.to_json()] for one in self.faults], "planned": planned}

    @classmethod
    def from_json(cls, packed: Mapping[str, Any]) -> Report:
        """The report that `to_json` packed; an empty one from nothing."""
        faults = [Fault(row, column, Message.from_json(sentence)) for row, column, sentence in packed.get("faults", [])]
        planned = [Planned(row, act, about, [tuple(one) for one in fields]) for row, act, about, fields in packed.get("planned", [])]
        counts = {name: value for name, value in packed.items() if name not in ("faults", "planned")}
        return cls(**counts, faults=faults, planned=planned)


def told(report: Report) -> list[Message]:
    """The counts in words."""
    return [
        say_count("%(count)d row is new.", "%(count)d rows are new.", report.create),
        say_count("%(count)d row changes what stands here.", "%(count)d rows change what stands here.", report.change),
        say_count("%(count)d row says what stands here already.", "%(count)d rows say what stands here already.", report.same),
    ]


def where(fault: Fault) -> Message:
    """The fault in one sentence with its place."""
    if not fault.row:
        return fault.sentence
    if not fault.column:
        return say("Row %(row)d: %(sentence)s", row=fault.row, sentence=fault.sentence)
    return say("Row %(row)d, column %(column)s: %(sentence)s", row=fault.row, column=fault.column, sentence=fault.sentence)


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of all pages side by side."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= value if isinstance(value, Mapping) else {name: value}
    return flat


def _short(value: Any) -> str:
    text = "" if value is None else value if isinstance(value, str) else as_json_text(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def as_json_text(value: Any) -> str:
    """A JSON value as one text, the same for the same value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)

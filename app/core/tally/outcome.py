"""What a count says: who won, in which order, why each project won or lost, and how near it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self

from app.core.messages import Message


class Status(StrEnum):
    """What became of a project; OPEN waits for a public draw."""

    WON = "won"
    LOST = "lost"
    OPEN = "open"


class Action(StrEnum):
    """What a rule did with a project when its turn came.

    Taken: BOUGHT, PARTIAL (for less than it asked, as its carrier accepted), RESERVE (completed from the reserve). Not taken: CARRIER and
    LIMIT (a limit is reached), TOO_DEAR, STOPPED (the count had stopped before).
    """

    BOUGHT = "bought"
    PARTIAL = "partial"
    RESERVE = "reserve"
    CARRIER = "carrier"
    LIMIT = "limit"
    TOO_DEAR = "too_dear"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Step:
    """One turn of the count: the project, what was done, and the envelope before and after, in cents.

    For rules in which voters pay: `price`, what each paying supporter gave (exact cents), `payers`, how many gave that
    much, `part_payers`, how many gave all they had left, which was less, and `held`, what all its supporters had before (exact cents).
    For Phragmén `price` is the load of its supporters after the purchase. `stage` names the part of the envelope, "" where
    there is one only.
    `score` is what put the project here in rules that rank: votes, points or votes per unit of money (exact).
    """

    project: str
    action: Action
    left_before_cents: int
    left_after_cents: int
    price: Fraction | None = None
    payers: int | None = None
    part_payers: int | None = None
    held: Fraction | None = None
    stage: str = ""
    score: Fraction | None = None


@dataclass(frozen=True)
class Flow:
    """Where the money of a project's supporters went: `cents` (exact) to `project`."""

    project: str
    cents: Fraction


@dataclass(frozen=True)
class Tie:
    """Projects that stood equal: `members` in the order in which they fell, `by` the criteria that told them apart.

    `mattered` says whether another order of its members would have made other winners; None where nobody looked
    (Equal Shares: the tie stood in a run with another voter's share than the final one, or there were too many).
    """

    members: tuple[str, ...]
    by: tuple[str, ...]
    mattered: bool | None


@dataclass(frozen=True)
class Row:
    """One project in the result. Money in cents; `left_*` is the envelope before and after its turn (None: it had none).

    `missing_votes` is the smallest number of further supporters, `missing_cents` the smallest increase of the
    envelope, that would each alone have made it win; None where nothing would, or where it was not looked for.
    `winning_cost_cents` is the highest cost, below its own, at which it would have won. Each rule's docstring defines what stays the
    same meanwhile. `nearest` says them in a sentence. `spare_votes`, for a winner: how many votes it could have done without.
    Where voters pay: `support`, the largest part of its cost that its supporters could have paid at some time (exact, 1 is enough),
    and `flow`, what they paid for other projects, the most first. `paid_cents` is what it is given where that is not its cost.
    `points` is its score where ballots give points (in units of the profile) or grades, `missing_points` how many more it lacked.
    For majority judgment: `grades`, how many ballots gave each grade, the worst first, and `parted`, why the project before it with
    the same majority grade stands there.
    """

    project: str
    rank: int
    votes: int
    cost_cents: int
    status: Status
    reason: Message
    left_before_cents: int | None = None
    left_after_cents: int | None = None
    missing_votes: int | None = None
    missing_cents: int | None = None
    nearest: Message | None = None
    winning_cost_cents: int | None = None
    spare_votes: int | None = None
    support: Fraction | None = None
    flow: tuple[Flow, ...] = ()
    paid_cents: int | None = None
    points: int | None = None
    missing_points: int | None = None
    grades: tuple[int, ...] = ()
    parted: Message | None = None


@dataclass(frozen=True)
class Portion:
    """One part of the envelope in a count in stages: `stage` as in its steps, `name` for people.

    It had `budget_cents`; of what it did not spend, `passed_cents` went on to the stages after it and the rest is kept.
    """

    stage: str
    name: Message
    budget_cents: int
    spent_cents: int
    passed_cents: int


@dataclass(frozen=True)
class Outcome:
    """The result of one count. `selected` in order of purchase; `rows` in order of rank, every project once.

    `needs_draw` names the projects that a public draw must part before the count can be finished; as long as it
    is not empty, rows may be OPEN. `share` is the voter's share at the end (exact cents) and `runs` the number of
    times Equal Shares was run to find it; None and 1 for other rules. `notes` are sentences about the count as a whole.
    `portions` are the parts of a count in stages, in order. `rival` is what the way of counting that was not adopted would have
    selected. `reserve_list` names the losers that would be next, `reserve_cents` is what a reserve outside the envelope adds to it.
    """

    selected: tuple[str, ...]
    rows: tuple[Row, ...]
    steps: tuple[Step, ...]
    ties: tuple[Tie, ...]
    budget_cents: int
    spent_cents: int
    currency: str
    valid: int
    blank: int
    needs_draw: tuple[str, ...] = ()
    share: Fraction | None = None
    runs: int = 1
    notes: tuple[Message, ...] = ()
    portions: tuple[Portion, ...] = ()
    rival: tuple[str, ...] = ()
    reserve_list: tuple[str, ...] = ()
    reserve_cents: int = 0

    @property
    def left_cents(self) -> int:
        """What remains of the envelope."""
        return self.budget_cents - self.spent_cents

    def row(self, project: str) -> Row:
        """The row of this project. Raises KeyError if it did not stand."""
        for row in self.rows:
            if row.project == project:
                return row
        raise KeyError(project)

    def to_json(self) -> dict[str, Any]:
        """A JSON value from which `from_json` rebuilds an equal outcome; fractions are written "p/q"."""
        lists = {name: [vars(one) for one in getattr(self, name)] for name in ("rows", "steps", "ties", "portions")}
        packed: dict[str, Any] = _pack({**vars(self), **lists})
        for plain, row in zip(packed["rows"], self.rows, strict=True):
            plain |= {"reason": row.reason.to_json(), "nearest": row.nearest.to_json() if row.nearest else None}
            plain["flow"] = [_pack(vars(one)) for one in row.flow]
            plain["parted"] = row.parted.to_json() if row.parted else None
        for plain, portion in zip(packed["portions"], self.portions, strict=True):
            plain["name"] = portion.name.to_json()
        return packed | {"notes": [note.to_json() for note in self.notes]}

    @classmethod
    def from_json(cls, packed: Mapping[str, Any]) -> Self:
        """Rebuild an outcome stored by `to_json`. Raises KeyError, TypeError or ValueError on anything else."""
        plain = dict(packed)
        plain["rows"] = tuple(_row(row) for row in packed["rows"])
        plain["steps"] = tuple(_step(step) for step in packed["steps"])
        plain["ties"] = tuple(Tie(tuple(tie["members"]), tuple(tie["by"]), tie["mattered"]) for tie in packed["ties"])
        plain["portions"] = tuple(Portion(**{**one, "name": Message.from_json(one["name"])}) for one in packed.get("portions", ()))
        plain |= {name: tuple(packed[name]) for name in ("selected", "needs_draw")} | {"share": _fraction(packed["share"])}
        plain |= {name: tuple(packed.get(name, ())) for name in ("rival", "reserve_list")}
        plain["notes"] = tuple(Message.from_json(note) for note in packed.get("notes", ()))
        return cls(**plain)


def _step(packed: Mapping[str, Any]) -> Step:
    exact = {name: _fraction(packed.get(name)) for name in ("price", "held", "score")}
    return Step(**{**packed, "action": Action(packed["action"]), **exact})


def _row(packed: Mapping[str, Any]) -> Row:
    read = {"status": Status(packed["status"]), "reason": Message.from_json(packed["reason"])}
    flow = tuple(Flow(one["project"], Fraction(one["cents"])) for one in packed.get("flow", ()))
    exact = {"support": _fraction(packed.get("support")), "flow": flow, "grades": tuple(packed.get("grades", ()))}
    said = {name: Message.from_json(packed[name]) if packed.get(name) else None for name in ("nearest", "parted")}
    return Row(**{**packed, **read, **exact, **said})


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _pack(value: Any) -> Any:
    match value:
        case dict():
            return {name: _pack(part) for name, part in value.items()}
        case tuple() | list():
            return [_pack(part) for part in value]
        case StrEnum():
            return value.value
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case _:
            return value

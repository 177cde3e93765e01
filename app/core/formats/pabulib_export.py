"""From our elections to a .pb file: which of our rules the format knows by name, and our own words in its `comment`.

The public checker of the format recounts the rules it knows: most votes first, with its threshold and its stop. It breaks ties by
the order of the lines and drops what is below the unit, so projects are written in the order of the count, and a rule gets a name
only where amounts are whole. Every other rule is `unknown`; the rule as data stands in the comment in both cases.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.core.formats.amounts import plain
from app.core.formats.pabulib import Ballot, PabulibFile, PabulibHead, Project
from app.core.tally.profile import Kind

_RULE = "rule as data: "
_BLANK = "blank ballots, not listed: "
_DRAW = "draw as data: "
_PROJECTS = "projects as data: "
_MARKS = "marks as data: "

VOTE_TYPES: Mapping[Kind, str] = {
    "points": "cumulative", "ranking": "ordinal", "grades": "scoring", "for_against": "scoring", "star": "scoring"
}  # fmt: skip
"""The type of vote under which the format knows our marks; those of "scoring" are told apart in the comment."""


@dataclass(frozen=True)
class Heading:
    """What the META section says of an election. Amounts in hundredths of the unit; limits count projects on one ballot.

    `points`: how many points a ballot shares out, where it does.
    """

    description: str
    country: str
    unit: str
    instance: str
    budget_cents: int
    begin: date
    end: date
    currency: str = "EUR"
    language: str = "fr"
    min_length: int = 0
    max_length: int | None = None
    max_total_cents: int | None = None
    points: int | None = None


@dataclass(frozen=True)
class Entry:
    """A project as counted: `won` is None where nothing was decided yet."""

    id: str
    name: str
    cost_cents: int
    won: bool | None = None
    category: str = ""
    carrier: str = ""
    country: str = ""
    filed: int | None = None


def election_file(
    heading: Heading,
    entries: Sequence[Entry],
    ballots: Iterable[Mapping[str, int] | Iterable[str]],
    *,
    kind: Kind = "approval",
    rule: Mapping[str, Any],
    blank: int | None = None,
    draw: Mapping[str, Any] | None = None,
) -> PabulibFile:
    """The .pb file of an election.

    `entries` in the order of the count; `ballots` as sets of identifiers, or as marks by identifier, which mean what `kind` says
    (see `Profile`): they are sorted and numbered anew, so that the file tells nothing of the order of voting. The format has no blank
    ballots: empty ones are left out and only their number
    (`blank`, else the empty ones among `ballots`) is said in the comment. `rule` is one of our rules as JSON data, `draw`
    the public draw as `Election` takes it (its `draw` or `seed`): with both in the comment, and the carriers as proposers, the file alone
    gives the same winners again. Where the rule looks at countries or at the order of filing, for which the format has no column,
    the comment tells them too.
    """
    cast = sorted(_in_order(ballot, kind) for ballot in ballots)
    filled = [marks for marks in cast if marks]
    votes = Counter(id for marks in filled for id, mark in marks if kind in ("approval", "ranking", "grades", "star") or mark > 0)
    ranked = sorted(entries, key=lambda entry: -votes[entry.id])
    whole = all(amount % 100 == 0 for amount in (heading.budget_cents, *(entry.cost_cents for entry in entries)))
    fewest = min((votes[entry.id] for entry in entries), default=0)
    name, threshold = declared_rule(rule, fewest_votes=fewest) if whole and kind == "approval" else ("unknown", None)
    meta = _meta(heading, entries) | {
        "rule": name,
        "comment": f"#1: Quotepart {_RULE}{canonical(rule)} #2: {_BLANK}{len(cast) - len(filled) if blank is None else blank}",
    }
    if threshold is not None:
        meta["min_project_score_threshold"] = str(threshold)
    if draw:
        meta["comment"] += f" #3: Quotepart {_DRAW}{canonical(draw)}"
    if known := _beyond_columns(entries, rule):
        meta["comment"] += f" #4: Quotepart {_PROJECTS}{canonical(known)}"
    if VOTE_TYPES.get(kind) == "scoring":
        meta["comment"] += f" #5: Quotepart {_MARKS}{canonical({'kind': kind})}"
    told = {
        "category": any(entry.category for entry in entries),
        "selected": any(entry.won is not None for entry in entries),
        "proposer": any(entry.carrier for entry in entries),
    }
    columns = ["project_id", "cost", "votes", "name", *(column for column, there in told.items() if there)]
    return PabulibFile(
        meta,
        heading.budget_cents,
        VOTE_TYPES.get(kind) or ("choose-1" if heading.max_length == 1 else "approval"),
        tuple(Project(entry.id, entry.cost_cents, _cells(entry, votes[entry.id], columns)) for entry in ranked),
        tuple(columns),
        ("voter_id", "vote") if kind in ("approval", "ranking") else ("voter_id", "vote", "points"),
        tuple(_ballot(number, marks, kind) for number, marks in enumerate(filled, 1)),
    )


def _in_order(ballot: Mapping[str, int] | Iterable[str], kind: Kind) -> list[tuple[str, int]]:
    """The marks of a ballot by project; of a ranking by place, as the format writes it."""
    marks = ballot if isinstance(ballot, Mapping) else dict.fromkeys(ballot, 1)
    return sorted(marks.items(), key=(lambda one: one[1]) if kind == "ranking" else None)


def _ballot(number: int, marks: Sequence[tuple[str, int]], kind: Kind) -> Ballot:
    points = () if kind in ("approval", "ranking") else tuple(Decimal(mark) for _, mark in marks)
    return Ballot(str(number), tuple(id for id, _ in marks), points)


def declared_rule(rule: Mapping[str, Any], *, fewest_votes: int = 0) -> tuple[str, int | None]:
    """(name, threshold) under which the format knows one of our rules exactly, or ("unknown", None).

    A threshold that every project reaches (`fewest_votes`: the votes of the last one) is none. Equal Shares is never named:
    the checker starts its increments elsewhere and breaks ties in another way.
    """
    plain_greedy = rule.get("kind") == "greedy" and rule.get("utility") == "votes"
    known = plain_greedy and not (rule.get("max_per_carrier") or rule.get("limits") or rule.get("winners"))
    if not known or rule.get("on_miss") not in ("skip", "stop"):
        return "unknown", None
    least = rule.get("min_votes", 1)
    threshold = least if least > fewest_votes else None
    if rule["on_miss"] == "stop":
        return "greedy-no-skip", threshold
    return ("greedy-threshold" if threshold else "greedy"), threshold


def rule_of(election: PabulibHead) -> dict[str, Any] | None:
    """Our rule as data, read back from the comment of a file; None where a file holds none that can be read."""
    return _data_of(election, _RULE)


def draw_of(election: PabulibHead) -> dict[str, Any]:
    """The public draw that the comment of a file tells, as `Election` takes it: {"draw": (…)}, {"seed": "…"} or nothing."""
    match _data_of(election, _DRAW):
        case {"seed": str(seed)}:
            return {"seed": seed}
        case {"draw": [*ids]} if all(isinstance(id, str) for id in ids):
            return {"draw": tuple(ids)}
        case _:
            return {}


def kind_of(election: PabulibHead) -> Kind | None:
    """What the marks of our own ballots mean where the format has one type for several: "grades", "for_against", "star"; else None."""
    kind = (_data_of(election, _MARKS) or {}).get("kind")
    return next((known for known, type in VOTE_TYPES.items() if known == kind and type == "scoring" == election.vote_type), None)


def projects_of(election: PabulibHead) -> dict[str, dict[str, Any]]:
    """What the comment of a file tells of its projects, by id: "country" (text) and "filed" (the place in the order of filing)."""
    told = _data_of(election, _PROJECTS) or {}
    read = {"country": str, "filed": int}
    return {
        id: {name: one[name] for name, kind in read.items() if type(one.get(name)) is kind}
        for id, one in told.items()
        if isinstance(one, dict)
    }


def _beyond_columns(entries: Sequence[Entry], rule: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What the rule looks at and the format has no column for."""
    text = canonical(rule)
    wanted = [name for name, mark in (("country", '"key":"country"'), ("filed", '"older"')) if mark in text]
    told = {entry.id: {name: value for name in wanted if (value := getattr(entry, name))} for entry in entries}
    return {id: one for id, one in told.items() if one}


def _data_of(election: PabulibHead, mark: str) -> dict[str, Any] | None:
    _, found, rest = election.meta.get("comment", "").partition(mark)
    if not found:
        return None
    try:
        data, _ = json.JSONDecoder().raw_decode(rest)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def blank_of(election: PabulibHead) -> int:
    """The number of blank ballots that the comment of a file tells, 0 where it tells none."""
    _, _, rest = election.meta.get("comment", "").partition(_BLANK)
    number = rest.split(" ", 1)[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0


def canonical(value: Mapping[str, Any]) -> str:
    """JSON in one way only: sorted keys, no spaces, no numbers but whole ones. Raises ValueError on a float that is no number."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _meta(heading: Heading, entries: Sequence[Entry]) -> dict[str, str]:
    meta = {
        "description": _line(heading.description),
        "country": _line(heading.country),
        "unit": _line(heading.unit),
        "instance": _line(heading.instance),
        "date_begin": f"{heading.begin:%d.%m.%Y}",
        "date_end": f"{heading.end:%d.%m.%Y}",
        "language": heading.language,
        "currency": heading.currency,
    }
    if heading.min_length:
        meta["min_length"] = str(heading.min_length)
    if heading.max_length:
        meta["max_length"] = str(min(heading.max_length, len(entries)))
    if heading.max_total_cents is not None:
        meta["max_sum_cost"] = plain(heading.max_total_cents)
    if heading.points is not None:
        meta["max_sum_points"] = str(heading.points)
    if sum(entry.cost_cents for entry in entries) <= heading.budget_cents:
        meta["fully_funded"] = "1"
    return meta


def _cells(entry: Entry, votes: int, columns: Sequence[str]) -> dict[str, str]:
    cells = {
        "votes": str(votes),
        "name": _line(entry.name) or entry.id,
        "category": _line(entry.category.replace(",", " ")),
        "selected": "1" if entry.won else "0",
        "proposer": _line(entry.carrier),
    }
    return {column: cells[column] for column in columns if cells.get(column)}


def _line(text: str) -> str:
    """Text on one line: readers of the format work line by line."""
    return " ".join(text.replace("\x00", "").split())

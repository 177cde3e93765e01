"""What does not fit into one cell as it is: lines of a budget, activities, lists, yes and no; written and read back without loss."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.core.formats.amounts import plain
from app.core.messages import say
from app.core.problems import Invalid
from app.proposals.logframe import ACTIVITY, INDICATOR, RISK
from app.proposals.models import BudgetLine

Row = Mapping[str, Any]

LINE = re.compile(r"(?P<account>\d{2,6})\s+(?P<amount>[\d \u00a0\u202f]+(?:[.,]\d{1,2})?)\s*(?P<asked>\?)?\s*(?::\s*(?P<label>.*))?")
NOT_A_LINE = say("Write each line of the budget as account, amount, colon, words: “60 1250.00: Tools”, one below the other.")
PARTS: dict[str, tuple[str, ...]] = {"activities": ACTIVITY, "indicators": INDICATOR, "risks": RISK}
"""Column -> the parts of each of its lines; the first one is its words."""
NOT_PARTS = {
    "indicators": say(
        "Write each indicator as words|unit|before|after|source: “Families with water|families|0|40|Survey”, one below the other."
    ),
    "risks": say("Write each risk as words|low, medium or high|answer: “Late rains|medium|We dig in May”, one below the other."),
}
ANSWERS = {"yes": "yes", "oui": "yes", "1": "yes", "true": "yes", "no": "no", "non": "no", "0": "no", "false": "no", "": ""}


def written_lines(lines: Iterable[BudgetLine]) -> str:
    """Lines of a budget, one below the other: `60 1250.5: Tools`; a question mark after the amount of what is only asked for."""
    rows = ({"account": line.account, "label": line.label, "amount": line.cents, "status": line.status} for line in lines)
    return "\n".join(map(_written_line, rows))


def read_lines(column: str, text: str, held: Iterable[Row] = ()) -> list[Row]:
    """Lines of a budget as their form takes them; one that says what a line of `held` says is that line, its currency included.

    Raises Invalid at the column.
    """
    rows = []
    for line in filter(None, map(str.strip, text.splitlines())):
        found = LINE.fullmatch(line)
        if found is None:
            raise Invalid({column: NOT_A_LINE})
        status = "requested" if found["asked"] else "confirmed"
        rows.append({"account": found["account"], "label": (found["label"] or "").strip(), "amount": found["amount"], "status": status})
    return _known_again(rows, held, _written_line)


def written_rows(code: str, rows: Iterable[Row]) -> str:
    """Activities, indicators or risks, one below the other, their parts with bars between them: `Drilling|2|3`; or the words alone."""
    return "\n".join(_written_parts(PARTS[code], row) for row in rows)


def read_activities(text: str, held: Iterable[Row] = ()) -> list[Row]:
    """Activities as their form takes them; one that says what a row of `held` says is that row."""
    rows = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = [part.strip() for part in line.rsplit("|", 2)]
        rows.append(dict(zip(ACTIVITY, parts if len(parts) == len(ACTIVITY) else (line, "", ""), strict=True)))
    return _known_again(rows, held, lambda row: _written_parts(ACTIVITY, row))


def read_parts(code: str, text: str, held: Iterable[Row] = ()) -> list[Row]:
    """Indicators or risks as their form takes them; one that says what a row of `held` says is that row. Raises Invalid at the column."""
    names, rows = PARTS[code], []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = [part.strip() for part in line.rsplit("|", len(names) - 1)]
        if len(parts) not in (1, len(names)):
            raise Invalid({code: NOT_PARTS[code]})
        rows.append(dict(zip(names, parts + [""] * (len(names) - len(parts)), strict=True)))
    return _known_again(rows, held, lambda row: _written_parts(names, row))


def _written_line(row: Row) -> str:
    amount = row["amount"]
    cents = amount if isinstance(amount, int) else int(Decimal(re.sub(r"\s", "", amount).replace(",", ".")) * 100)
    return f"{row['account']} {plain(cents)}{' ?' if row['status'] == 'requested' else ''}: {' '.join(row['label'].split())}".rstrip(": ")


def _written_parts(names: Sequence[str], row: Row) -> str:
    """The words may hold a bar, what follows them may not."""
    words, *others = (" ".join(("" if (value := row.get(name)) is None else str(value)).split()) for name in names)
    return "|".join([words, *(other.replace("|", "/") for other in others)]) if any(others) or "|" in words else words


def _known_again(rows: Iterable[Row], held: Iterable[Row], written: Callable[[Row], str]) -> list[Row]:
    """The rows, each that is written like one held replaced by it: a cell that nobody touched loses nothing that it does not show."""
    pool, found = [(written(one), one) for one in held], []
    for row in rows:
        place = next((number for number, (text, _) in enumerate(pool) if text == written(row)), None)
        found.append(row if place is None else pool.pop(place)[1])
    return found


def words(text: str) -> list[str]:
    """The words of a list: "2, 5 13" and "2;5;13" are three."""
    return [word for word in re.split(r"[\s,;]+", text) if word]


def answer(text: str) -> str:
    """Yes or no as a form takes it, from English or French; anything else as it is, for the form to refuse."""
    return ANSWERS.get(text.strip().casefold(), text)


def yes_or_no(value: bool | None) -> str:
    """The other way round; "" where nothing was answered."""
    return "" if value is None else "yes" if value else "no"

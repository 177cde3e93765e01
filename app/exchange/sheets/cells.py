"""What does not fit into one cell as it is: lines of a budget, lists, yes and no; written and read back without loss."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from app.core.formats.amounts import plain
from app.core.messages import say
from app.core.problems import Invalid
from app.proposals.models import BudgetLine

LINE = re.compile(r"(?P<account>\d{2,6})\s+(?P<amount>[\d \u00a0\u202f]+(?:[.,]\d{1,2})?)\s*(?P<asked>\?)?\s*(?::\s*(?P<label>.*))?")
NOT_A_LINE = say("Write each line of the budget as account, amount, colon, words: “60 1250.00: Tools”, one below the other.")
ANSWERS = {"yes": "yes", "oui": "yes", "1": "yes", "true": "yes", "no": "no", "non": "no", "0": "no", "false": "no", "": ""}


def written_lines(lines: Iterable[BudgetLine]) -> str:
    """Lines of a budget, one below the other: `60 1250.5: Tools`; a question mark after the amount of what is only asked for."""
    return "\n".join(
        f"{line.account} {plain(line.cents)}{' ?' if line.status == 'requested' else ''}: {' '.join(line.label.split())}".rstrip(": ")
        for line in lines
    )


def read_lines(column: str, text: str) -> list[dict[str, Any]]:
    """Lines of a budget as their form takes them. Raises Invalid at the column."""
    rows = []
    for line in filter(None, map(str.strip, text.splitlines())):
        found = LINE.fullmatch(line)
        if found is None:
            raise Invalid({column: NOT_A_LINE})
        status = "requested" if found["asked"] else "confirmed"
        rows.append({"account": found["account"], "label": (found["label"] or "").strip(), "amount": found["amount"], "status": status})
    return rows


def words(text: str) -> list[str]:
    """The words of a list: "2, 5 13" and "2;5;13" are three."""
    return [word for word in re.split(r"[\s,;]+", text) if word]


def answer(text: str) -> str:
    """Yes or no as a form takes it, from English or French; anything else as it is, for the form to refuse."""
    return ANSWERS.get(text.strip().casefold(), text)


def yes_or_no(value: bool | None) -> str:
    """The other way round; "" where nothing was answered."""
    return "" if value is None else "yes" if value else "no"

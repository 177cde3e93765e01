"""V10: the paper ballots as typed in, lot by lot: each serial once, each choice allowed or its reason given."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.core.messages import say, say_count
from app.core.verification.ballots import fault_of
from app.core.verification.bundle import Bundle, Malformed
from app.core.verification.checks import Findings
from app.core.verification.definition import Definition
from app.core.verification.piles import Piles

FILE = "paper_lots.csv"
HEADER = ("lot", "serial", "choices", "null_reason")
BY_CHOICES = ("too_few", "too_many", "over_budget")
"""Reasons that the choices themselves show; the others only the paper shows."""
REASONS = (*BY_CHOICES, "unknown_mark", "sign", "several", "unreadable", "form", "other")
WITHHELD = "withheld"
"""Stands in place of the reason where there are too few ballots to show what any of them holds."""


@dataclass(frozen=True, order=True)
class PaperBallot:
    """One paper ballot: the number of its lot, its serial there, its choices sorted, and why it is null ("" where it counts)."""

    lot: int
    serial: int
    choices: tuple[str, ...]
    null_reason: str = ""


def read_paper(bundle: Bundle) -> tuple[PaperBallot, ...]:
    """The paper ballots of paper_lots.csv. Raises Malformed."""
    try:
        text = bundle.whole(FILE).decode()
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (ValueError, csv.Error):
        raise Malformed(FILE, 0, say("this is not a table in UTF-8 with commas.")) from None
    if not rows or tuple(rows[0]) != HEADER:
        raise Malformed(FILE, 1, say("the first line must name the columns: %(columns)s.", columns=",".join(HEADER)))
    found = tuple(_row(row, number) for number, row in enumerate(rows[1:], 2))
    if paper_table(found) != text.encode():
        raise Malformed(FILE, 0, say("the table is not written in the one way of writing it."))
    return found


def _row(row: Sequence[str], number: int) -> PaperBallot:
    if len(row) != len(HEADER) or not all(part.isascii() and part.isdigit() and len(part) < 10 for part in row[:2]):
        raise Malformed(FILE, number, say("this line does not hold what the format of the bundle asks for."))
    return PaperBallot(int(row[0]), int(row[1]), tuple(row[2].split(" ")) if row[2] else (), row[3])


def paper_table(paper: Sequence[PaperBallot]) -> bytes:
    """The table of these ballots: commas, a line feed after each line, in the order given."""
    made = io.StringIO()
    table = csv.writer(made, lineterminator="\n")
    table.writerow(HEADER)
    table.writerows((one.lot, one.serial, " ".join(one.choices), one.null_reason) for one in paper)
    return made.getvalue().encode()


def check_paper(paper: Sequence[PaperBallot], definition: Definition, withheld: bool, found: Findings) -> None:
    """V10."""
    for before, one in pairwise(paper):
        if (before.lot, before.serial) == (one.lot, one.serial):
            found.fault(say("Lot %(lot)d holds serial %(serial)d twice.", lot=one.lot, serial=one.serial))
        elif (before.lot, before.serial) > (one.lot, one.serial):
            found.fault(say("Lot %(lot)d, serial %(serial)d stands out of order.", lot=one.lot, serial=one.serial))
    for one in paper:
        if withheld:
            hidden = one.null_reason == WITHHELD and not one.choices
            found.expect(hidden, say("Lot %(lot)d, serial %(serial)d shows what it was to keep.", lot=one.lot, serial=one.serial))
        else:
            _judge(one, definition, found)
    found.note(say_count("%(count)d paper ballot was typed in.", "%(count)d paper ballots were typed in.", len(paper)))


def _judge(one: PaperBallot, definition: Definition, found: Findings) -> None:
    fault = fault_of(one.choices, definition)
    if list(one.choices) != sorted(one.choices):
        found.fault(say("Lot %(lot)d, serial %(serial)d: its choices are not sorted.", lot=one.lot, serial=one.serial))
    if not one.null_reason and fault:
        found.fault(say("Lot %(lot)d, serial %(serial)d breaks the rules of the ballot, and is counted.", lot=one.lot, serial=one.serial))
    elif one.null_reason and one.null_reason not in REASONS:
        found.fault(say("Lot %(lot)d, serial %(serial)d is null for an unknown reason.", lot=one.lot, serial=one.serial))
    elif one.null_reason in BY_CHOICES and one.choices and not fault:
        found.fault(say("Lot %(lot)d, serial %(serial)d is null for a reason that it does not give.", lot=one.lot, serial=one.serial))


def count_paper(paper: Sequence[PaperBallot], definition: Definition, piles: Piles) -> None:
    """Add the paper ballots to those cast online; one that breaks the rules counts for nothing here."""
    for one in paper:
        if one.null_reason:
            piles.null(one.null_reason)
        elif fault_of(one.choices, definition) is None:
            piles.add(one.choices)

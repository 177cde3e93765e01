"""Going through a table once, to look or to apply: the same walk, so that what was looked at is what is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.core.messages import Message, say
from app.core.problems import Invalid
from app.core.tally.progress import Told, untold
from app.editions.models import Edition
from app.exchange.sheets.columns import COLUMNS, Kind, bare_heading, headings
from app.exchange.sheets.organisations import Organisations
from app.exchange.sheets.projects import Projects
from app.exchange.sheets.reading import Row
from app.exchange.sheets.reports import Report, Step
from app.unit import Work

TWICE = say("Rows %(first)d and %(second)d are about the same thing. Keep one of them.", first=0, second=0)
FORMULA = say("This cell holds a formula. Copy the column and paste its values only.")
OFFERED = say("Choose one of the answers offered.")
READING, WRITING = say("Looking at the rows"), say("Writing")


def go_through(
    work: Work, edition: Edition, kind: Kind, rows: Iterable[Row], *, by: int | None, writing: str | None = None, told: Told = untold
) -> Report:
    """Look at every row and say what it would do; with the digest of an earlier look in `writing`, do it if it still is the same.

    Nothing is written where anything is wrong or the digest is another: the caller compares. Raises Invalid for a file that cannot be read.
    """
    report, walk = Report(), iter(rows)
    read_as = _columns(kind, next(walk, None), report)
    if not report.good:
        return report
    desk = (Projects if kind is Kind.PROJECTS else Organisations)(work, edition, by=by, applying=writing is not None)
    first_row: dict[str, int] = {}
    kept: list[tuple[Step, Any]] = []
    for number, row in enumerate(walk):
        if number % 100 == 0:
            told(READING, None)
        values: dict[str, str] = {}
        try:
            values = _values(row, read_as)
            _check_once(row, desk.keys(values), first_row)
            step, thing = desk.step(values)
        except Invalid as problem:
            if "file" in problem.errors:
                raise
            report.blame(row.number, {code: _in_a_table(sentence, values.get(code, "")) for code, sentence in problem.errors.items()})
            continue
        report.count(row.number, step)
        if writing is not None and step.act != "same":
            kept.append((step, thing))
    if writing is not None and report.good and report.digest == writing:
        told(WRITING, None)
        for step, thing in kept:
            desk.take(step, thing)
        desk.finish()
    return report


def _columns(kind: Kind, first: Row | None, report: Report) -> dict[int, str]:
    """Place -> code of the column, from the row of headings; what is not known is put into the report."""
    known, read_as = headings(kind), dict[int, str]()
    if first is None:
        raise Invalid({"file": say("This file is empty.")})
    for place, heading in enumerate(first.cells):
        code = known.get(bare_heading(heading))
        if not heading.strip():
            continue
        if code is None:
            report.blame(first.number, {heading[:80]: _unknown(kind)})
        elif code in read_as.values():
            report.blame(first.number, {heading[:80]: say("This column stands here twice.")})
        else:
            read_as[place] = code
    return read_as


def _unknown(kind: Kind) -> Message:
    return say("This column is not known. Known columns: %(columns)s.", columns=tuple(one.code for one in COLUMNS[kind] if one.given))


def _in_a_table(sentence: Message, value: str) -> Message:
    """The sentence of a page as it helps in a table, where no answers are offered."""
    if sentence != OFFERED:
        return sentence
    return say("“%(value)s” is not a value of this column. Write it as it stands in a table that was taken out.", value=value[:80])


def _values(row: Row, read_as: dict[int, str]) -> dict[str, str]:
    """Code -> cell, for the columns that a file may give. A row shorter than the headings ends in blanks."""
    if row.formulas:
        raise Invalid({read_as.get(place, ""): FORMULA for place in row.formulas})
    if any(cell.strip() and place not in read_as for place, cell in enumerate(row.cells)):
        raise Invalid({"": say("There is something in this row where no column has a heading.")})
    return {code: row.cells[place] if place < len(row.cells) else "" for place, code in read_as.items() if code not in READ_ONLY}


READ_ONLY = {column.code for columns in COLUMNS.values() for column in columns if not column.given}
"""Columns of our own tables that a file may keep; what stands in them is not looked at."""


def _check_once(row: Row, keys: Iterable[str], first_row: dict[str, int]) -> None:
    """Two rows about the same thing are both named. Raises Invalid at the second."""
    for key in keys:
        if (other := first_row.setdefault(key, row.number)) != row.number:
            raise Invalid({"": say(TWICE.text, first=other, second=row.number)})

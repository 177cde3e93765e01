"""Tables as CSV, for open data and for a French spreadsheet, safe to open: no cell can start a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from app.core.formats.amounts import plain
from app.core.money import Money

Cell: TypeAlias = "str | int | Decimal | Money | date | None"

_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class TableStyle:
    """How a table is written: separator, decimal mark, and the BOM by which a spreadsheet knows UTF-8."""

    separator: str
    decimal_mark: str
    bom: bool


OPEN_DATA = TableStyle(separator=",", decimal_mark=".", bom=False)
"""RFC 4180: comma, decimal point, UTF-8 without BOM."""
FRENCH_SHEET = TableStyle(separator=";", decimal_mark=",", bom=True)
"""What a spreadsheet set to French opens by double click: semicolon, decimal comma, UTF-8 with BOM."""


def write_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, style: TableStyle = OPEN_DATA) -> bytes:
    """The table as UTF-8 bytes, lines ended by CR LF. Raises ValueError where a row is not as wide as the header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=style.separator, lineterminator="\r\n")
    writer.writerow([neutral(column) for column in columns])
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"a row of {len(row)} cells under {len(columns)} columns")
        writer.writerow([_written(cell, style) for cell in row])
    return text.getvalue().encode("utf-8-sig" if style.bom else "utf-8")


def neutral(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet might take it for a formula.

    Covers = + - @, tab and line ends, their full-width forms, and all of them behind spaces and invisible characters; see
    OWASP, "CSV injection". NUL characters are dropped.
    """
    text = text.replace("\x00", "")
    seen = unicodedata.normalize("NFKC", text)
    visible = next((sign for sign in seen if sign in _STARTERS or unicodedata.category(sign)[0] not in "CZ"), "")
    return f"'{text}" if visible in _STARTERS else text


def _written(cell: Cell, style: TableStyle) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else "0"
        case Money(cents=cents):
            number = f"-{plain(-cents)}" if cents < 0 else plain(cents)
            return number.replace(".", style.decimal_mark)
        case Decimal():
            return format(cell, "f").replace(".", style.decimal_mark)
        case date():
            return cell.isoformat()
        case int():
            return str(cell)
        case str():
            return neutral(cell)

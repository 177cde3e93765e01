"""Tables as XLSX: each cell has its type, text is always text, so that no cell is a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from app.core.formats.csv_tables import Cell
from app.core.money import Money

LONGEST = 32_767
"""Characters that a cell can hold; a longer text is cut there."""
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_sheet(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as the one sheet of a workbook, written row by row. Raises ValueError where a row is not as wide as the header."""
    out = io.BytesIO()
    with Workbook(out, OPTIONS) as book:
        money, day, bold = (book.add_format(look) for look in ({"num_format": "0.00"}, {"num_format": "yyyy-mm-dd"}, {"bold": True}))
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, bold)
        for number, row in enumerate(rows, 1):
            if len(row) != len(columns):
                raise ValueError(f"a row of {len(row)} cells under {len(columns)} columns")
            for place, cell in enumerate(row):
                match cell:
                    case None | "":
                        pass
                    case Money(cents=cents):
                        sheet.write_number(number, place, float(Decimal(cents) / 100), money)
                    case bool():
                        sheet.write_string(number, place, "1" if cell else "0")
                    case int() | Decimal():
                        sheet.write_number(number, place, float(cell))
                    case date():
                        sheet.write_datetime(number, place, cell, day)
                    case str():
                        sheet.write_string(number, place, cell.replace("\x00", "")[:LONGEST])
    return out.getvalue()

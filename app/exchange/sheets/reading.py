"""Reading a table that somebody sent, CSV or XLSX, row by row and within limits: nothing in a file can hurt whoever reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from app.core.formats.csv_tables import neutral
from app.core.messages import Message, say
from app.core.problems import Invalid
from app.exchange.sheets.sheet_limits import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS
from app.exchange.sheets.xlsx_reading import read_xlsx

SEPARATORS = ";,\t"
XLSX_HEAD, XLS_HEAD = b"PK", b"\xd0\xcf\x11\xe0"


class Encoding(StrEnum):
    """How the text of a CSV file is written."""

    UTF_8 = "utf-8"
    CP1252 = "cp1252"


ENCODING_LABELS: dict[Encoding, Message] = {
    Encoding.UTF_8: say("UTF-8 (the usual one)"),
    Encoding.CP1252: say("Windows-1252 (older spreadsheets: choose it if accents come out wrong)"),
}


class Row(NamedTuple):
    """One row: its number in the file as a spreadsheet counts (the headings are row 1), its cells, and the places of formulas."""

    number: int
    cells: list[str]
    formulas: tuple[int, ...] = ()


def refused(sentence: Message) -> Invalid:
    """The problem of a file that cannot be read, at the field "file"."""
    return Invalid({"file": sentence})


def check_first(content: bytes) -> None:
    """What can be seen at once: size and kind. Raises Invalid (field "file")."""
    if not content.strip():
        raise refused(say("This file is empty."))
    if len(content) > MAX_BYTES:
        raise refused(say("This file is too large: %(limit)d MB at most.", limit=MAX_BYTES // 1_000_000))
    if content.startswith(XLS_HEAD):
        raise refused(say("This is an older or a protected workbook. Save it as XLSX, without a password, and send it again."))
    if not content.startswith(XLSX_HEAD) and b"\x00" in content:
        raise refused(say("This file is neither a CSV table nor an XLSX workbook."))


def read_rows(content: bytes, encoding: Encoding = Encoding.UTF_8) -> Iterator[Row]:
    """The rows that hold anything, one after the other. Raises Invalid (field "file") where it cannot be read further."""
    check_first(content)
    rows = read_xlsx(content) if content.startswith(XLSX_HEAD) else _read_csv(content, encoding)
    for number, cells, formulas in rows:
        if number > MAX_ROWS:
            raise refused(say("This table is too long: %(limit)d rows at most. Cut it into several files.", limit=MAX_ROWS))
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise refused(say("Row %(row)d is too wide: %(limit)d columns at most.", row=number, limit=MAX_COLUMNS))
        if any(len(cell) > MAX_CELL // 4 and len(cell.encode()) > MAX_CELL for cell in cells):
            raise refused(say("A cell of row %(row)d is too long: %(limit)d kB at most.", row=number, limit=MAX_CELL // 1000))
        if any(cell.strip() for cell in cells) or formulas:
            yield Row(number, cells, tuple(formulas))


def _read_csv(content: bytes, encoding: Encoding) -> Iterator[tuple[int, list[str], list[int]]]:
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig" if encoding is Encoding.UTF_8 else encoding, newline="")
    line = 0
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL * 2))
    try:
        first = text.readline(MAX_CELL * 2)
        text.seek(0)
        reader = csv.reader(text, delimiter=max(SEPARATORS, key=first.count), strict=True)
        for number, cells in enumerate(reader, 1):
            line = reader.line_num
            yield number, [without_guard(cell) for cell in cells], []
    except UnicodeDecodeError:
        at = _undecodable(content, encoding)
        raise refused(say("Line %(line)d is not text in %(encoding)s.", line=at, encoding=encoding.upper())) from None
    except csv.Error:
        raise refused(say("After line %(line)d a quotation mark is not closed, or a cell is too long.", line=line)) from None


def without_guard(cell: str) -> str:
    """The cell without the apostrophe that our own tables put before what a spreadsheet might take for a formula."""
    return cell[1:] if cell.startswith("'") and neutral(cell[1:]) == cell else cell


def _undecodable(content: bytes, encoding: Encoding) -> int:
    """The first line that cannot be decoded, counted from 1."""
    for number, line in enumerate(io.BytesIO(content), 1):
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            return number
    return 1

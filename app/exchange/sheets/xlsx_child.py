"""The process that opens a workbook: little memory, little time, no network, and its words are lines of JSON.

`[number, cells, places of formulas]` for each row of the first sheet, then `{"done": rows}`, or `{"refused": why}`.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

from app.exchange.sheets import sheet_limits as limits

resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY, limits.MEMORY))
resource.setrlimit(resource.RLIMIT_CPU, (limits.SECONDS, limits.SECONDS))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

from openpyxl import load_workbook  # type: ignore[import-untyped]  # noqa: E402  once the limits hold

MACROS = ("vbaproject", "macrosheets/", "activex/", "embeddings/", "ctrlprops/", ".bin", ".exe", ".js")
EXTERNAL = ("externallinks/", "connections.xml", "querytables/")
ENCRYPTED = 0x1


class NotRead(Exception):
    """The workbook is not read; its one argument says why, as a word of `xlsx_reading.SENTENCES`."""


def check_parts(content: bytes) -> None:
    """Look at every part of the archive, declared and truly inflated, before anything is made of it. Raises NotRead."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > limits.MAX_ENTRIES:
            raise NotRead("entries")
        if any(part.flag_bits & ENCRYPTED for part in parts):
            raise NotRead("protected")
        declared = sum(part.file_size for part in parts)
        if declared > limits.MAX_INFLATED:
            raise NotRead("inflated")
        if declared > limits.MAX_RATIO * len(content):
            raise NotRead("ratio")
        names = [part.filename.lower() for part in parts]
        for words, why in ((MACROS, "macros"), (EXTERNAL, "external")):
            if any(word in name and "printersettings" not in name for name in names for word in words):
                raise NotRead(why)
        if len(set(names)) != len(names):
            raise NotRead("damaged")
        found = 0
        for part in parts:
            found += _inflated(archive, part, limits.MAX_INFLATED - found)
        if found > limits.MAX_RATIO * len(content):
            raise NotRead("ratio")


def _inflated(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> int:
    """Bytes that a part truly holds. Raises NotRead once they are more than `room`, and at a document type of its own."""
    found, last = 0, b""
    with archive.open(part) as stream:
        while piece := stream.read(1 << 16):
            found += len(piece)
            if found > room:
                raise NotRead("inflated")
            seen = last + piece.replace(b"\x00", b"")
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                raise NotRead("declaration")
            if b"macroEnabled" in seen:
                raise NotRead("macros")
            last = seen[-16:]
    return found


def text_of(value: Any) -> str:
    """A cell as text: whole numbers without a point, days and instants as ISO writes them."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)


def rows_of(content: bytes) -> Iterator[list[Any]]:
    """The rows of the first sheet that hold anything. Raises NotRead."""
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    if not book.worksheets:
        raise NotRead("damaged")
    sheet, characters = book.worksheets[0], 0
    sheet.reset_dimensions()  # what a file says of its own size is not believed
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > limits.MAX_ROWS:
            raise NotRead("rows")
        cells, formulas = [text_of(cell.value) for cell in row], [place for place, cell in enumerate(row) if cell.data_type == "f"]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > limits.MAX_COLUMNS:
            raise NotRead("columns")
        characters += sum(map(len, cells))
        if characters > limits.MAX_TEXT:
            raise NotRead("text")
        if any(len(cell) * 4 > limits.MAX_CELL and len(cell.encode()) > limits.MAX_CELL for cell in cells):
            raise NotRead("cell")
        if cells:
            yield [number, cells, formulas]


def tell(content: bytes, out: Callable[[Any], None]) -> None:
    """Read the workbook and say each row, then that it is done, or why not."""
    try:
        check_parts(content)
        for row in rows_of(content):
            out(row)
        out({"done": True})
    except NotRead as why:
        out({"refused": str(why)})
    except MemoryError:
        out({"refused": "memory"})
    except Exception:  # whatever a file made to break readers brings about: it is not read
        out({"refused": "damaged"})


if __name__ == "__main__":
    tell(sys.stdin.buffer.read(), lambda told: print(json.dumps(told)))

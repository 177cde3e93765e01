"""Files made to break whoever reads them: each is made here, none is kept in the tree."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable

from app.core.formats.xlsx_tables import write_sheet

SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def rebuilt(parts: dict[str, bytes], more: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """The same with the names as they are, and further parts after them."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_sheet("x", ["title"], [["a"]]))) as sound,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in sound.namelist():
            made.writestr(name, parts.pop(name, sound.read(name)))
        for name, content in [*parts.items(), *more]:
            made.writestr(name, content)
    return out.getvalue()


def lying(content: bytes, size: int = 10) -> bytes:
    """The archive with small sizes declared in its directory for its first part, whatever it holds."""
    at = content.rindex(b"PK\x01\x02", 0, content.index(b"PK\x01\x02") + 4)
    return content[: at + 24] + size.to_bytes(4, "little") + content[at + 28 :]


def sheet(rows: bytes) -> bytes:
    return rebuilt({SHEET: HEAD + rows + TAIL})


def _encrypted() -> bytes:
    content = bytearray(write_sheet("x", ["a"], []))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def _row(number: int, text: bytes = b"x") -> bytes:
    return b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c></row>' % (number, number, text)


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
SHARED = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
BOMBS: dict[str, Callable[[], bytes]] = {
    "zeros.xlsx": lambda: rebuilt({SHEET: HEAD + b" " * 60_000_000 + TAIL}),
    "tight.xlsx": lambda: rebuilt({"xl/media/a.xml": b"\0" * 30_000_000}),
    "many_parts.xlsx": lambda: rebuilt({}, ((f"xl/x{number}.xml", b"") for number in range(1_100))),
    "lying.xlsx": lambda: lying(rebuilt({"[Content_Types].xml": b" " * 40_000_000})),
    "twice.xlsx": lambda: rebuilt({}, [("xl/Workbook.xml", b"<x/>")]),
    "macros.xlsm": lambda: rebuilt({"xl/vbaProject.bin": b"x"}),
    "macro_type.xlsx": lambda: rebuilt({"[Content_Types].xml": b"<Types>application/vnd.ms-excel.sheet.macroEnabled.main+xml</Types>"}),
    "external.xlsx": lambda: rebuilt({"xl/externalLinks/externalLink1.xml": b"<x/>"}),
    "connections.xlsx": lambda: rebuilt({"xl/connections.xml": b"<x/>"}),
    "embedded.xlsx": lambda: rebuilt({"xl/embeddings/oleObject1.bin": b"x"}),
    "laughs.xlsx": lambda: rebuilt({SHEET: LAUGHS + b"<worksheet>&b;</worksheet>"}),
    "outside_entity.xlsx": lambda: rebuilt({SHEET: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>'}),
    "utf16_entity.xlsx": lambda: rebuilt({SHEET: LAUGHS.decode().encode("utf-16") + "<worksheet/>".encode("utf-16-le")}),
    "far_row.xlsx": lambda: sheet(_row(1) + _row(1_048_576)),
    "wide.xlsx": lambda: sheet(b'<row r="1">' + b"<c><v>1</v></c>" * 300 + b"</row>"),
    "long_cell.xlsx": lambda: sheet(_row(1, b"x" * 70_000)),
    "shared_text.xlsx": lambda: rebuilt(
        {
            "xl/sharedStrings.xml": SHARED % (b"y" * 60_000),
            SHEET: HEAD + b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(1, 2_000)) + TAIL,
        }
    ),
    "deep.xlsx": lambda: sheet(b"<row>" * 20_000),
    "cut.xlsx": lambda: write_sheet("x", ["a"], [["b"]])[:-40],
    "only_head.xlsx": lambda: b"PK\x03\x04" + b"\0" * 100,
    "a_zip.xlsx": lambda: rebuilt({"xl/workbook.xml": b"not a workbook"}),
    "locked.xlsx": _encrypted,
    "older.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000,
    "large.csv": lambda: b"a;b\n" * 5_100_000,
    "many_rows.csv": lambda: b"title\n" + b"x\n" * 200_001,
    "long_field.csv": lambda: b"title\n" + b"x" * 70_000 + b"\n",
    "open_quote.csv": lambda: b'title\n"' + b"x\n" * 500_000,
    "nul.csv": lambda: b"title\nx\0y\n",
    "latin.csv": lambda: "title\né\n".encode("latin-1"),
    "utf16.csv": lambda: "title\nx\n".encode("utf-16"),
    "wide.csv": lambda: b"a," * 300 + b"\n",
    "overlong.csv": lambda: b"title\n\xc0\xaf\n",
    "picture.csv": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "empty.csv": lambda: b" \r\n ",
}

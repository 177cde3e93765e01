"""Reading a workbook through another process, which may be killed: ours never opens it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

from app.core.messages import Message, say
from app.core.problems import Invalid
from app.exchange.sheets.sheet_limits import MAX_CELL, MAX_COLUMNS, MAX_ENTRIES, MAX_INFLATED, MAX_ROWS, MAX_TEXT
from app.settings import ROOT

TOO_HEAVY = say("This workbook takes too long or too much memory to read. Save its first sheet as CSV and send that.")
SENTENCES: dict[str, Message] = {
    "damaged": say("This workbook is damaged or is not one. Save it anew as XLSX, or as CSV."),
    "entries": say("This workbook holds more than %(limit)d parts.", limit=MAX_ENTRIES),
    "inflated": say("This workbook is too large once unpacked: %(limit)d MB at most.", limit=MAX_INFLATED // 1_000_000),
    "ratio": say("This workbook is packed far tighter than any real one, so it is not opened. Save it anew as XLSX, or as CSV."),
    "macros": say("This workbook holds macros or other programs. Save it as XLSX without them."),
    "external": say("This workbook draws on other files. Break its links, or copy its values only, and send it again."),
    "protected": say("This is an older or a protected workbook. Save it as XLSX, without a password, and send it again."),
    "declaration": say("This workbook holds declarations that no spreadsheet writes, so it is not opened."),
    "rows": say("This table is too long: %(limit)d rows at most. Cut it into several files.", limit=MAX_ROWS),
    "columns": say("This table is too wide: %(limit)d columns at most.", limit=MAX_COLUMNS),
    "cell": say("A cell of this workbook is too long: %(limit)d kB at most.", limit=MAX_CELL // 1000),
    "text": say("This workbook holds too much text: %(limit)d million characters at most.", limit=MAX_TEXT // 1_000_000),
    "memory": TOO_HEAVY,
}


def read_xlsx(content: bytes) -> Iterator[tuple[int, list[str], list[int]]]:
    """The rows of the first sheet: number, cells, places of formulas. Raises Invalid (field "file")."""
    command = [sys.executable, "-m", "app.exchange.sheets.xlsx_child"]
    with tempfile.TemporaryFile() as sent:
        sent.write(content)
        sent.seek(0)
        child = subprocess.Popen(command, cwd=ROOT, env={}, stdin=sent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            yield from _told_by(child)
        finally:
            child.kill()
            child.communicate()


def _told_by(child: subprocess.Popen[bytes]) -> Iterator[tuple[int, list[str], list[int]]]:
    assert child.stdout is not None
    for line in child.stdout:
        told: Any = json.loads(line)
        if isinstance(told, list):
            yield told[0], told[1], told[2]
        elif "refused" in told:
            raise Invalid({"file": SENTENCES.get(told["refused"], SENTENCES["damaged"])})
        else:
            return
    raise Invalid({"file": TOO_HEAVY})  # it ended without its last word: killed by a limit

"""Tables made to harm: refused with a sentence, soon, in little memory; and no table of ours holds a formula (T21)."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import time
import zipfile

import openpyxl
import pytest

from app.core.formats import FRENCH_SHEET, OPEN_DATA, write_table
from app.core.formats.xlsx_tables import write_sheet
from app.core.messages import Message
from app.core.money import Money
from app.core.problems import Invalid
from app.exchange.sheets import sheet_limits
from app.exchange.sheets.reading import Encoding, read_rows
from app.settings import ROOT
from tests.exchange.bombs import BOMBS, HEAD, SHEET, TAIL, rebuilt
from tests.exchange.tables import rows_in

MEASURED = """
import resource, sys
from app.core.problems import Invalid
from app.exchange.sheets.reading import read_rows
content = open(sys.argv[1], "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    for _ in read_rows(content):
        pass
    print("read")
except Invalid as problem:
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, children) // 1024)
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_with_a_sentence(name: str) -> None:
    content, started = BOMBS[name](), time.process_time() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with pytest.raises(Invalid) as refusal:
        for _ in read_rows(content):
            pass
    spent = time.process_time() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - started
    assert list(refusal.value.errors) == ["file"]
    assert isinstance(refusal.value.message, Message)
    assert spent < 5, "seconds of processor, most of them to start the process that reads"


@pytest.mark.parametrize("name", ["zeros.xlsx", "lying.xlsx", "far_row.xlsx", "shared_text.xlsx", "open_quote.csv", "large.csv"])
def test_a_bomb_takes_little_memory(name: str, tmp_path: object) -> None:
    path = f"{tmp_path}/{name}"
    with open(path, "wb") as file:
        file.write(BOMBS[name]())
    told = subprocess.run([sys.executable, "-c", MEASURED, path], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert int(told) <= 150, "MiB, of either process"


def test_the_process_that_reads_is_bound_in_memory_and_time() -> None:
    limits = "resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU)"
    asked = f"import resource, app.exchange.sheets.xlsx_child; print({limits})"
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    memory, seconds = sheet_limits.MEMORY, sheet_limits.SECONDS
    assert told.strip() == f"({memory}, {memory}) ({seconds}, {seconds})"


def test_a_formula_is_found_and_never_computed() -> None:
    content = rebuilt({SHEET: HEAD + b'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1+1</f><v>2</v></c></row>' + TAIL})
    assert [(row.number, row.formulas) for row in read_rows(content)] == [(1, (1,))]


def test_windows_1252_is_read_where_it_is_chosen() -> None:
    assert [row.cells for row in read_rows("titre;é €\n".encode("cp1252"), Encoding.CP1252)] == [["titre", "é €"]]


STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    "＝",
    "＋",
    "－",
    "＠",
    " =",
    "\u200b=",
    "\ufeff=",
    "\x00=",
    "'=",
    '"=',
    "= ",
    "%0A=",
    ";=",
)
REST = (
    "1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://evil.example","x")', "SUM(1,1)", "DDE(1)", "IMPORTXML(1)", "A1", "-1+1", "@SUM(1)",
    "2;3",
)  # fmt: skip
PAYLOADS = [start + rest for start in STARTS for rest in REST]


def test_two_hundred_payloads_give_no_formula_cell() -> None:
    assert len(PAYLOADS) >= 200
    book = write_sheet("x", ["t", "m"], [[payload, Money(-150)] for payload in PAYLOADS])
    read = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    assert [cell.coordinate for row in read.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink] == []
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/")]
    assert not any(b"<f>" in part or b"<hyperlink" in part for part in sheets)
    for style in (OPEN_DATA, FRENCH_SHEET):
        content = write_table(["t"], [[payload] for payload in PAYLOADS], style=style)
        cells = [row["t"] for row in rows_in(content, style.separator)]
        assert len(cells) == len(PAYLOADS)
        assert [cell for cell in cells if cell.lstrip(" \u200b\ufeff\x00")[:1] in tuple("=+-@\t\r\n＝＋－＠")] == []


def test_amounts_are_exact_numbers_in_every_shape() -> None:
    amounts = [1, 10, 99, 123_456_789_012, -250]
    book = openpyxl.load_workbook(io.BytesIO(write_sheet("x", ["m"], [[Money(cents)] for cents in amounts]))).worksheets[0]
    assert [round(row[0].value * 100) for row in book.iter_rows(min_row=2)] == amounts
    assert all(row[0].data_type == "n" for row in book.iter_rows(min_row=2))
    assert rows_in(write_table(["m"], [[Money(123_456_789_012)]], style=FRENCH_SHEET), ";") == [{"m": "1234567890,12"}]

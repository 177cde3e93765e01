"""Whatever anybody wrote, no file that is handed out runs, computes or poses as a page (T18, N03, T21): three hundred payloads, sampled."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.cast import Cast
from tests.exchange.tables import rows_in
from tests.promises.places import settle
from tests.promises.test_scripts import PAYLOADS, everywhere

AROUND = (
    "{}", "={}", "+{}", "@{}", "-{}", '=HYPERLINK("{}")', "\t={}", " ＝{}", "\r\n{}", "'{}", '";{}', "BEGIN:VEVENT\r\n{}", "a,{}",
    "{}\x0b", "<a href='{}'>",
)  # fmt: skip
ALL = [around.replace("{}", payload) for payload in PAYLOADS for around in AROUND]
SAMPLE = ALL[::29]
FORMULA = re.compile(r"[=+@\t\r＝]|-(?!\d)")
TYPES = ("text/csv", "text/calendar", "application/", "text/plain", "image/svg+xml", "text/html")


def test_there_are_three_hundred_payloads() -> None:
    assert len(ALL) >= 300
    assert len(SAMPLE) >= 10


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_no_file_handed_out_runs_or_computes(app: FastAPI, client: TestClient, cast: Cast) -> None:
    places = settle(cast)
    paths = [path for path in places.addresses(app, "GET") if path.endswith((".csv", ".xlsx", ".ics", ".json", ".pb", ".txt", ".svg"))]
    paths += [f"{path}?variant=french" for path in paths if path.endswith(".csv")]
    formulas, posing, seen = [], [], 0
    for payload in SAMPLE:
        everywhere(cast, payload)
        cast.sign_in(client, places.official)
        for path in paths:
            answer = client.get(path)
            if answer.status_code != 200:
                continue
            seen += 1
            kind = answer.headers["content-type"]
            if not kind.startswith(TYPES[:-1]) or answer.headers["x-content-type-options"] != "nosniff":
                posing.append((path, kind))
            if ".csv" in path:
                separator = ";" if "french" in path else ","
                cells = [cell for row in rows_in(answer.content, separator) for cell in row.values() if isinstance(cell, str)]
                formulas += [(path, cell) for cell in cells if FORMULA.match(cell)]
            if path.endswith(".xlsx"):
                formulas += [(path, cell) for cell in _alive(answer.content)]
    assert seen > 3 * len(SAMPLE)
    assert posing == []
    assert formulas == []


def _alive(content: bytes) -> list[str]:
    """The cells of a workbook that compute or lead somewhere, and its parts that no table of ours has."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    found = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return found + [name for name in archive.namelist() if "external" in name.lower() or name.endswith(".bin")]

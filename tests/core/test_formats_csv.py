"""Tables for open data and for a French spreadsheet: exact, readable, and harmless when opened."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.formats import FRENCH_SHEET, OPEN_DATA, TableStyle, neutral, write_table
from app.core.money import Money

DANGEROUS = [
    "=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(1,1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("https://example.org")', "=cmd|'/C calc'!A0",
    "＝1+1", "＋1", "－1", "＠SUM(1)", " =1+1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\x00=1", "\x0b@x", "\u202e=1", "⁺1", "﹣1",
]


@pytest.mark.parametrize("payload", DANGEROUS)
@pytest.mark.parametrize("style", [OPEN_DATA, FRENCH_SHEET])
def test_no_cell_can_start_a_formula(payload: str, style: TableStyle) -> None:
    written = write_table([payload], [[payload]], style=style).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(written, newline=""), delimiter=style.separator):
        assert row[0] == "'" + payload.replace("\x00", "")


@pytest.mark.parametrize("harmless", ["", "Jardin = partage", "l'eau", "12-25", "'=1", "é", "1 + 1", "a@b.org"])
def test_ordinary_text_stays_as_it_is(harmless: str) -> None:
    assert neutral(harmless) == harmless


def test_open_data_has_comma_point_and_no_mark_at_the_start() -> None:
    table = write_table(["name", "cost", "when"], [["Four, solaire", Money(-1250050), date(2026, 11, 21)], [None, Decimal("1.50"), 7]])
    assert table == b'name,cost,when\r\n"Four, solaire",-12500.5,2026-11-21\r\n,1.50,7\r\n'


def test_a_french_spreadsheet_gets_its_mark_semicolons_and_decimal_commas() -> None:
    table = write_table(["Projet", "Coût"], [["Puits ; pompe", Money(1250050)], ["École", True]], style=FRENCH_SHEET)
    assert table == '\ufeffProjet;Coût\r\n"Puits ; pompe";12500,5\r\nÉcole;1\r\n'.encode()


def test_a_row_of_another_width_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="2 cells under 1 columns"):
        write_table(["a"], [["b", "c"]])


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(st.lists(st.tuples(TEXT, TEXT)), st.sampled_from([OPEN_DATA, FRENCH_SHEET]))
def test_any_text_comes_back(rows: list[tuple[str, str]], style: TableStyle) -> None:
    written = write_table(["a", "b"], rows, style=style).decode("utf-8")
    assert written.startswith("\ufeff") == style.bom
    read = list(csv.reader(io.StringIO(written.removeprefix("\ufeff") if style.bom else written, newline=""), delimiter=style.separator))
    assert [tuple(row) for row in read[1:]] == [(neutral(a), neutral(b)) for a, b in rows]

"""Projects and organisations of an edition as tables: all of it for the staff, what is public for everyone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlmodel import select

from app.core.formats import FRENCH_SHEET, OPEN_DATA, write_table
from app.core.formats.csv_tables import Cell
from app.core.formats.xlsx_tables import write_sheet
from app.core.money import Money
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.exchange.sheets.cells import PARTS, written_lines, written_rows, yes_or_no
from app.exchange.sheets.columns import COLUMNS, Kind
from app.exchange.sheets.held import Held
from app.exchange.sheets.reports import Report
from app.organisations.models import Organisation
from app.proposals.budget import balance_of
from app.proposals.lifecycle import decided_state, is_public, state_of
from app.proposals.logframe import GROUPS, MARKERS
from app.proposals.models import BudgetLine, Proposal
from app.rendering import translate
from app.unit import Work


class Shape(StrEnum):
    """How a table is written: CSV for programs, CSV for a spreadsheet set to French, or a workbook."""

    OPEN = "open"
    FRENCH = "french"
    XLSX = "xlsx"


SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_of(work: Work, edition: Edition, kind: Kind, shape: Shape, *, public: bool) -> bytes:
    """The table of an edition. `public`: only public projects and their carriers, only public columns, no decision before it is shown."""
    codes = [column.code for column in COLUMNS[kind] if column.public or not public]
    held = Held(work, edition)
    files = [one for one in held.proposals if is_public(one) or not public]
    organisations = {one.id: one for one in work.db.exec(select(Organisation))}
    rows: Iterator[dict[str, Cell]]
    if kind is Kind.ORGANISATIONS:
        rows = _organisations(files, organisations)
    else:
        currency = programme_of(work, edition).currency
        stands = state_of if public else decided_state
        rows = (_project(one, organisations[one.organisation_id], held, currency) | {"state": stands(one).value} for one in files)
    cells: Iterable[list[Cell]] = ([row[code] for code in codes] for row in rows)
    return written(kind, codes, cells, shape)


def written(title: str, codes: Sequence[str], rows: Iterable[Sequence[Cell]], shape: Shape) -> bytes:
    """Rows in the shape asked for."""
    if shape is Shape.XLSX:
        return write_sheet(title, codes, rows)
    return write_table(codes, rows, style=FRENCH_SHEET if shape is Shape.FRENCH else OPEN_DATA)


def report_table(report: Report, shape: Shape) -> bytes:
    """The faults of a report: row, column, sentence in the language that is spoken."""
    rows: list[list[Cell]] = [[one.row, one.column, translate(one.sentence)] for one in report.faults]
    return written("report", ["row", "column", "sentence"], rows, shape)


def _organisations(files: Iterable[Proposal], known: dict[Any, Organisation]) -> Iterator[dict[str, Cell]]:
    many = Counter(one.organisation_id for one in files)
    for one in sorted((known[key] for key in many), key=lambda one: (one.name.casefold(), one.id or 0)):
        sponsor = known.get(one.sponsor_id)
        plain: dict[str, Cell] = {name: getattr(one, name) for name in SAME}
        yield plain | {
            "id": one.slug, "no_rna": "yes" if one.kind == "association" and not one.rna else "", "district": one.district,
            "members": one.members, "republican_commitment_on": one.republican_commitment_on,
            "sponsor_siret": sponsor.siret if sponsor else None, "projects": many[one.id or 0],
        }  # fmt: skip


SAME = ("kind", "name", "acronym", "siren", "siret", "rna", "founded_on", "commune")


def _project(one: Proposal, carrier: Organisation, held: Held, currency: str) -> dict[str, Cell]:
    lines = held.lines(one)
    charges, products = ([line for line in lines if line.side == side] for side in ("charge", "product"))
    whole: dict[str, Cell] = {name: getattr(one, name) for name in PLAIN}
    return whole | _logframe(one) | {
        "id": one.public_id, "reference": held.reference_of.get(one.public_id), "number": one.number,
        "submitted_on": one.submitted_at.date() if one.submitted_at else None,
        "carrier": carrier.name, "carrier_id": carrier.slug, "carrier_siret": carrier.siret, "carrier_rna": carrier.rna,
        "main_sdg": one.sdgs[0] if one.sdgs else None, "sdgs": " ".join(map(str, one.sdgs[1:])),
        "sdg_targets": " ".join(one.sdg_targets),
        "latitude": _degrees(one.latitude), "longitude": _degrees(one.longitude), "partner_letter": yes_or_no(one.partner_letter),
        "place_guarded": yes_or_no(one.place_guarded),
        "requested": None if one.requested_cents is None else Money(one.requested_cents, currency),
        "charges": written_lines(charges), "products": written_lines(products), "total_cost": _cost(charges, currency),
        "declared": " ".join(sorted(key for key, ticked in one.declarations.items() if ticked)),
    }  # fmt: skip


PLAIN = (
    "title", "summary", "description", "language", "need", "origin", "objectives", "beneficiaries", "beneficiaries_who", "country", "place",
    "public_place", "partner_name", "partner_kind", "partner_role", "theme", "nature", "purpose_code", "starts_on", "duration_months",
    "feedback", "feedback_on", "feedback_place", "sustainability",
)  # fmt: skip


def _logframe(one: Proposal) -> dict[str, Cell]:
    cells: dict[str, Cell] = {key: one.beneficiary_groups.get(key) for key in GROUPS}
    cells |= {name: one.markers.get(name) for name in MARKERS}
    cells |= {f"{name}_reason": one.marker_reasons.get(name) for name in MARKERS}
    return cells | {code: written_rows(code, getattr(one, code)) for code in PARTS}


def _degrees(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _cost(charges: Sequence[BudgetLine], currency: str) -> Money | None:
    return Money(balance_of(None, [(line.account, line.cents) for line in charges], []).charges.cents, currency) if charges else None

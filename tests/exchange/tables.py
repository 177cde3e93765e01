"""Tables for the tests: rows as CSV, an edition with many projects, and a way to bring a table in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Engine

from app.core.lifecycle import State
from app.editions.models import Edition
from app.exchange.sheets.columns import Kind
from app.exchange.sheets.passing import go_through
from app.exchange.sheets.reading import read_rows
from app.exchange.sheets.reports import Report
from app.organisations.models import Organisation
from app.proposals.models import BudgetLine, Proposal
from app.unit import Work, work

SIRETS = ("35600000000048", "73282932000074", "44306184100047")
PROJECT: dict[str, str] = {
    "reference": "R-1", "carrier_siret": SIRETS[0], "title": "Un puits", "summary": "Un puits pour trois villages.",
    "description": "Trois villages partagent un puits.", "country": "SN", "theme": "infrastructure", "requested": "12345,67",
    "charges": "60 20000.00: Achats\n64 1234,56: Salaires", "products": "74 3000 ?: Région", "starts_on": "2027-05-01",
    "duration_months": "18", "sdgs": "2 13", "main_sdg": "6",
}  # fmt: skip
ORGANISATION: dict[str, str] = {"kind": "association", "name": "Les amis du puits", "siret": SIRETS[0], "no_rna": "oui", "members": "12"}


def as_csv(rows: Iterable[Mapping[str, str]], separator: str = ",") -> bytes:
    """Rows under all columns that any of them has."""
    kept = list(rows)
    columns = list(dict.fromkeys(code for row in kept for code in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", delimiter=separator)
    writer.writeheader()
    writer.writerows(kept)
    return out.getvalue().encode()


def rows_in(content: bytes, separator: str = ",") -> list[dict[str, str]]:
    """The rows of a table that was taken out."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=separator))


def look(unit: Work, edition: Edition, kind: Kind, content: bytes) -> Report:
    """Look at a table."""
    return go_through(unit, edition, kind, read_rows(content), by=None)


def bring_in(unit: Work, edition: Edition, kind: Kind, content: bytes) -> Report:
    """Look at a table and apply it."""
    found = look(unit, edition, kind, content)
    assert found.good, [(one.row, one.column, str(one.sentence)) for one in found.faults]
    return go_through(unit, edition, kind, read_rows(content), by=None, writing=found.digest)


def said(report: Report) -> dict[tuple[int, str], str]:
    """(row, column) -> sentence."""
    return {(one.row, one.column): str(one.sentence) for one in report.faults}


def many(engine: Engine, edition: Edition, count: int, state: State = State.ADMISSIBLE, first: int = 0, **more: Any) -> None:
    """Fill an edition with projects of as many organisations, two budget lines each."""
    with work(engine) as unit:
        organisations = [
            Organisation(slug=f"o{number}", kind="association", name=f"Association {number}", created_at=unit.now)
            for number in range(first, first + count)
        ]
        unit.db.add_all(organisations)
        unit.db.flush()
        files = [
            Proposal(
                public_id=f"many{number:06d}", edition_id=edition.id or 0, organisation_id=owner.id or 0, number=number + 1,
                state=state.value, created_at=unit.now, submitted_at=unit.now, title=f"Projet {number}", summary="Un puits.",
                description="x", country="SN", theme="infrastructure", requested_cents=100_000 + number,
                starts_on=unit.now.date(), duration_months=12,
                search_text=f" projet {number} ", **more,
            )
            for number, owner in enumerate(organisations, first)
        ]  # fmt: skip
        unit.db.add_all(files)
        unit.db.flush()
        unit.db.add_all(
            BudgetLine(proposal_id=one.id or 0, side=side, position=0, account=account, label="Ligne", cents=200_050)
            for one in files
            for side, account in (("charge", "60"), ("product", "74"))
        )

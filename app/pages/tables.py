"""The public projects of an edition and those who carry them, as tables for everyone."""

from fastapi import APIRouter, Response

from app.editions.models import Edition
from app.editions.queries import find_edition
from app.exchange.sheets.columns import Kind
from app.exchange.sheets.gathering import SHEET_TYPE, Shape, table_of
from app.http.audience import EVERYONE
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.results import Variant, file_answer
from app.unit import Work

router = APIRouter(include_in_schema=False)


@router.get("/editions/{slug}/tables/{kind}.csv", dependencies=[EVERYONE])
def as_csv(work: InWork, slug: Address, kind: Kind, variant: Variant = Variant.OPEN) -> Response:
    """One table, for programs or for a French spreadsheet."""
    return table_answer(work, find_edition(work, slug), kind, Shape(variant.value), public=True)


@router.get("/editions/{slug}/tables/{kind}.xlsx", dependencies=[EVERYONE])
def as_workbook(work: InWork, slug: Address, kind: Kind) -> Response:
    """The same as a workbook."""
    return table_answer(work, find_edition(work, slug), kind, Shape.XLSX, public=True)


def table_answer(work: Work, edition: Edition, kind: Kind, shape: Shape, *, public: bool) -> Response:
    """A table as a file to be saved."""
    content = table_of(work, edition, kind, shape, public=public)
    return sheet_answer(content, shape, f"{edition.slug}-{kind}")


def sheet_answer(content: bytes, shape: Shape, stem: str) -> Response:
    """A written table under its name."""
    if shape is Shape.XLSX:
        return Response(content, media_type=SHEET_TYPE, headers={"Content-Disposition": f'attachment; filename="{stem}.xlsx"'})
    return file_answer(content, "text/csv", f"{stem}.csv")

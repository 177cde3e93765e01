"""Tables at the city's desk: take out all of an edition, send a table, read what it would do, have it applied."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.core.messages import say
from app.core.problems import Conflict, Invalid, Missing
from app.editions.models import Edition
from app.editions.queries import NO_EDITION, listed_editions, programme_of, ranked
from app.exchange.sheets import service
from app.exchange.sheets.columns import COLUMNS, KIND_LABELS, Kind
from app.exchange.sheets.forms import TableForm
from app.exchange.sheets.gathering import Shape, report_table
from app.exchange.sheets.models import TableImport
from app.exchange.sheets.reading import ENCODING_LABELS
from app.exchange.sheets.reports import Report, told
from app.exchange.sheets.sheet_limits import MAX_BYTES, MAX_ROWS
from app.exchange.sheets.stages import Stage
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.identity import Asking
from app.http.language import language_of
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.pages.results import Variant
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official, load
from app.pages.tables import sheet_answer, table_answer
from app.proposals.sections import LABELS
from app.rendering import speaking
from app.unit import Work

router = APIRouter(include_in_schema=False)
SHOWN = 100
"""Faults on the page; the table of the report has them all."""


@router.get("/staff/tables", dependencies=[staff("see_files")])
def index(request: Request, work: InWork, who: Asking, edition: Annotated[str, Query(max_length=80)] = "") -> Response:
    """The tables of an edition to take out, and the form to send one."""
    return _index(request, work, who, edition, Sent())


@router.post("/staff/tables/files", dependencies=[staff("import_tables")])
def send(request: Request, work: InWork, who: Official, sent: SentForm) -> Response:
    """Keep a table; the worker looks at it."""
    try:
        form = sent.check(TableForm, ignore=("edition",))
        made = service.receive(work, load(work, sent.get("edition")), form, *_file(sent), by=who)
    except Invalid as problem:
        work.db.rollback()
        return _index(request, work, who, sent.get("edition"), sent, status=problem.status, errors=problem.errors)
    return go(f"/staff/tables/files/{made.public_id}")


@router.get("/staff/tables/files/{public_id}", dependencies=[staff("import_tables")])
def show(request: Request, work: InWork, public_id: Address) -> Response:
    """What a table would do, or how far the worker is."""
    return _show(request, work, service.table_at(work, public_id))


@router.get("/staff/tables/files/{public_id}/report.csv", dependencies=[staff("import_tables")])
def report(request: Request, work: InWork, public_id: Address, variant: Variant = Variant.OPEN) -> Response:
    """Every fault that was found: row, column, sentence."""
    made = service.table_at(work, public_id)
    with speaking(language_of(request)):
        content = report_table(Report.from_json(made.report), Shape(variant.value))
    return sheet_answer(content, Shape.OPEN, f"report-{made.public_id}")


@router.post("/staff/tables/files/{public_id}/application", dependencies=[staff("import_tables")])
def apply(request: Request, work: InWork, who: Official, sent: SentForm, public_id: Address) -> Response:
    """Have the table applied as it was shown."""
    made = service.table_at(work, public_id)
    try:
        service.ask(work, made, sent.get("digest"), by=who)
    except Conflict as problem:
        work.db.rollback()
        return _show(request, work, service.table_at(work, public_id), status=problem.status, conflict=problem.message)
    return go(f"/staff/tables/files/{public_id}")


@router.get("/staff/editions/{slug}/tables/{kind}.csv", dependencies=[staff("see_files")])
def as_csv(work: InWork, slug: Address, kind: Kind, variant: Variant = Variant.OPEN) -> Response:
    """All that the staff may see, for programs or for a French spreadsheet."""
    return table_answer(work, load(work, slug), kind, Shape(variant.value), public=False)


@router.get("/staff/editions/{slug}/tables/{kind}.xlsx", dependencies=[staff("see_files")])
def as_workbook(work: InWork, slug: Address, kind: Kind) -> Response:
    """The same as a workbook."""
    return table_answer(work, load(work, slug), kind, Shape.XLSX, public=False)


def _file(sent: Sent) -> tuple[bytes, str]:
    upload = sent.files.get("file")
    if upload is None:
        raise Invalid({"file": say("Choose a file.")})
    return upload.file.read(MAX_BYTES + 1), upload.filename or ""


def _chosen(work: Work, slug: str) -> tuple[Edition | None, list[Edition]]:
    """The edition asked for, else the one that matters most now. Raises Missing."""
    editions = [one.edition for one in ranked(listed_editions(work, drafts=True), work.now)]
    found = next((one for one in editions if one.slug == slug), None)
    if slug and found is None:
        raise Missing(NO_EDITION)
    return found or next(iter(editions), None), editions


def _index(request: Request, work: Work, who: Asking, slug: str, sent: Sent, **more: Any) -> Response:
    edition, editions = _chosen(work, slug)
    tables = service.tables_sent(work, edition) if edition else []
    return staff_page(
        request, "staff/tables/index.html", edition=edition, editions=editions, kinds=list(KIND_LABELS.items()), tables=tables,
        encodings=list(ENCODING_LABELS.items()), columns=COLUMNS, values=sent.simple(), limit=MAX_BYTES // 1_000_000, rows=MAX_ROWS,
        may_import=bool(who and who.may(service.PERMISSION)), stages=service.STAGE_LABELS, kind_labels=KIND_LABELS,
        zone=programme_of(work, edition).zone if edition else "Europe/Paris", **{"errors": {}} | more,
    )  # fmt: skip


def _show(request: Request, work: Work, made: TableImport, **more: Any) -> Response:
    edition = work.db.get_one(Edition, made.edition_id)
    found = Report.from_json(made.report)
    return staff_page(
        request, "staff/tables/show.html", fragment="staff/tables/_report.html", made=made, edition=edition, report=found, told=told(found),
        labels=LABELS,
        faults=found.faults[:SHOWN], job=service.job_of(work, made), waiting=made.stage in WAITING,
        stage=service.STAGE_LABELS[Stage(made.stage)], kind=KIND_LABELS[Kind(made.kind)], path=f"/staff/tables/files/{made.public_id}",
        changed=service.CHANGED, zone=programme_of(work, edition).zone, **{"conflict": None} | more,
    )  # fmt: skip


WAITING = (Stage.READING, Stage.APPLYING)

"""The simulator on a file: send an election as a Pabulib file, choose rules and an envelope, share the report."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.formats.pabulib_lines import MAX_BYTES
from app.core.messages import say
from app.core.problems import Invalid
from app.core.tally.comparison import SHADOWS
from app.exchange.trying import files_tried, try_file
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.unit_of_work import InWork
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official
from app.results.forms import WhatIf
from app.unit import Work

router = APIRouter(include_in_schema=False)


@router.get("/staff/simulator", dependencies=[staff("simulate")])
def show(request: Request, work: InWork) -> Response:
    """The form, and the reports made of files."""
    return _page(request, work, Sent())


@router.post("/staff/simulator/files", dependencies=[staff("simulate")])
def send(request: Request, work: InWork, who: Official, sent: SentForm) -> Response:
    """Read the file whole, or say what is wrong with it; the worker counts."""
    try:
        form = sent.check(WhatIf, "rules")
        made = try_file(work, *_file(sent), form, by=who)
    except Invalid as problem:
        work.db.rollback()
        # What is wrong with a file has no field of its own in the problem: it is the field of the file that it is about.
        errors = {name or "file": why for name, why in problem.errors.items()}
        return _page(request, work, sent, status=problem.status, errors=errors)
    return go(f"/simulations/files/{made.public_id}")


def _file(sent: Sent) -> tuple[bytes, str]:
    upload = sent.files.get("file")
    if upload is None:
        raise Invalid({"file": say("Choose a file.")})
    return upload.file.read(MAX_BYTES + 1), upload.filename or ""


def _page(request: Request, work: Work, sent: Sent, **more: Any) -> Response:
    return staff_page(
        request, "staff/simulator/files.html", values=sent.simple("rules"), offered=list(SHADOWS.items()), tried=files_tried(work),
        limit=MAX_BYTES // 1_000_000, **{"errors": {}} | more,
    )  # fmt: skip

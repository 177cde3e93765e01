"""Voting codes and the roll: batches made and shown once as letters, codes cancelled and replaced, a list taken in."""

from collections.abc import Sequence
from typing import Any

import segno
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from app.core.credentials import readable
from app.core.messages import say
from app.core.problems import Conflict, Invalid, Missing
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.electorate import batches, desk, queries
from app.electorate.forms import CodeActForm, CodeBatchForm
from app.electorate.register import is_frozen
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.unit_of_work import InWork
from app.ledger.models import Motion
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official, load
from app.polls import register_changes as changes
from app.polls import service
from app.settings import settings
from app.unit import Work

router = APIRouter(include_in_schema=False)


@router.get("/staff/editions/{slug}/codes", dependencies=[staff("make_codes")])
def index(request: Request, work: InWork, slug: Address) -> Response:
    """The batches made so far, and the forms."""
    return _page(request, work, load(work, slug))


@router.post("/staff/editions/{slug}/codes", dependencies=[staff("make_codes")])
def make(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Make a batch and show its letters, this once; propose it once the vote is frozen."""
    edition = load(work, slug)
    try:
        if is_frozen(work, edition):
            return _proposed(slug, changes.propose_batch(work, edition, sent.check(CodeBatchForm), by=who))
        batch, codes = batches.make_batch(work, edition, sent.check(CodeBatchForm), by=who)
    except Invalid as problem:
        return _again(request, work, slug, problem, sent.simple())
    return letters_page(request, work, edition, batch.number, batch.label, list(enumerate(codes, 1)))


@router.post("/staff/editions/{slug}/codes/void", dependencies=[staff("make_codes")])
def void(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Cancel a code that was not used; propose it once the vote is frozen."""
    edition = load(work, slug)
    try:
        form = sent.check(CodeActForm)
        if is_frozen(work, edition):
            return _proposed(slug, changes.propose_void(work, edition, form, by=who))
        service.void(work, edition, form.batch, form.serial, form.reason, by=who)
    except (Invalid, Conflict, Missing) as problem:
        return _again(request, work, slug, problem, sent.simple())
    return go(f"/staff/editions/{slug}/codes", done="saved")


@router.post("/staff/editions/{slug}/codes/replacement", dependencies=[staff("make_codes")])
def replace(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Cancel a code and show the letter of the one that takes its place, this once; propose it once the vote is frozen."""
    edition = load(work, slug)
    try:
        form = sent.check(CodeActForm)
        if is_frozen(work, edition):
            return _proposed(slug, changes.propose_void(work, edition, form, by=who, replace=True))
        made = service.replace(work, edition, form.batch, form.serial, form.reason, by=who)
    except (Invalid, Conflict, Missing) as problem:
        return _again(request, work, slug, problem, sent.simple())
    return letters_page(request, work, edition, form.batch, batches.label_of(work, edition, form.batch), [made])


@router.post("/staff/editions/{slug}/roll", dependencies=[staff("make_codes")])
def take_in(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Take in a list of residents, whole or not at all; propose it once the vote is frozen."""
    edition, file = load(work, slug), sent.files.get("file")
    try:
        if file is None:
            raise Invalid({"file": say("Choose a file.")})
        with file.file as opened:
            content = opened.read()
        if is_frozen(work, edition):
            return _proposed(slug, changes.propose_import(work, edition, content, by=who))
        desk.import_roll(work, edition, content, by=who)
    except Invalid as problem:
        return _again(request, work, slug, problem, {})
    return go(f"/staff/editions/{slug}/codes", done="saved")


def _proposed(slug: str, motion: Motion) -> Response:
    return go(f"/staff/editions/{slug}/box/motions/{motion.public_id}", done="proposed")


def _again(request: Request, work: Work, slug: str, problem: Invalid | Conflict | Missing, values: dict[str, Any]) -> Response:
    work.db.rollback()
    errors = problem.errors if isinstance(problem, Invalid) else {"serial": problem.message}
    return _page(request, work, load(work, slug), status=problem.status, errors=errors, values=values)


def _page(request: Request, work: Work, edition: Edition, **more: Any) -> Response:
    return staff_page(
        request, "staff/codes/index.html", edition=edition, batches=queries.batches(work, edition), roll=queries.roll_size(work, edition),
        voided=queries.voided_codes(work, edition), frozen=is_frozen(work, edition), **more,
    )  # fmt: skip


def letters_page(request: Request, work: Work, edition: Edition, batch: int, label: str, codes: Sequence[tuple[int, str]]) -> Response:
    """The letters, one A4 page each. The QR code carries the code after "#": the address a server sees never holds it."""
    address = f"{settings().base_url}/editions/{edition.slug}/identification"
    letters = [(serial, readable(code), _drawn(f"{address}#{code}")) for serial, code in codes]
    programme = programme_of(work, edition)
    return staff_page(
        request, "staff/codes/letters.html", who=request.state.person, zone=programme.zone, edition=edition, programme=programme,
        batch=batch, label=label, letters=letters, address=address, short=f"{settings().base_url.partition('://')[2]}/editions/{edition.slug}/identification",
    )  # fmt: skip


def _drawn(address: str) -> Markup:
    # Markup is safe here: segno draws the address and writes no text of it.
    return Markup(segno.make(address, error="m", micro=False).svg_inline(scale=4, omitsize=True))

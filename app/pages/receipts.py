"""The receipt of a ballot, at an address of its own: the same after a reload, from a bookmark, from the code on paper."""

import io

import segno
from fastapi import APIRouter, Request, Response

from app.core.credentials import readable
from app.http.audience import VOTER
from app.http.language import wished_language
from app.http.quiet import quiet_page, spoken
from app.http.quiet_route import QuietRoute
from app.http.unit_of_work import InReading
from app.pages.addresses import Address
from app.pages.booth import Language
from app.polls.ballot_paper import paper_of
from app.settings import settings
from app.voting import service as voting

router = APIRouter(include_in_schema=False, route_class=QuietRoute)


@router.get("/receipts/{code}", dependencies=[VOTER])
def show(request: Request, work: InReading, code: Address, lang: Language = "") -> Response:
    """« Votre vote est enregistré »: the code, and nothing of the ballot."""
    receipt = voting.receipt(work, code)
    paper = paper_of(work, receipt.edition_id)
    language = spoken(lang or wished_language(request))
    return quiet_page(
        request, "booth/receipt.html", language=language, zone=paper.zone, paper=paper, code=receipt.tracking_code,
        readable=readable(receipt.tracking_code), address=_address(receipt.tracking_code), counted=paper.stage(work.now),
    )  # fmt: skip


@router.get("/receipts/{code}/qr.svg", dependencies=[VOTER])
def drawing(work: InReading, code: Address) -> Response:
    """The address of the receipt as a QR code."""
    image = io.BytesIO()
    segno.make(_address(voting.receipt(work, code).tracking_code), error="m").save(image, kind="svg", scale=4, border=2, xmldecl=False)
    return Response(image.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=3600"})


def _address(code: str) -> str:
    return f"{settings().base_url}/receipts/{code}"

"""The receipt of a ballot, at an address of its own: the same after a reload, from a bookmark, from the code on paper."""

import io
from functools import lru_cache

import segno
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from app.core.calendar import Stage
from app.core.credentials import readable
from app.http.audience import VOTER
from app.http.language import wished_language
from app.http.quiet import quiet_page, spoken
from app.http.quiet_route import QuietRoute
from app.http.unit_of_work import InReading, opened_at_core
from app.pages.addresses import Address
from app.pages.straight import StraightRoute
from app.polls.ballot_paper import BallotPaper, paper_holding
from app.settings import Settings, settings
from app.voting import service as voting

router = APIRouter(include_in_schema=False, route_class=QuietRoute)
straight = APIRouter(include_in_schema=False, route_class=StraightRoute)
CODE, READABLE = "[[code]]", "[[c o d e]]"
"""What stands in a blank page where the code of a receipt will stand."""


@straight.get("/receipts/{code}", dependencies=[VOTER])
def show(request: Request, code: Address) -> Response:
    """« Votre vote est enregistré »: the code, and nothing of the ballot."""
    with opened_at_core(request, writing=False) as work:
        known, paper = paper_holding(work, code)
    language = spoken(request.query_params.get("lang") or wished_language(request))
    blank = blank_page(settings(), paper, language, paper.stage(work.now))
    return HTMLResponse(blank.replace(CODE, known).replace(READABLE, readable(known)))


@lru_cache(maxsize=64)
def blank_page(_chosen: Settings, paper: BallotPaper, language: str, counted: Stage | None) -> str:
    """The receipt page with its code left out, the same for all who vote: drawn once, for on the last evening a whole city asks for it.

    It is drawn for a request that says nothing, so nothing of anybody's request can stay in it.
    """
    nobody = Request({"type": "http", "method": "GET", "path": f"/receipts/{CODE}", "query_string": b"", "headers": []})
    page = quiet_page(
        nobody, "booth/receipt.html", language=language, zone=paper.zone, paper=paper, code=CODE, readable=READABLE,
        address=_address(CODE), counted=counted,
    )  # fmt: skip
    return bytes(page.body).decode()


@router.get("/receipts/{code}/qr.svg", dependencies=[VOTER])
def drawing(work: InReading, code: Address) -> Response:
    """The address of the receipt as a QR code."""
    image = io.BytesIO()
    segno.make(_address(voting.receipt(work, code).tracking_code), error="m").save(image, kind="svg", scale=4, border=2, xmldecl=False)
    return Response(image.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=3600"})


def _address(code: str) -> str:
    return f"{settings().base_url}/receipts/{code}"

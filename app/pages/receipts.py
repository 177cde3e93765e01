"""The receipt of a ballot, at an address of its own: the same after a reload, from a bookmark, from the code on paper."""

import io
import json
from datetime import datetime
from functools import lru_cache

import segno
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from app import keyring
from app.core.calendar import Stage
from app.core.credentials import readable
from app.core.sides import Side
from app.core.transparency import Promise, as_letters, sign_promise
from app.http.audience import VOTER
from app.http.looks import Shown, shown_look
from app.http.quiet import quiet_page, spoken
from app.http.quiet_route import QuietRoute
from app.http.unit_of_work import InReading, InReceipt, acting_as
from app.pages.addresses import Address
from app.pages.straight import StraightRoute
from app.polls.ballot_paper import BallotPaper, paper_holding
from app.polls.frozen import shown_with_codes
from app.settings import Settings, settings
from app.unit import AtCore
from app.voting import service as voting
from app.voting.service import Receipt

router = APIRouter(include_in_schema=False, route_class=QuietRoute)
straight = APIRouter(include_in_schema=False, route_class=StraightRoute)
CODE, READABLE, SIGNATURE, CHANGE = "[[code]]", "[[c o d e]]", "[[signature]]", "[[change]]"
"""What stands in a blank page where the code of a receipt and its signature will stand."""


@straight.get("/receipts/{code}", dependencies=[VOTER])
@acting_as(Side.BOX)
def show(request: Request, work: InReceipt, code: Address) -> Response:
    """« Votre vote est enregistré »: the code, the signed promise, and nothing of the ballot."""
    receipt, paper = paper_holding(work, code)
    language = spoken(request.query_params.get("lang", ""), request)
    return receipt_page(work, receipt, paper, language, shown_look(request))


def receipt_page(work: AtCore, receipt: Receipt, paper: BallotPaper, language: str, look: Shown) -> Response:
    """The page of one receipt; just after the vote was cast it also bears the code of a change, where the edition allows it."""
    open_mode, counted = shown_with_codes(work, paper.election_hash), paper.stage(work.now)
    blank = blank_page(settings(), paper, language, counted, receipt.logged, bool(receipt.secret), open_mode, look)
    code, signature = receipt.tracking_code, signature_of(receipt, paper)
    page = blank.replace(CODE, code).replace(READABLE, readable(code)).replace(SIGNATURE, signature)
    return HTMLResponse(page.replace(CHANGE, readable(as_letters(receipt.secret)) if receipt.secret else ""))


def signature_of(receipt: Receipt, paper: BallotPaper) -> str:
    """The city's signature on the promise (base 64), the same each time; empty for a ballot of a vote without frozen keys. Raises NoKey."""
    if not paper.election_hash:
        return ""
    return sign_promise(Promise(paper.election_hash, receipt.leaf_hash, paper.merge_by), keyring.receipt_key())


@lru_cache(maxsize=64)
def blank_page(
    _chosen: Settings, paper: BallotPaper, language: str, counted: Stage | None, logged: bool, changeable: bool, open_mode: bool,
    look: Shown,
) -> str:
    """The receipt page with its codes left out, the same for all who vote: drawn once, for on the last evening a whole city asks for it.

    It is drawn for a request that says nothing, so nothing of anybody's request can stay in it.
    """
    nobody = Request({"type": "http", "method": "GET", "path": f"/receipts/{CODE}", "query_string": b"", "headers": []})
    promised = datetime.fromisoformat(paper.merge_by) if paper.merge_by else None
    page = quiet_page(
        nobody, "booth/receipt.html", language=language, zone=paper.zone, paper=paper, code=CODE, readable=READABLE, signature=SIGNATURE,
        change=CHANGE if changeable else "", logged=logged, address=_address(CODE), counted=counted, promised=promised, open_mode=open_mode,
        look=look,
    )  # fmt: skip
    return bytes(page.body).decode()


@router.get("/receipts/{code}/receipt.json", dependencies=[VOTER])
@acting_as(Side.BOX)
def promise(work: InReading, code: Address) -> Response:
    """The signed promise as a file, for `quotepart verify` or whoever wants to hold the city to it."""
    receipt, paper = paper_holding(work, code)
    signed = {
        "kind": "quotepart-receipt/1", "election_hash": paper.election_hash, "leaf": receipt.leaf_hash, "merge_by": paper.merge_by,
        "signature": signature_of(receipt, paper),
    }  # fmt: skip
    name = f'attachment; filename="{receipt.tracking_code}.json"'
    return Response(json.dumps(signed), media_type="application/json", headers={"Content-Disposition": name})


@router.get("/receipts/{code}/qr.svg", dependencies=[VOTER])
@acting_as(Side.BOX)
def drawing(work: InReading, code: Address) -> Response:
    """The address of the receipt as a QR code."""
    image = io.BytesIO()
    segno.make(_address(voting.receipt(work, code).tracking_code), error="m").save(image, kind="svg", scale=4, border=2, xmldecl=False)
    return Response(image.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=3600"})


def _address(code: str) -> str:
    return f"{settings().base_url}/receipts/{code}"

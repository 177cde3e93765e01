"""The public logs of a vote, for programs: heads, proofs, the frozen definition, and the signatures of witnesses."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.requests import ClientDisconnect

from app.api import shapes
from app.api.editions import Slug
from app.api.problems import described
from app.core.messages import say
from app.core.problems import Invalid, Missing
from app.http.audience import EVERYONE
from app.http.unit_of_work import InWork
from app.ledger import proofs
from app.ledger.cosigning import NO_NOTE, take_cosignature
from app.ledger.log import log_of, note_of
from app.ledger.models import Log
from app.polls.frozen import Frozen, frozen_at
from app.results import bundles
from app.unit import Work

router = APIRouter()
MOST_NOTE = 20_000
NOTHING_SIGNED = say("Nothing is signed in this log yet.")
Size = Annotated[int, Query(ge=0, le=10**9, description="A number of leaves that the log has had.")]
NO_STORE = {"Cache-Control": "no-store"}
TEXT = {"content": {"text/plain": {"schema": {"type": "string"}}}}


class Which(StrEnum):
    """The log of the sealed ballots, or that of the public acts."""

    BALLOTS = "log"
    ACTS = "acts"


KINDS = {Which.BALLOTS: "ballots", Which.ACTS: "acts"}


@router.get(
    "/editions/{slug}/definition", dependencies=[EVERYONE], response_class=Response,
    responses=described(404, 422) | {200: {"description": "Canonical JSON (RFC 8785): its SHA-256 is the election hash.",
                                           "content": {"application/json": {"schema": {"type": "object"}}}}},
)  # fmt: skip
def definition(work: InWork, slug: Slug) -> Response:
    """The frozen definition, in the very bytes that were hashed; 404 before the freeze."""
    return Response(frozen_at(work, slug).text.encode(), media_type="application/json")


@router.get(
    "/editions/{slug}/{which}/head", dependencies=[EVERYONE], response_class=Response,
    responses=described(404, 422) | {200: {"description": "A signed note with the signatures of the witnesses.", **TEXT}},
)  # fmt: skip
def head(work: InWork, slug: Slug, which: Which) -> Response:
    """The newest signed head; 404 before the first."""
    newest = proofs.head_at(work, _log(work, frozen_at(work, slug), which))
    if newest is None:
        raise Missing(NOTHING_SIGNED)
    return Response(note_of(work, newest), media_type="text/plain", headers=NO_STORE)


@router.get("/editions/{slug}/{which}/consistency", dependencies=[EVERYONE], responses=described(404, 422))
def consistency(work: InWork, slug: Slug, which: Which, before: Size, after: Size) -> shapes.Consistency:
    """The RFC 9162 proof that the log with `after` leaves begins with that of `before` leaves."""
    return shapes.Consistency(proof=shapes.base64_each(proofs.consistency(work, _log(work, frozen_at(work, slug), which), before, after)))


@router.get("/editions/{slug}/{which}/inclusion", dependencies=[EVERYONE], responses=described(404, 422))
def inclusion(
    work: InWork, slug: Slug, which: Which, size: Size,
    leaf: Annotated[str, Query(pattern=r"^[0-9a-f]{64}$", description="A leaf hash, 64 hexadecimal letters.")],
) -> shapes.Inclusion:  # fmt: skip
    """The RFC 9162 proof that a leaf is among the first `size`; 404 where it is not."""
    found = proofs.inclusion(work, _log(work, frozen_at(work, slug), which), leaf, size)
    return shapes.Inclusion(index=found.index, proof=shapes.base64_each(found.proof))


async def note_in(request: Request) -> str:
    """The text that a witness sends. Raises Invalid for what can be no note."""
    try:
        body = await request.body()
        if len(body) > MOST_NOTE:
            raise ValueError("longer than any note")
        return body.decode()
    except (ValueError, ClientDisconnect):
        raise Invalid({"": NO_NOTE}) from None


@router.post(
    "/editions/{slug}/{which}/cosignatures", dependencies=[EVERYONE], status_code=204, response_class=Response,
    responses=described(404, 422), openapi_extra={"requestBody": {"required": True, **TEXT}},
)  # fmt: skip
def cosignatures(work: InWork, slug: Slug, which: Which, note: Annotated[str, Depends(note_in)]) -> Response:
    """Take a note of ours with a witness's signature added; the witness's key stands in the frozen definition."""
    frozen = frozen_at(work, slug)
    take_cosignature(work, _log(work, frozen, which), note, frozen.witnesses)
    bundles.ask(work, frozen.edition)
    return Response(status_code=204)


def _log(work: Work, frozen: Frozen, which: Which) -> Log:
    log = log_of(work, frozen.edition.id or 0, KINDS[which])
    if log is None:
        raise Missing(NOTHING_SIGNED)
    return log

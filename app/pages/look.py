"""The city's own colour as a style sheet, and its sign: the same for everyone, kept by browsers by the hash of their bytes."""

from fastapi import APIRouter, Query, Request, Response

from app.core.messages import say
from app.core.problems import Missing
from app.http.audience import EVERYONE
from app.http.held_already import as_it_was
from app.http.looks import shown_look
from app.http.unit_of_work import InWork
from app.look import service

router = APIRouter(include_in_schema=False)
NO_SIGN = say("The city gave no sign of its own.")
FOR_EVER, ASK_AGAIN = "public, max-age=31536000, immutable", "public, max-age=60"


@router.get("/look.css", dependencies=[EVERYONE])
def style(request: Request, v: str = Query("", max_length=64)) -> Response:
    """The three tokens of the city's colour; empty where the house's stand. Under an older hash: today's, to be asked for again."""
    look = shown_look(request)
    keeping = FOR_EVER if v and v == look.version else ASK_AGAIN
    etag = look.version or "house"
    headers = {"ETag": f'"{etag}"', "Cache-Control": keeping}
    return as_it_was(request, etag, keeping) or Response(look.css, media_type="text/css; charset=utf-8", headers=headers)


@router.get("/look/sign", dependencies=[EVERYONE])
def sign(request: Request, work: InWork, v: str = Query("", max_length=64)) -> Response:
    """The city's sign. Raises Missing where it gave none."""
    look = service.look_of(work)
    found = service.sign_of(work, look.sign_hash) if look and look.sign_hash else None
    if found is None:
        raise Missing(NO_SIGN)
    keeping = FOR_EVER if v and found.hash.startswith(v) and len(v) >= 12 else ASK_AGAIN
    headers = {"ETag": f'"{found.hash[:32]}"', "Cache-Control": keeping, "Content-Security-Policy": "sandbox; default-src 'none'"}
    return as_it_was(request, found.hash[:32], keeping) or Response(found.content, media_type=found.media_type, headers=headers)

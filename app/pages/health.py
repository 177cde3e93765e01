"""Whether the site is well: it answers, and so does its database."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from sqlmodel import select

from app.http.audience import VOTER
from app.settings import settings

router = APIRouter(include_in_schema=False)


@router.get("/health", dependencies=[VOTER])
def health(request: Request) -> PlainTextResponse:
    """Answers "well" and the name of the site; an unreachable database answers 503. Asks as nobody, so every process can answer."""
    with request.app.state.engine.connect() as connection:
        connection.execute(select(1)).one()
    return PlainTextResponse(f"well: {settings().site_name}\n")

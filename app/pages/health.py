"""Whether the site is well: it answers, and so does its database."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from sqlmodel import select

from app.http.audience import EVERYONE
from app.http.unit_of_work import InWork
from app.settings import settings

router = APIRouter(include_in_schema=False)


@router.get("/health", dependencies=[EVERYONE])
def health(work: InWork) -> PlainTextResponse:
    """Answers "well" and the name of the site; an unreachable database answers 503."""
    work.db.exec(select(1)).one()
    return PlainTextResponse(f"well: {settings().site_name}\n")

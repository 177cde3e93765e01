"""Pages that exist in demonstration mode only: the sign-ins, and the e-mails that would have been sent."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import col, func, select

from app.core.credentials import readable
from app.core.messages import say
from app.core.problems import Missing
from app.demo.sign_ins import EVERYONE as PEOPLE
from app.demo.sign_ins import PASSWORD
from app.demo.voters import known_codes
from app.http.answers import page
from app.http.audience import EVERYONE
from app.http.unit_of_work import InWork
from app.notifications.models import OutgoingMail
from app.settings import settings

router = APIRouter(include_in_schema=False)
PER_PAGE = 30


@router.get("/demo", dependencies=[EVERYONE])
def sign_ins(request: Request) -> Response:
    """Who can be played, the one password, and the printed codes of the vote."""
    codes = [readable(code).upper() for code in known_codes()]
    return page(request, "demo/sign_ins.html", people=PEOPLE, password=PASSWORD, codes=codes)


@router.get("/demo/outbox", dependencies=[EVERYONE])
def outbox(request: Request, work: InWork, number_of_page: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1) -> Response:
    """The e-mails, newest first."""
    total = work.db.exec(select(func.count()).select_from(OutgoingMail)).one()
    newest = select(OutgoingMail).order_by(col(OutgoingMail.id).desc())
    mails = work.db.exec(newest.offset((number_of_page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    return page(request, "demo/outbox.html", mails=mails, number_of_page=number_of_page, pages=max(1, -(-total // PER_PAGE)))


@router.get("/demo/outbox/{public_id}", dependencies=[EVERYONE])
def mail(request: Request, work: InWork, public_id: str) -> Response:
    """One e-mail as its reader would see it, with its links ready to follow."""
    found = work.db.exec(select(OutgoingMail).where(OutgoingMail.public_id == public_id)).first()
    if found is None:
        raise Missing(say("There is no such message."))
    links = re.findall(re.escape(settings().base_url) + r"(/[^\s<>\"]*)", found.body_text)
    return page(request, "demo/mail.html", mail=found, links=list(dict.fromkeys(links)))

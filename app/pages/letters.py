"""Letters of decision, for the members of the carrier and the city's people alone; no cache keeps them."""

from typing import Any

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from app.accounts.people import Person
from app.http.answers import page
from app.http.audience import SIGNED_IN
from app.http.identity import Asking
from app.http.looks import shown_look
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.printing import pdf
from app.rendering import RIGHT_TO_LEFT, render
from app.review.emails import until
from app.review.letters.models import Letter
from app.review.letters.queries import letter_for, opened
from app.settings import settings
from app.unit import Work

router = APIRouter(include_in_schema=False)
PRIVATE = {"Cache-Control": "no-store"}


@router.get("/letters/{public_id}", dependencies=[SIGNED_IN])
def show(request: Request, work: InWork, who: Asking, public_id: Address) -> Response:
    """A letter, in the language of the file whatever the language of the site."""
    letter = letter_for(work, public_id, who)
    read = values(request, letter)
    text = render("letters/_letter.html", read, language=letter.language, zone=letter.facts["zone"])
    told = read | {"text": Markup(text), "may_contest": _may_contest(work, letter, who)}  # the template has escaped its values
    answer = page(request, "letters/show.html", zone=letter.facts["zone"], **told)
    answer.headers.update(PRIVATE)
    return answer


@router.get("/letters/{public_id}/letter.pdf", dependencies=[SIGNED_IN])
def as_pdf(request: Request, work: InWork, who: Asking, public_id: Address) -> Response:
    """The same letter as a tagged PDF."""
    letter = letter_for(work, public_id, who)
    made = pdf("print/letter.html", values(request, letter), language=letter.language, zone=letter.facts["zone"])
    headers = PRIVATE | {"Content-Disposition": f'attachment; filename="{letter.reference}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)


def _may_contest(work: Work, letter: Letter, who: Person | None) -> bool:
    """Whether the way to an appeal is shown: to the carrier's side, while there is time."""
    return who is not None and not who.is_staff and letter.appeal_until is not None and work.now < letter.appeal_until


def values(request: Request, letter: Letter) -> dict[str, Any]:
    """What both templates read."""
    return {
        "site_name": shown_look(request).name, "letter": letter, "opened": opened(letter), "facts": letter.facts,
        "base_url": settings().base_url, "until": until, "reading": "rtl" if letter.language in RIGHT_TO_LEFT else "ltr",
    }  # fmt: skip

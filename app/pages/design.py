"""The design of the site, on a page that is made of it: what it says of colours and sizes is read from the style sheet."""

from fastapi import APIRouter, Request, Response

from app.core.look.contrast import ratio_words
from app.core.money import Money
from app.http.answers import page
from app.http.audience import EVERYONE
from app.http.identity import Asking
from app.look.colours import tokens
from app.look.measured import LEVELS, measured

router = APIRouter(include_in_schema=False)
SPACES = ("g1", "g2", "g3", "g4", "g5", "g6", "g7")
SIZES = ("t0", "t1", "t2", "t3", "t4")
CARD = {
    "url": "/design#cards", "title": "Un jardin partagé rue des Lilas", "lang": "fr", "carrier": "Les Mains vertes", "country": None,
    "theme": None, "summary": "Transformer la friche en potager collectif.", "number": 12, "state": "", "requested": Money(18_500_00),
}  # fmt: skip


@router.get("/design", dependencies=[EVERYONE])
def show(request: Request, who: Asking) -> Response:
    """Type, spacing, colours with their contrasts, the parts of pages, focus, motion, forced colours, right to left, print."""
    known = tokens()
    return page(
        request, "design/show.html", colours=[one for one in known.values() if one.is_colour], measured=measured(known), levels=LEVELS,
        sizes=[known[name] for name in SIZES], spaces=[known[name] for name in SPACES], ratio_words=ratio_words, card=CARD,
    )  # fmt: skip

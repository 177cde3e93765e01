"""The picture that social networks and messages show beside a link to a project."""

import hashlib

from fastapi import APIRouter, Request, Response

from app.http.audience import EVERYONE
from app.http.held_already import as_it_was
from app.http.looks import Shown, shown_look
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.proposals.queries import project_by_public_id
from app.rendering import country, money, speaking, translate
from app.review.sheet import Sheet, sheet_of
from app.settings import settings
from app.share_picture import VERSION, Words, share_picture

router = APIRouter(include_in_schema=False)
KEPT = "public, max-age=600"


@router.get("/projects/{public_id}/share.png", dependencies=[EVERYONE])
def picture(request: Request, work: InWork, public_id: Address) -> Response:
    """The picture of a public project, 1200 by 630; the same for everyone, drawn only where the asker does not hold it already."""
    words = words_of(sheet_of(work, project_by_public_id(work, public_id)), shown_look(request))
    etag = hashlib.sha256(repr((VERSION, words)).encode()).hexdigest()[:32]
    return as_it_was(request, etag, KEPT) or Response(
        share_picture(words), media_type="image/png", headers={"ETag": f'"{etag}"', "Cache-Control": KEPT}
    )


def words_of(sheet: Sheet, look: Shown) -> Words:
    """What the picture says: the project in its own words, the rest in the language of the site, as one picture serves all readers."""
    project, language = sheet.proposal, settings().default_language
    with speaking(language, sheet.programme.zone):
        asked = money(sheet.requested) if sheet.requested else ""
        beside = " · ".join(part for part in (sheet.carrier.name, country(project.country)) if part)
        edition = f"{translate(sheet.programme.name)} · {translate(sheet.edition.name)}"
        return Words(look.name, edition, project.title or "", beside, asked, look.brand)

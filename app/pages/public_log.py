"""The public log of a vote for everyone. Whoever types a tracking code here is not asked who they are, and no cookie is read."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.core.messages import Message, say
from app.core.problems import Missing
from app.editions.queries import programme_of
from app.http.audience import VOTER
from app.http.forms import SentForm
from app.http.quiet import quiet_page, spoken
from app.http.quiet_route import QuietRoute
from app.http.unit_of_work import InReading
from app.pages.addresses import Address
from app.polls.ballot_paper import paper_of
from app.polls.frozen import Frozen, frozen_at
from app.polls.public_log import Mine, mine, seen_heads, told_acts
from app.results.bundles import bundle_state
from app.settings import settings
from app.unit import Work
from app.voting.service import OTHER_VOTE

router = APIRouter(include_in_schema=False, route_class=QuietRoute)
SHOWN = 10
"""So many heads are told on the page, the newest; a file holds them all."""
Language = Annotated[str, Query(max_length=10)]


@router.get("/editions/{slug}/log", dependencies=[VOTER])
def show(request: Request, work: InReading, slug: Address, lang: Language = "") -> Response:
    """The definition, the heads, the witnesses and the public acts of a vote, and how to check them."""
    return _page(request, work, frozen_at(work, slug), spoken(lang, request))


@router.post("/editions/{slug}/log", dependencies=[VOTER])
def find(request: Request, work: InReading, slug: Address, sent: SentForm) -> Response:
    """The same page with the proof that a ballot is in the log. The code is in the form: it stands in no address."""
    request.state.spoken = spoken(sent.get("lang"), request)
    # The address of a receipt ends in its code.
    frozen, code = frozen_at(work, slug), sent.get("code")[:300].strip().rpartition("/receipts/")[2].partition("?")[0][:80]
    found: Mine | None = None
    error: Message | None = say("Fill in this field.")
    if code:
        try:
            found = mine(work, frozen, code)
            error = None if found else OTHER_VOTE
        except Missing as nothing:
            error = nothing.message
    return _page(request, work, frozen, request.state.spoken, code=code, found=found, error=error)


@router.get("/editions/{slug}/log/heads.txt", dependencies=[VOTER])
def heads(work: InReading, slug: Address) -> Response:
    """Every head of the log of ballots with its signatures, the newest first."""
    text = "\n".join(one.note for one in seen_heads(work, frozen_at(work, slug)))
    return Response(text, media_type="text/plain; charset=utf-8")


def _page(
    request: Request, work: Work, frozen: Frozen, language: str, *, code: str = "", found: Mine | None = None, error: Message | None = None
) -> Response:
    edition, ballots = frozen.edition, seen_heads(work, frozen)
    return quiet_page(
        request, "log/show.html", language=language, zone=programme_of(work, edition).zone, status=422 if error else 200,
        edition=edition, frozen=frozen, heads=ballots, shown=ballots[:SHOWN], acts=told_acts(work, edition),
        act_heads=seen_heads(work, frozen, "acts"), paper=paper_of(work, edition.id or 0), code=code, found=found, error=error,
        base=settings().base_url, bundle=bundle_state(work, edition),
    )  # fmt: skip

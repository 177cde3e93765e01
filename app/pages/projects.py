"""The projects, for everyone: the list in one of its 64 drawn orders, and the permanent page of each project."""

from collections.abc import Collection
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.core.lifecycle import State
from app.core.messages import Localised
from app.countries import country_names
from app.editions.calls import VOTE, Call, call_of
from app.editions.queries import Listed, calendar_of, current_edition, find_edition, programme_of
from app.facts import read_once
from app.http.answers import page
from app.http.audience import EVERYONE
from app.http.identity import Asking
from app.http.language import language_of
from app.http.unchanged import UnchangedRoute, until_changed
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.proposals.models import Proposal
from app.proposals.partner_queries import told_by_partner
from app.proposals.queries import ORDERS, public_projects
from app.proposals.search import bare
from app.review.history import told_history
from app.review.merging import joined_by, joined_into
from app.review.models import REFUSALS
from app.review.opinions import said_of
from app.review.public import (
    CRITERIA_LABELS,
    SHOWN_LABELS,
    STATES_SHOWN,
    Criteria,
    Shown,
    check_filters,
    is_overtaken,
    last_refusals,
    offer_of,
    project_for,
    standing_so,
)
from app.review.queries import criteria_of, decisions_of
from app.review.sheet import Sheet, account_of, sheet_of, shown_state
from app.review.vetoes import GROUND_LABELS
from app.story.addresses import addresses_of
from app.unit import Work

router = APIRouter(include_in_schema=False, route_class=UnchangedRoute)
PER_PAGE = 24

Order = Annotated[int | None, Query(ge=0, le=ORDERS)]
"""1 to 64, as the page says it; 0 is the last of them."""
Search = Annotated[str, Query(max_length=200)]
Key = Annotated[str, Query(max_length=40)]


@router.get("/projects", dependencies=[EVERYONE])
def newest(request: Request, work: InWork, who: Asking) -> Response:
    """The way to the projects of the edition that matters most now."""
    edition = current_edition(work)
    return RedirectResponse(f"/editions/{edition.slug}/projects", status_code=303) if edition else page(request, "projects/none.html")


@router.get("/editions/{slug}/projects", dependencies=[EVERYONE])
@until_changed
def index(
    request: Request, work: InWork, who: Asking, slug: Address, q: Search = "", theme: Key = "", country: Key = "",
    shown: Shown = Shown.ACCEPTED, criteria: Criteria = Criteria.ALL, order: Order = None,
    number: Annotated[int, Query(ge=1, le=1000, alias="page")] = 1,
) -> Response:
    """The list. Without an order one is drawn and put into the address, so that the page itself is the same for everyone."""
    edition = find_edition(work, slug)
    filters = {"q": q, "theme": theme, "country": country, "criteria": criteria.value, "shown": shown.value}
    if order is None:
        return RedirectResponse(address(slug, filters | {"order": drawn(work) or ORDERS}), status_code=303)
    check_filters(edition, theme, country)
    found, total = public_projects(
        work, edition, text=q, theme=theme or None, country=country or None, order=order % ORDERS, page=number, per_page=PER_PAGE,
        language=language_of(request), states=STATES_SHOWN[shown], only=standing_so(work, edition, criteria),
    )
    offer = offer_of(work, edition)
    refusals = last_refusals(work, [card.public_id for card in found]) if shown is Shown.REFUSED else {}
    return page(
        request, "projects/index.html", fragment="projects/_list.html", zone=programme_of(work, edition).zone, edition=edition,
        projects=found, total=total, filters=filters, order=order, orders=ORDERS, another=(5 * order + 1) % ORDERS or ORDERS,
        number_of_page=number, pages=-(-total // PER_PAGE), offer=offer, refusals=refusals, grounds=GROUND_LABELS, shown=shown,
        shown_labels=SHOWN_LABELS, criteria_labels=CRITERIA_LABELS, address=address,
        countries=countries_offered(offer.countries[shown] | ({country} if country else set()), language_of(request)),
    )


@router.get("/projects/{public_id}", dependencies=[EVERYONE])
@until_changed
def show(request: Request, work: InWork, who: Asking, public_id: Address) -> Response:
    """The permanent page of a project: what is asked, what was decided and why, what happened."""
    proposal, public = project_for(work, public_id, who)
    return project_page(request, work, proposal, public=public)


def project_page(request: Request, work: Work, proposal: Proposal, *, public: bool, preview: bool = False) -> Response:
    """The page of a project as residents read it; `preview` for its carrier, before they can."""
    told, addresses = told_of(work, proposal), addresses_of(proposal)
    return page(
        request, "projects/show.html", zone=told["sheet"].programme.zone, public=public, preview=preview, grounds=GROUND_LABELS,
        account_of=account_of, shown_state=shown_state, addresses=addresses, permanent=addresses.permanent,
        call=_vote_call(work, told["sheet"]), **told,
    )  # fmt: skip


@read_once
def told_of(work: Work, proposal: Proposal) -> dict[str, Any]:
    """What the page says of a project: the file, its decisions and what was found on each rule, opinions, history, merges."""
    sheet, decisions, said = sheet_of(work, proposal), decisions_of(work, proposal), said_of(work, proposal)
    judged, verdicts = next(((decision, found) for decision, found in decisions if found), (None, []))
    undertaken = sheet.undertaken  # read now: what is kept of this outlives the session
    return {
        "sheet": replace(sheet, undertake=lambda: undertaken), "steps": told_history(work, proposal), "decision": judged,
        "criteria": criteria_of(sheet.edition, verdicts),
        "refusal": next((one for one, _ in decisions[:1] if one.outcome in REFUSALS and not is_overtaken(one, said.veto)), None),
        "opinion": said.opinion, "answer": said.answer, "veto": said.veto,
        "told": told_by_partner(proposal, sheet.documents, sheet.partner_answer),
        "joined": joined_into(work, proposal), "joiners": joined_by(work, proposal),
    }  # fmt: skip


def _vote_call(work: Work, sheet: Sheet) -> Call | None:
    """Until when one can vote for the project, and the way there; None while nobody can."""
    if sheet.proposal.state != State.ON_BALLOT:
        return None
    call = call_of(Listed(sheet.edition, sheet.programme, calendar_of(work, sheet.edition)), work.now)
    return call if any(label == VOTE for _, label in call.links) else None


def countries_offered(codes: Collection[str], language: str) -> list[tuple[str, Localised]]:
    """The countries of a filter by name, as a reader of this language looks for them: Bénin before Burkina Faso."""
    names = country_names()
    return sorted(((code, names[code]) for code in codes), key=lambda one: bare(one[1].best(language)[1]))


def drawn(work: Work) -> int:
    """One of the published orders, drawn at random: six bits."""
    return int(work.token(2, "01234567"), 8)


def address(slug: str, values: dict[str, str | int]) -> str:
    """The address of a list with these filters; what is blank is left out."""
    kept = {name: value for name, value in values.items() if value not in ("", Shown.ACCEPTED.value, Criteria.ALL.value)}
    return f"/editions/{slug}/projects?{urlencode(kept)}"

"""The ballot box, for the city: how far it is, what comes next and who may, what waits for a second person."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.accounts.people import Person
from app.accounts.queries import people_who_may
from app.core.calendar import Stage
from app.core.messages import say
from app.core.problems import Missing, Problem
from app.core.transparency import canonical
from app.editions.models import Edition
from app.editions.queries import Listed, calendar_of, programme_of
from app.http.answers import go
from app.http.audience import staff
from app.http.unit_of_work import InWork
from app.ledger import motions
from app.pages.addresses import Address
from app.pages.staff import box_motions, box_proposals, box_view, staff_page
from app.pages.staff.edition_parts import Official, load
from app.polls.alerts import alerts_of
from app.polls.calendar import voting_stage
from app.polls.definition import origin_of
from app.polls.extending import extensions_of
from app.polls.freezing import FREEZE, freeze_of
from app.polls.opening import OPENING, opening_of, propose_opening
from app.polls.opening_apart import opening_job
from app.unit import Work
from app.voting.box import on_postgresql
from app.voting.merging import is_complete

router = APIRouter(include_in_schema=False)
router.include_router(box_proposals.router)
router.include_router(box_motions.router)


@router.get("/staff/editions/{slug}/box", dependencies=[staff("see_turnout")])
def show(request: Request, work: InWork, who: Official, slug: Address) -> Response:
    """The whole state of the box, and the proposals that wait."""
    return _page(request, work, load(work, slug), who)


@router.get("/staff/editions/{slug}/box/definition.json", dependencies=[staff("see_turnout")])
def definition(work: InWork, slug: Address) -> Response:
    """The canonical bytes of the frozen definition, or of the one that is proposed."""
    edition = load(work, slug)
    frozen, waiting = freeze_of(work, edition), motions.waiting(work, edition.id or 0, FREEZE)
    if frozen is None and not waiting:
        raise Missing(say("No definition is frozen or proposed yet."))
    content = frozen.definition.encode() if frozen else canonical(waiting[0].payload["definition"])
    headers = {"Content-Disposition": f'attachment; filename="definition-{edition.slug}.json"'}
    return Response(content, media_type="application/json", headers=headers)


@router.post("/staff/editions/{slug}/box/openings", dependencies=[staff("open_box")])
def open_it(request: Request, work: InWork, who: Official, slug: Address) -> Response:
    """Propose to open the box over its final head."""
    try:
        propose_opening(work, load(work, slug), by=who)
    except Problem as problem:
        work.db.rollback()
        return _page(request, work, load(work, slug), who, status=problem.status, refused=problem.message)
    return go(f"/staff/editions/{slug}/box", done="proposed")


def _page(request: Request, work: Work, edition: Edition, who: Person, **more: Any) -> Response:
    listed = Listed(edition, programme_of(work, edition), calendar_of(work, edition))
    coming, frozen, stage = box_view.next_act(work, edition), freeze_of(work, edition), voting_stage(work, edition)
    waiting = motions.waiting(work, edition.id or 0)
    ready = is_complete(work, edition.id or 0) if frozen else False
    shown = {
        "steps": box_view.steps(work, edition), "coming": coming, "frozen": frozen, "origin": origin_of(edition),
        "able": [one.display_name for one in people_who_may(work, coming.permission)] if coming.permission else [],
        "may_now": coming.permission is not None and who.may(coming.permission), "alerts": alerts_of(work, [listed]),
        "proposals": box_view.proposals(work, edition, who), "log": box_view.log_facts(work, edition),
        "acts": box_view.public_acts(work, edition), "extensions": extensions_of(work, edition), "embedded": not on_postgresql(work),
        "may_extend": frozen is not None and stage in (Stage.before, Stage.open) and who.may("freeze_vote"),
        "may_open": ready and opening_of(work, edition) is None and who.may("open_box") and OPENING not in {one.act for one in waiting},
        "opening": opening_job(work, edition) if ready else None, "now": work.now, "refused": None,
    }  # fmt: skip
    zone, part = listed.programme.zone, "staff/box/_opening.html"
    return staff_page(request, "staff/box/show.html", fragment=part, zone=zone, edition=edition, **shown | more)

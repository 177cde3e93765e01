"""After the vote, for officials: count, enter the draw, publish, enter what the council decided."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.accounts.people import Person
from app.accounts.queries import names, people_who_may
from app.core.calendar import PhaseKind
from app.core.formats.comparison_json import rounded
from app.core.messages import say
from app.core.problems import Conflict, Invalid, Missing, Problem, Refused
from app.core.sides import Side
from app.editions.models import Edition
from app.editions.queries import calendar_of, programme_of
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import SentForm
from app.http.unit_of_work import InWork, acting_as
from app.ledger.motions import motion_at, waiting
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official, load
from app.polls.groups import names_in
from app.polls.queries import poll_of
from app.results import bundles, queries, service
from app.results.comparisons import given_to_voters
from app.results.forms import COUNCIL_LABELS, DRAW_LABELS, CouncilForm, DrawForm, PublicationForm
from app.results.models import Count, Draw, Publication
from app.results.queries import CountView
from app.results.rule_words import rule_words
from app.results.words import headline, tie_words
from app.unit import Work
from app.voting.box import is_opened
from app.voting.merging import is_complete

router = APIRouter(include_in_schema=False)
Number = Annotated[int | None, Query(ge=1, le=10_000)]


@router.get("/staff/editions/{slug}/results", dependencies=[staff("see_turnout")])
def show(request: Request, work: InWork, who: Official, slug: Address, count: Number = None) -> Response:
    """The counts of an edition, one of them in full (`count`, else the published one, else the last), and what can be done next."""
    return _results_page(request, work, load(work, slug), who, number=count)


@router.post("/staff/editions/{slug}/counts", dependencies=[staff("count_ballots")])
@acting_as(Side.COUNT)
def count(request: Request, work: InWork, who: Official, slug: Address) -> Response:
    """Count what was in the box, or count again; many ballots are left to the worker, and the page says how far it is."""
    edition = load(work, slug)
    try:
        made = service.ask_count(work, edition, by=who)
    except (Refused, Conflict) as problem:
        return _again(request, work, slug, who, problem)
    return go(f"/staff/editions/{slug}/results", done="counted" if made else None)


@router.post("/staff/editions/{slug}/draw", dependencies=[staff("count_ballots")])
@acting_as(Side.COUNT)
def draw(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Enter the public draw and count with it."""
    try:
        made = service.enter_draw(work, load(work, slug), sent.check(DrawForm), by=who)
    except (Invalid, Conflict, Refused) as problem:
        return _again(request, work, slug, who, problem, values=sent.simple())
    return go(f"/staff/editions/{slug}/results", done="counted" if made else None)


@router.post("/staff/editions/{slug}/result-publication", dependencies=[staff("publish_results")])
def publish(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Propose to publish the count that was read, or confirm what a colleague proposed (`motion`)."""
    edition, motion = load(work, slug), sent.get("motion")
    try:
        if motion:
            service.confirm_publication(work, edition, motion_at(work, edition.id or 0, motion), by=who)
        else:
            service.propose_publication(work, edition, sent.check(PublicationForm), by=who)
    except (Invalid, Conflict, Refused, Missing) as problem:
        return _again(request, work, slug, who, problem, values=sent.simple())
    return go(f"/staff/editions/{slug}/results", done="published" if motion else "proposed")


@router.post("/staff/editions/{slug}/result-publication/withdrawal", dependencies=[staff("publish_results")])
def withdraw(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Take back the proposal to publish (`motion`)."""
    edition = load(work, slug)
    try:
        service.withdraw_publication(work, edition, motion_at(work, edition.id or 0, sent.get("motion")), by=who)
    except (Conflict, Refused, Missing) as problem:
        return _again(request, work, slug, who, problem)
    return go(f"/staff/editions/{slug}/results", done="withdrawn")


@router.post("/staff/editions/{slug}/council-decisions", dependencies=[staff("enter_council_decision")])
def decide(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Enter one deliberation on the projects ticked."""
    try:
        service.decide(work, load(work, slug), sent.check(CouncilForm, "projects"), by=who)
    except (Invalid, Conflict, Refused) as problem:
        return _again(request, work, slug, who, problem, values=sent.simple("projects"))
    return go(f"/staff/editions/{slug}/results#council", done="saved")


def _again(request: Request, work: Work, slug: str, who: Person, problem: Problem, *, values: dict[str, Any] | None = None) -> Response:
    """The page with what was typed and the reason why nothing was done."""
    work.db.rollback()
    return _results_page(request, work, load(work, slug), who, problem=problem, values=values or {})


def _results_page(
    request: Request, work: Work, edition: Edition, who: Person, *, number: int | None = None, problem: Problem | None = None,
    values: dict[str, Any] | None = None,
) -> Response:  # fmt: skip
    motion = next(iter(waiting(work, edition.id or 0, service.PUBLICATION)), None)
    counts, zone = queries.counts_of(work, edition), programme_of(work, edition).zone
    publication = work.db.get(Publication, edition.id)
    view = _chosen(work, edition, number, [one for one, _ in counts], publication)
    opened = is_opened(work, edition.id or 0)
    last, few = view is not None and view.count.number == counts[0][0].number, bundles.withheld(work, edition)
    return staff_page(
        request, "staff/results/show.html", fragment="staff/results/_counting.html", status=problem.status if problem else 200, zone=zone,
        edition=edition, who=who, now=work.now,
        motion=motion, proposed_by=names(work, {motion.proposed_by_id})[motion.proposed_by_id] if motion else "",
        others=[one.display_name for one in people_who_may(work, "publish_results") if motion and one.id != motion.proposed_by_id],
        job=queries.count_job(work, edition), bundling=bundles.bundle_job(work, edition) if publication else None,
        opened=opened, settled=not opened and is_complete(work, edition.id or 0),
        counts=counts, view=view, last=last, publication=publication, published_id=publication.count_id if publication else None,
        poll=poll_of(work, edition), draw=work.db.get(Draw, edition.id), voting=calendar_of(work, edition).window(PhaseKind.voting),
        errors=problem.errors if isinstance(problem, Invalid) else {},
        refused=problem.message if problem and not isinstance(problem, Invalid) else None,
        values=values or {}, draw_kinds=[(one.value, label) for one, label in DRAW_LABELS.items()],
        council_outcomes=[(one.value, label) for one, label in COUNCIL_LABELS.items()], **_words(view),
        voters=given_to_voters(work, view.count) if view and not few else None, rounded=rounded, few=bundles.too_few(few) if few else None,
    )  # fmt: skip


def _chosen(work: Work, edition: Edition, number: int | None, counts: list[Count], publication: Publication | None) -> CountView | None:
    """The count asked for, else the published one, else the last one."""
    if not counts and number is None:
        return None
    published = [one for one in counts if publication and one.id == publication.count_id]
    chosen = next((one for one in (counts if number else [*published, *counts]) if number in (None, one.number)), None)
    if chosen is None:
        raise Missing(say("There is no such count."))
    return queries.view_of(work, edition, chosen)


def _words(view: CountView | None) -> dict[str, Any]:
    if view is None:
        return {"headline": None, "rule": [], "ties": [], "leading": []}
    ties = [tie_words(tie, view.names, waits=bool(view.outcome.needs_draw)) for tie in view.outcome.ties]
    leading = [one for one in view.winners if one.state.value == "leading"]
    said = headline(len(view.winners), view.spent, view.budget)
    return {
        "headline": said,
        "rule": rule_words(view.rule, view.outcome.currency, names_in(view.edition)),
        "ties": ties,
        "leading": leading,
    }

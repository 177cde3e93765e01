"""The simulator: officials try other rules, or another envelope, on the ballots of a published edition, and share what came out."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.formats.comparison_json import rounded, rule_name
from app.core.messages import say
from app.core.money import Money
from app.core.problems import Invalid, Missing
from app.core.sides import Side
from app.core.tally.comparison import SHADOWS
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.unit_of_work import InWork, acting_as
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.pages.staff.edition_parts import Official, load
from app.results import comparisons, simulating
from app.results.counting import AT_ONCE, ballots_in
from app.results.forms import WhatIf
from app.results.models import Count, Publication
from app.unit import Work

router = APIRouter(include_in_schema=False)
NOTHING_YET = say("Nothing can be tried before the result of this edition is published.")


@router.get("/staff/editions/{slug}/simulator", dependencies=[staff("simulate")])
@acting_as(Side.COUNT)
def show(request: Request, work: InWork, who: Official, slug: Address) -> Response:
    """The form, and what comes out of it where anything was asked (`envelope`, `min_votes`, `rules`, all in the address)."""
    edition = load(work, slug)
    count = _published(work, edition)
    query = request.query_params
    sent = Sent({name: query.getlist(name) for name in query if name in WhatIf.model_fields})
    few = ballots_in(work, edition.id or 0) <= AT_ONCE
    try:
        form = sent.check(WhatIf, "rules")
        found = comparisons.tried(work, edition, count, simulating.try_rules(work, edition, count, form)) if sent.values and few else None
    except Invalid as problem:
        return _page(request, work, edition, count, sent, status=problem.status, few=few, found=None, errors=problem.errors)
    return _page(request, work, edition, count, sent, few=few, found=found)


@router.post("/staff/editions/{slug}/simulations", dependencies=[staff("simulate")])
def report(request: Request, work: InWork, who: Official, sent: SentForm, slug: Address) -> Response:
    """Make a report with an address of its own; the worker fills it."""
    edition = load(work, slug)
    count = _published(work, edition)
    try:
        made = simulating.report(work, edition, count, sent.check(WhatIf, "rules"), by=who)
    except Invalid as problem:
        work.db.rollback()
        edition, few = load(work, slug), ballots_in(work, edition.id or 0) <= AT_ONCE
        return _page(request, work, edition, count, sent, status=problem.status, few=few, found=None, errors=problem.errors)
    return go(f"/simulations/{made.public_id}")


def _published(work: Work, edition: Edition) -> Count:
    publication = work.db.get(Publication, edition.id)
    if publication is None:
        raise Missing(NOTHING_YET)
    return work.db.get_one(Count, publication.count_id)


def _page(request: Request, work: Work, edition: Edition, count: Count, sent: Sent, **values: Any) -> Response:
    currency = count.outcome["currency"]
    return staff_page(
        request, "staff/simulator/show.html", zone=programme_of(work, edition).zone, edition=edition, values=sent.simple("rules"),
        offered=list(SHADOWS.items()), budget=Money(count.budget_cents, currency), rule_name=rule_name, rounded=rounded,
        reports=comparisons.reports_of(work, count), money_of=lambda cents: Money(cents, currency), **values,
    )  # fmt: skip

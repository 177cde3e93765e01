"""Editions for everyone: the list, one edition, its rules in plain words, its calendar as a file."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.calendar import PHASE_LABELS
from app.editions import queries
from app.editions.calls import call_of
from app.editions.queries import Listed
from app.editions.spoken import PART_NAMES, calendar_file, steps
from app.http.answers import page
from app.http.audience import EVERYONE
from app.http.language import language_of
from app.http.unchanged import UnchangedRoute, until_changed
from app.http.unit_of_work import InWork
from app.polls.extending import extensions_of
from app.polls.groups import names_in
from app.polls.queries import poll_of, rule_of, slate, style_of
from app.proposals.queries import public_count
from app.rendering import speaking, translate
from app.results.rule_words import rule_words
from app.review.public import STATES_SHOWN, Shown
from app.settings import settings
from app.unit import Work

router = APIRouter(include_in_schema=False, route_class=UnchangedRoute)


@router.get("/editions", dependencies=[EVERYONE])
@until_changed
def index(request: Request, work: InWork) -> Response:
    editions = queries.ranked(queries.listed_editions(work), work.now)
    return page(request, "editions/index.html", editions=[(listed, call_of(listed, work.now)) for listed in editions])


@router.get("/editions/{slug}", dependencies=[EVERYONE])
@until_changed
def show(request: Request, work: InWork, slug: str) -> Response:
    listed = _listed(work, slug)
    count = public_count(work, listed.edition, STATES_SHOWN[Shown.ACCEPTED])
    return page(
        request, "editions/show.html", zone=listed.programme.zone, edition=listed.edition, programme=listed.programme, count=count,
        call=call_of(listed, work.now), steps=steps(listed.calendar, work.now), changes=queries.changes_of(work, listed.edition),
        part_names=PART_NAMES, extensions=extensions_of(work, listed.edition), **_count(work, listed),
    )  # fmt: skip


@router.get("/editions/{slug}/rules", dependencies=[EVERYONE])
@until_changed
def rules(request: Request, work: InWork, slug: str) -> Response:
    listed = _listed(work, slug)
    edition = listed.edition
    plain = edition.rulebook.plain(queries.rules_context(edition, listed.calendar))
    schemes = {scheme.key: scheme.label for scheme in edition.redirects}
    return page(request, "editions/rules.html", zone=listed.programme.zone, edition=edition, rules=plain, schemes=schemes)


@router.get("/editions/{slug}/calendar.ics", dependencies=[EVERYONE])
def calendar(request: Request, work: InWork, slug: str) -> Response:
    """The phases, to be added to one's own diary."""
    listed = _listed(work, slug)
    edition, address = listed.edition, f"{settings().base_url}/editions/{slug}"
    with speaking(language_of(request), listed.programme.zone):
        titles = {kind: f"{translate(edition.name)} – {translate(label)}" for kind, label in PHASE_LABELS.items()}
    text = calendar_file(listed.calendar, titles, f"{slug}@quotepart", edition.published_at or work.now, address)
    headers = {"Content-Disposition": f'attachment; filename="{edition.slug}.ics"', "Vary": "Cookie, Accept-Language"}
    return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)


def _count(work: Work, listed: Listed) -> dict[str, Any]:
    """How a ballot is filled, how ballots are counted and what settles ties, in words, once the vote is set up."""
    poll = poll_of(work, listed.edition)
    if poll is None:
        return {"poll": None}
    line = style_of(poll).rule_line(slate(work, listed.edition, poll))
    return {"poll": poll, "rule_line": line, "rule_words": rule_words(rule_of(poll), listed.programme.currency, names_in(listed.edition))}


def _listed(work: Work, slug: str) -> Listed:
    edition = queries.find_edition(work, slug)
    return Listed(edition, queries.programme_of(work, edition), queries.calendar_of(work, edition))

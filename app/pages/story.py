"""The public story of a project: its history, its short address, its poster, and its news as feeds and dates."""

from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app import printing
from app.core.calendar import PHASE_LABELS
from app.core.messages import Message, say
from app.editions.models import Edition, Programme
from app.editions.queries import calendar_of, find_edition, programme_of
from app.http.answers import page
from app.http.audience import EVERYONE
from app.http.identity import Asking
from app.http.language import language_of
from app.http.looks import shown_look
from app.http.unchanged import UnchangedRoute, until_changed
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.proposals.queries import project_by_public_id
from app.rendering import speaking, translate
from app.review.history import told
from app.review.public import project_for
from app.review.sheet import Sheet, sheet_of, shown_state
from app.settings import settings
from app.story import dates, feeds
from app.story.addresses import addresses_of, project_at
from app.story.telling import public_steps
from app.story.timeline import Event, events_of
from app.unit import Work

router = APIRouter(include_in_schema=False, route_class=UnchangedRoute)
KEPT = "public, max-age=300"
"""Feeds and dates may be kept for five minutes by whoever stands between: they are the same for everyone."""


@router.get("/projects/{public_id}/history", dependencies=[EVERYONE])
@until_changed
def history(request: Request, work: InWork, who: Asking, public_id: Address) -> Response:
    """Everything that happened to a project, with what changed from one version to the next."""
    proposal, public = project_for(work, public_id, who)
    sheet = sheet_of(work, proposal)
    return page(
        request, "projects/history.html", zone=sheet.programme.zone, sheet=sheet, public=public,
        events=events_in(work, sheet, language_of(request)), shown_state=shown_state,
    )  # fmt: skip


def events_in(work: Work, sheet: Sheet, language: str) -> list[Event]:
    """The events of a project told in a language."""
    with speaking(language, sheet.programme.zone):
        return events_of(work, sheet)


@router.get("/p/{code}", dependencies=[EVERYONE])
def short(work: InWork, code: str) -> Response:
    """The short address on paper: leads to the permanent page, for ever."""
    return RedirectResponse(f"/projects/{project_at(work, code[:40]).public_id}", status_code=301, headers={"Cache-Control": KEPT})


@router.get("/projects/{public_id}/poster", dependencies=[EVERYONE])
def poster(request: Request, work: InWork, public_id: Address) -> Response:
    """A sheet to print: code, title, amount, summary."""
    values = _poster(request, work, public_id)
    return page(request, "projects/poster.html", zone=values["sheet"].programme.zone, can_print=printing.can_print(), **values)


@router.get("/projects/{public_id}/poster.pdf", dependencies=[EVERYONE])
def poster_file(request: Request, work: InWork, public_id: Address) -> Response:
    """The same sheet as a PDF."""
    values, language = _poster(request, work, public_id), language_of(request)
    made = printing.pdf("print/poster.html", values, language=language, zone=values["sheet"].programme.zone)
    headers = {"Content-Disposition": f'inline; filename="{public_id}.pdf"', "Vary": "Cookie, Accept-Language"}
    return Response(made, media_type="application/pdf", headers=headers)


def _poster(request: Request, work: Work, public_id: str) -> dict[str, Any]:
    proposal = project_by_public_id(work, public_id)
    return {"site_name": shown_look(request).name, "sheet": sheet_of(work, proposal), "addresses": addresses_of(proposal)}


@router.get("/projects/{public_id}/feed.atom", dependencies=[EVERYONE])
def project_feed(request: Request, work: InWork, public_id: Address) -> Response:
    """The events of a project, for a feed reader."""
    proposal = project_by_public_id(work, public_id)
    sheet, language, own = sheet_of(work, proposal), language_of(request), addresses_of(proposal).permanent
    with speaking(language, sheet.programme.zone):
        items = [_item(f"project/{public_id}/{one.key}", proposal.title, one, f"{own}/history#{one.key}") for one in events_of(work, sheet)]
        title = translate(say("%(title)s: its history", title=proposal.title))
    made = feeds.feed(
        f"project/{public_id}", title, f"{own}/history", f"{own}/feed.atom", shown_look(request).name, language, items, proposal.created_at
    )
    return _feed(request, made)


@router.get("/editions/{slug}/feed.atom", dependencies=[EVERYONE])
def edition_feed(request: Request, work: InWork, slug: Address) -> Response:
    """What happened last to the projects of an edition."""
    edition = find_edition(work, slug)
    language, base = language_of(request), settings().base_url
    with speaking(language, programme_of(work, edition).zone):
        items = [
            feeds.Item(
                f"project/{proposal.public_id}/{step.verb}/{step.at.isoformat()}",
                _headed(proposal.title, told(step)["title"]), step.reason,
                f"{base}/projects/{proposal.public_id}/history", step.at,
            )
            for proposal, step in public_steps(work, edition, limit=100)
        ]  # fmt: skip
        title = translate(edition.name)
    own = f"{base}/editions/{slug}"
    first, author = edition.published_at or work.now, shown_look(request).name
    return _feed(request, feeds.feed(f"edition/{slug}", title, own, f"{own}/feed.atom", author, language, items, first))


def _item(identity: str, title: str, event: Event, address: str) -> feeds.Item:
    told_changes = [translate(say("Changed: %(fields)s", fields=tuple(one.label for one in event.changes)))] if event.changes else []
    facts = [translate(say("%(name)s: %(value)s", name=label, value=value)) for label, value in event.facts]
    text = "\n".join([part for part in (translate(event.text), *facts, *told_changes) if part])
    return feeds.Item(identity, _headed(title, event.title), text, address, event.at)


def _headed(title: str, event: Message) -> str:
    return translate(say("%(name)s: %(value)s", name=title, value=event))


def _feed(request: Request, made: feeds.Feed) -> Response:
    """The feed, or 304 for a reader who has it already."""
    headers = {
        "ETag": made.etag, "Last-Modified": format_datetime(made.updated.replace(microsecond=0), usegmt=True), "Cache-Control": KEPT,
        "Vary": "Cookie, Accept-Language",
    }  # fmt: skip
    if _known(request, made):
        return Response(status_code=304, headers=headers)
    return Response(made.body, media_type="application/atom+xml; charset=utf-8", headers=headers)


def _known(request: Request, made: feeds.Feed) -> bool:
    """Whether the reader's copy is this one; its ETag decides where it sends one (RFC 9110, 13.2.2)."""
    if (tags := request.headers.get("if-none-match")) is not None:
        return made.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")] or tags.strip() == "*"
    since = _instant(request.headers.get("if-modified-since", ""))
    return since is not None and made.updated.replace(microsecond=0) <= since


def _instant(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


@router.get("/projects/{public_id}/calendar.ics", dependencies=[EVERYONE])
def project_dates(request: Request, work: InWork, public_id: Address) -> Response:
    """What a project has before it, to be added to one's own diary or subscribed to."""
    proposal = project_by_public_id(work, public_id)
    edition = work.db.get_one(Edition, proposal.edition_id)
    programme = work.db.get_one(Programme, edition.programme_id)
    with speaking(language_of(request), programme.zone):
        diary = dates.diary(proposal.title, programme.zone)
        titles = {kind: f"{translate(edition.name)} – {translate(label)}" for kind, label in PHASE_LABELS.items()}
        start = translate(say("%(title)s: start of the project", title=proposal.title))
        end = translate(say("%(title)s: end of the project", title=proposal.title))
    stamp, address = edition.published_at or work.now, addresses_of(proposal).permanent
    dates.add_phases(
        diary, calendar_of(work, edition), titles, identity=f"{edition.slug}@quotepart", stamp=stamp, address=address,
        only=dates.AFTER_SUBMISSION,
    )  # fmt: skip
    dates.add_project_days(diary, proposal, start, end, stamp=stamp, address=address)
    headers = {"Content-Disposition": f'attachment; filename="{public_id}.ics"', "Vary": "Cookie, Accept-Language", "Cache-Control": KEPT}
    return Response(bytes(diary.to_ical()), media_type="text/calendar; charset=utf-8", headers=headers)

"""Following by e-mail without an account: asking, confirming, ending. Every address gets the same answer."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.accounts.attempts import network_of
from app.core.problems import Invalid
from app.editions.models import Edition
from app.editions.queries import find_edition, programme_of
from app.http.answers import form_again, go, page
from app.http.audience import EVERYONE
from app.http.forms import SentForm
from app.http.identity import Asking
from app.http.language import language_of
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.proposals.models import Proposal
from app.proposals.queries import project_by_public_id
from app.story import following
from app.story.following import FollowForm, name_of
from app.unit import Work

router = APIRouter(include_in_schema=False)


@router.get("/projects/{public_id}/followers", dependencies=[EVERYONE])
def project_form(request: Request, work: InWork, who: Asking, public_id: Address) -> Response:
    """The ways to follow a project."""
    return _form(request, work, project_by_public_id(work, public_id))


@router.post("/projects/{public_id}/followers", dependencies=[EVERYONE])
def follow_project(request: Request, work: InWork, who: Asking, public_id: Address, sent: SentForm) -> Response:
    """Ask to follow a project."""
    return _ask(request, work, project_by_public_id(work, public_id), sent)


@router.get("/editions/{slug}/followers", dependencies=[EVERYONE])
def edition_form(request: Request, work: InWork, who: Asking, slug: Address) -> Response:
    """The ways to follow an edition."""
    return _form(request, work, find_edition(work, slug))


@router.post("/editions/{slug}/followers", dependencies=[EVERYONE])
def follow_edition(request: Request, work: InWork, who: Asking, slug: Address, sent: SentForm) -> Response:
    """Ask to follow an edition."""
    return _ask(request, work, find_edition(work, slug), sent)


def _place_of(thing: Proposal | Edition) -> str:
    return f"/projects/{thing.public_id}" if isinstance(thing, Proposal) else f"/editions/{thing.slug}"


def _values(thing: Proposal | Edition) -> dict[str, Any]:
    return {"name": name_of(thing), "place": _place_of(thing), "is_project": isinstance(thing, Proposal)}


def _form(request: Request, work: Work, thing: Proposal | Edition) -> Response:
    return page(request, "following/form.html", **_values(thing))


def _ask(request: Request, work: Work, thing: Proposal | Edition, sent: SentForm) -> Response:
    network = network_of(request.client.host if request.client else "")
    try:
        following.follow(work, thing, sent.check(FollowForm), language=language_of(request), network=network)
    except Invalid as problem:
        return form_again(request, work, "following/form.html", problem, values={"email": sent.get("email")}, **_values(thing))
    return page(request, "following/asked.html", **_values(thing))


@router.get("/following/{token}", dependencies=[EVERYONE])
def show(request: Request, work: InWork, who: Asking, token: Address) -> Response:
    """The page behind the link of an e-mail: reading it changes nothing, programs that look at links do too."""
    return _page(request, work, token, "following/show.html")


@router.post("/following/{token}", dependencies=[EVERYONE])
def confirm(work: InWork, who: Asking, token: Address, sent: SentForm) -> Response:
    """Begin the following."""
    following.confirm(work, token)
    return go(f"/following/{token}", "saved")


@router.get("/following/{token}/end", dependencies=[EVERYONE])
def ask_end(request: Request, work: InWork, who: Asking, token: Address) -> Response:
    """Asks for the one click that ends the following."""
    return _page(request, work, token, "following/end.html")


@router.post("/following/{token}/end", dependencies=[EVERYONE])
def end(request: Request, work: InWork, token: Address, sent: SentForm) -> Response:
    """End the following and erase the address; mail programs send this by themselves (RFC 8058). The same answer for any token."""
    following.end(work, token)
    return page(request, "following/ended.html")


def _page(request: Request, work: Work, token: str, template: str) -> Response:
    follower = following.find_follower(work, token)
    thing = following.thing_of(work, follower)
    edition = thing if isinstance(thing, Edition) else work.db.get_one(Edition, thing.edition_id) if thing else None
    zone = programme_of(work, edition).zone if edition else "Europe/Paris"
    return page(
        request, template, zone=zone, follower=follower, name=name_of(thing) if thing else "", place=_place_of(thing) if thing else ""
    )

"""The local partner's own page, by a link and without account, in French, English or Spanish."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.accounts.attempts import HOUR, Limit, count_try, network_of
from app.core.money import Money
from app.core.problems import Conflict, Invalid
from app.http.answers import DONE, go
from app.http.audience import EVERYONE
from app.http.forms import Sent, SentForm
from app.http.guests import GuestRoute, guest_language
from app.http.quiet import quiet_page
from app.http.unit_of_work import InWork
from app.pages.documents import as_file, as_small, sent_file
from app.proposals import partner
from app.proposals.documents import Words, content_of
from app.proposals.partner_forms import OWN_NAMES, DeclineForm, SignForm, StatementForm
from app.proposals.partner_letter import Guest, cost_of, hash_of, letter_of, still_holds
from app.proposals.partner_queries import standing_of
from app.rendering import GUEST_LANGUAGES
from app.settings import settings
from app.unit import Work
from app.uploads import ACCEPT_PICTURES

router = APIRouter(include_in_schema=False, route_class=GuestRoute)
TRIES = {"account": Limit(60, HOUR), "network": Limit(300, HOUR)}
"""How often something may be sent by one link, and from one network."""


@router.get("/partner/{token}", dependencies=[EVERYONE])
def show(request: Request, work: InWork, token: str) -> Response:
    guest, language = _come(request, work, token)
    return _page(request, work, guest, token, language)


@router.post("/partner/{token}/opening", dependencies=[EVERYONE])
def open_page(request: Request, work: InWork, token: str, sent: SentForm) -> Response:
    guest, language = _come(request, work, token)
    partner.open_link(work, guest)
    return go(_address(token, language))


@router.post("/partner/{token}/signature", dependencies=[EVERYONE])
def sign(request: Request, work: InWork, token: str, sent: SentForm) -> Response:
    guest, language = _come(request, work, token)
    try:
        partner.sign(work, guest, sent.check(SignForm), language)
    except (Invalid, Conflict) as problem:
        return _again(request, work, token, problem, sent, "signature")
    return go(_address(token, language), done="sent")


@router.post("/partner/{token}/refusal", dependencies=[EVERYONE])
def decline(request: Request, work: InWork, token: str, sent: SentForm) -> Response:
    guest, language = _come(request, work, token)
    try:
        partner.decline(work, guest, sent.check(DeclineForm))
    except Invalid as problem:
        return _again(request, work, token, problem, sent, "refusal")
    return go(_address(token, language), done="sent")


@router.post("/partner/{token}/statement", dependencies=[EVERYONE])
def restate(request: Request, work: InWork, token: str, sent: SentForm) -> Response:
    guest, language = _come(request, work, token)
    try:
        partner.restate(work, guest, sent.check(StatementForm), language)
    except Invalid as problem:
        return _again(request, work, token, problem, sent, "statement")
    return go(_address(token, language), done="saved")


@router.post("/partner/{token}/photos", dependencies=[EVERYONE])
def add_photo(request: Request, work: InWork, token: str, sent: SentForm) -> Response:
    guest, language = _come(request, work, token)
    try:
        name, content = sent_file(sent)
        partner.add_photo(work, guest, name, content, sent.check(Words))
    except Invalid as problem:
        return _again(request, work, token, problem, sent, "photos")
    return go(_address(token, language), done="saved")


@router.get("/partner/{token}/photos/{public_id}", dependencies=[EVERYONE])
def photo(request: Request, work: InWork, token: str, public_id: str) -> Response:
    """A photo that this partner sent, for the page of its link alone."""
    guest, _ = _come(request, work, token)
    document = partner.photo_from(work, guest.proposal, public_id)
    return as_file(document, content_of(work, document), how="inline", keeping="no-store")


@router.get("/partner/{token}/photos/{public_id}/small", dependencies=[EVERYONE])
def small_photo(request: Request, work: InWork, token: str, public_id: str) -> Response:
    """The same photo as it stands on that page."""
    guest, _ = _come(request, work, token)
    return as_small(request, work, partner.photo_from(work, guest.proposal, public_id), keeping="no-store")


def _come(request: Request, work: Work, token: str) -> tuple[Guest, str]:
    """Who comes, and in which language to speak: the one chosen on the page, else the one the carrier named. Sending is counted."""
    if request.method == "POST":
        request.state.spoken = guest_language(request)
        network = network_of(request.client.host if request.client else "")
        count_try(work, "partner", TRIES, email=token, network=network)
    guest = partner.visit(work, token)
    request.state.spoken = guest_language(request, guest.link.language)
    return guest, request.state.spoken


def _page(
    request: Request, work: Work, guest: Guest, token: str, language: str, *, status: int = 200, part: str = "", **more: Any
) -> Response:
    standing, proposal = standing_of(work, guest.proposal), guest.proposal
    letter, cost, signed = letter_of(work, guest, language), cost_of(work, guest), standing.signed
    requested = None if proposal.requested_cents is None else Money(proposal.requested_cents, guest.programme.currency)
    answer = None if standing.outdated else standing.answer
    values = {
        "behind": signed is not None and not still_holds(signed.letter, signed.language, proposal, guest.organisation.name, cost),
        "guest": guest, "p": proposal, "answer": answer, "letter": letter, "letter_hash": hash_of(letter),
        "requested": requested, "cost": cost, "photos": partner.photos_from(work, proposal), "most": partner.MAX_PHOTOS,
        "token": token, "spoken": language, "offered": list(GUEST_LANGUAGES.items()), "written": sorted(OWN_NAMES.items(), key=_by_name),
        "accept": ACCEPT_PICTURES, "limit": settings().upload_limit_mb, "flash": DONE.get(request.query_params.get("done", "")),
        "part": part, "values": {}, **more,
    }  # fmt: skip
    template = "partner/show.html" if guest.link.opened_at is not None else "partner/welcome.html"
    return quiet_page(request, template, language=language, zone=guest.programme.zone, status=status, **values)


def _again(request: Request, work: Work, token: str, problem: Invalid | Conflict, sent: Sent, part: str) -> Response:
    """The page again as it stands now, each sentence at its field, all that was typed kept, nothing written."""
    work.db.rollback()
    guest = partner.visit(work, token)
    if isinstance(problem, Invalid):
        errors, values = problem.errors, sent.simple()
    else:
        errors, values = {"": problem.message}, sent.simple(ignore=("agree",))
    return _page(request, work, guest, token, request.state.spoken, status=problem.status, part=part, errors=errors, values=values)


def _address(token: str, language: str) -> str:
    return f"/partner/{token}?lang={language}"


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1].casefold()

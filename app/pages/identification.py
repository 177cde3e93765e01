"""Identification: who one is, far from what one chooses. No cookie is read or set, and no choice passes here.

The pages stand in a frame beside the ballot, or in a tab of their own; they work without script. A declaration is answered by
a redirect, so that "Back" asks nobody to send it twice: the address then holds the ticket, which is worth nothing without the six
digits that were mailed, and for half an hour only. What comes out is the voting key, which never stands in an address.
A printed letter's QR code leads here with the code after "#", which browsers never send to a server.
"""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.attempts import network_of
from app.core.calendar import PhaseKind, Stage
from app.core.messages import Message, say
from app.core.problems import Invalid, Problem, Refused
from app.editions.communes import find_commune
from app.editions.models import Edition
from app.editions.queries import calendar_of, find_edition, programme_of
from app.electorate import service as electorate
from app.electorate.forms import DeclarationForm
from app.electorate.models import RollLine
from app.http.audience import VOTER
from app.http.forms import Sent, SentForm
from app.http.problems import with_patience
from app.http.quiet import quiet_page, spoken
from app.http.unit_of_work import InWork
from app.pages.addresses import Address
from app.polls.queries import credential_for, fixed_poll, has_voted, vote_may_change
from app.unit import Work

router = APIRouter(include_in_schema=False)
NOT_OURS = ("lang",)
Language = Annotated[str, Query(max_length=10)]
Ticket = Annotated[str, Query(max_length=100)]
VOTED: dict[str, Message] = {
    "online": say("You have already voted online. Your first vote counts; nothing more can be sent."),
    "paper": say("A paper ballot was handed to you. Put it in the ballot box: you cannot vote online as well."),
    "void": say("This code was cancelled. Ask the place that gave it to you for another one."),
}
MAY_CHANGE = say("You have already voted online. To change your vote, fill in a ballot and use the two codes of your receipt.")

@router.get("/editions/{slug}/identification", dependencies=[VOTER])
def ways(request: Request, work: InWork, slug: Address, lang: Language = "") -> Response:
    """The two ways of showing that one may vote."""
    edition = find_edition(work, slug)
    try:
        _check_open(work, edition)
    except Refused as problem:
        return _answer(request, work, edition, lang, "refused", message=problem.message)
    return _answer(request, work, edition, lang, "ways")


@router.post("/editions/{slug}/identification", dependencies=[VOTER])
def declare(request: Request, work: InWork, sent: SentForm, slug: Address) -> Response:
    """Take the declaration and send the six digits."""
    edition, lang = find_edition(work, slug), sent.get("lang")
    try:
        _check_open(work, edition)
        form = sent.check(DeclarationForm, ignore=NOT_OURS)
        ticket = electorate.declare(work, edition, form, network=_network(request), language=spoken(lang, request))
    except Problem as problem:
        return _again(request, work, edition, sent.get("lang"), problem, sent)
    return _to_code(edition, lang, ticket)


@router.get("/editions/{slug}/identification/code", dependencies=[VOTER])
def code(
    request: Request, work: InWork, slug: Address, ticket: Ticket = "", lang: Language = "", wrong: bool = False, short: bool = False
) -> Response:
    """Ask for the six digits; once more, if those before were `wrong`, or not six (`short`)."""
    edition = find_edition(work, slug)
    try:
        _check_open(work, edition)
        found = electorate.waiting(work, edition, ticket)
    except Problem as problem:
        return _again(request, work, edition, lang, problem)
    errors = {"code": electorate.wrong_code(found.left)} if wrong and found.left < electorate.TRIES else {}
    errors = {"code": electorate.NOT_SIX} if short else errors
    return _answer(request, work, edition, lang, "code", ticket=ticket, sent_to=found.sent_to, errors=errors)


@router.post("/editions/{slug}/identification/code", dependencies=[VOTER])
def prove(request: Request, work: InWork, sent: SentForm, slug: Address) -> Response:
    """Check the six digits and show the voting key."""
    edition, ticket, typed = find_edition(work, slug), sent.get("ticket")[:100], sent.get("code")[:40]
    try:
        _check_open(work, edition)
        line = electorate.prove(work, edition, ticket, typed, network=_network(request))
    except Invalid as problem:
        return _to_code(edition, sent.get("lang"), ticket, "short" if problem.errors["code"] == electorate.NOT_SIX else "wrong")
    except Problem as problem:
        return _again(request, work, edition, sent.get("lang"), problem)
    return _key(request, work, edition, sent, line)


@router.post("/editions/{slug}/identification/printed", dependencies=[VOTER])
def printed(request: Request, work: InWork, sent: SentForm, slug: Address) -> Response:
    """Check a printed code and show the voting key."""
    edition = find_edition(work, slug)
    try:
        _check_open(work, edition)
        if not sent.get("printed").strip():
            raise Invalid({"printed": say("Fill in this field.")})
        line = electorate.line_of_code(work, edition, sent.get("printed")[:100], network=_network(request))
    except Problem as problem:
        return _again(request, work, edition, sent.get("lang"), problem, sent)
    return _key(request, work, edition, sent, line)


def _check_open(work: Work, edition: Edition) -> None:
    """Keys are given while voting is open. Raises Refused with the date to come back, or the date it ended."""
    window = calendar_of(work, edition).window(PhaseKind.voting)
    if window is None or window.stage(work.now) is Stage.before:
        raise Refused(say("Voting opens on %(start)s.", start=window.opens) if window else say("There is no vote yet."))
    if window.stage(work.now) is Stage.after:
        raise Refused(say("Voting ended on %(end)s.", end=window.closes))
    fixed_poll(work, edition)


def _key(request: Request, work: Work, edition: Edition, sent: Sent, line: RollLine) -> Response:
    if (how := has_voted(work, edition, line)) is not None:
        return _answer(request, work, edition, sent.get("lang"), "refused", message=_voted(work, edition, how), how=how)
    return _answer(request, work, edition, sent.get("lang"), "key", credential=credential_for(work, edition, line))


def _voted(work: Work, edition: Edition, how: str) -> Message:
    return MAY_CHANGE if how == "online" and vote_may_change(work, edition) else VOTED[how]


def _again(request: Request, work: Work, edition: Edition, lang: str, problem: Problem, sent: Sent | None = None) -> Response:
    """The first page with its sentences and all that was typed; a refusal that no typing can mend stands alone."""
    work.db.rollback()
    if sent is None or not isinstance(problem, Invalid):
        refused = _answer(request, work, edition, lang, "refused", status=problem.status, message=problem.message)
        return with_patience(refused, problem)
    return _answer(request, work, edition, lang, "ways", status=problem.status, errors=problem.errors, values=sent.simple())


def _to_code(edition: Edition, lang: str, ticket: str, why: str = "") -> Response:
    """On to the page that asks for the six digits. 303: what was typed before is not sent again by "Back" or by reloading."""
    query = urlencode({"lang": spoken(lang), "ticket": ticket} | ({why: "yes"} if why else {}))
    return RedirectResponse(f"/editions/{edition.slug}/identification/code?{query}", status_code=303)


def _answer(request: Request, work: Work, edition: Edition, lang: str, template: str, **values: Any) -> Response:
    programme = programme_of(work, edition)
    commune = find_commune(programme.commune)
    return quiet_page(
        request, f"identification/{template}.html", language=spoken(lang, request), zone=programme.zone, framed=True, edition=edition,
        city=commune.name if commune else programme.operator, **values,
    )  # fmt: skip


def _network(request: Request) -> str:
    return network_of(request.client.host if request.client else "")

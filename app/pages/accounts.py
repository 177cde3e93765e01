"""Accounts: registering, signing in and out, passwords, one's own page, and the choice of language and colours."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts import passwords, service, sessions, tokens
from app.accounts.attempts import network_of
from app.accounts.forms import AddressForm, ChangePasswordForm, NewPasswordForm, ProfileForm, RegisterForm, SignInForm
from app.accounts.people import Person
from app.core.problems import Invalid
from app.http.answers import form_again, go, own_path, page
from app.http.audience import EVERYONE, SIGNED_IN
from app.http.forms import SentForm
from app.http.identity import Asking, hand_session, secret_of, take_session
from app.http.kept import PREFIX, kept_in
from app.http.language import THEMES, language_of
from app.http.unit_of_work import InWork
from app.organisations.invitations import waiting_for
from app.rendering import LANGUAGES
from app.unit import Work

router = APIRouter(include_in_schema=False)
YEAR = 365 * 24 * 3600


def _network(request: Request) -> str:
    return network_of(request.client.host if request.client else "")


def _link_over(request: Request, problem: tokens.LinkOver, again: str) -> Response:
    return page(request, "accounts/link-over.html", status=problem.status, problem=problem.message, again=again)


@router.get("/register", dependencies=[EVERYONE])
def register_form(request: Request, who: Asking) -> Response:
    return go("/account") if who else page(request, "accounts/register.html", least=passwords.LEAST)


@router.post("/register", dependencies=[EVERYONE])
def register(request: Request, work: InWork, sent: SentForm) -> Response:
    try:
        service.register(work, sent.check(RegisterForm), language=language_of(request), network=_network(request))
    except Invalid as problem:
        return form_again(request, work, "accounts/register.html", problem, values=sent.simple(), least=passwords.LEAST)
    return go("/register/sent")


@router.get("/register/sent", dependencies=[EVERYONE])
def registered(request: Request) -> Response:
    return page(request, "accounts/register-sent.html")


@router.get("/confirmations/{token}", dependencies=[EVERYONE])
def confirmation(request: Request, work: InWork, token: str) -> Response:
    try:
        account = tokens.look(work, token, tokens.CONFIRM)
    except tokens.LinkOver as problem:
        return _link_over(request, problem, "/account")
    return page(request, "accounts/confirm.html", token=token, email=account.email)


@router.post("/confirmations/{token}", dependencies=[EVERYONE])
def confirm(request: Request, work: InWork, token: str) -> Response:
    try:
        secret = service.confirm(work, token)
    except tokens.LinkOver as problem:
        return _link_over(request, problem, "/account")
    held = sessions.held_by(work, secret)
    asked = held is not None and waiting_for(work, held.person)
    answer = go("/invitations" if asked else "/account", done="confirmed")
    hand_session(answer, secret)
    return answer


@router.post("/confirmations", dependencies=[SIGNED_IN])
def send_confirmation(request: Request, work: InWork, who: Asking) -> Response:
    service.send_confirmation(work, by=_known(who), network=_network(request))
    return go("/account", done="sent")


def _known(who: Person | None) -> Person:
    """The person of a route that is only for people signed in."""
    if who is None:
        raise RuntimeError("this route lets in people signed in only")
    return who


@router.get("/sign-in", dependencies=[EVERYONE])
def sign_in_form(request: Request, who: Asking, next: str = "", lost: str = "") -> Response:
    values = {"next": own_path(next, "")}
    return go(own_path(next, "/account")) if who else page(request, "accounts/sign-in.html", values=values, lost=lost)


@router.post("/sign-in", dependencies=[EVERYONE])
def sign_in(request: Request, work: InWork, sent: SentForm) -> Response:
    try:
        form = sent.check(SignInForm, ignore=["lost", *(name for name in sent.values if name.startswith(PREFIX))])
        secret, account = service.sign_in(work, form, network=_network(request), former=secret_of(request))
    except Invalid as problem:
        values = {"email": sent.get("email"), "next": own_path(sent.get("next"), "")}
        return form_again(request, work, "accounts/sign-in.html", problem, values=values, kept=kept_in(sent.values), lost=sent.get("lost"))
    answer: Response = go(own_path(form.next, "/account") if account.confirmed_at else "/account")
    if kept := kept_in(sent.values):
        answer = page(request, "accounts/resume.html", path=own_path(form.next, "/account"), kept=kept)
    hand_session(answer, secret)
    return answer


@router.post("/sign-out", dependencies=[EVERYONE])
def sign_out(request: Request, work: InWork) -> Response:
    sessions.end_session(work, secret_of(request))
    answer = go("/", done="signed-out")
    take_session(answer)
    return answer


@router.get("/password-resets", dependencies=[EVERYONE])
def reset_form(request: Request) -> Response:
    return page(request, "accounts/reset.html")


@router.post("/password-resets", dependencies=[EVERYONE])
def request_reset(request: Request, work: InWork, sent: SentForm) -> Response:
    try:
        service.request_reset(work, sent.check(AddressForm), language=language_of(request), network=_network(request))
    except Invalid as problem:
        return form_again(request, work, "accounts/reset.html", problem, values=sent.simple())
    return go("/password-resets/sent")


@router.get("/password-resets/sent", dependencies=[EVERYONE])
def reset_sent(request: Request) -> Response:
    return page(request, "accounts/reset-sent.html")


@router.get("/password-resets/{token}", dependencies=[EVERYONE])
def new_password_form(request: Request, work: InWork, token: str) -> Response:
    try:
        account = tokens.look(work, token, tokens.RESET)
    except tokens.LinkOver as problem:
        return _link_over(request, problem, "/password-resets")
    return page(request, "accounts/new-password.html", token=token, email=account.email, least=passwords.LEAST)


@router.post("/password-resets/{token}", dependencies=[EVERYONE])
def choose_password(request: Request, work: InWork, sent: SentForm, token: str) -> Response:
    try:
        email = tokens.look(work, token, tokens.RESET).email
        service.choose_password(work, token, sent.check(NewPasswordForm, ignore=("email",)))
    except tokens.LinkOver as problem:
        return _link_over(request, problem, "/password-resets")
    except Invalid as problem:
        return form_again(request, work, "accounts/new-password.html", problem, token=token, email=email, least=passwords.LEAST)
    answer = go("/sign-in", done="password")
    take_session(answer)
    return answer


@router.get("/account", dependencies=[SIGNED_IN])
def account(request: Request, work: InWork, who: Asking) -> Response:
    return page(request, "accounts/account.html", **_own_page(request, work, who))


def _own_page(request: Request, work: Work, who: Person | None) -> dict[str, Any]:
    person = _known(who)
    mine = sessions.fingerprint(secret_of(request))
    opened = [(row, row.id_hash == mine) for row in sessions.open_sessions(work, person)]
    values = {"name": person.display_name, "language": person.language}
    return {"person": person, "opened": opened, "values": values, "least": passwords.LEAST}


@router.post("/account/presence", dependencies=[SIGNED_IN], status_code=204)
def presence(sent: SentForm) -> None:
    """Somebody is typing: asking who it is keeps the session open. Nothing else is told or kept."""


@router.post("/account/profile", dependencies=[SIGNED_IN])
def change_profile(request: Request, work: InWork, who: Asking, sent: SentForm) -> Response:
    try:
        service.change_profile(work, sent.check(ProfileForm), by=_known(who))
    except Invalid as problem:
        return form_again(request, work, "accounts/account.html", problem, **_own_page(request, work, who) | {"values": sent.simple()})
    return go("/account", done="saved")


@router.post("/account/password", dependencies=[SIGNED_IN])
def change_password(request: Request, work: InWork, who: Asking, sent: SentForm) -> Response:
    try:
        secret = service.change_password(work, sent.check(ChangePasswordForm, ignore=("email",)), by=_known(who))
    except Invalid as problem:
        return form_again(request, work, "accounts/account.html", problem, **_own_page(request, work, who))
    answer = go("/account", done="password")
    hand_session(answer, secret)
    return answer


@router.post("/account/other-sessions", dependencies=[SIGNED_IN])
def end_other_sessions(request: Request, work: InWork, who: Asking) -> Response:
    sessions.end_sessions(work, _known(who).id, but=secret_of(request))
    return go("/account", done="saved")


@router.post("/preferences", dependencies=[EVERYONE])
def preferences(sent: SentForm) -> Response:
    answer = go(own_path(sent.get("back")))
    if (language := sent.get("language")) in LANGUAGES:
        answer.set_cookie("language", language, max_age=YEAR, samesite="lax", httponly=True, path="/")
    if (theme := sent.get("theme")) in THEMES:
        answer.set_cookie("theme", theme, max_age=YEAR, samesite="lax", httponly=True, path="/")
    return answer

"""The words of messages, changed by the city's people; and the e-mails that do not arrive."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from markupsafe import Markup
from nh3 import clean

from app.core.problems import Invalid
from app.http.answers import go
from app.http.audience import staff
from app.http.forms import Sent, SentForm
from app.http.identity import Asking
from app.http.looks import shown_look
from app.http.unit_of_work import InWork
from app.notifications.kinds import GROUPS, KINDS, Kind
from app.notifications.service import LEAVES_NO_TRACE
from app.notifications.undelivered import lost_without_trace, undelivered
from app.notifications.wording import Letter, missing, starting_point
from app.pages.addresses import Address
from app.pages.staff import staff_page
from app.rendering import LANGUAGES
from app.rich_text import RICH_TAGS
from app.story import wordings
from app.story.wordings import WordingForm, find_kind
from app.unit import Work

router = APIRouter(include_in_schema=False)
WORDS = [staff("word_messages")]
MEND = [staff("mend_mail")]


@router.get("/staff/messages", dependencies=WORDS)
def index(request: Request, work: InWork, who: Asking, about: Annotated[str, Query(max_length=40)] = "") -> Response:
    """Every message by group, and in which languages the city wrote its own words; the group of the message `about` is open."""
    own = wordings.in_force(work)
    return staff_page(request, "staff/messages/index.html", groups=GROUPS, own=own, about=about, language_names=LANGUAGES)


@router.get("/staff/messages/undelivered", dependencies=MEND)
def stuck(request: Request, work: InWork, who: Asking) -> Response:
    """The e-mails that do not arrive: to whom, since when, why."""
    labels = {name: kind.label for name, kind in KINDS.items()}
    found = undelivered(work, traceless=LEAVES_NO_TRACE)
    return staff_page(request, "staff/messages/undelivered.html", mails=found, labels=labels, lost=lost_without_trace(work))


@router.post("/staff/messages/undelivered/{public_id}/retry", dependencies=MEND)
def retry(work: InWork, who: Asking, public_id: Address, sent: SentForm) -> Response:
    """Send it once more."""
    assert who is not None
    wordings.try_again(work, public_id, by=who)
    return go("/staff/messages/undelivered", "sent")


@router.post("/staff/messages/undelivered/{public_id}/wrong-address", dependencies=MEND)
def wrong_address(work: InWork, who: Asking, public_id: Address, sent: SentForm) -> Response:
    """Give it up: the address is wrong."""
    assert who is not None
    wordings.address_is_wrong(work, public_id, by=who)
    return go("/staff/messages/undelivered", "saved")


@router.get("/staff/messages/{name}/{language}", dependencies=WORDS)
def edit(request: Request, work: InWork, who: Asking, name: Address, language: Address) -> Response:
    """The words of one message in one language, as they count today."""
    kind = find_kind(name, language)
    own = wordings.in_force(work).get((name, language))
    subject, body = (own.subject, own.body) if own else starting_point(kind, language, shown_look(request).name)
    letter = wordings.preview_in_force(work, kind, language)
    return _form(request, work, kind, language, {"subject": subject, "body": body}, letter)


@router.post("/staff/messages/{name}/{language}", dependencies=WORDS)
def save(request: Request, work: InWork, who: Asking, name: Address, language: Address, sent: SentForm) -> Response:
    """Look at new words, send them to oneself, or put them in force: three buttons of one form."""
    assert who is not None
    kind = find_kind(name, language)
    values = {field: sent.get(field) for field in ("subject", "body")}
    try:
        form = _words(sent)
        wordings.check_words(kind, form)
    except Invalid as problem:
        work.db.rollback()
        return _form(request, work, kind, language, values, None, status=problem.status, errors=problem.errors)
    match sent.get("action"):
        case "save":
            wordings.save_wording(work, kind, language, form, by=who)
            return go(f"/staff/messages/{name}/{language}", "saved")
        case "test":
            wordings.send_test(work, kind, form, language, by=who)
            return _form(request, work, kind, language, values, wordings.preview(work, kind, form, language), sent_to=who.email)
        case _:
            return _form(request, work, kind, language, values, wordings.preview(work, kind, form, language), trying=True)


@router.post("/staff/messages/{name}/{language}/reset", dependencies=WORDS)
def reset(work: InWork, who: Asking, name: Address, language: Address, sent: SentForm) -> Response:
    """Return to the usual words."""
    assert who is not None
    wordings.reset_wording(work, find_kind(name, language), language, by=who)
    return go(f"/staff/messages/{name}/{language}", "saved")


def _words(sent: Sent) -> WordingForm:
    return sent.check(WordingForm, ignore=("action",))


def _form(
    request: Request,
    work: Work,
    kind: Kind,
    language: str,
    values: dict[str, str],
    letter: Letter | None,
    *,
    status: int = 200,
    **more: Any,
) -> Response:
    shown = None if letter is None else Markup(clean(_body(letter.html), tags=RICH_TAGS, attributes={"a": {"href"}}))
    defaults: dict[str, Any] = {"errors": {}, "sent_to": "", "trying": False}
    return staff_page(
        request, "staff/messages/edit.html", status=status, kind=kind, language=language, language_name=LANGUAGES[language], values=values,
        own=wordings.in_force(work), language_names=LANGUAGES,
        letter=letter, shown=shown, missing=missing(kind, values["body"]), versions=wordings.versions(work, kind, language),
        **defaults | more,
    )  # fmt: skip


def _body(html: str) -> str:
    """What stands between the head of an e-mail and its end: styles and titles are for mail programs."""
    return html.partition("<body")[2].partition(">")[2]

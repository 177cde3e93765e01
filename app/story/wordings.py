"""What staff do with messages: change their words, return to the usual ones, try them on themselves, and mend what does not arrive."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sqlalchemy import delete
from sqlmodel import col, select

from app.accounts.models import Account
from app.accounts.people import Person
from app.core.forms import Form, Text
from app.core.messages import say
from app.core.permissions import refusal
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.jobs import cancel, enqueue
from app.ledger import service as ledger
from app.notifications.kinds import KINDS, Kind
from app.notifications.models import MailWording, OutgoingMail
from app.notifications.service import LEAVES_NO_TRACE, put, rendered
from app.notifications.undelivered import SEND_JOB, job_key, undelivered
from app.notifications.wording import Letter, faults, written
from app.organisations.models import Organisation
from app.organisations.queries import members_of
from app.site import site_name
from app.story.models import Follower
from app.unit import Work

ZONE = "Europe/Paris"


class WordingForm(Form):
    """The words of one message in one language."""

    subject: Annotated[Text, Field(min_length=1, max_length=200)]
    body: Annotated[Text, Field(min_length=1, max_length=5000)]


def find_kind(name: str, language: str) -> Kind:
    """The message at an address. Raises Missing for one whose words cannot be changed, and for a language it is never sent in."""
    if name not in KINDS or language not in KINDS[name].languages:
        raise Missing(say("There is no such message."))
    return KINDS[name]


def save_wording(work: Work, kind: Kind, language: str, form: WordingForm, *, by: Person) -> None:
    """Put the city's own words in force; the earlier ones are kept. Raises Refused, and Invalid with a sentence at the field."""
    check_may_word(by)
    check_words(kind, form)
    _add(work, kind, language, form.subject, form.body, by)


def reset_wording(work: Work, kind: Kind, language: str, *, by: Person) -> None:
    """Return to the usual words; the city's own are kept among the earlier versions."""
    check_may_word(by)
    _add(work, kind, language, "", "", by)


def _add(work: Work, kind: Kind, language: str, subject: str, body: str, by: Person) -> None:
    work.db.add(MailWording(name=kind.name, language=language, subject=subject, body=body, saved_at=work.now, saved_by_id=by.id))
    work.db.flush()
    work.db.info.pop("wordings", None)
    ledger.record(work, "message:word" if body else "message:reset", f"{kind.name}/{language}", subject, by=by.id)


def check_words(kind: Kind, form: WordingForm) -> None:
    """Raise Invalid for a place that the message does not have, and for a link to another site."""
    errors = faults(kind, form.subject, form.body)
    if "\n" in form.subject:
        errors["subject"] = say("Write this on one line, without special characters.")
    if errors:
        raise Invalid(errors)


def preview(work: Work, kind: Kind, form: WordingForm, language: str) -> Letter:
    """The message with sample values, as a reader would get it."""
    values = {"site_name": site_name(work), **kind.sample()}
    return written(kind, form.subject, form.body, values, language=language, zone=ZONE)


def preview_in_force(work: Work, kind: Kind, language: str) -> Letter:
    """The same in the words that count today."""
    return rendered(work, kind.name, language, kind.sample(), zone=ZONE)


def send_test(work: Work, kind: Kind, form: WordingForm, language: str, *, by: Person) -> None:
    """Send the message, with sample values and in the words being tried, to the one who asks and to nobody else."""
    check_may_word(by)
    check_words(kind, form)
    put(work, "test", by.email, language, preview(work, kind, form, language))


def check_may_word(by: Person) -> None:
    """Raise Refused unless this person may change the words of messages."""
    if (reason := refusal(by.roles, "word_messages")) is not None:
        raise Refused(reason)


def versions(work: Work, kind: Kind, language: str) -> list[tuple[MailWording, str]]:
    """Every wording that was saved, the newest first, with the name of who saved it."""
    wanted = select(MailWording, Account.display_name).outerjoin(Account, col(Account.id) == col(MailWording.saved_by_id))
    newest = wanted.where(MailWording.name == kind.name, MailWording.language == language).order_by(col(MailWording.id).desc())
    return [(wording, name or "") for wording, name in work.db.exec(newest.limit(50))]


def in_force(work: Work) -> dict[tuple[str, str], MailWording]:
    """(message, language) -> the city's own words that count today; one statement."""
    newest = {(one.name, one.language): one for one in work.db.exec(select(MailWording).order_by(col(MailWording.id)))}
    return {key: one for key, one in newest.items() if one.body}


def unreached(work: Work, organisation: Organisation) -> int:
    """How many messages to the members of an organisation do not arrive."""
    addresses = {member.email for member in members_of(work, organisation.id)}
    return len(undelivered(work, traceless=LEAVES_NO_TRACE, recipients=addresses)) if addresses else 0


def try_again(work: Work, public_id: str, *, by: Person) -> None:
    """Send an e-mail that did not arrive once more, from now on as if it were new. Raises Refused, Missing and Conflict."""
    mail = _mend(work, public_id, by)
    mail.failed_at, mail.problem = None, ""
    work.db.add(mail)
    cancel(work, job_key(mail.id))
    enqueue(work, SEND_JOB, {"mail": mail.id}, key=job_key(mail.id))


def address_is_wrong(work: Work, public_id: str, *, by: Person) -> None:
    """Give up on an e-mail whose address is wrong: its text is wiped, and whoever followed from that address does no more."""
    mail = _mend(work, public_id, by)
    mail.closed_at = mail.failed_at = work.now
    mail.body_text = mail.body_html = ""
    work.db.add(mail)
    cancel(work, job_key(mail.id))
    work.db.execute(delete(Follower).where(col(Follower.email) == mail.recipient))
    ledger.record(work, "message:give_up", mail.name, by=by.id)


def _mend(work: Work, public_id: str, by: Person) -> OutgoingMail:
    if (reason := refusal(by.roles, "mend_mail")) is not None:
        raise Refused(reason)
    query = select(OutgoingMail).where(OutgoingMail.public_id == public_id).with_for_update()
    mail = work.db.exec(query.where(col(OutgoingMail.name).not_in(LEAVES_NO_TRACE))).first()
    if mail is None:
        raise Missing(say("There is no such message."))
    if mail.sent_at is not None or mail.closed_at is not None:
        raise Conflict(say("Nothing is left to do: this message has left by now, or was given up."))
    return mail

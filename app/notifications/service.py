"""Queueing and sending e-mail: written with its cause, sent by the worker with retries."""

import smtplib
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from app.jobs import cancel, enqueue
from app.notifications.kinds import KINDS
from app.notifications.models import OutgoingMail
from app.notifications.undelivered import SEND_JOB, job_key, note_refusal, refused_for_good
from app.notifications.wording import Letter, usual, wording_of, written
from app.settings import Settings, settings
from app.site import site_name
from app.unit import Work

LEAVES_NO_TRACE = frozenset({"voting-code"})
"""Messages that stand beside the roll: no row remembers whom they went to, nor at what hour."""


FORGOTTEN_ONCE_SENT = frozenset({"follow-confirm", "project-moved", "edition-news"})
"""Messages to people who have no account: once they have left, nothing here remembers to whom."""


def queue(
    work: Work, name: str, recipient: str, language: str, values: Mapping[str, Any], *, zone: str = "Europe/Paris", unsubscribe: str = ""
) -> None:
    """Render a message and queue the e-mail in this transaction: in the city's own words where it wrote some, else from
    templates/emails/<name>/{subject.txt,body.txt,body.html}.

    Instants are told in `zone`: that of the programme, in an e-mail about one. `unsubscribe`: where a mail program may end it.
    """
    put(work, name, recipient, language, rendered(work, name, language, values, zone=zone), unsubscribe=unsubscribe)


def rendered(work: Work, name: str, language: str, values: Mapping[str, Any], *, zone: str) -> Letter:
    """A message in the words that count today, under the name the site has today."""
    values = {"site_name": site_name(work), **values}
    own = wording_of(work, name, language)
    if own is not None:
        return written(KINDS[name], own.subject, own.body, values, language=language, zone=zone)
    return usual(name, values, language=language, zone=zone)


def put(work: Work, name: str, recipient: str, language: str, letter: Letter, *, unsubscribe: str = "") -> None:
    """Queue an e-mail that is written already."""
    mail = OutgoingMail(
        public_id=work.code(16), name=name, recipient=recipient, language=language, subject=letter.subject[:300],
        body_text=letter.text, body_html=letter.html, queued_at=work.now, unsubscribe=unsubscribe,
    )  # fmt: skip
    work.db.add(mail)
    work.db.flush()
    enqueue(work, SEND_JOB, {"mail": mail.id}, key=job_key(mail.id))


def send(work: Work, mail_id: int) -> None:
    """Send one queued e-mail, once. Raises OSError or smtplib.SMTPException if the server does not take it now.

    What the server refuses for good is not tried again: the answer is kept beside the mail, for the staff to see.
    """
    mail = work.db.get(OutgoingMail, mail_id, with_for_update=True)
    if mail is None or mail.sent_at is not None or mail.failed_at is not None:
        return
    chosen = settings()
    if chosen.smtp_host:
        try:
            _deliver(chosen, as_message(mail, chosen.mail_from, work.now))
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refused:
            if (problem := refused_for_good(refused)) is None:
                raise
            note_refusal(work, mail, problem, traceless=mail.name in LEAVES_NO_TRACE)
            return
    elif not chosen.demo:
        raise OSError("no mail server is set (QUOTEPART_SMTP_HOST)")
    if mail.name in LEAVES_NO_TRACE | FORGOTTEN_ONCE_SENT and not chosen.demo:
        work.db.delete(mail)
        return
    mail.sent_at = work.now.replace(hour=0, minute=0, second=0, microsecond=0) if mail.name in LEAVES_NO_TRACE else work.now
    if not chosen.demo:
        mail.body_text = mail.body_html = ""
    work.db.add(mail)


def forget_recipient(work: Work, recipient: str) -> None:
    """Delete what is still kept of the messages to somebody who has no account and wants none any more, with their jobs."""
    theirs = (OutgoingMail.recipient == recipient, col(OutgoingMail.name).in_(FORGOTTEN_ONCE_SENT))
    drop(work, [number for number in work.db.exec(select(OutgoingMail.id).where(*theirs)) if number is not None])


def unsent(work: Work, name: str) -> list[tuple[int, str]]:
    """(number, recipient) of every e-mail of this name that has not left yet. In the demonstration none: people read them there."""
    if settings().demo:
        return []
    found = work.db.exec(
        select(OutgoingMail.id, OutgoingMail.recipient).where(OutgoingMail.name == name, col(OutgoingMail.sent_at).is_(None))
    )
    return [(number, recipient) for number, recipient in found if number is not None]


def drop(work: Work, mails: Sequence[int]) -> None:
    """Delete e-mails that must not leave any more, with their jobs."""
    for number in mails:
        cancel(work, job_key(number))
        work.db.execute(delete(OutgoingMail).where(col(OutgoingMail.id) == number))


def as_message(mail: OutgoingMail, sender: str, now: datetime) -> EmailMessage:
    """The e-mail as it goes out at `now`: text first, HTML as the alternative. Line breaks in headers raise ValueError."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.recipient, mail.subject
    message["Date"], message["Message-ID"] = formatdate(now.timestamp()), make_msgid(domain="quotepart.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.language
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.body_text)
    message.add_alternative(mail.body_html, subtype="html")
    return message


def _deliver(chosen: Settings, message: EmailMessage) -> None:
    with smtplib.SMTP(chosen.smtp_host, chosen.smtp_port, timeout=20) as server:
        if chosen.smtp_starttls:
            server.starttls()
        if chosen.smtp_user:
            server.login(chosen.smtp_user, chosen.smtp_password.get_secret_value())
        server.send_message(message)

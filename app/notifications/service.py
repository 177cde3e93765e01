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
from app.notifications.models import OutgoingMail
from app.rendering import render
from app.settings import Settings, settings
from app.unit import Work

LEAVES_NO_TRACE = frozenset({"voting-code"})
"""Messages that stand beside the roll: no row remembers whom they went to, nor at what hour."""


def queue(work: Work, name: str, recipient: str, language: str, values: Mapping[str, Any], *, zone: str = "Europe/Paris") -> None:
    """Render templates/emails/<name>/{subject.txt,body.txt,body.html} and queue the e-mail in this transaction.

    Instants are told in `zone`: that of the programme, in an e-mail about one.
    """
    context = {"base_url": settings().base_url, "site_name": settings().site_name, **values}
    subject = " ".join(render(f"emails/{name}/subject.txt", context, language=language, zone=zone).split())
    text, html = (render(f"emails/{name}/body.{kind}", context, language=language, zone=zone) for kind in ("txt", "html"))
    mail = OutgoingMail(
        public_id=work.code(16),
        name=name,
        recipient=recipient,
        language=language,
        subject=subject,
        body_text=text,
        body_html=html,
        queued_at=work.now,
    )
    work.db.add(mail)
    work.db.flush()
    enqueue(work, "mail:send", {"mail": mail.id}, key=_job_key(mail.id))


def send(work: Work, mail_id: int) -> None:
    """Send one queued e-mail, once. Raises OSError or smtplib.SMTPException if the server does not take it."""
    mail = work.db.get(OutgoingMail, mail_id, with_for_update=True)
    if mail is None or mail.sent_at is not None:
        return
    chosen = settings()
    if chosen.smtp_host:
        _deliver(chosen, as_message(mail, chosen.mail_from, work.now))
    elif not chosen.demo:
        raise OSError("no mail server is set (QUOTEPART_SMTP_HOST)")
    if mail.name in LEAVES_NO_TRACE and not chosen.demo:
        work.db.delete(mail)
        return
    mail.sent_at = work.now.replace(hour=0, minute=0, second=0, microsecond=0) if mail.name in LEAVES_NO_TRACE else work.now
    if not chosen.demo:
        mail.body_text = mail.body_html = ""
    work.db.add(mail)


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
        cancel(work, _job_key(number))
        work.db.execute(delete(OutgoingMail).where(col(OutgoingMail.id) == number))


def _job_key(number: int | None) -> str:
    return f"mail:{number}"


def as_message(mail: OutgoingMail, sender: str, now: datetime) -> EmailMessage:
    """The e-mail as it goes out at `now`: text first, HTML as the alternative. Line breaks in headers raise ValueError."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.recipient, mail.subject
    message["Date"], message["Message-ID"] = formatdate(now.timestamp()), make_msgid(domain="quotepart.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.language
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

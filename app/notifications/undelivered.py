"""E-mails that do not arrive: refused for good, or tried in vain. What leaves no trace is only counted."""

from __future__ import annotations

import smtplib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, and_, cast, literal, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, func, select

from app.jobs import ATTEMPTS, Job
from app.notifications.models import LostMail, OutgoingMail
from app.unit import Work

SEND_JOB = "mail:send"
PATIENCE = 5
"""After so many failed tries (about half an hour) a mail is shown as stuck, while the worker goes on trying."""
SHOWN = 200


@dataclass(frozen=True)
class Undelivered:
    """One e-mail that has not arrived. `attempts` of its job, 0 once the server refused it for good."""

    mail: OutgoingMail
    attempts: int
    error: str

    @property
    def final(self) -> bool:
        """Whether nothing more is tried."""
        return self.mail.failed_at is not None or self.attempts >= ATTEMPTS

    @property
    def reason(self) -> str:
        """What the mail server answered, or what kept it from answering."""
        return self.mail.problem or self.error


def job_key(number: int | None) -> str:
    """The key of the job that sends a mail."""
    return f"mail:{number}"


def refused_for_good(refused: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> str | None:
    """What the server said, where it will say so again (5xx); None where a later try may do (4xx)."""
    if isinstance(refused, smtplib.SMTPDataError):
        answers: list[tuple[int, bytes | str]] = [(refused.smtp_code, refused.smtp_error)]
    else:
        answers = list(refused.recipients.values())
    if not answers or any(code < 500 for code, _ in answers):
        return None
    return "; ".join(f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}" for code, text in answers)


def note_refusal(work: Work, mail: OutgoingMail, problem: str, *, traceless: bool) -> None:
    """Keep the refusal beside the mail; of one that leaves no trace, only that there was one, on that day."""
    if not traceless:
        mail.failed_at, mail.problem = work.now, "".join(sign if sign.isprintable() else " " for sign in problem)[:500]
        work.db.add(mail)
        return
    insert = (postgresql if work.db.get_bind().dialect.name == "postgresql" else sqlite).insert(LostMail)
    counted = insert.values(name=mail.name, day=work.now.date(), count=1)
    more = {"count": LostMail.__table__.c.count + 1}  # type: ignore[attr-defined]
    work.db.execute(counted.on_conflict_do_update(index_elements=["name", "day"], set_=more))
    work.db.delete(mail)


def _stuck(traceless: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    """The conditions on a mail that is shown; its job, if any, is joined by its key."""
    failed = or_(col(OutgoingMail.failed_at).is_not(None), and_(col(OutgoingMail.sent_at).is_(None), col(Job.attempts) >= PATIENCE))
    return (failed, col(OutgoingMail.closed_at).is_(None), col(OutgoingMail.name).not_in(traceless))


_JOB_OF = col(Job.key) == literal("mail:") + cast(col(OutgoingMail.id), String)


def undelivered(work: Work, *, traceless: Collection[str], recipients: Collection[str] | None = None) -> list[Undelivered]:
    """The mails that do not arrive, the newest first, at most `SHOWN`; to these addresses alone, if some are named. One statement."""
    theirs = [] if recipients is None else [col(OutgoingMail.recipient).in_(recipients)]
    wanted = select(OutgoingMail, Job.attempts, Job.last_error).outerjoin(Job, _JOB_OF).where(*_stuck(traceless), *theirs)
    rows = work.db.exec(wanted.order_by(col(OutgoingMail.queued_at).desc(), col(OutgoingMail.id).desc()).limit(SHOWN)).all()
    return [Undelivered(mail, attempts or 0, error or "") for mail, attempts, error in rows]


def how_many(work: Work, *, traceless: Collection[str]) -> int:
    """How many mails do not arrive."""
    return work.db.exec(select(func.count()).select_from(OutgoingMail).outerjoin(Job, _JOB_OF).where(*_stuck(traceless))).one()


def lost_without_trace(work: Work) -> Sequence[LostMail]:
    """How many e-mails that leave no trace were refused, by message and day, the newest day first."""
    return work.db.exec(select(LostMail).order_by(col(LostMail.day).desc(), col(LostMail.name)).limit(60)).all()

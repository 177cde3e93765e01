"""Erasing on time what the roll need not know any more: declarations that ran out, their e-mails, old day counts."""

from __future__ import annotations

import json

from sqlalchemy import delete
from sqlmodel import col, select

from app.editions.models import Edition
from app.electorate import tallies
from app.electorate.models import EmailProof
from app.notifications import service as notifications
from app.unit import Work


def forget_expired(work: Work) -> None:
    """Delete every declaration whose time is over, the e-mails to nobody that waits any more, and old day counts.

    The worker calls this every few minutes, so that nothing of a declaration outlives its code even where nobody comes after.
    """
    work.db.execute(delete(EmailProof).where(col(EmailProof.expires_at) <= work.now))
    _forget_mails(work)
    tallies.forget_old(work)


def forget_declarations(work: Work, edition: Edition) -> None:
    """Delete every declaration still waiting for its code: after the vote nobody needs them."""
    work.db.execute(delete(EmailProof).where(col(EmailProof.edition_id) == edition.id))
    _forget_mails(work)


def _forget_mails(work: Work) -> None:
    """Drop the codes by e-mail that could not be sent in time. The mails are read first: a declaration made meanwhile is safe."""
    waiting = notifications.unsent(work, "voting-code")
    if not waiting:
        return
    wanted = {json.loads(declared)["email"] for declared in work.db.exec(select(EmailProof.declared))}
    notifications.drop(work, [mail for mail, recipient in waiting if recipient not in wanted])

"""Reading the e-mails that a test caused."""

import re

from sqlalchemy import Engine
from sqlmodel import col, select

from app.notifications.models import OutgoingMail
from app.unit import work


def letters(engine: Engine) -> list[OutgoingMail]:
    """Every e-mail queued, the oldest first."""
    with work(engine, writing=False) as unit:
        return list(unit.db.exec(select(OutgoingMail).order_by(col(OutgoingMail.id))))


def path_in(letter: OutgoingMail) -> str:
    """The path of the first link with a secret in an e-mail."""
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", letter.body_text)
    assert found is not None, letter.body_text
    return found[1]

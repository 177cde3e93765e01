"""The worker's round over every box: close it when the clock has closed the vote, bring its ballots and the public acts to the logs."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from app import keyring
from app.core.calendar import Stage
from app.core.messages import Message, say, say_count
from app.core.problems import Refused
from app.editions.models import Edition
from app.editions.queries import find_edition
from app.ledger import acts
from app.ledger.log import log_of, newest_head
from app.ledger.models import PublicAct
from app.polls.calendar import voting_stage
from app.polls.models import Freeze
from app.polls.service import close
from app.unit import Work
from app.voting.merging import merge, waiting_in
from app.voting.models import Box

MERGE_JOB = "box:merge"


def tend_all(work: Work, _payload: dict[str, Any]) -> None:
    """Tend every frozen box that is not opened yet, each in a transaction of its own; then the acts of every edition."""
    wanted = select(Edition).join(Freeze, col(Freeze.edition_id) == col(Edition.id)).join(Box, col(Box.edition_id) == col(Edition.id))
    for edition in list(work.db.exec(wanted.where(col(Box.opened).is_(False)).order_by(col(Edition.id)))):
        tend(work, edition)
        work.db.commit()
    log_acts(work)


def tend_by_hand(work: Work, slug: str) -> list[Message]:
    """Tend the box at an address where no worker does, and say what was done. Raises Missing, Refused (not frozen), NoKey."""
    edition = find_edition(work, slug, drafts=True)
    if work.db.get(Freeze, edition.id) is None:
        raise Refused(say("This vote is not frozen, so no ballot can be in its box."))
    merged = tend(work, edition)
    acts.log_waiting(work, edition.id or 0, keyring.log_key())
    log = log_of(work, edition.id or 0)
    head = newest_head(work, log) if log else None
    over = voting_stage(work, edition) is Stage.after
    return [
        say("The vote is over and the box is closed.") if over else say("The vote is not over: at least 20 ballots stay in the box."),
        say_count("%(count)d ballot went into the log.", "%(count)d ballots went into the log.", merged),
        say_count("%(count)d ballot still waits.", "%(count)d ballots still wait.", waiting_in(work, edition.id or 0)),
        say("Last head: %(size)d ballots.", size=head.size) if head else say("No head is signed yet."),
    ]


def log_acts(work: Work) -> None:
    """Bring the public acts that wait to the logs of their editions, each in a transaction of its own."""
    for edition_id in list(work.db.exec(select(PublicAct.edition_id).where(col(PublicAct.place).is_(None)).distinct())):
        acts.log_waiting(work, edition_id, keyring.log_key())
        work.db.commit()


def tend(work: Work, edition: Edition) -> int:
    """Close the box of an edition if its vote is over, and merge what waits; returns how many ballots went into the log."""
    if voting_stage(work, edition) is Stage.after:
        close(work, edition)
    return merge(work, edition.id or 0, keyring.log_key())

"""Reading letters: for the members of the carrier and for the staff who read files; missing to everyone else."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from app.accounts.people import Person
from app.core.calendar import show_instant
from app.core.messages import Message, say
from app.core.problems import Missing
from app.organisations.models import Membership
from app.proposals.models import Proposal
from app.review.letters.models import Letter
from app.unit import Work

NO_LETTER = say("There is no letter at this address, or it is not for you.")


@dataclass(frozen=True)
class Found:
    """One line on a rule in a letter, its words ready to be translated."""

    article: str
    wording: dict[str, str]
    blocking: bool
    automatic: bool
    verdict: str
    fact: Message | None
    comment: str


@dataclass(frozen=True)
class Opened:
    """A letter as its templates read it."""

    letter: Letter
    title: Message
    facts: dict[str, Any]
    findings: list[Found]
    complete_by: datetime | None
    last_day: date | None
    filed_at: datetime | None


def letter_for(work: Work, public_id: str, person: Person | None) -> Letter:
    """The letter at an address. Raises Missing for everybody but the carrier's members and the staff who may read files."""
    query = select(Letter, Proposal.organisation_id).join(Proposal, col(Proposal.id) == col(Letter.proposal_id))
    found = work.db.exec(query.where(Letter.public_id == public_id)).first()
    if found is None or person is None:
        raise Missing(NO_LETTER)
    letter, organisation = found
    if not person.may("see_files") and work.db.get(Membership, (organisation, person.id)) is None:
        raise Missing(NO_LETTER)
    return letter


def letters_of(work: Work, proposal: Proposal) -> list[Letter]:
    """Every letter about a file, the newest first."""
    return list(work.db.exec(select(Letter).where(Letter.proposal_id == proposal.id).order_by(col(Letter.id).desc())))


def opened(letter: Letter) -> Opened:
    """A letter with its stored sentences rebuilt."""
    facts = dict(letter.facts)
    findings = [
        Found(one["article"], one["wording"], one["blocking"], one["source"] == "automatic", one["verdict"],
              Message.from_json(one["fact"]) if one["fact"] else None, one["comment"])
        for one in facts.get("findings", ())
    ]  # fmt: skip
    until, filed = facts.get("complete_by"), facts.get("filed_at")
    last = show_instant(letter.appeal_until, facts["zone"], end=True)[0] if letter.appeal_until else None
    return Opened(
        letter, letter.title, facts, findings, datetime.fromisoformat(until) if until else None,
        date.fromisoformat(last) if last else None, datetime.fromisoformat(filed) if filed else None,
    )  # fmt: skip

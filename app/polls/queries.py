"""Reading a poll: what is voted on, what stands on the ballot paper, who has voted (never what)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from app.core.ballots import AnyStyle, Slate, read_style
from app.core.credentials import issue
from app.core.lifecycle import State
from app.core.messages import say
from app.core.problems import Refused
from app.core.tally import AnyRule, read_rule
from app.editions.models import Edition
from app.editions.queries import programme_of
from app.electorate.codes import registrar_key
from app.electorate.models import RollLine
from app.facts import read_once, read_until_changed
from app.organisations.models import Organisation
from app.polls.models import BallotMark, Candidate, Poll
from app.proposals.models import Proposal
from app.unit import Work
from app.voting import service as voting

NOT_FIXED = say("The vote is not set up yet.")


@dataclass(frozen=True)
class Turned:
    """Turnout: by day and channel ("online", "paper"), and in all. Cancelled keys are no votes and are left out."""

    rows: tuple[voting.Turnout, ...]

    @property
    def days(self) -> list[tuple[date, int, int]]:
        """(day, online, on paper) of each day with a vote."""
        counts: dict[str, Counter[str]] = {}
        for row in self.rows:
            counts.setdefault(row.day, Counter())[row.how] += row.count
        return [(date.fromisoformat(day), many["online"], many["paper"]) for day, many in sorted(counts.items())]

    def total(self, how: str | None = None) -> int:
        """How many people voted, through one channel or all."""
        return sum(row.count for row in self.rows if how in (None, row.how))


@read_until_changed
def poll_of(work: Work, edition: Edition) -> Poll | None:
    """The poll of an edition once it is fixed, None before."""
    poll = work.db.get(Poll, edition.id)
    return poll if poll and poll.fixed_at else None


def fixed_poll(work: Work, edition: Edition) -> Poll:
    """The poll of an edition. Raises Refused before it is fixed."""
    poll = poll_of(work, edition)
    if poll is None:
        raise Refused(NOT_FIXED)
    return poll


def style_of(poll: Poll) -> AnyStyle:
    """The ballot style, as core knows it."""
    return read_style(poll.style)


def rule_of(poll: Poll) -> AnyRule:
    """The rule that will count, as core knows it."""
    return read_rule(poll.rule)


def slate(work: Work, edition: Edition, poll: Poll) -> Slate:
    """What stands on the ballot paper: costs by public id, and the envelope."""
    cents = edition.envelope.amount().cents if edition.envelope else 0
    return Slate({one.id: one.cost_cents for one in poll.candidates}, cents, programme_of(work, edition).currency)


def ballot_projects(work: Work, edition: Edition) -> list[Candidate]:
    """The projects now on the ballot list, by number: those a poll would be fixed with."""
    found = work.db.exec(
        select(Proposal, Organisation, BallotMark)
        .join(Organisation, col(Organisation.id) == col(Proposal.organisation_id))
        .outerjoin(BallotMark, col(BallotMark.proposal_id) == col(Proposal.id))
        .where(Proposal.edition_id == edition.id, Proposal.state == State.ON_BALLOT)
        .order_by(col(Proposal.number))
    ).all()
    bearers = {organisation.id: organisation.name for _, organisation, _ in found}
    names = Counter(bearers.values())
    return [
        Candidate(
            id=proposal.public_id, number=proposal.number or 0, title=proposal.title, cost_cents=proposal.requested_cents or 0,
            # Two carriers of one name stay two: the limit of awards for each goes by this text.
            carrier=carrier.name if names[carrier.name] == 1 else f"{carrier.name} ({carrier.slug})",
            theme=proposal.theme or "", country=proposal.country or "", **_marked(mark),
        )
        for proposal, carrier, mark in found
    ]  # fmt: skip


def _marked(mark: BallotMark | None) -> dict[str, Any]:
    return {} if mark is None else {name: getattr(mark, name) for name in ("scope", "district", "site", "tags", "least_cents")}


def credential_for(work: Work, edition: Edition, line: RollLine) -> str:
    """The voting credential of a line, the same each time; nothing is marked. Raises Refused before the poll is fixed."""
    box = voting.box_of(work, edition.id or 0)
    if box is None:
        raise Refused(NOT_FIXED)
    return issue(registrar_key(work, edition), box.key, str(edition.id), line.public_id)


def voted(work: Work, edition: Edition, lines: Sequence[RollLine]) -> dict[str, str]:
    """For each of these lines (by public id) whose credential is spent: "online", "paper" or "void"; one statement."""
    if voting.box_of(work, edition.id or 0) is None:
        return {}
    known = {credential_for(work, edition, line): line.public_id for line in lines}
    return {known[credential]: how for credential, how in voting.spent_hows(work, edition.id or 0, list(known)).items()}


def has_voted(work: Work, edition: Edition, line: RollLine) -> str | None:
    """How this person has voted: "online", "paper" (a ballot was handed out), "void" for a cancelled code, None if not at all."""
    return voted(work, edition, [line]).get(line.public_id)


def vote_may_change(work: Work, edition: Edition) -> bool:
    """Whether a vote that was cast may be replaced by its voter."""
    box = voting.box_of(work, edition.id or 0)
    return box is not None and box.changeable


@read_once
def turnout(work: Work, edition: Edition) -> Turned:
    """How many people have voted, by day and channel; never what."""
    return Turned(tuple(row for row in voting.turnout(work, edition.id or 0) if row.how != "void"))

"""The acts that touch both sides of the wall and see no choice: fixing, "has voted", paper, void, closing."""

from __future__ import annotations

from app import jobs
from app.accounts.people import Person
from app.core.calendar import PhaseKind, Stage
from app.core.messages import say
from app.core.problems import Conflict, Invalid, Refused
from app.editions.models import Edition
from app.editions.queries import calendar_of
from app.electorate import batches
from app.electorate.codes import registrar_key
from app.electorate.erasure import forget_declarations
from app.electorate.models import RollLine, VotingCode
from app.electorate.register import check_change
from app.electorate.service import standing, today
from app.ledger import service as ledger
from app.polls.calendar import voting_stage
from app.polls.forms import PollForm
from app.polls.freezing import freeze_of
from app.polls.models import Poll
from app.polls.permitted import check
from app.polls.queries import ballot_projects, credential_for, fixed_poll, has_voted, poll_of, turnout
from app.unit import Work
from app.voting import service as voting

__all__ = [
    "check_over", "close", "credential_for", "fix", "forget_after", "hand_paper", "has_voted", "poll_of", "replace", "turnout", "void",
    "voting_stage",
]  # fmt: skip

FORGET_JOB = "roll:after"
SPENT_CODE = say("This code has been used to vote, so it can no longer be cancelled: no ballot can be found again.")


def fix(work: Work, edition: Edition, form: PollForm, *, by: Person) -> Poll:
    """Fix the ballot style, the rule, the ties, the draw and the list of projects; until voting opens it may be done again.

    Raises Refused (no permission, voting has opened, no dates, no project) and Invalid (sentences at the fields).
    """
    check(by, "set_up_poll")
    if freeze_of(work, edition) is not None:
        raise Refused(say("The vote is frozen: its rules can no longer change."))
    stage = voting_stage(work, edition)
    if stage in (Stage.open, Stage.after):
        raise Refused(say("Voting has opened: its rules can no longer change."))
    if stage is Stage.absent or edition.envelope is None:
        raise Refused(say("Give the edition its voting dates and its envelope first."))
    candidates = ballot_projects(work, edition)
    if not candidates:
        raise Refused(say("No project is on the ballot yet. Put the admissible projects on the ballot first."))
    style, rule = form.ballot_style(), form.tally_rule()
    if getattr(style, "min_choices", 0) > len(candidates):
        raise Invalid({"min_choices": say("There are only %(many)d projects on the ballot.", many=len(candidates))})
    registrar_key(work, edition)
    voting.open_box(work, edition.id or 0)
    poll = work.db.get(Poll, edition.id) or Poll(edition_id=edition.id or 0, style={}, rule={})
    poll.style, poll.rule = style.model_dump(mode="json"), rule.model_dump(mode="json")
    poll.draw_source, poll.candidates = form.draw_source, candidates
    poll.fixed_at, poll.fixed_by_id = work.now, by.id
    work.db.add(poll)
    ledger.record(work, "poll:fix", edition.slug, ", ".join(str(one.number) for one in candidates), by=by.id)
    work.db.flush()
    return poll


def hand_paper(work: Work, edition: Edition, line: RollLine, *, by: Person) -> None:
    """Hand a paper ballot to a person on the roll: from now on this person cannot vote online.

    Raises Refused (no permission, voting is not open, taken off the roll) and AlreadyVoted (409): the first mark prevails.
    """
    check(by, "keep_desk")
    fixed_poll(work, edition)
    if voting_stage(work, edition) is not Stage.open:
        raise Refused(say("Paper ballots are handed out only while voting is open."))
    standing(line)
    day = today(work, edition)
    voting.spend(work, edition.id or 0, credential_for(work, edition, line), "paper", day.isoformat())
    line.mark, line.marked_on = "paper", day
    work.db.add(line)
    ledger.record(work, "roll:hand_paper", edition.slug, by=by.id)


def void(work: Work, edition: Edition, batch: int, serial: int, reason: str, *, by: Person, seconded: bool = False) -> VotingCode:
    """Cancel a printed code that was not used, with the credential it may have given already.

    Raises Refused (no permission, or alone once the register is frozen), Missing (no such code), Conflict (void already, or used).
    """
    check_change(work, edition, "make_codes", by=by, seconded=seconded)
    code, line = batches.find_code(work, edition, batch, serial)
    if code.voided_on is None and poll_of(work, edition) is not None:
        try:
            voting.spend(work, edition.id or 0, credential_for(work, edition, line), "void", today(work, edition).isoformat())
        except voting.AlreadyVoted:
            raise Conflict(SPENT_CODE) from None
    batches.void_code(work, edition, code, reason, by=by, seconded=seconded)
    line.mark, line.marked_on, line.reason = "refused", today(work, edition), reason
    work.db.add(line)
    return code


def refuse_used(work: Work, edition: Edition, line: RollLine) -> None:
    """Raises Conflict if the code of this line was used to vote."""
    if poll_of(work, edition) is not None and voting.is_spent(work, edition.id or 0, credential_for(work, edition, line)):
        raise Conflict(SPENT_CODE)


def replace(work: Work, edition: Edition, batch: int, serial: int, reason: str, *, by: Person, seconded: bool = False) -> tuple[int, str]:
    """Cancel a printed code and make another in its place: the new number in the batch, and its letters, shown once."""
    code = void(work, edition, batch, serial, reason, by=by, seconded=seconded)
    return batches.replace_code(work, edition, code, by=by, seconded=seconded)


def check_over(work: Work, edition: Edition) -> Poll:
    """The poll of a vote that the clock has closed. Raises Refused before."""
    poll = fixed_poll(work, edition)
    if voting_stage(work, edition) is not Stage.after:
        closes = calendar_of(work, edition).deadline(PhaseKind.voting)
        if closes is None:
            raise Refused(say("This edition has no voting dates."))
        raise Refused(say("The vote ends on %(end)s. Nothing can be counted before.", end=closes))
    return poll


def close(work: Work, edition: Edition) -> None:
    """Close the box for good, once the clock has closed the vote. Raises Refused before.

    What the roll need not know any more is erased by a job of its own: who closes the box does not read the roll.
    """
    check_over(work, edition)
    if voting.close_box(work, edition.id or 0):
        jobs.enqueue(work, FORGET_JOB, {"edition": edition.id}, key=f"{FORGET_JOB}:{edition.id}")


def forget_after(work: Work, edition_id: int) -> None:
    """The job of a closing: forget the declarations that nobody needs any more."""
    forget_declarations(work, work.db.get_one(Edition, edition_id))

"""The acts after the vote: count, draw, publication, and the council's decision. Each is a record; none overwrites another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import col, func, select

from app import jobs
from app.accounts.people import Person
from app.core.lifecycle import State, Verb
from app.core.messages import say, say_count
from app.core.permissions import refusal
from app.core.problems import Conflict, Invalid, Refused
from app.core.tally import Outcome, Status
from app.core.tally.progress import Told, untold
from app.editions.models import Edition
from app.electorate.service import today
from app.ledger import motions
from app.ledger import service as ledger
from app.ledger.acts import announce
from app.ledger.models import Motion
from app.polls.definition import origin_of
from app.polls.models import Poll
from app.polls.queries import fixed_poll, rule_of
from app.polls.service import check_over
from app.proposals import lifecycle
from app.proposals.lifecycle import state_of
from app.proposals.models import Proposal
from app.results import bundles, emails, simulating
from app.results.counting import AT_ONCE, ballots_in, election_of, numbers_in, profile_hash, totals_of
from app.results.forms import CouncilForm, CouncilOutcome, DrawForm, DrawKind, PublicationForm
from app.results.models import CouncilDecision, Count, Draw, Publication
from app.results.words import titled
from app.review.vetoes import grounds_of
from app.unit import Work

COUNT_JOB = "results:count"
PUBLICATION = "publication"
TELL = {Verb.LEAD: emails.came_in_the_lead, Verb.PUT_IN_RESERVE: emails.on_the_reserve_list, Verb.LEAVE_OUT: emails.not_selected}
"""What became of a project -> the message to its carrier."""


def count(work: Work, edition: Edition, *, by: Person) -> Count:
    """Count what was in the box. A recount adds a count and overwrites none.

    Raises Refused: no permission, the vote has not ended, no poll was fixed, or the box is not opened.
    """
    _check(by, "count_ballots")
    return make_count(work, edition, by=by.id)


def ask_count(work: Work, edition: Edition, *, by: Person) -> Count | None:
    """`count` where it takes a moment; a box of more than AT_ONCE ballots is left to the worker (None).

    Asked for again while it waits, nothing is added. Raises what `count` raises.
    """
    _check(by, "count_ballots")
    if ballots_in(work, edition.id or 0) <= AT_ONCE:
        return make_count(work, edition, by=by.id)
    check_over(work, edition)
    jobs.enqueue(work, COUNT_JOB, {"edition": edition.id, "by": by.id}, key=count_key(edition))
    return None


def count_key(edition: Edition) -> str:
    """The key of the job that counts this edition: it waits once only."""
    return f"{COUNT_JOB}:{edition.id}"


def count_asked(work: Work, payload: dict[str, Any], told: Told) -> None:
    """The job of `ask_count`. While the rule counts nothing is locked, so that nobody waits for it."""
    told(say("Reading the ballots"), 0)
    make_count(work, work.db.get_one(Edition, payload["edition"]), by=payload["by"], pause=work.db.commit, told=told)


def make_count(work: Work, edition: Edition, *, by: int | None, pause: Callable[[], None] | None = None, told: Told = untold) -> Count:
    """`count` without the permission, for the command line: `by` is an account's id, None for whoever holds the machine.

    `pause` is called between reading the ballots and counting them; `told` hears how far the count is.
    """
    poll = check_over(work, edition)
    election, box = election_of(work, edition, poll)
    rule = rule_of(poll)
    if pause:
        pause()
    outcome = rule.count_aloud(election, told)
    last = work.db.exec(select(func.max(Count.number)).where(Count.edition_id == edition.id)).one() or 0
    made = Count(
        edition_id=edition.id or 0, number=last + 1, counted_at=work.now, counted_by_id=by, rule=rule.model_dump(mode="json"),
        budget_cents=election.budget_cents, totals=totals_of(election, box), outcome=outcome.to_json(),
        profile_hash=profile_hash(election.ballots),
    )  # fmt: skip
    work.db.add(made)
    ledger.record(work, "edition:count", edition.slug, f"{made.number}, {made.profile_hash}", by=by)
    # Of a few ballots a hash is a riddle that anybody can guess.
    _announce(work, edition, "count", str(made.number) if bundles.withheld(work, edition) else f"{made.number}, {made.profile_hash}")
    work.db.flush()
    simulating.begin(work, made, election, outcome, by=by)
    return made


def enter_draw(work: Work, edition: Edition, form: DrawForm, *, by: Person) -> Count | None:
    """Enter the public draw that the last count waits for, and count again with it (see `ask_count`).

    An order may be continued by a second draw where the count then waits for other projects. Raises Refused (no permission),
    Conflict (no count waits for a draw) and Invalid (a day to come, numbers that are not those of the tied projects).
    """
    _check(by, "count_ballots")
    poll, last = fixed_poll(work, edition), last_count(work, edition)
    waiting = Outcome.from_json(last.outcome).needs_draw if last else ()
    if not waiting:
        raise Conflict(say("No count is waiting for a draw."))
    if form.day > today(work, edition):
        raise Invalid({"held_on": say("This date is in the future.")})
    value = _order(form, poll, waiting) if form.kind is DrawKind.ORDER else form.value
    held = work.db.get(Draw, edition.id)
    if held is not None and (held.kind, form.kind) != (DrawKind.ORDER, DrawKind.ORDER):
        raise Conflict(say("The draw is entered already and cannot be replaced."))
    draw = held or Draw(edition_id=edition.id or 0, kind=form.kind.value, value="", held_on=form.day, entered_at=work.now)
    draw.value = f"{draw.value}, {value}" if draw.value else value
    draw.held_on, draw.entered_at, draw.entered_by_id = form.day, work.now, by.id
    work.db.add(draw)
    ledger.record(work, "edition:draw", edition.slug, f"{form.kind.value}: {value}", by=by.id)
    work.db.flush()
    return ask_count(work, edition, by=by)


def _order(form: DrawForm, poll: Poll, waiting: tuple[str, ...]) -> str:
    """The numbers drawn: exactly those of the tied projects, each once."""
    numbers = numbers_in(form.value)
    tied = sorted(one.number for one in poll.candidates if one.id in waiting)
    if sorted(numbers) != tied:
        raise Invalid({"value": say("Give each of these numbers once, in the order drawn: %(numbers)s.", numbers=tuple(tied))})
    return ", ".join(map(str, numbers))


def propose_publication(work: Work, edition: Edition, form: PublicationForm, *, by: Person) -> Motion:
    """Propose to publish the last count. Raises Refused (no permission, a draw is needed) and Conflict (published, or another count)."""
    _check(by, "publish_results")
    _publishable(work, edition, form)
    motion = motions.propose(work, edition.id or 0, PUBLICATION, form.model_dump(mode="json"), by=by.id)
    ledger.record(work, "edition:propose_publication", edition.slug, str(form.count), by=by.id)
    return motion


def confirm_publication(work: Work, edition: Edition, motion: Motion, *, by: Person) -> Publication:
    """Publish the count that was proposed: the official result, subject to the council. Each project learns what became of it.

    The best losers fill the reserve list. Raises Refused (no permission, the same person, a draw is still needed) and Conflict
    (published already, the count is not the last one any more, or the proposal is over).
    """
    _check(by, "publish_results")
    form = PublicationForm.model_validate(motions.second(work, motion, PUBLICATION, by=by.id))
    return make_public(work, edition, form, by=by.id)


def withdraw_publication(work: Work, edition: Edition, motion: Motion, *, by: Person) -> None:
    """Take back a proposal to publish. Raises Refused (no permission) and Conflict (it is over, or proposes another act)."""
    _check(by, "publish_results")
    if motion.act != PUBLICATION:
        raise Conflict(motions.OVER)
    motions.withdraw(work, motion, by=by.id)
    ledger.record(work, "edition:withdraw_publication", edition.slug, by=by.id)


def _publishable(work: Work, edition: Edition, form: PublicationForm) -> tuple[Count, Outcome]:
    if work.db.get(Publication, edition.id) is not None:
        raise Conflict(say("The result is published already."))
    last = last_count(work, edition)
    if last is None or last.number != form.count:
        raise Conflict(say("Another count was made meanwhile. Nothing was published: read it, then publish."))
    outcome = Outcome.from_json(last.outcome)
    if outcome.needs_draw:
        raise Refused(say("The result waits for the public draw. Enter it first."))
    return last, outcome


def make_public(work: Work, edition: Edition, form: PublicationForm, *, by: int | None) -> Publication:
    """Publish a count without a second person, for the command line. Raises as `confirm_publication` does."""
    last, outcome = _publishable(work, edition, form)
    _settle(work, edition, outcome, form.reserve, by=by)
    published = Publication(edition_id=edition.id or 0, count_id=last.id or 0, published_at=work.now, published_by_id=by)
    work.db.add(published)
    said = f"{last.number}, {last.profile_hash}"
    ledger.record(work, "edition:publish_result", edition.slug, said, by=by)
    _announce(work, edition, "publication", str(last.number) if bundles.withheld(work, edition) else said)
    simulating.finish_later(work, last)
    work.db.flush()
    bundles.ask(work, edition)
    return published


def _announce(work: Work, edition: Edition, event: str, said: str) -> None:
    """A public act, where the vote was frozen; what was imported from elsewhere has no log here."""
    if edition.frozen:
        announce(work, edition.id or 0, event, f"{event} {said}", day=today(work, edition).isoformat(), origin=f"{origin_of(edition)}/acts")


def _settle(work: Work, edition: Edition, outcome: Outcome, reserve: int, *, by: int | None) -> None:
    poll = fixed_poll(work, edition)
    proposals, names = candidates_of(work, edition, poll), {one.id: one.title for one in poll.candidates}
    losers = [row.project for row in outcome.rows if row.status is Status.LOST and row.votes]
    # A reserve list that the rule names was fixed before the vote: it stands, whatever is typed now.
    best, few = outcome.reserve_list or losers[:reserve], bundles.withheld(work, edition)
    for row in outcome.rows:
        won = row.status is Status.WON
        verb = Verb.LEAD if won else Verb.PUT_IN_RESERVE if row.project in best else Verb.LEAVE_OUT
        proposal = proposals[row.project]
        if state_of(proposal) is State.ON_BALLOT:
            lifecycle.record(work, proposal, verb, by=by)
            TELL[verb](work, edition, proposal, titled(row, names), few)


def decide(work: Work, edition: Edition, form: CouncilForm, *, by: Person) -> list[CouncilDecision]:
    """Enter one deliberation of the council on leading projects: awarded, or refused with a public reason.

    Raises Refused (no permission), Invalid (no such leading project, a day to come, a refusal without reason) and Conflict.
    """
    _check(by, "enter_council_decision")
    return make_decisions(work, edition, form, by=by.id)


def make_decisions(work: Work, edition: Edition, form: CouncilForm, *, by: int | None) -> list[CouncilDecision]:
    """`decide` without the permission, for the command line."""
    refused = form.outcome is CouncilOutcome.REFUSED
    if form.day > today(work, edition):
        raise Invalid({"decided_on": say("This date is in the future.")})
    if refused and not form.reason:
        raise Invalid({"reason": say("Give the reason. It is published with the project.")})
    wanted = select(Proposal).where(Proposal.edition_id == edition.id, col(Proposal.public_id).in_(form.projects)).with_for_update()
    proposals = [one for one in work.db.exec(wanted.order_by(col(Proposal.number))) if state_of(one) is State.LEADING]
    if len(proposals) < len(set(form.projects)):
        raise Invalid({"projects": say_count(
            "One of these projects is not waiting for the council's decision.",
            "Some of these projects are not waiting for the council's decision.", len(set(form.projects)) - len(proposals),
        )})  # fmt: skip
    if not refused and (vetoed := grounds_of(work, [one.public_id for one in proposals])):
        numbers = tuple(str(one.number) for one in proposals if one.public_id in vetoed)
        sentence = say("Vetoed projects cannot be awarded, only refused with the reason: no. %(numbers)s.", numbers=numbers)
        raise Invalid({"projects": sentence})
    decisions = [
        CouncilDecision(
            proposal_id=one.id or 0, outcome=form.outcome.value, reference=form.reference, decided_on=form.day, reason=form.reason,
            entered_at=work.now, entered_by_id=by,
        )
        for one in proposals
    ]  # fmt: skip
    work.db.add_all(decisions)
    _announce(work, edition, "decision", f"{form.reference} {form.outcome.value} {' '.join(sorted(form.projects))}")
    told = " · ".join(part for part in (form.reference, form.reason) if part)
    for one, decision in zip(proposals, decisions, strict=True):
        lifecycle.record(work, one, Verb.REFUSE if refused else Verb.AWARD, by=by, reason=told)
        (emails.council_refused if refused else emails.council_awarded)(work, edition, one, decision)
    work.db.flush()
    bundles.ask(work, edition)
    return decisions


def last_count(work: Work, edition: Edition) -> Count | None:
    """The newest count of an edition, None before the first."""
    return work.db.exec(select(Count).where(Count.edition_id == edition.id).order_by(col(Count.number).desc())).first()


def candidates_of(work: Work, edition: Edition, poll: Poll) -> dict[str, Proposal]:
    """The file of each candidate, by its id on the ballot. They are joined by number: an imported ballot has identifiers of its own."""
    numbers = {one.number: one.id for one in poll.candidates}
    found = work.db.exec(select(Proposal).where(Proposal.edition_id == edition.id, col(Proposal.number).in_(numbers)))
    return {numbers[one.number]: one for one in found if one.number is not None}


def _check(by: Person, permission: str) -> None:
    if (reason := refusal(by.roles, permission)) is not None:
        raise Refused(reason)

"""Deciding on files, and putting the admissible ones on the ballot."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from app.accounts.people import Person
from app.core.calendar import PhaseKind, Stage, read_instant
from app.core.eligibility import Verdict
from app.core.lifecycle import State, Verb
from app.core.messages import Message, say, say_count
from app.core.permissions import refusal
from app.core.problems import Conflict, Invalid, Refused
from app.editions.models import Edition
from app.editions.queries import calendar_of
from app.ledger import service as ledger
from app.proposals import lifecycle
from app.proposals.models import Proposal
from app.review.emails import send_decision, send_on_ballot
from app.review.forms import DecisionForm, Outcome
from app.review.models import Decision, RuleVerdict
from app.review.queries import Case, acts_for, open_case
from app.unit import Work

VERBS = {Outcome.INCOMPLETE: Verb.ASK_COMPLETION, Outcome.ADMISSIBLE: Verb.ADMIT, Outcome.INADMISSIBLE: Verb.REJECT}
MOVED = say("The file changed while you were reading it, so nothing was decided. What you typed is still here: read it again, then decide.")
INVOLVED = say("You are a member of the carrier or of its sponsor, so a colleague must decide on this file.")
NOT_ASKED = say("This rule is not put to an officer.")


def decide(work: Work, proposal: Proposal, form: DecisionForm, *, by: Person) -> Decision:
    """Record a decision with what was found on every rule, walk the file on, and tell its carrier by e-mail.

    Raises Refused (no permission, or a member of the carrier), Conflict (the file moved since `form.seen`, or its state
    does not allow the outcome) and Invalid (sentences at "outcome", "reason", "answer-RULE" …).
    """
    if (reason := refusal(by.roles, "decide_admissibility")) is not None:
        raise Refused(reason)
    case = open_case(work, proposal.public_id, lock=True)
    if acts_for(work, by, case.carrier):
        raise Refused(INVOLVED)
    if form.seen != case.seen:
        raise Conflict(MOVED)
    complete_by, errors = _deadline(work, case, form)
    if errors := errors | _answers(case, form) | _grounds(case, form):
        raise Invalid(errors)
    decision = Decision(
        proposal_id=proposal.id or 0, outcome=form.outcome.value, reason=_public_text(form), complete_by=complete_by,
        redirect=form.redirect if form.outcome is Outcome.INADMISSIBLE else None, decided_at=work.now, decided_by_id=by.id,
    )
    if complete_by is not None:
        case.proposal.complete_by = complete_by
    lifecycle.record(work, case.proposal, VERBS[form.outcome], by=by.id, reason=decision.reason, note=form.note)
    work.db.add(decision)
    work.db.flush()
    work.db.add_all(_verdicts(case, form, decision.id or 0))
    send_decision(work, case, decision)
    return decision


def _public_text(form: DecisionForm) -> str:
    return {Outcome.INCOMPLETE: form.to_complete, Outcome.INADMISSIBLE: form.reason, Outcome.ADMISSIBLE: ""}[form.outcome]


def _deadline(work: Work, case: Case, form: DecisionForm) -> tuple[datetime | None, dict[str, Message]]:
    """The instant until which the carrier may complete the file, or the sentence to show at its field."""
    if form.outcome is not Outcome.INCOMPLETE:
        return None, {}
    try:
        instant = read_instant(form.complete_by_day, form.complete_by_clock, case.programme.zone, end=True, fold="1")
    except Invalid as problem:
        return None, {"complete_by_day": problem.message}
    if instant <= work.now:
        return None, {"complete_by_day": say("This is already past. Leave the carrier some days to complete the file.")}
    vote = case.calendar.window(PhaseKind.voting)
    if vote is not None and instant > vote.opens:
        return None, {"complete_by_day": say("The vote begins on %(day)s. Give a date before that.", day=vote.opens)}
    return instant, {}


def _answers(case: Case, form: DecisionForm) -> dict[str, Message]:
    """Answers to rules nobody asked about, and a no without a word of explanation."""
    asked = {one.rule.key for one in case.rules if one.asks}
    strange = {f"answer-{key}": NOT_ASKED for key in {*form.answers, *form.comments} - asked}
    bare = [key for key in asked if form.answers.get(key) is False and not form.comments.get(key)]
    return strange | {f"comment-{key}": say("Say in a few words why the answer is no.") for key in bare}


def _grounds(case: Case, form: DecisionForm) -> dict[str, Message]:
    """What speaks against the outcome: an admission needs every blocking rule met, a refusal at least one that is not."""
    asked = [one.rule for one in case.rules if one.asks and one.rule.blocking]
    failures, denied = case.failures(), [rule for rule in asked if form.answers.get(rule.key) is False]
    match form.outcome:
        case Outcome.INCOMPLETE:
            return {} if form.to_complete else {"to_complete": say("Say what the carrier must complete.")}
        case Outcome.INADMISSIBLE:
            return _against_refusal(case, form, grounds=len(failures) + len(denied))
        case Outcome.ADMISSIBLE:
            silent = [rule for rule in asked if form.answers.get(rule.key) is None]
            errors = {f"answer-{rule.key}": say("Answer this before you admit the file.") for rule in silent}
            errors |= {f"answer-{rule.key}": say("With this answer the file cannot be admitted.") for rule in denied}
            return errors | (_still_failing(len(failures)) if failures else {})


def _still_failing(count: int) -> dict[str, Message]:
    sentence = say_count(
        "The file cannot be admitted: %(count)d blocking rule is not met. Ask the carrier to complete the file, or refuse it.",
        "The file cannot be admitted: %(count)d blocking rules are not met. Ask the carrier to complete the file, or refuse it.",
        count,
    )
    return {"outcome": sentence}


def _against_refusal(case: Case, form: DecisionForm, *, grounds: int) -> dict[str, Message]:
    errors: dict[str, Message] = {}
    if not grounds:
        errors["outcome"] = say("A refusal needs a blocking rule that is not met. Admit the file, or answer a question with no.")
    if not form.reason:
        errors["reason"] = say("Give the reason. It is published with the project.")
    if form.redirect and form.redirect not in {choice.key for choice in case.edition.redirects}:
        errors["redirect"] = say("Choose one of the schemes offered.")
    return errors


def _verdicts(case: Case, form: DecisionForm, decision_id: int) -> list[RuleVerdict]:
    """One record for each rule the machine judged, one for each question the officer answered."""
    kept = []
    for one in case.rules:
        known: dict[str, Any] = {"decision_id": decision_id, "rule_key": one.rule.key, "fact": one.finding.fact.to_json()}
        if not (one.asks and one.rule.kind == "officer_question"):
            found = Verdict.PASS if one.asks else one.finding.verdict
            kept.append(RuleVerdict(**known, source="automatic", verdict=found.value))
        if one.asks and (answer := form.answers.get(one.rule.key)) is not None:
            found, comment = Verdict.PASS if answer else Verdict.FAIL, form.comments.get(one.rule.key, "")
            kept.append(RuleVerdict(**known, source="officer", verdict=found.value, comment=comment))
    return kept


def ballot_candidates(work: Work, edition: Edition, *, lock: bool = False) -> Sequence[Proposal]:
    """The admissible projects of an edition, by number: those that can be put on the ballot."""
    query = select(Proposal).where(Proposal.edition_id == edition.id, Proposal.state == State.ADMISSIBLE).order_by(col(Proposal.number))
    return work.db.exec(query.with_for_update() if lock else query).all()


def put_on_ballot(work: Work, edition: Edition, seen: Collection[str], *, by: Person) -> Sequence[Proposal]:
    """Put all admissible projects of an edition on the ballot: exactly those (`seen`, public ids) that the publisher read.

    Raises Refused (no permission, or the vote has begun) and Conflict (none is admissible, or the list changed meanwhile).
    """
    if (reason := refusal(by.roles, "put_on_ballot")) is not None:
        raise Refused(reason)
    if calendar_of(work, edition).stage(PhaseKind.voting, work.now) in (Stage.open, Stage.after):
        raise Refused(say("The vote has begun: the ballot cannot change any more."))
    projects = ballot_candidates(work, edition, lock=True)
    if not projects:
        raise Conflict(say("No project is waiting to be put on the ballot."))
    if {project.public_id for project in projects} != set(seen):
        raise Conflict(say("The list of admissible projects changed meanwhile. Nothing was done: read it again, then confirm."))
    for project in projects:
        lifecycle.record(work, project, Verb.PUT_ON_BALLOT, by=by.id)
    send_on_ballot(work, edition, projects)
    ledger.record(work, "edition:ballot_list", edition.slug, ", ".join(str(project.number) for project in projects), by=by.id)
    return projects

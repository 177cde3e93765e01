"""Deciding on files, and putting the admissible ones on the ballot."""

from datetime import datetime
from typing import Any

from app.accounts.people import Person
from app.core.calendar import PhaseKind, read_instant
from app.core.eligibility import Verdict
from app.core.lifecycle import Verb
from app.core.messages import Message, say, say_count
from app.core.problems import Invalid
from app.proposals.models import Proposal
from app.review import completion
from app.review.forms import DecisionForm, Outcome
from app.review.models import Decision, RuleVerdict
from app.review.permitted import case_for
from app.review.publication import conclude
from app.review.queries import Case
from app.unit import Work

VERBS = {
    Outcome.INCOMPLETE: Verb.ASK_COMPLETION, Outcome.ADMISSIBLE: Verb.ADMIT, Outcome.INADMISSIBLE: Verb.REJECT,
    Outcome.ELIGIBLE: Verb.RETAIN, Outcome.INELIGIBLE: Verb.DECLINE,
}  # fmt: skip
REFUSING = (Outcome.INADMISSIBLE, Outcome.INELIGIBLE)
NOT_ASKED = say("This rule is not put to an officer.")


def decide(work: Work, proposal: Proposal, form: DecisionForm, *, by: Person) -> Decision:
    """Record a decision with what was found on every rule, walk the file on, and tell its carrier by e-mail.

    Raises Refused (no permission, or a member of the carrier), Conflict (the file moved since `form.seen`, or its state
    does not allow the outcome) and Invalid (sentences at "outcome", "reason", "answer-RULE" …).
    """
    case = case_for(work, proposal.public_id, form.seen, by=by)
    complete_by, errors = _deadline(work, case, form)
    if errors := errors | _answers(case, form) | _grounds(case, form):
        raise Invalid(errors)
    decision = Decision(
        proposal_id=proposal.id or 0,
        outcome=form.outcome.value,
        reason=_public_text(form),
        complete_by=complete_by,
        redirect=form.redirect if form.outcome in REFUSING else None,
        decided_at=work.now,
        decided_by_id=by.id,
    )
    conclude(work, case.edition, case.proposal, VERBS[form.outcome], decision, _verdicts(case, form), by=by, note=form.note)
    if complete_by is not None:
        case.proposal.complete_by = complete_by
        completion.keep_request(work, case, decision)
    return decision


def _public_text(form: DecisionForm) -> str:
    return form.to_complete if form.outcome is Outcome.INCOMPLETE else form.reason if form.outcome in REFUSING else ""


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
        case Outcome.INELIGIBLE:  # a review weighs the project: its reason may lie in no single rule
            return _against_refusal(case, form, grounds=1)
        case Outcome.ADMISSIBLE | Outcome.ELIGIBLE:
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


def _verdicts(case: Case, form: DecisionForm) -> list[RuleVerdict]:
    """One record for each rule the machine judged, one for each question the officer answered; none where nobody has answered yet."""
    kept = []
    for one in case.rules:
        if one.asks and form.answers.get(one.rule.key) is None:
            continue
        known: dict[str, Any] = {"rule_key": one.rule.key, "fact": one.finding.fact.to_json()}
        if not (one.asks and one.rule.kind == "officer_question"):
            found = Verdict.PASS if one.asks else one.finding.verdict
            kept.append(RuleVerdict(**known, source="automatic", verdict=found.value))
        if one.asks and (answer := form.answers.get(one.rule.key)) is not None:
            found, comment = Verdict.PASS if answer else Verdict.FAIL, form.comments.get(one.rule.key, "")
            kept.append(RuleVerdict(**known, source="officer", verdict=found.value, comment=comment))
    return kept

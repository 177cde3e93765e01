"""What the pages of the review show: the desk, and one file beside the rules with all that an officer can do to it now."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response

from app.accounts.people import Person
from app.core.calendar import PhaseKind, show_instant, start_of_day
from app.core.lifecycle import STATES, State, Verb
from app.core.messages import Localised, Message, say
from app.core.permissions import refusal
from app.core.problems import Conflict, Invalid, Problem
from app.editions.models import Edition
from app.editions.queries import Listed
from app.pages.staff import staff_page
from app.proposals.lifecycle import decided_state
from app.proposals.models import Proposal
from app.proposals.queries import STATE_KINDS
from app.rendering import speaking, translate
from app.review import assignment, diligence, merging, service
from app.review.appeals.queries import contested
from app.review.completion import asked_of, changes_since, time_left
from app.review.emails import until
from app.review.forms import OUTCOME_LABELS
from app.review.history import told_history
from app.review.jury.queries import panel_of
from app.review.letters.queries import letters_of
from app.review.permitted import INVOLVED
from app.review.queries import Case, acts_for, decisions_of
from app.review.queue import HOLDER_LABELS, PER_PAGE, PILE_LABELS, PROGRESS_LABELS, Asked, Pile, desk
from app.review.sheet import account_of
from app.story.wordings import unreached
from app.unit import Work

DAYS_TO_COMPLETE = 15


def official_state(proposal: Proposal) -> tuple[Message, str]:
    """The state of a file as the city knows it, and the kind of its badge."""
    state = decided_state(proposal)
    return STATES[state].label, STATE_KINDS.get(state, "")


def desk_address(edition: Edition, asked: Asked, **changed: Any) -> str:
    """The address of the desk with these filters; what is as usual is left out."""
    values = {
        "edition": edition.slug, "state": asked.pile.value, "holder": asked.holder.value, "progress": asked.progress.value,
        "sort": asked.sort.value, "down": "true" if asked.down else "",
    } | {name: str(getattr(value, "value", value)) for name, value in changed.items()}  # fmt: skip
    usual = {"holder": "all", "progress": "all", "sort": "due", "down": ""}
    return "/staff/reviews?" + urlencode({name: value for name, value in values.items() if usual.get(name) != value})


def desk_page(
    request: Request, work: Work, who: Person, editions: Sequence[Edition], chosen: Listed, asked: Asked, sizes: Mapping[Pile, int]
) -> Response:
    """The queue."""
    rows, total = desk(work, chosen, asked, officer=who.id)
    shown = [pile for pile in Pile if sizes[pile] or pile in (Pile.WAITING, Pile.ALL, asked.pile)]
    return staff_page(
        request,
        "staff/reviews/index.html",
        zone=chosen.programme.zone,
        editions=editions,
        edition=chosen.edition,
        rows=rows,
        asked=asked,
        piles={pile: PILE_LABELS[pile] for pile in shown},
        sizes=sizes,
        holders=HOLDER_LABELS,
        progresses=PROGRESS_LABELS,
        loads=assignment.officers(work, chosen.edition.id),
        pages=-(-total // PER_PAGE),
        total=total,
        now=work.now,
        who=who,
        state_of=official_state,
        address=desk_address,
        may_list=bool(who.may("put_on_ballot") and (sizes[Pile.ELIGIBLE] or (sizes[Pile.ADMISSIBLE] and not chosen.edition.review_step))),
    )


def review_page(
    request: Request, work: Work, who: Person, case: Case, values: dict[str, Any], problem: Problem | None = None, *, part: str = "decision"
) -> Response:
    """One file beside the rules. `part` names the form that `values` and the sentences of `problem` belong to."""
    proposal, asked = case.proposal, asked_of(work, case.proposal)
    why_not, checks = _why_not(work, who, case), diligence.checks_of(work, [case.proposal]).get(case.proposal.id or 0, {})
    outcomes = [(one.value, label) for one, label in OUTCOME_LABELS.items() if service.VERBS[one] in case.verbs]
    errors = problem.errors if isinstance(problem, Invalid) else {}
    return staff_page(
        request,
        "staff/reviews/show.html",
        status=problem.status if problem else 200,
        zone=case.programme.zone,
        case=case,
        part=part,
        values=values if part == "decision" else first_values(work, case),
        typed={part: values},
        errors=errors,
        conflict=problem.message if isinstance(problem, Conflict) else None,
        outcomes=outcomes,
        not_deciding=why_not or (None if outcomes else _nothing(proposal)),
        not_acting=why_not,
        steps=told_history(work, proposal, hidden=True),
        unreached=unreached(work, case.carrier),
        letters=letters_of(work, proposal),
        contested=contested(work, proposal),
        has_jury=panel_of(work, case.edition) is not None,
        decisions=decisions_of(work, proposal, hidden=True),
        until=until,
        account_of=account_of,
        state_of=official_state,
        now=work.now,
        asked=asked,
        changes=changes_since(work, case.edition, proposal, asked) if asked else [],
        time_left=time_left(proposal.complete_by, work.now) if asked and proposal.complete_by else None,
        officer=assignment.officer_of(work, proposal),
        loads=assignment.officers(work, case.edition.id),
        checks=checks,
        items=diligence.ITEM_LABELS,
        found_labels=diligence.FOUND_LABELS,
        finished=diligence.is_finished(checks),
        may_check=decided_state(proposal) in diligence.CHECKED_IN,
        merges=merging.waiting_for(work, proposal),
        may_begin=case.edition.review_step and Verb.BEGIN_REVIEW in case.verbs,
        may_redirect=Verb.REDIRECT in case.verbs,
        may_merge=Verb.MERGE in case.verbs,
        embargo=case.edition.decisions_at,
        people=_people(work, checks),
    )


def first_values(work: Work, case: Case) -> dict[str, Any]:
    """What the form shows at first: the officer's answers of the last decision, and a date to complete the file by."""
    values: dict[str, Any] = {}
    judged = (verdicts for _, verdicts in decisions_of(work, case.proposal, hidden=True) if verdicts)
    for verdict in next(judged, []):
        if verdict.source == "officer":
            values[f"answer-{verdict.rule_key}"] = "yes" if verdict.verdict == "pass" else "no"
            values[f"comment-{verdict.rule_key}"] = verdict.comment
    end = case.calendar.deadline(PhaseKind.completion)
    if end is None or end <= work.now:
        end = start_of_day((work.now + timedelta(days=DAYS_TO_COMPLETE)).date(), case.programme.zone)
    values["complete_by_day"], values["complete_by_clock"] = show_instant(end, case.programme.zone, end=True)
    return values


def prefilled(case: Case, typed: dict[str, Any], language: str = "fr") -> dict[str, Any]:
    """What was typed, with a reason made of the wordings of refusal: of the rules the file breaks, and of those answered with no.

    Without such a wording a broken rule is told by the fact found, a rule answered with no by itself and the officer's comment.
    """
    denied = [one for one in case.rules if one.asks and typed.get(f"answer-{one.rule.key}") == "no"]
    lines = []
    with speaking(language, case.programme.zone):
        for one in (*case.failures(), *denied):
            words, comment = one.rule.public_wording.best(language)[1], typed.get(f"comment-{one.rule.key}", "")
            fact = f"{translate(one.finding.fact)} ({words})"
            if one in denied:
                named = translate(say("Rule %(article)s", article=one.rule.article)) if one.rule.article else ""
                fact = " – ".join(part for part in (named, words) if part)
            said = Localised(one.rule.refusal).best(language)[1] if one.rule.refusal else fact
            lines.append(f"{said} {comment}".strip())
    return typed | {"reason": "\n".join(lines)}


def _why_not(work: Work, who: Person, case: Case) -> Message | None:
    """Why this person acts on nothing here: no such role, or a member of the carrier."""
    if (reason := refusal(who.roles, "decide_admissibility")) is not None:
        return reason
    return INVOLVED if acts_for(work, who, case.carrier) else None


def _nothing(proposal: Proposal) -> Message:
    return say("There is nothing to decide now. State of the file: %(state)s.", state=STATES[State(decided_state(proposal))].label)


def _people(work: Work, checks: Mapping[diligence.Item, Any]) -> dict[int, str]:
    return assignment.names_of(work, {one.done_by_id for one in checks.values()})

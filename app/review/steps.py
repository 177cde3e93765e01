"""Steps of a file beside the decisions on its rules: its review begins, or another scheme suits it better."""

from app.accounts.people import Person
from app.core.lifecycle import Verb
from app.core.messages import say
from app.core.problems import Conflict, Invalid
from app.proposals.models import Proposal
from app.review.forms import RedirectForm, StepForm
from app.review.models import Concluded, Decision
from app.review.permitted import case_for
from app.review.publication import conclude
from app.unit import Work

NO_STEP = say("This edition has no review step: its admissible files go straight on the ballot.")


def begin_review(work: Work, proposal: Proposal, form: StepForm, *, by: Person) -> Decision:
    """Take an admissible file under review. Raises Refused, and Conflict (it moved, or the edition has no review step)."""
    case = case_for(work, proposal.public_id, form.seen, by=by)
    if not case.edition.review_step:
        raise Conflict(NO_STEP)
    made = Decision(
        proposal_id=case.proposal.id or 0,
        outcome=Concluded.UNDER_REVIEW.value,
        decided_at=work.now,
        decided_by_id=by.id,
    )
    return conclude(work, case.edition, case.proposal, Verb.BEGIN_REVIEW, made, by=by)


def redirect(work: Work, proposal: Proposal, form: RedirectForm, *, by: Person) -> Decision:
    """Point a file to another scheme, for good. Raises Refused, Conflict (it moved) and Invalid (no such scheme, no reason)."""
    case = case_for(work, proposal.public_id, form.seen, by=by)
    errors = {}
    if form.scheme not in {choice.key for choice in case.edition.redirects}:
        errors["scheme"] = say("Choose one of the schemes offered.")
    if not form.why:
        errors["why"] = say("Give the reason. It is published with the project.")
    if errors:
        raise Invalid(errors)
    made = Decision(
        proposal_id=case.proposal.id or 0,
        outcome=Concluded.REDIRECTED.value,
        reason=form.why,
        redirect=form.scheme,
        decided_at=work.now,
        decided_by_id=by.id,
    )
    return conclude(work, case.edition, case.proposal, Verb.REDIRECT, made, by=by)

"""What the public list of an edition offers: how many projects stand in each of its two parts, and in which countries."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from app.accounts.people import Person
from app.core.lifecycle import STATES, SeenBy, State
from app.core.messages import Message, say
from app.core.problems import Invalid, Missing
from app.countries import country_names
from app.editions.models import Edition
from app.proposals.lifecycle import at, state_at, state_of
from app.proposals.models import Proposal
from app.proposals.queries import carrier_file, project_by_public_id, public_standings
from app.review.models import REFUSALS, CarrierAnswer, Decision, RuleVerdict, Veto
from app.review.queries import find_file, shown_by
from app.unit import Work


class Shown(StrEnum):
    """The two parts of the list: the projects accepted, and those refused with the reasons."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


SHOWN_LABELS: dict[Shown, Message] = {Shown.ACCEPTED: say("Accepted projects"), Shown.REFUSED: say("Refused projects, with the reasons")}
_REFUSED = frozenset({State.INADMISSIBLE, State.INELIGIBLE, State.REDIRECTED})
STATES_SHOWN: dict[Shown, frozenset[State]] = {
    Shown.ACCEPTED: frozenset(state for state, facts in STATES.items() if facts.public) - _REFUSED - {State.MERGED},
    Shown.REFUSED: _REFUSED,
}
"""A file that was joined to another stands in neither: it may never have been checked, and the page of the other leads to it."""


class Criteria(StrEnum):
    """How a project stands to the published rules, for a filter of the list."""

    ALL = "all"
    MET = "met"
    REMARK = "remark"
    ANSWERED = "answered"


CRITERIA_LABELS: dict[Criteria, Message] = {
    Criteria.ALL: say("All projects"),
    Criteria.MET: say("Every rule met, without a remark"),
    Criteria.REMARK: say("With a remark of the city"),
    Criteria.ANSWERED: say("With an answer of the carrier"),
}


def standing_so(work: Work, edition: Edition, criteria: Criteria) -> ColumnElement[bool] | None:
    """The condition that a project stands so to the rules, as its last decision with findings that is shown says it; None: any."""
    if criteria is Criteria.ALL:
        return None
    if criteria is Criteria.ANSWERED:
        return col(Proposal.id).in_(select(CarrierAnswer.proposal_id))
    judged = select(func.max(Decision.id)).join(RuleVerdict, col(RuleVerdict.decision_id) == col(Decision.id))
    judged = judged.join(Proposal, col(Proposal.id) == col(Decision.proposal_id))
    judged = judged.where(Proposal.edition_id == edition.id, shown_by(work.now))
    last = judged.group_by(col(Decision.proposal_id))
    # An officer's yes or no stands beside what the machine found of the same rule: a fail of either is a remark.
    unmet = select(RuleVerdict.decision_id).where(col(RuleVerdict.verdict).in_(("fail", "missing")))
    found = select(Decision.proposal_id).where(col(Decision.id).in_(last))
    matching = found.where(col(Decision.id).in_(unmet) if criteria is Criteria.REMARK else col(Decision.id).not_in(unmet))
    return col(Proposal.id).in_(matching)


@dataclass(frozen=True)
class Offer:
    """The sizes of both parts, and the countries (ISO alpha-2) of the projects in each."""

    sizes: dict[Shown, int]
    countries: dict[Shown, frozenset[str]]


def offer_of(work: Work, edition: Edition) -> Offer:
    """What can be filtered in an edition."""
    every = public_standings(work, edition)
    sizes = {shown: sum(state in within for _, state, _ in every) for shown, within in STATES_SHOWN.items()}
    countries = {
        shown: frozenset(country for _, state, country in every if country and state in within) for shown, within in STATES_SHOWN.items()
    }
    return Offer(sizes, countries)


def last_refusals(work: Work, public_ids: Collection[str]) -> dict[str, Decision | Veto]:
    """The refusal of each of these projects, or the veto that took it off the ballot since, by its public id, in one statement."""
    refused = (col(Decision.proposal_id) == col(Proposal.id)) & col(Decision.outcome).in_(REFUSALS) & shown_by(work.now)
    query = select(Proposal.public_id, Decision, Veto).outerjoin(Decision, refused)
    query = query.outerjoin(Veto, (col(Veto.proposal_id) == col(Proposal.id)) & col(Veto.on_ballot).is_(False))
    found: dict[str, Decision | Veto] = {}
    for public_id, decision, veto in work.db.execute(query.where(col(Proposal.public_id).in_(public_ids)).order_by(col(Decision.id))):
        if reason := decision if decision and not is_overtaken(decision, veto) else veto:
            found[public_id] = reason
    return found


def is_overtaken(decision: Decision, veto: Veto | None) -> bool:
    """Whether a project was accepted after this refusal, and vetoed before the freeze: then the veto is what keeps it out."""
    return veto is not None and not veto.on_ballot and veto.vetoed_at >= decision.decided_at


def states_of(work: Work, public_ids: Collection[str]) -> dict[str, State]:
    """The state of each of these projects, by its public id, in one statement."""
    found = work.db.execute(select(Proposal.public_id, state_at(work.now)).where(col(Proposal.public_id).in_(public_ids)))
    return {public_id: State(state) for public_id, state in found}


def project_for(work: Work, public_id: str, person: Person | None) -> tuple[Proposal, bool]:
    """A project and whether it is public yet. Raises Missing, except to its carrier and to the staff who may read files."""
    try:
        return project_by_public_id(work, public_id), True
    except Missing:
        if person is None:
            raise
    if person.may("see_files"):
        proposal = at(find_file(work, public_id), work.now)
        return proposal, STATES[state_of(proposal)].seen_by is SeenBy.EVERYONE
    return carrier_file(work, public_id, person).proposal, False


def check_filters(edition: Edition, theme: str, country: str) -> None:
    """Raise Invalid for a theme that the edition does not have, or for no country of this world; blank is no filter."""
    unknown = say("This value is not among those offered.")
    if theme and theme not in {choice.key for choice in edition.themes}:
        raise Invalid({"theme": unknown})
    if country and country not in country_names():
        raise Invalid({"country": unknown})

"""What the public list of an edition offers: how many projects stand in each of its two parts, and in which countries."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import col, func, select

from app.accounts.people import Person
from app.core.lifecycle import STATES, SeenBy, State
from app.core.messages import Message, say
from app.core.problems import Invalid, Missing
from app.countries import country_names
from app.editions.models import Edition
from app.proposals.lifecycle import state_of
from app.proposals.models import Proposal
from app.proposals.queries import carrier_file, project_by_public_id
from app.review.models import Decision
from app.review.queries import find_file
from app.unit import Work


class Shown(StrEnum):
    """The two parts of the list: the projects accepted, and those refused with the reasons."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


SHOWN_LABELS: dict[Shown, Message] = {Shown.ACCEPTED: say("Accepted projects"), Shown.REFUSED: say("Refused projects, with the reasons")}
_REFUSED = frozenset({State.INADMISSIBLE, State.INELIGIBLE, State.REDIRECTED})
STATES_SHOWN: dict[Shown, frozenset[State]] = {
    Shown.ACCEPTED: frozenset(state for state, facts in STATES.items() if facts.public) - _REFUSED,
    Shown.REFUSED: _REFUSED,
}


@dataclass(frozen=True)
class Offer:
    """The sizes of both parts and the countries (ISO alpha-2) of all public projects."""

    sizes: dict[Shown, int]
    countries: frozenset[str]


def offer_of(work: Work, edition: Edition) -> Offer:
    """What can be filtered in an edition, in one statement."""
    states = [state.value for states in STATES_SHOWN.values() for state in states]
    query = select(Proposal.state, Proposal.country, func.count()).where(Proposal.edition_id == edition.id, col(Proposal.state).in_(states))
    found = work.db.exec(query.group_by(col(Proposal.state), col(Proposal.country))).all()
    sizes = {shown: sum(count for state, _, count in found if state in within) for shown, within in STATES_SHOWN.items()}
    return Offer(sizes, frozenset(country for _, country, _ in found if country))


def last_refusals(work: Work, public_ids: Collection[str]) -> dict[str, Decision]:
    """The refusal of each of these projects, by its public id, in one statement."""
    query = select(Proposal.public_id, Decision).join(Decision, col(Decision.proposal_id) == col(Proposal.id))
    query = query.where(col(Proposal.public_id).in_(public_ids), Decision.outcome == "inadmissible").order_by(col(Decision.id))
    return dict(work.db.exec(query).all())


def states_of(work: Work, public_ids: Collection[str]) -> dict[str, State]:
    """The state of each of these projects, by its public id, in one statement."""
    found = work.db.exec(select(Proposal.public_id, Proposal.state).where(col(Proposal.public_id).in_(public_ids)))
    return {public_id: State(state) for public_id, state in found}


def project_for(work: Work, public_id: str, person: Person | None) -> tuple[Proposal, bool]:
    """A project and whether it is public yet. Raises Missing, except to its carrier and to the staff who may read files."""
    try:
        return project_by_public_id(work, public_id), True
    except Missing:
        if person is None:
            raise
    if person.may("see_files"):
        proposal = find_file(work, public_id)
        return proposal, STATES[state_of(proposal)].seen_by is SeenBy.EVERYONE
    return carrier_file(work, public_id, person).proposal, False


def check_filters(edition: Edition, theme: str, country: str) -> None:
    """Raise Invalid for a theme that the edition does not have, or for no country of this world; blank is no filter."""
    unknown = say("This value is not among those offered.")
    if theme and theme not in {choice.key for choice in edition.themes}:
        raise Invalid({"theme": unknown})
    if country and country not in country_names():
        raise Invalid({"country": unknown})

"""An organisation and its files: what everyone may read of them over the editions, and which of its papers whom."""

from typing import NamedTuple

from sqlmodel import col, or_, select

from app.accounts.people import Person
from app.core.lifecycle import STATES, State
from app.core.messages import Localised, Message
from app.core.money import Money
from app.core.problems import Missing
from app.editions.models import Edition, Programme
from app.organisations.models import Organisation, Paper
from app.organisations.papers import NO_PAPER, paper_of
from app.organisations.queries import organisation_by_slug, role_in
from app.proposals.models import Proposal
from app.proposals.queries import PUBLIC, STATE_KINDS
from app.unit import Work


class Fate(NamedTuple):
    """A public project of an organisation and what became of it. `carrier` is named where another carries it."""

    url: str
    title: str
    lang: str
    edition: Localised
    number: int | None
    requested: Money | None
    state: Message
    kind: str
    carrier: str | None


def fates_of(work: Work, organisation: Organisation) -> list[Fate]:
    """Every public project that an organisation carries or signs for, the newest edition first, in one statement."""
    found = work.db.exec(
        select(Proposal, Edition, Programme, Organisation)
        .join(Edition, col(Edition.id) == col(Proposal.edition_id))
        .join(Programme, col(Programme.id) == col(Edition.programme_id))
        .join(Organisation, col(Organisation.id) == col(Proposal.organisation_id))
        .where(
            or_(col(Organisation.id) == organisation.id, col(Organisation.sponsor_id) == organisation.id),
            col(Proposal.state).in_(PUBLIC), col(Edition.published_at).is_not(None),
        )
        .order_by(col(Edition.created_at).desc(), col(Edition.id).desc(), col(Proposal.number))
    )  # fmt: skip
    return [_fate(organisation, *row) for row in found]


def _fate(organisation: Organisation, proposal: Proposal, edition: Edition, programme: Programme, carrier: Organisation) -> Fate:
    state = State(proposal.state)
    requested = None if proposal.requested_cents is None else Money(proposal.requested_cents, programme.currency)
    return Fate(
        f"/projects/{proposal.public_id}",
        proposal.title,
        proposal.language,
        Localised(edition.name),
        proposal.number,
        requested,
        STATES[state].label,
        STATE_KINDS.get(state, ""),
        carrier.name if carrier.id != organisation.id else None,
    )


def collectives_of(work: Work, sponsor: Organisation) -> list[Organisation]:
    """The collectives that have named this association to sign for them, by name."""
    return list(work.db.exec(select(Organisation).where(Organisation.sponsor_id == sponsor.id).order_by(col(Organisation.name))))


def paper_for(work: Work, slug: str, public_id: str, person: Person | None) -> Paper:
    """A paper of an organisation: for its members and, once it carries or signs for a submitted file, for staff who may see files.

    Raises Missing for everybody else, as if it did not exist.
    """
    organisation = organisation_by_slug(work, slug)
    paper = paper_of(work, organisation, public_id)
    if person is None or not (role_in(work, organisation.id, person) or (person.may("see_files") and _before_the_city(work, organisation))):
        raise Missing(NO_PAPER)
    return paper


def _before_the_city(work: Work, organisation: Organisation) -> bool:
    theirs = or_(col(Organisation.id) == organisation.id, col(Organisation.sponsor_id) == organisation.id)
    submitted = (
        select(Proposal.id)
        .join(Organisation, col(Organisation.id) == col(Proposal.organisation_id))
        .where(theirs, Proposal.state != State.DRAFT)
    )
    return work.db.exec(submitted.limit(1)).first() is not None

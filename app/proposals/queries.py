"""Reading files: the carrier's own side, and the public one."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, true
from sqlalchemy import select as select_rows
from sqlmodel import col, select

from app.accounts.people import Person
from app.core.eligibility import Section
from app.core.lifecycle import STATES, SeenBy, State
from app.core.messages import Localised, Message, say
from app.core.money import Money
from app.core.permissions import CARRIER, MemberRole
from app.core.problems import Missing
from app.editions.models import Edition, Programme
from app.facts import read_each_once, read_once
from app.organisations.models import Membership, Organisation
from app.proposals import lifecycle
from app.proposals.lifecycle import is_public, state_of
from app.proposals.models import BudgetLine, Document, Proposal, SectionRevision, Transition
from app.proposals.search import matches
from app.proposals.undertakings import SponsorStep
from app.unit import Work

ORDERS = 64
"""The published random orders of a list, numbered 0 to 63."""
NO_FILE = say("There is no file at this address, or it is not yours.")
NO_PROJECT = say("There is no project at this address, or it is not public.")
NO_DOCUMENT = say("There is no document at this address, or it is not for you.")
PUBLIC = tuple(state.value for state, facts in STATES.items() if facts.public)


@dataclass(frozen=True)
class CarrierFile:
    """A file opened by a member of its carrier: with its organisation, edition, programme, and the member's role."""

    proposal: Proposal
    organisation: Organisation
    edition: Edition
    programme: Programme
    role: MemberRole

    def may(self, permission: str) -> bool:
        """Whether the member's role holds a permission of `core.permissions.CARRIER`."""
        return self.role in CARRIER[permission]


@dataclass(frozen=True)
class ProjectCard:
    """A project in a list; the fields that the card of templates/components/bits.html shows."""

    public_id: str
    url: str
    title: str
    lang: str
    carrier: str
    country: str | None
    theme: Localised | None
    summary: str
    requested: Money | None
    state: Message
    state_kind: str
    number: int | None


def _files() -> Select[Proposal, Organisation, Edition, Programme, str]:
    return (
        select_rows(Proposal, Organisation, Edition, Programme, col(Membership.role))
        .join(Organisation, col(Organisation.id) == col(Proposal.organisation_id))
        .join(Edition, col(Edition.id) == col(Proposal.edition_id))
        .join(Programme, col(Programme.id) == col(Edition.programme_id))
        .join(Membership, col(Membership.organisation_id) == col(Organisation.id))
    )


def carrier_file(work: Work, public_id: str, person: Person | None) -> CarrierFile:
    """The file at an address, for a member of its carrier. Raises Missing for everybody else, as if it did not exist."""
    asked = (col(Proposal.public_id) == public_id, col(Membership.account_id) == (person.id if person else None))
    found = work.db.execute(_files().where(*asked)).first()
    if found is None:
        raise Missing(NO_FILE)
    return _as_file(work, *found)


def file_to_read(work: Work, public_id: str, person: Person | None) -> Proposal:
    """A file for the members of its carrier and, once it is submitted, for staff who may see files. Raises Missing for everybody else."""
    found = work.db.exec(select(Proposal).where(Proposal.public_id == public_id)).first()
    if found is None or person is None or not _may_read(work, found, person):
        raise Missing(NO_FILE)
    return lifecycle.at(found, work.now)


def _may_read(work: Work, proposal: Proposal, person: Person) -> bool:
    for_city = STATES[state_of(proposal)].seen_by is not SeenBy.CARRIER
    return (for_city and person.may("see_files")) or work.db.get(Membership, (proposal.organisation_id, person.id)) is not None


def files_of(work: Work, person: Person) -> list[CarrierFile]:
    """Every file of the organisations a person acts for, the newest first."""
    mine = _files().where(col(Membership.account_id) == person.id).order_by(col(Proposal.created_at).desc(), col(Proposal.id).desc())
    return [_as_file(work, *row) for row in work.db.execute(mine)]


def _as_file(
    work: Work, proposal: Proposal, organisation: Organisation, edition: Edition, programme: Programme, role: str
) -> CarrierFile:
    return CarrierFile(lifecycle.at(proposal, work.now), organisation, edition, programme, MemberRole(role))


def lines_of(work: Work, proposal: Proposal) -> list[BudgetLine]:
    """The budget lines of a file, in the order they were typed."""
    return list(work.db.exec(select(BudgetLine).where(BudgetLine.proposal_id == proposal.id).order_by(col(BudgetLine.position))))


def documents_of(work: Work, proposal: Proposal) -> list[Document]:
    """The documents of a file, without their bytes, the oldest first."""
    return list(work.db.exec(select(Document).where(Document.proposal_id == proposal.id).order_by(col(Document.id))))


def history(work: Work, proposal: Proposal, *, hidden: bool = False) -> list[Transition]:
    """The steps of a file's life, the oldest first; with `hidden`, for the city alone, those not shown yet too."""
    steps = select(Transition).where(Transition.proposal_id == proposal.id)
    if not hidden:
        steps = steps.where(col(Transition.shown_at).is_(None) | (col(Transition.shown_at) <= work.now))
    return list(work.db.exec(steps.order_by(col(Transition.at), col(Transition.id))))


def last_revision(work: Work, proposal: Proposal, section: Section) -> SectionRevision | None:
    """What a page held when it was last saved, None before that."""
    saved = select(SectionRevision).where(SectionRevision.proposal_id == proposal.id, SectionRevision.section == section.value)
    return work.db.exec(saved.order_by(col(SectionRevision.number).desc()).limit(1)).first()


def document_for(work: Work, public_id: str, person: Person | None) -> Document:
    """A document: for members of its carrier, the sponsor that was asked and, once submitted, staff who may see files. Raises Missing."""
    found = work.db.exec(
        select(Document, Proposal).join(Proposal, col(Proposal.id) == col(Document.proposal_id)).where(Document.public_id == public_id)
    ).first()
    if found is None or person is None:
        raise Missing(NO_DOCUMENT)
    document, proposal = found
    if not (_may_read(work, proposal, person) or signs_for(work, proposal, person)):
        raise Missing(NO_DOCUMENT)
    return document


def published_document(work: Work, public_id: str) -> Document:
    """A document that everyone may see: shared, of a public project, and if it is a picture with the people's consent. Raises Missing."""
    asked = select(Document, Proposal, Edition.published_at).join(Proposal, col(Proposal.id) == col(Document.proposal_id))
    asked = asked.join(Edition, col(Edition.id) == col(Proposal.edition_id)).where(Document.public_id == public_id)
    document, proposal, published = work.db.exec(asked).first() or (None, None, None)
    if document is None or proposal is None or published is None or document not in shown_of(proposal, [document]):
        raise Missing(NO_DOCUMENT)
    return document


def shown_of(proposal: Proposal, documents: Collection[Document]) -> list[Document]:
    """Those of a project's documents that everyone may see. None where somebody would be in danger."""
    if not is_public(proposal) or is_guarded(proposal):
        return []
    return [one for one in documents if one.shared and (one.consented_at is not None or not one.is_picture)]


def is_guarded(proposal: Proposal) -> bool:
    """Whether the file says that naming its place or its partner would put people in danger: then no name and no photo is public."""
    return bool(getattr(proposal, "place_guarded", False))


def signs_for(work: Work, proposal: Proposal, person: Person) -> bool:
    """Whether a person acts for the present sponsor of a file, and that sponsor was asked about it."""
    asked = (
        select(Membership.account_id)
        .join(Organisation, col(Organisation.sponsor_id) == col(Membership.organisation_id))
        .join(SponsorStep, col(SponsorStep.sponsor_id) == col(Membership.organisation_id))
        .where(Organisation.id == proposal.organisation_id, SponsorStep.proposal_id == proposal.id, Membership.account_id == person.id)
    )
    return work.db.exec(asked).first() is not None


@read_once
def project_by_public_id(work: Work, public_id: str) -> Proposal:
    """A public project. Raises Missing for a draft, a file not yet decided on, and an unpublished edition."""
    found = work.db.exec(
        select(Proposal, Edition.published_at)
        .join(Edition, col(Edition.id) == col(Proposal.edition_id))
        .where(Proposal.public_id == public_id)
    ).first()
    if found is None or found[1] is None or not is_public(lifecycle.at(found[0], work.now)):
        raise Missing(NO_PROJECT)
    return found[0]


def search_filter(text: str, language: str) -> ColumnElement[bool]:
    """The condition "holds every word of this text", the beginning of a word being enough, or "has this number"; any text is fine."""
    words = matches(text, language)
    condition: ColumnElement[bool] = true()
    for stem in words:  # stems hold letters and digits alone: nothing here is a wildcard
        condition = condition & col(Proposal.search_text).like(f"% {stem}%")
    asked = text.strip().removeprefix("n°").removeprefix("N°").strip()
    return condition | (col(Proposal.number) == int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 9 else condition


def shuffled(public_ids: Collection[str], order: int) -> list[str]:
    """The published random order number `order`: by SHA-256 of "order:identifier", so that anyone can redo it."""
    return sorted(public_ids, key=lambda public_id: hashlib.sha256(f"{order}:{public_id}".encode()).digest())


def public_projects(
    work: Work, edition: Edition, *, text: str = "", theme: str | None = None, country: str | None = None, order: int = 0, page: int = 1,
    per_page: int = 24, language: str = "fr", states: Collection[State] | None = None, only: ColumnElement[bool] | None = None,
) -> tuple[list[ProjectCard], int]:
    """One page of the public projects of an edition in one of its 64 orders, and how many there are in all.

    `states` narrows the public states, `only` is one more condition; pages count from 1. Two statements, whatever the number of projects.
    """
    if theme or country or text.strip() or only is not None:
        known = select(Proposal.public_id).where(
            _public_in(edition, work, states), *([search_filter(text, language)] if text.strip() else []),
            *([col(Proposal.theme) == theme] if theme else []), *([col(Proposal.country) == country] if country else []),
            *([only] if only is not None else []),
        )
        ordered = shuffled(work.db.exec(known).all(), order)
    else:
        ordered = _all_shuffled(work, edition, states, order)
    chosen = ordered[(page - 1) * per_page : page * per_page]
    cards = _cards(work, edition, chosen)
    return [cards[public_id] for public_id in chosen], len(ordered)


@read_once
def public_standings(work: Work, edition: Edition) -> Sequence[tuple[str, State, str | None]]:
    """Every public project of an edition: identifier, state, country (ISO alpha-2). Lists, filters and their sizes say no more of them."""
    stands = lifecycle.state_at(work.now)
    wanted = select_rows(col(Proposal.public_id), stands, col(Proposal.country)).where(_public_in(edition, work, None))
    return [(public_id, State(state), country) for public_id, state, country in work.db.execute(wanted)]


@read_once
def _all_shuffled(work: Work, edition: Edition, states: Collection[State] | None, order: int) -> list[str]:
    every = public_standings(work, edition)
    return shuffled([public_id for public_id, state, _ in every if states is None or state in states], order)


def public_count(work: Work, edition: Edition, states: Collection[State]) -> int:
    """How many public projects of an edition are in one of these states."""
    return sum(state in states for _, state, _ in public_standings(work, edition))


def _public_in(edition: Edition, work: Work, states: Collection[State] | None) -> ColumnElement[bool]:
    wanted = [state.value for state in states if STATES[state].public] if states is not None else PUBLIC
    return and_(col(Proposal.edition_id) == edition.id, lifecycle.state_at(work.now).in_(wanted))


@read_each_once
def _cards(work: Work, edition: Edition, public_ids: Collection[str]) -> Mapping[str, ProjectCard]:
    """Identifier -> these files as cards of a list: a card says a quarter of what a file holds, so no more is read."""
    rows = work.db.execute(
        select_rows(
            col(Proposal.public_id), col(Proposal.title), col(Proposal.language), col(Proposal.country), col(Proposal.theme),
            col(Proposal.summary), col(Proposal.number), col(Proposal.requested_cents), lifecycle.state_at(work.now),
            col(Organisation.name),
        )
        .join(Organisation, col(Organisation.id) == col(Proposal.organisation_id))
        .where(col(Proposal.public_id).in_(public_ids))
    )  # fmt: skip
    themes = {one.key: Localised(one.label) for one in edition.themes}
    return {
        public_id: ProjectCard(
            public_id=public_id, url=f"/projects/{public_id}", title=title, lang=language, carrier=carrier, country=country,
            theme=themes.get(theme), summary=summary, number=number, state=STATES[state := State(standing)].label,
            state_kind=STATE_KINDS.get(state, ""), requested=None if requested is None else Money(requested),
        )
        for public_id, title, language, country, theme, summary, number, requested, standing, carrier in rows
    }  # fmt: skip


STATE_KINDS: dict[State, str] = {
    State.INCOMPLETE: "warn", State.SUBMITTED: "ok", State.COMPLETED: "ok", State.ADMISSIBLE: "ok", State.ELIGIBLE: "ok",
    State.ON_BALLOT: "brand", State.LEADING: "brand", State.AWARDED: "solid", State.CLOSED: "solid",
    State.INADMISSIBLE: "err", State.INELIGIBLE: "err", State.CANCELLED: "err", State.REFUSED_BY_COUNCIL: "err",
}
"""State -> the kind of its badge in templates/components/bits.html."""

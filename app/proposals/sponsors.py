"""A collective's file before its sponsor: asked for, read, validated or declined. A validation holds of the content it saw alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field
from sqlmodel import col, select

from app.accounts.people import Person
from app.core.eligibility import SponsorWord
from app.core.forms import Form, Text, Tick
from app.core.lifecycle import State
from app.core.messages import say
from app.core.permissions import CARRIER, MemberRole
from app.core.problems import Conflict, Missing, Refused
from app.editions.models import Edition, Programme
from app.ledger import service as ledger
from app.organisations.forms import at_most
from app.organisations.models import Organisation
from app.organisations.queries import members_of, role_in, sponsor_of
from app.organisations.service import not_for
from app.proposals import commitments, sponsor_emails
from app.proposals.commitments import CommitmentForm
from app.proposals.content import content_hash
from app.proposals.models import Proposal
from app.proposals.queries import CarrierFile, documents_of, lines_of
from app.proposals.service import check_role
from app.proposals.undertakings import SponsorStep
from app.proposals.words import Words, words_on
from app.unit import Work

OPEN = frozenset({State.DRAFT, State.SUBMITTED, State.INCOMPLETE, State.COMPLETED})
"""The states in which a sponsor can still say yes or no: before the city decides."""
ASK_AGAIN = timedelta(days=1)
NOT_YOURS = say("There is no file to validate at this address, or your association does not sign for it.")


class ValidationForm(Form):
    """The sponsor stands behind the file, and takes the republican commitment for it. `seen` names the content that was read."""

    accepts: Tick = False
    version: str = ""
    seen: str = ""


class DecliningForm(Form):
    """The sponsor does not sign, and says why."""

    reason: Annotated[Text, Field(min_length=1), at_most(2000)]


@dataclass(frozen=True)
class SponsoredFile:
    """A collective's file as a member of its sponsor sees it."""

    proposal: Proposal
    collective: Organisation
    sponsor: Organisation
    edition: Edition
    programme: Programme
    role: MemberRole
    words: Words
    content: str

    @property
    def word(self) -> SponsorWord:
        """What the sponsor says of the file as it is now."""
        return self.words.on(self.sponsor.id, self.content)

    @property
    def open(self) -> bool:
        """Whether the sponsor can still answer."""
        return State(self.proposal.state) in OPEN

    def may(self, permission: str) -> bool:
        """Whether the member's role in the sponsor holds a permission of `core.permissions.CARRIER`."""
        return self.role in CARRIER[permission]


def content_of(work: Work, proposal: Proposal) -> str:
    """The fingerprint of a file as it stands now."""
    documents = [(one.kind, one.sha256) for one in documents_of(work, proposal)]
    return content_hash(proposal, lines_of(work, proposal), documents)


def ask(work: Work, file: CarrierFile, *, by: Person) -> None:
    """Ask the sponsor by e-mail to validate the file. Raises Conflict where there is nobody to ask, or it was asked the same a day ago."""
    check_role(file, "write_file")
    sponsor = sponsor_of(work, file.organisation)
    if sponsor is None:
        raise Conflict(say("Name the association that signs for you first, on the page of your collective."))
    _check_open(file.proposal)
    if not any(member.may("sign_for") for member in members_of(work, sponsor.id)):
        raise Conflict(
            say("Nobody acts for %(name)s on this site yet. Ask its representative to register it here, then ask again.", name=sponsor.name)
        )
    content = content_of(work, file.proposal)
    words = words_on(work, [file.proposal])[file.proposal.id or 0]
    if words.on(sponsor.id, content) is SponsorWord.VALIDATED:
        raise Conflict(say("%(name)s has already validated this file as it is.", name=sponsor.name))
    latest = words.last(sponsor.id)
    if latest is not None and (latest.act, latest.content_hash) == ("ask", content) and work.now < latest.at + ASK_AGAIN:
        raise Conflict(say("%(name)s was asked on %(moment)s. You can ask again a day later.", name=sponsor.name, moment=latest.at))
    _note(work, file.proposal, sponsor, "ask", content, by)
    sponsor_emails.asked(work, file, sponsor, by)


def sponsored_file(work: Work, public_id: str, person: Person | None) -> SponsoredFile:
    """A file that the present sponsor was asked to validate, for one of its members. Raises Missing for everybody else."""
    found = work.db.exec(
        select(Proposal, Organisation, Edition, Programme)
        .join(Organisation, col(Organisation.id) == col(Proposal.organisation_id))
        .join(Edition, col(Edition.id) == col(Proposal.edition_id))
        .join(Programme, col(Programme.id) == col(Edition.programme_id))
        .where(Proposal.public_id == public_id)
    ).first()
    role = role_in(work, found[1].sponsor_id, person) if found is not None else None
    if found is None or role is None:
        raise Missing(NOT_YOURS)
    proposal, collective, edition, programme = found
    words = words_on(work, [proposal])[proposal.id or 0]
    if words.last(collective.sponsor_id) is None:
        raise Missing(NOT_YOURS)
    sponsor = work.db.get_one(Organisation, collective.sponsor_id)
    return SponsoredFile(proposal, collective, sponsor, edition, programme, role, words, content_of(work, proposal))


def validate(work: Work, public_id: str, form: ValidationForm, *, by: Person) -> None:
    """Stand behind the file as it was read, and take the republican commitment for it.

    Raises Refused for who may not sign for the sponsor, Conflict where the file changed meanwhile or is decided, Invalid without the tick.
    """
    file = _for_answer(work, public_id, by)
    if form.seen != file.content:
        raise Conflict(say("The file was changed while you were reading. Read it again, then decide."))
    commitments.take(work, file.proposal, file.sponsor.id, CommitmentForm(accepts=form.accepts, version=form.version), by=by)
    if file.word is not SponsorWord.VALIDATED:
        _note(work, file.proposal, file.sponsor, "validate", file.content, by)
        sponsor_emails.validated(work, file.proposal, file.collective, file.sponsor)


def decline(work: Work, public_id: str, form: DecliningForm, *, by: Person) -> None:
    """Do not sign for the file, and say why to the collective and the city. Raises as `validate` does."""
    file = _for_answer(work, public_id, by)
    _note(work, file.proposal, file.sponsor, "decline", file.content, by, form.reason)
    sponsor_emails.declined(work, file.proposal, file.collective, file.sponsor, form.reason)


def files_to_answer(work: Work, sponsor: Organisation) -> list[tuple[Proposal, Organisation]]:
    """The files on which this association was asked as the present sponsor, the newest first."""
    asked = select(SponsorStep.proposal_id).where(SponsorStep.sponsor_id == sponsor.id)
    theirs = (
        select(Proposal, Organisation)
        .join(Organisation, col(Organisation.id) == col(Proposal.organisation_id))
        .where(Organisation.sponsor_id == sponsor.id, col(Proposal.id).in_(asked))
    )
    return list(work.db.exec(theirs.order_by(col(Proposal.id).desc())))


def _for_answer(work: Work, public_id: str, by: Person) -> SponsoredFile:
    proposal = sponsored_file(work, public_id, by).proposal
    work.db.refresh(proposal, with_for_update=True)
    file = sponsored_file(work, public_id, by)
    if not file.may("sign_for"):
        raise Refused(not_for("sign_for"))
    _check_open(file.proposal)
    return file


def _check_open(proposal: Proposal) -> None:
    if State(proposal.state) not in OPEN:
        raise Conflict(say("The city has decided on this file: its sponsor answers no more."))


def _note(work: Work, proposal: Proposal, sponsor: Organisation, act: str, content: str, by: Person, reason: str = "") -> None:
    work.db.add(SponsorStep(
        proposal_id=proposal.id or 0, sponsor_id=sponsor.id or 0, act=act, content_hash=content, reason=reason, at=work.now, by_id=by.id,
    ))  # fmt: skip
    work.db.flush()
    ledger.record(work, f"proposal:sponsor-{act}", proposal.public_id, f"{sponsor.slug} {content}\n{reason}".strip(), by=by.id)

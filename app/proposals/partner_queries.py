"""Reading what the local partner was sent and what it answered."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import col, select

from app.core.messages import Message, say
from app.proposals.models import Document, Proposal
from app.proposals.partner_models import PartnerAnswer, PartnerLink
from app.proposals.queries import is_guarded, shown_of
from app.unit import Work

CONFIRMED, DECLINED = "confirmed", "declined"


@dataclass(frozen=True)
class PartnerStanding:
    """Where a file stands with its partner: the newest link, the newest answer, and whether that answer was of another partner."""

    link: PartnerLink | None
    answer: PartnerAnswer | None
    outdated: bool
    expired: bool

    @property
    def signed(self) -> PartnerAnswer | None:
        """The signature under the letter, if it holds."""
        return self.answer if self.answer is not None and self.answer.outcome == CONFIRMED and not self.outdated else None

    @property
    def label(self) -> tuple[Message, str]:
        """How it stands in words, and the kind of the badge."""
        if self.outdated:
            return say("Outdated: the file now names another partner"), "warn"
        if self.answer is not None and (self.link is None or self.answer.link_id == self.link.id):
            confirmed = self.answer.outcome == CONFIRMED
            return (say("Letter signed"), "ok") if confirmed else (say("Declined"), "err")
        if self.link is None:
            return say("Not sent yet"), ""
        if self.link.revoked_at is not None:
            return say("Link withdrawn"), ""
        if self.expired:
            return say("Link expired"), "warn"
        return (say("Opened"), "brand") if self.link.opened_at is not None else (say("Sent"), "brand")


def identity_of(proposal: Proposal) -> dict[str, str]:
    """Who the partner is, as far as a signature depends on it."""
    return {"name": " ".join(proposal.partner_name.split()), "kind": proposal.partner_kind, "country": proposal.country or ""}


def standing_of(work: Work, proposal: Proposal) -> PartnerStanding:
    """Where a file stands with its partner, in two statements."""
    links = select(PartnerLink).where(PartnerLink.proposal_id == proposal.id).order_by(col(PartnerLink.id).desc()).limit(1)
    answers = select(PartnerAnswer).where(PartnerAnswer.proposal_id == proposal.id).order_by(col(PartnerAnswer.id).desc()).limit(1)
    link, answer = work.db.exec(links).first(), work.db.exec(answers).first()
    outdated = answer is not None and answer.identity != identity_of(proposal)
    return PartnerStanding(link, answer, outdated, link is not None and link.expires_at <= work.now)


@dataclass(frozen=True)
class ToldByPartner:
    """What the public page of a project shows of its partner's own side: the signature that holds, and what everyone may see."""

    signed: PartnerAnswer | None
    photos: list[Document]
    papers: list[Document]
    guarded: bool


def told_by_partner(proposal: Proposal, documents: Collection[Document], answer: PartnerAnswer | None) -> ToldByPartner:
    """The partner's words and the shared documents of a project, from its documents and the partner's last answer."""
    shown = shown_of(proposal, documents)
    photos, papers = [one for one in shown if one.is_picture], [one for one in shown if not one.is_picture]
    return ToldByPartner(answer if is_signed(proposal, answer) else None, photos, papers, is_guarded(proposal))


def is_signed(proposal: Proposal, answer: PartnerAnswer | None) -> bool:
    """Whether the partner of a file, as now named, signed the letter, and that was its last answer."""
    return answer is not None and answer.outcome == CONFIRMED and answer.identity == identity_of(proposal)


def has_declined(proposal: Proposal, answer: PartnerAnswer | None) -> bool:
    """Whether the partner of a file, as now named, said no, and that was its last answer."""
    return answer is not None and answer.outcome == DECLINED and answer.identity == identity_of(proposal)

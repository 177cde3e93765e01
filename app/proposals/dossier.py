"""Files as the rules see them: plain facts, no table row; a fixed number of statements for any number of files."""

from collections.abc import Sequence
from datetime import date

from app.core.eligibility import BudgetLine as Line
from app.core.eligibility import Carrier, CarrierForm, Dossier, Partner
from app.organisations.models import Organisation
from app.organisations.papers import is_valid
from app.proposals.content import content_hash
from app.proposals.gathered import Editions, Gathered, gather
from app.proposals.models import Proposal
from app.proposals.partner_models import PartnerAnswer
from app.proposals.partner_queries import has_declined, is_signed
from app.unit import Work

TEXTS = {
    "title": "title",
    "summary": "summary",
    "description": "description",
    "beneficiaries": "beneficiaries_who",
    "feedback": "feedback",
    "sustainability": "sustainability",
}
"""The name of a text in the rules -> its column."""


def dossier_of(work: Work, proposal: Proposal) -> Dossier:
    """The facts of one file as they stand now, drafts included."""
    return dossiers_of(work, [proposal])[proposal.id or 0]


def dossiers_of(work: Work, proposals: Sequence[Proposal], editions: Editions | None = None) -> dict[int, Dossier]:
    """The facts of each file, by its row number, as they stand now; `editions`: where they were read already."""
    return dossiers_from(gather(work, proposals, editions), proposals, work.now.date())


def dossiers_from(held: Gathered, proposals: Sequence[Proposal], today: date) -> dict[int, Dossier]:
    """The same, from rows read already; a paper counts if it is valid `today`."""
    return {one.id or 0: _dossier(one, held, today) for one in proposals}


def _dossier(proposal: Proposal, held: Gathered, today: date) -> Dossier:
    key, organisation = proposal.id or 0, held.carrier(proposal)
    lines, joined = held.lines.get(key, ()), [(one.kind, one.sha256) for one in held.documents.get(key, ())]
    asked = [Line("74", proposal.requested_cents)] if proposal.requested_cents else []
    papers = [one for number in (organisation.id, organisation.sponsor_id) for one in held.papers.get(number or 0, ())]
    return Dossier(
        carrier=_carrier(proposal, organisation, held, content_hash(proposal, lines, joined) if organisation.sponsor_id else ""),
        partner=_partner(proposal, held.answers.get(key)),
        country=proposal.country,
        theme=proposal.theme,
        nature=proposal.nature,
        requested_cents=proposal.requested_cents,
        charges=tuple(Line(line.account, line.cents) for line in lines if line.side == "charge"),
        products=(*asked, *(Line(line.account, line.cents) for line in lines if line.side == "product")),
        currency=held.editions[proposal.edition_id][1].currency,
        duration_months=proposal.duration_months,
        starts_on=proposal.starts_on,
        texts={name: getattr(proposal, column) for name, column in TEXTS.items()},
        declarations=dict(proposal.declarations),
        documents=frozenset({one.kind for one in papers if is_valid(one, today)} | {kind for kind, _ in joined}),
    )


def _carrier(proposal: Proposal, organisation: Organisation, held: Gathered, content: str = "") -> Carrier:
    """An organisation as the carrier of a file. Only a commitment taken for this very file counts."""
    sponsor = held.organisations.get(organisation.sponsor_id or 0)
    words = held.words.get(proposal.id or 0)
    committed = held.commitments.get((proposal.id or 0, organisation.id or 0))
    return Carrier(
        form=CarrierForm(organisation.kind),
        name=organisation.name,
        commune=organisation.commune,
        founded_on=organisation.founded_on,
        pending_reports=organisation.pending_reports,
        republican_commitment_on=committed.accepted_at.date() if committed else None,
        siren=organisation.siren,
        siret=organisation.siret,
        rna=organisation.rna,
        sponsor=_carrier(proposal, sponsor, held) if sponsor else None,
        sponsor_word=words.on(sponsor.id, content) if sponsor and words else None,
    )


def _partner(proposal: Proposal, answer: PartnerAnswer | None) -> Partner | None:
    """The local partner, if one is named, and whether its letter is there: signed by its own link, or said to be joined.

    If it declined by its own link, no letter that is said to be joined makes up for that.
    """
    if not proposal.partner_name:
        return None
    signed, declined = is_signed(proposal, answer), has_declined(proposal, answer)
    return Partner(proposal.partner_name, signed or (bool(proposal.partner_letter) and not declined), proposal.place_guarded, declined)

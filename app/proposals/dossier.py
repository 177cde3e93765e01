"""Files as the rules see them: plain facts, no table row; five statements for any number of files."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlmodel import col, select

from app.core.eligibility import BudgetLine as Line
from app.core.eligibility import Carrier, CarrierForm, Dossier, Partner
from app.editions.models import Edition, Programme
from app.organisations.models import Organisation
from app.proposals.models import BudgetLine, Document, Proposal
from app.proposals.partner_queries import signed_ids
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


def dossiers_of(work: Work, proposals: Sequence[Proposal]) -> dict[int, Dossier]:
    """The facts of each file, by its row number, as they stand now."""
    ids = [proposal.id for proposal in proposals]
    lines: dict[int, list[BudgetLine]] = defaultdict(list)
    for line in work.db.exec(select(BudgetLine).where(col(BudgetLine.proposal_id).in_(ids)).order_by(col(BudgetLine.position))):
        lines[line.proposal_id].append(line)
    kinds: dict[int, set[str]] = defaultdict(set)
    for owner, kind in work.db.exec(select(Document.proposal_id, Document.kind).where(col(Document.proposal_id).in_(ids))):
        kinds[owner].add(kind)
    carriers, currencies, signed = organisations_of(work, proposals), _currencies(work, proposals), signed_ids(work, proposals)
    return {
        one.id or 0: _dossier(
            one, lines[one.id or 0], frozenset(kinds[one.id or 0]), carriers, currencies[one.edition_id], signed=one.id in signed
        )
        for one in proposals
    }


def organisations_of(work: Work, proposals: Sequence[Proposal]) -> dict[int, Organisation]:
    """The carriers of these files and the associations that sponsor them, by row number, in one statement."""
    theirs = col(Organisation.id).in_([proposal.organisation_id for proposal in proposals])
    sponsors = select(Organisation.sponsor_id).where(theirs)
    found = work.db.exec(select(Organisation).where(theirs | col(Organisation.id).in_(sponsors)))
    return {organisation.id or 0: organisation for organisation in found}


def _currencies(work: Work, proposals: Sequence[Proposal]) -> dict[int, str]:
    """Edition -> the currency of its programme."""
    asked = select(Edition.id, Programme.currency).join(Programme, col(Programme.id) == col(Edition.programme_id))
    rows = work.db.exec(asked.where(col(Edition.id).in_({proposal.edition_id for proposal in proposals})))
    return {edition or 0: currency for edition, currency in rows}


def _dossier(
    proposal: Proposal,
    lines: Sequence[BudgetLine],
    kinds: frozenset[str],
    carriers: Mapping[int, Organisation],
    currency: str,
    *,
    signed: bool,
) -> Dossier:
    asked = [Line("74", proposal.requested_cents)] if proposal.requested_cents else []
    return Dossier(
        carrier=_carrier(carriers[proposal.organisation_id], carriers),
        partner=_partner(proposal, signed),
        country=proposal.country,
        theme=proposal.theme,
        nature=proposal.nature,
        requested_cents=proposal.requested_cents,
        charges=tuple(Line(line.account, line.cents) for line in lines if line.side == "charge"),
        products=(*asked, *(Line(line.account, line.cents) for line in lines if line.side == "product")),
        currency=currency,
        duration_months=proposal.duration_months,
        starts_on=proposal.starts_on,
        texts={name: getattr(proposal, column) for name, column in TEXTS.items()},
        declarations=dict(proposal.declarations),
        documents=kinds,
    )


def _carrier(organisation: Organisation, carriers: Mapping[int, Organisation]) -> Carrier:
    sponsor = carriers.get(organisation.sponsor_id or 0)
    return Carrier(
        form=CarrierForm(organisation.kind),
        name=organisation.name,
        commune=organisation.commune,
        founded_on=organisation.founded_on,
        pending_reports=organisation.pending_reports,
        republican_commitment_on=organisation.republican_commitment_on,
        siren=organisation.siren,
        siret=organisation.siret,
        rna=organisation.rna,
        sponsor=_carrier(sponsor, carriers) if sponsor else None,
    )


def _partner(proposal: Proposal, signed: bool) -> Partner | None:
    """The local partner, if one is named, and whether its letter is there: signed by its own link, or said to be joined."""
    if not proposal.partner_name:
        return None
    return Partner(proposal.partner_name, signed or bool(proposal.partner_letter), proposal.place_guarded)

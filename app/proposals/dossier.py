"""Files as the rules see them: plain facts, no table row; a fixed number of statements for any number of files."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlmodel import col, select

from app.core.eligibility import BudgetLine as Line
from app.core.eligibility import Carrier, CarrierForm, Dossier, Partner
from app.editions.models import Edition, Programme
from app.organisations.models import Organisation
from app.organisations.papers import current, is_valid
from app.proposals.content import content_hash
from app.proposals.models import BudgetLine, Document, Proposal
from app.proposals.partner_queries import signed_ids
from app.proposals.undertakings import Commitment
from app.proposals.words import Words, words_on
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
    joined: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for owner, kind, digest in work.db.exec(
        select(Document.proposal_id, Document.kind, Document.sha256).where(col(Document.proposal_id).in_(ids))
    ):
        joined[owner].append((kind, digest))
    carriers, currencies = organisations_of(work, proposals), _currencies(work, proposals)
    papers, committed = _papers(work, carriers), _committed(work, ids)
    words = words_on(work, [one for one in proposals if carriers[one.organisation_id].sponsor_id])
    around = Around(carriers, papers, committed, words, currencies, signed_ids(work, proposals))
    return {
        one.id or 0: _dossier(one, lines[one.id or 0], joined[one.id or 0], around)
        for one in proposals
    }


class Around(NamedTuple):
    """What files share: carriers, the kinds of valid papers these keep, commitments by (file, organisation), words of sponsors."""

    carriers: Mapping[int, Organisation]
    papers: Mapping[int, set[str]]
    committed: Mapping[tuple[int, int], date]
    words: Mapping[int, Words]
    currencies: Mapping[int, str]
    signed: Collection[int | None]


def _papers(work: Work, carriers: Mapping[int, Organisation]) -> dict[int, set[str]]:
    """Organisation -> the kinds of documents that count today."""
    kinds: dict[int, set[str]] = defaultdict(set)
    for paper in current(work, carriers.keys()):
        if is_valid(paper, work.now.date()):
            kinds[paper.organisation_id].add(paper.kind)
    return kinds


def _committed(work: Work, ids: Sequence[int | None]) -> dict[tuple[int, int], date]:
    """(file, organisation) -> the day on which that association last took the republican commitment for that file."""
    taken = select(Commitment).where(col(Commitment.proposal_id).in_(ids)).order_by(col(Commitment.id))
    return {(one.proposal_id, one.organisation_id): one.accepted_at.date() for one in work.db.exec(taken)}


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


def _dossier(proposal: Proposal, lines: Sequence[BudgetLine], joined: Sequence[tuple[str, str]], around: Around) -> Dossier:
    asked = [Line("74", proposal.requested_cents)] if proposal.requested_cents else []
    organisation = around.carriers[proposal.organisation_id]
    kept = around.papers.get(organisation.id or 0, set()) | around.papers.get(organisation.sponsor_id or 0, set())
    return Dossier(
        carrier=_carrier(proposal, organisation, around, content_hash(proposal, lines, joined) if organisation.sponsor_id else ""),
        partner=_partner(proposal, proposal.id in around.signed),
        country=proposal.country,
        theme=proposal.theme,
        nature=proposal.nature,
        requested_cents=proposal.requested_cents,
        charges=tuple(Line(line.account, line.cents) for line in lines if line.side == "charge"),
        products=(*asked, *(Line(line.account, line.cents) for line in lines if line.side == "product")),
        currency=around.currencies[proposal.edition_id],
        duration_months=proposal.duration_months,
        starts_on=proposal.starts_on,
        texts={name: getattr(proposal, column) for name, column in TEXTS.items()},
        declarations=dict(proposal.declarations),
        documents=frozenset(kept | {kind for kind, _ in joined}),
    )


def _carrier(proposal: Proposal, organisation: Organisation, around: Around, content: str = "") -> Carrier:
    """An organisation as the carrier of a file. Only a commitment taken for this very file counts."""
    sponsor = around.carriers.get(organisation.sponsor_id or 0)
    words = around.words.get(proposal.id or 0)
    return Carrier(
        form=CarrierForm(organisation.kind),
        name=organisation.name,
        commune=organisation.commune,
        founded_on=organisation.founded_on,
        pending_reports=organisation.pending_reports,
        republican_commitment_on=around.committed.get((proposal.id or 0, organisation.id or 0)),
        siren=organisation.siren,
        siret=organisation.siret,
        rna=organisation.rna,
        sponsor=_carrier(proposal, sponsor, around) if sponsor else None,
        sponsor_word=words.on(sponsor.id, content) if sponsor and words else None,
    )


def _partner(proposal: Proposal, signed: bool) -> Partner | None:
    """The local partner, if one is named, and whether its letter is there: signed by its own link, or said to be joined."""
    if not proposal.partner_name:
        return None
    return Partner(proposal.partner_name, signed or bool(proposal.partner_letter), proposal.place_guarded)

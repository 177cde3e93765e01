"""Files on an officer's desk: those of the demonstration, handed in by their carriers."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import select

from app.accounts.models import Account
from app.core.lifecycle import Verb
from app.editions.models import Edition
from app.organisations.models import Membership, Organisation
from app.proposals import lifecycle
from app.proposals.models import BudgetLine, Proposal
from app.proposals.republican_text import VERSION
from app.proposals.search import search_text_for
from app.proposals.sponsors import content_of
from app.proposals.undertakings import Commitment, SponsorStep
from app.review.diligence import Item
from app.review.models import DiligenceCheck
from app.unit import Work
from tests.core.rennes import DECLARATIONS, demonstration, files

GOOD, EMERGENCY = "P01", "X01"
"""A file that meets every rule the machine can check, and one that is emergency aid."""


def hand_in(
    work: Work, edition: Edition, key: str = GOOD, *, member: int | None = None, role: str = "writer", **overrides: Any
) -> Proposal:
    """A file of the demonstration, submitted; `member`: account of a person who acts for its carrier in this `role`."""
    source = next(one for one in files() if one["id"] == key)
    carrier = _organisation(work, source)
    number = len(work.db.exec(select(Proposal.id).where(Proposal.edition_id == edition.id)).all()) + 1
    proposal = Proposal(**_columns(source) | overrides, public_id=f"file{key.lower()}{edition.id}", edition_id=edition.id,
                        organisation_id=carrier.id, number=number, created_at=work.now, submitted_at=work.now)
    proposal.search_text = search_text_for(proposal, carrier.name)
    work.db.add(proposal)
    work.db.flush()
    work.db.add_all(_lines(source, proposal))
    if member is not None and work.db.get(Membership, (carrier.id, member)) is None:
        work.db.add(Membership(organisation_id=carrier.id, account_id=member, role=role, since=work.now))
    _vouch(work, proposal, carrier)
    lifecycle.record(work, proposal, Verb.SUBMIT, by=member)
    work.db.flush()
    return proposal


def checked(work: Work, proposal: Proposal, found: str = "fine") -> None:
    """Every check before the ballot done on a file, by somebody of the city."""
    officer = work.db.exec(select(Account.id)).first()
    known = {"proposal_id": proposal.id, "found": found, "note": "Vu.", "done_at": work.now, "done_by_id": officer}
    work.db.add_all(DiligenceCheck(item=item.value, **known) for item in Item)
    work.db.flush()


def _vouch(work: Work, proposal: Proposal, carrier: Organisation) -> None:
    """The association that signs takes the republican commitment for the file if it ever did; a sponsor stands behind the file as it is."""
    signatory = work.db.get_one(Organisation, carrier.sponsor_id or carrier.id)
    signing = Account(email=f"{proposal.public_id}@porteuse.example", display_name="Signataire", created_at=work.now)
    work.db.add(signing)
    work.db.flush()
    if signatory.republican_commitment_on:
        work.db.add(Commitment(proposal_id=proposal.id or 0, organisation_id=signatory.id or 0, text_version=VERSION, accepted_at=work.now,
                               accepted_by_id=signing.id or 0))
    if carrier.sponsor_id is not None:
        work.db.add(SponsorStep(proposal_id=proposal.id or 0, sponsor_id=carrier.sponsor_id, act="validate", at=work.now,
                                by_id=signing.id or 0, content_hash=content_of(work, proposal)))


def _columns(source: dict[str, Any]) -> dict[str, Any]:
    partner = source["local_partner"] or {"name": "", "kind": "", "agreement_letter": None}
    return {
        "title": source["title"], "summary": source["summary"], "description": source["description"], "country": source["country"],
        "place": source["place"], "partner_name": partner["name"], "partner_kind": partner["kind"],
        "partner_letter": partner["agreement_letter"], "theme": source["theme"], "sdgs": source["sdgs"],
        "purpose_code": source["crs_sector"], "nature": source.get("nature", "development"),
        "activities": [{"label": one, "month": None, "months": None} for one in source["activities"]],
        "beneficiaries": source["direct_beneficiaries"], "indicators": source["indicators"], "sustainability": source["sustainability"],
        "starts_on": date.fromisoformat(source["start"] + "-01"), "duration_months": source["duration_months"],
        "feedback": source["rennes_feedback"], "requested_cents": source["requested"] * 100,
        "declarations": source.get("declarations", dict.fromkeys(DECLARATIONS, True)),
    }


def _lines(source: dict[str, Any], proposal: Proposal) -> list[BudgetLine]:
    given, budget = source["budget"]["in_kind"], source["budget"]
    charges = [*budget["charges"], {"account": "864", "label": "Bénévolat", "amount": given["864_volunteering"]}]
    # The grant asked of the city is the file's own column, not a line.
    asked = next(line for line in budget["products"] if line["account"] == "74" and line["amount"] == source["requested"])
    products = [line for line in budget["products"] if line is not asked]
    products.append({"account": "870", "label": "Bénévolat", "amount": given["870_volunteering"]})
    return [
        BudgetLine(proposal_id=proposal.id, side=side, position=at, account=line["account"], label=line["label"],
                   cents=line["amount"] * 100, status=line.get("status", "confirmed"))
        for side, lines in (("charge", charges), ("product", products)) for at, line in enumerate(lines)
    ]


def _organisation(work: Work, source: dict[str, Any]) -> Organisation:
    everyone = demonstration()["organisations"]
    name = source.get("organisation_name")
    return _stored(work, next(one for one in everyone if (one["name"] == name if name else one["id"] == source["organisation"])))


def _stored(work: Work, one: dict[str, Any]) -> Organisation:
    slug = f"{one['id'].lower()}-{one['name'].split()[0].lower()}"
    known = work.db.exec(select(Organisation).where(Organisation.slug == slug)).first()
    if known is not None:
        return known
    sponsor = next((other for other in demonstration()["organisations"] if other["id"] == one["fiscal_sponsor"]), None)
    signed = one["republican_commitment_signed"]
    made = Organisation(
        slug=slug, kind=one["type"], name=one["name"], commune=one["commune"], founded_on=date.fromisoformat(one["created"]),
        pending_reports=one["pending_reports"], republican_commitment_on=date.fromisoformat(signed) if signed else None,
        sponsor_id=_stored(work, sponsor).id if sponsor else None, created_at=work.now,
    )
    work.db.add(made)
    work.db.flush()
    return made

"""What is public of a place, and of a partner, where telling more would put people in danger: a country, a region, nothing else."""

from app.proposals.models import Proposal

GUARDED_ANSWERS = ("place", "latitude", "longitude", "partner_name", "partner_kind", "partner_role")
"""The answers of a guarded file that no public page, export, search or comparison of versions may show."""


def public_place(proposal: Proposal) -> str:
    """The place as everyone may read it, beside its country."""
    return proposal.public_place if proposal.place_guarded else proposal.place


def public_partner(proposal: Proposal) -> str:
    """The partner's name, blank where it is kept back."""
    return "" if proposal.place_guarded else proposal.partner_name


def public_coordinates(proposal: Proposal) -> tuple[float, float] | None:
    """Latitude and longitude in degrees; None where they are not given, or kept back."""
    if proposal.place_guarded or proposal.latitude is None or proposal.longitude is None:
        return None
    return proposal.latitude, proposal.longitude

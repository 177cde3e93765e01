"""The e-mails between a file and its local partner: the link, to the partner in its language; the answer, to those who write the file."""

from app.notifications.service import queue
from app.organisations.queries import members_of
from app.proposals.partner_letter import Guest
from app.proposals.partner_models import PartnerAnswer, PartnerLink
from app.proposals.partner_queries import CONFIRMED
from app.proposals.queries import CarrierFile
from app.settings import settings
from app.unit import Work


def invitation(work: Work, file: CarrierFile, link: PartnerLink, secret: str) -> None:
    """Send the partner its link. The secret stands in this e-mail and nowhere else; its text is blanked once it has left."""
    values = {
        "name": link.contact, "title": file.proposal.title, "organisation": file.organisation.name, "partner": file.proposal.partner_name,
        "action": f"{settings().base_url}/partner/{secret}", "until": link.expires_at,
    }  # fmt: skip
    queue(work, "partner-invitation", link.email, link.language, values, zone=file.programme.zone)


def answered(work: Work, guest: Guest, answer: PartnerAnswer) -> None:
    """Tell those who write the file that the partner signed the letter, or declined and why."""
    name = "partner-signed" if answer.outcome == CONFIRMED else "partner-declined"
    values = {
        "title": guest.proposal.title, "partner": guest.proposal.partner_name, "signatory": answer.name, "function": answer.function,
        "reason": answer.reason, "at": answer.at, "action": f"{settings().base_url}/files/{guest.proposal.public_id}/partner-link",
    }  # fmt: skip
    for member in members_of(work, guest.proposal.organisation_id):
        if member.may("write_file"):
            queue(work, name, member.email, member.language, {**values, "name": member.name}, zone=guest.programme.zone)

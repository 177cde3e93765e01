"""The e-mails between a collective and the association that signs for it."""

from app.accounts.people import Person
from app.notifications.service import queue
from app.organisations.models import Organisation
from app.organisations.queries import members_of
from app.proposals.models import Proposal
from app.proposals.queries import CarrierFile
from app.settings import settings
from app.unit import Work


def asked(work: Work, file: CarrierFile, sponsor: Organisation, by: Person) -> None:
    """Ask those who may sign for the sponsor to read the file and answer."""
    for member in members_of(work, sponsor.id):
        if member.may("sign_for"):
            queue(work, "sponsor-asked", member.email, member.language, {
                "name": member.name, "sponsor": sponsor.name, "collective": file.organisation.name, "title": file.proposal.title,
                "edition": file.edition.name, "by": by.display_name,
                "action": f"{settings().base_url}/sponsorships/{file.proposal.public_id}",
            }, zone=file.programme.zone)  # fmt: skip


def validated(work: Work, proposal: Proposal, collective: Organisation, sponsor: Organisation) -> None:
    """Tell the collective's writers that the sponsor stands behind the file."""
    _answered(work, "sponsor-validated", proposal, collective, sponsor)


def declined(work: Work, proposal: Proposal, collective: Organisation, sponsor: Organisation, reason: str) -> None:
    """Tell them that it does not sign, and why."""
    _answered(work, "sponsor-declined", proposal, collective, sponsor, reason=reason)


def _answered(work: Work, name: str, proposal: Proposal, collective: Organisation, sponsor: Organisation, **more: str) -> None:
    for member in members_of(work, collective.id):
        if member.may("write_file"):
            queue(work, name, member.email, member.language, {
                "name": member.name, "sponsor": sponsor.name, "title": proposal.title,
                "action": f"{settings().base_url}/files/{proposal.public_id}/commitments", **more,
            })  # fmt: skip

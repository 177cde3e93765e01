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


def answered(work: Work, proposal: Proposal, collective: Organisation, sponsor: Organisation, reason: str) -> None:
    """Tell the collective's writers: validated where there is no reason, else declined for it."""
    for member in members_of(work, collective.id):
        if member.may("write_file"):
            queue(work, "sponsor-answered", member.email, member.language, {
                "name": member.name, "sponsor": sponsor.name, "title": proposal.title, "reason": reason,
                "action": f"{settings().base_url}/files/{proposal.public_id}/commitments",
            })  # fmt: skip

"""The e-mails about a file: to each member who writes in it, in the language of each."""

from app.core.messages import Message, say, say_count
from app.notifications.service import queue
from app.organisations.queries import members_of
from app.proposals.models import Proposal
from app.proposals.queries import CarrierFile, documents_of
from app.proposals.sections import DOCUMENT_KINDS, PAGES
from app.settings import settings
from app.unit import Work


def file_received(work: Work, file: CarrierFile) -> None:
    """Acknowledge a submission: its number, its instant, what it holds."""
    _queue(work, "file-received", file)


def file_completed(work: Work, file: CarrierFile) -> None:
    """Acknowledge a completion."""
    _queue(work, "file-completed", file)


def file_withdrawn(work: Work, file: CarrierFile) -> None:
    """Tell every member who writes that the file is withdrawn: the others may not know yet."""
    _queue(work, "file-withdrawn", file)


def contents_of(work: Work, proposal: Proposal) -> list[Message]:
    """What a file holds, for its receipt: each page, then each document by its kind and name."""
    pages = [page.title for page in PAGES if page.form]
    documents = documents_of(work, proposal)
    joined = [say("%(kind)s: %(name)s", kind=DOCUMENT_KINDS.get(one.kind, one.kind), name=one.name) for one in documents]
    return [*pages, say_count("%(count)d document", "%(count)d documents", len(documents)), *joined]


def _queue(work: Work, name: str, file: CarrierFile) -> None:
    proposal = file.proposal
    values = {
        "title": proposal.title, "file_number": proposal.number, "edition": file.edition.name, "organisation": file.organisation.name,
        "at": work.now, "contents": contents_of(work, proposal), "action": f"{settings().base_url}/files/{proposal.public_id}",
    }
    for member in members_of(work, proposal.organisation_id):
        if member.may("write_file"):
            queue(work, name, member.email, member.language, {**values, "name": member.name}, zone=file.programme.zone)

"""Documents of a file: joined, handed back, taken out."""

import hashlib

from sqlmodel import col, delete

from app.accounts.people import Person
from app.core.messages import Message, say
from app.core.problems import Conflict, Invalid
from app.ledger import service as ledger
from app.proposals.lifecycle import is_editable
from app.proposals.models import Document, DocumentContent
from app.proposals.queries import CarrierFile, documents_of
from app.proposals.sections import DOCUMENT_KINDS
from app.proposals.service import check_role
from app.unit import Work
from app.uploads import look_at, refused

MAX_DOCUMENTS = 20


def add(work: Work, file: CarrierFile, kind: str, name: str, content: bytes, *, by: Person) -> Document:
    """Join a document to a file. Raises Invalid at "kind" or "file", Conflict once the file can no longer be changed."""
    check_role(file, "write_file")
    _check_editable(file)
    if kind not in document_kinds(file):
        raise Invalid({"kind": say("Choose one of the answers offered.")})
    upload = look_at(name, content)
    kept = documents_of(work, file.proposal)
    digest = hashlib.sha256(upload.content).hexdigest()
    if any(one.sha256 == digest and one.kind == kind for one in kept):
        raise refused(say("This file is already joined."))
    if len(kept) >= MAX_DOCUMENTS:
        raise refused(say("A file holds %(limit)d documents at most. Delete one first.", limit=MAX_DOCUMENTS))
    document = Document(
        public_id=work.code(26), proposal_id=file.proposal.id or 0, kind=kind, name=upload.name, media_type=upload.media_type,
        size=len(upload.content), sha256=digest, added_at=work.now, added_by_id=by.id,
    )
    work.db.add(document)
    work.db.flush()
    work.db.add(DocumentContent(document_id=document.id or 0, content=upload.content))
    ledger.record(work, "proposal:add-document", file.proposal.public_id, digest, by=by.id)
    return document


def remove(work: Work, file: CarrierFile, public_id: str, *, by: Person) -> None:
    """Take a document out of a file; one that is not there is no fault."""
    check_role(file, "write_file")
    _check_editable(file)
    document = next((one for one in documents_of(work, file.proposal) if one.public_id == public_id), None)
    if document is None:
        return
    work.db.exec(delete(DocumentContent).where(col(DocumentContent.document_id) == document.id))
    work.db.flush()
    work.db.delete(document)
    ledger.record(work, "proposal:remove-document", file.proposal.public_id, document.sha256, by=by.id)


def content_of(work: Work, document: Document) -> bytes:
    """The bytes of a document."""
    return work.db.get_one(DocumentContent, document.id).content


def document_kinds(file: CarrierFile) -> dict[str, Message | str]:
    """The kinds on offer: the usual ones, and any other that a rule of the edition asks for."""
    asked = (rule.document for rule in file.edition.rulebook.rules if rule.kind == "required_document")
    return {**DOCUMENT_KINDS, **{kind: kind for kind in asked if kind not in DOCUMENT_KINDS}}


def _check_editable(file: CarrierFile) -> None:
    if not is_editable(file.proposal):
        raise Conflict(say("This file can no longer be changed: it has been submitted."))

"""Documents of a file: joined, handed back, taken out."""

import hashlib
from typing import Annotated

from sqlmodel import col, delete

from app.accounts.people import Person
from app.core.forms import Form, Text, Tick
from app.core.messages import Message, say
from app.core.problems import Conflict, Invalid, Missing
from app.editions.models import Edition
from app.ledger import service as ledger
from app.organisations.forms import at_most
from app.proposals.lifecycle import JUDGED_SO, is_editable, is_judged_so
from app.proposals.models import Document, DocumentContent, Proposal
from app.proposals.queries import NO_DOCUMENT, CarrierFile, documents_of
from app.proposals.sections import DOCUMENT_KINDS
from app.proposals.service import check_role
from app.unit import Work
from app.uploads import Upload, look_at, refused

MAX_DOCUMENTS = 20
NEVER_PUBLIC = frozenset({"bank_details", "board_list", "accounts"})
"""Kinds that hold what concerns nobody but the city: numbers of accounts, addresses of people."""
MISSING_WORDS = say("Say in words what the picture shows, for those who cannot see it.")
NO_CONSENT = say("Without this statement the picture cannot be made public. Tick the box, or keep the picture for the city alone.")


class Words(Form):
    """What is said of a document: what a picture shows, whether everyone may see it, that the people in it agree."""

    alt: Annotated[Text, at_most(300)] = ""
    shared: Tick = False
    consent: Tick = False


def add(work: Work, file: CarrierFile, kind: str, name: str, content: bytes, *, by: Person, words: Words | None = None) -> Document:
    """Join a document to a file. Raises Invalid at the field at fault, Conflict once the file can no longer be changed."""
    check_role(file, "write_file")
    _check_editable(work, file)
    if kind not in document_kinds(file):
        raise Invalid({"kind": say("Choose one of the answers offered.")})
    return keep(work, file.proposal, kind, look_at(name, content), words or Words(), by=by.id)


def keep(work: Work, proposal: Proposal, kind: str, upload: Upload, words: Words, *, by: int | None) -> Document:
    """Keep a file that was looked at. `by` is an account's id, None for the local partner. Raises Invalid."""
    kept = documents_of(work, proposal)
    digest = hashlib.sha256(upload.content).hexdigest()
    _check_words(kind, words, is_picture=upload.is_picture)
    if any(one.sha256 == digest and one.kind == kind for one in kept):
        raise refused(say("This file is already joined."))
    if len(kept) >= MAX_DOCUMENTS:
        raise refused(say("A file holds %(limit)d documents at most. Delete one first.", limit=MAX_DOCUMENTS))
    document = Document(
        public_id=work.code(26), proposal_id=proposal.id or 0, kind=kind, name=upload.name, media_type=upload.media_type,
        size=len(upload.content), sha256=digest, added_at=work.now, added_by_id=by, from_partner=by is None,
        width=upload.width, height=upload.height, alt=words.alt, shared=words.shared, consented_at=work.now if words.consent else None,
    )  # fmt: skip
    work.db.add(document)
    work.db.flush()
    work.db.add(DocumentContent(document_id=document.id or 0, content=upload.content))
    ledger.record(work, "proposal:add-document", proposal.public_id, digest, by=by)
    return document


def describe(work: Work, file: CarrierFile, public_id: str, words: Words, *, by: Person) -> None:
    """Correct what is said of a document, at any time: words may be mended and a publication taken back after the file was sent.

    Raises Missing for a document of another file, Invalid at the field at fault.
    """
    check_role(file, "write_file")
    document = document_in(work, file, public_id)
    _check_words(document.kind, words, is_picture=document.is_picture)
    document.alt, document.shared = words.alt, words.shared
    document.consented_at = (document.consented_at or work.now) if words.consent else None
    work.db.add(document)
    ledger.record(work, "proposal:describe-document", file.proposal.public_id, "shared" if words.shared else "kept", by=by.id)


def document_in(work: Work, file: CarrierFile, public_id: str) -> Document:
    """A document of this file. Raises Missing."""
    found = next((one for one in documents_of(work, file.proposal) if one.public_id == public_id), None)
    if found is None:
        raise Missing(NO_DOCUMENT)
    return found


def _check_words(kind: str, words: Words, *, is_picture: bool) -> None:
    errors: dict[str, Message] = {}
    if is_picture and not words.alt:
        errors["alt"] = MISSING_WORDS
    if words.shared and kind in NEVER_PUBLIC:
        errors["shared"] = say("A document of this kind is for the city alone: it is never made public.")
    if words.shared and is_picture and not words.consent:
        errors["consent"] = NO_CONSENT
    if errors:
        raise Invalid(errors)


def remove(work: Work, file: CarrierFile, public_id: str, *, by: Person) -> None:
    """Take a document out of a file; one that is not there is no fault."""
    check_role(file, "write_file")
    _check_editable(work, file)
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
    return kinds_of(file.edition)


def kinds_of(edition: Edition) -> dict[str, Message | str]:
    """The same, of an edition."""
    asked = (rule.document for rule in edition.rulebook.rules if rule.kind == "required_document")
    return {**DOCUMENT_KINDS, **{kind: kind for kind in asked if kind not in DOCUMENT_KINDS}}


def _check_editable(work: Work, file: CarrierFile) -> None:
    if is_judged_so(file.proposal, work.now):
        raise Conflict(JUDGED_SO)
    if not is_editable(file.proposal, work.now):
        raise Conflict(say("This file can no longer be changed: it has been submitted."))

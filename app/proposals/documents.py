"""Documents of a file: looked at before they are kept. Pictures are drawn anew, so that nothing hides in them."""

import hashlib
import io
import re
import unicodedata
from pathlib import PurePath
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError
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
from app.settings import settings
from app.unit import Work

MAX_PIXELS = 25_000_000
MAX_DOCUMENTS = 20
PICTURES = {"JPEG": ("image/jpeg", (".jpg", ".jpeg")), "PNG": ("image/png", (".png",)), "WEBP": ("image/webp", (".webp",))}
Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # for the whole process: Pillow warns above it, and refuses above twice as much
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Unicode categories of what cannot be seen in a name: control signs, direction marks, private use."""
ACCEPT = ".pdf,.jpg,.jpeg,.png,.webp"
NOT_ACCEPTED = say("This file is neither a PDF nor a JPEG, PNG or WebP picture. Save it as one of these and try again.")
NOT_WHAT_IT_SAYS = say("The end of the file's name does not fit what it holds. Save the file again under its right kind.")
DAMAGED_PICTURE = say("This picture is damaged or is not what it says. Save it again as JPEG or PNG.")
TOO_MANY_PIXELS = say("This picture is too large to be opened: %(limit)d million pixels at most. Make it smaller and try again.", limit=25)
DAMAGED_PDF = say("This PDF is damaged or holds something else after its end. Print it to a new PDF and try again.")


class Upload(NamedTuple):
    """A file that was looked at: a harmless name, its true kind, the bytes to keep."""

    name: str
    media_type: str
    content: bytes


def look_at(name: str, content: bytes) -> Upload:
    """Look at a file that was sent. Raises Invalid (field "file") for anything but a sound PDF, JPEG, PNG or WebP of the right size."""
    limit = settings().upload_limit_mb
    if not content:
        raise _refused(say("This file is empty."))
    if len(content) > limit * 1_000_000:
        raise _refused(say("This file is too large: %(limit)d MB at most.", limit=limit))
    safe, ending = safe_name(name), PurePath(name).suffix.lower()
    if content.startswith(b"%PDF-"):
        return Upload(_with_ending(safe, ending, (".pdf",)), "application/pdf", _sound_pdf(content))
    kind, drawn = _drawn_anew(content)
    media_type, endings = PICTURES[kind]
    return Upload(_with_ending(safe, ending, endings), media_type, drawn)


def safe_name(name: str) -> str:
    """The last part of a file's name without control or direction characters, at most 100 letters long."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(sign for sign in last if unicodedata.category(sign) not in UNSEEN and sign not in '<>:"|?*')
    stem, dot, ending = plain.strip(" .").rpartition(".")
    return f"{stem[:95]}{dot}{ending[:5]}" if dot else plain.strip(" .")[:100] or "document"


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
        raise _refused(say("This file is already joined."))
    if len(kept) >= MAX_DOCUMENTS:
        raise _refused(say("A file holds %(limit)d documents at most. Delete one first.", limit=MAX_DOCUMENTS))
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


def _refused(sentence: Message) -> Invalid:
    return Invalid({"file": sentence})


def _with_ending(name: str, ending: str, fitting: tuple[str, ...]) -> str:
    if ending not in fitting:
        raise _refused(NOT_WHAT_IT_SAYS)
    return name


def _sound_pdf(content: bytes) -> bytes:
    """A PDF as it is: right head, right end, nothing after it. It is never opened here, only handed back as a download."""
    if not re.match(rb"%PDF-[12]\.\d", content) or not content.rstrip(b"\r\n\t \x00").endswith(b"%%EOF"):
        raise _refused(DAMAGED_PDF)
    return content


def _drawn_anew(content: bytes) -> tuple[str, bytes]:
    """The kind of a picture, and the picture decoded and encoded again: no metadata, no place, nothing appended."""
    try:
        opened = Image.open(io.BytesIO(content), formats=tuple(PICTURES))  # reads the head only
        if opened.width * opened.height > MAX_PIXELS:
            raise _refused(TOO_MANY_PIXELS)
        kind = str(opened.format)
        upright = ImageOps.exif_transpose(opened)
        picture = upright if upright.mode in ("RGB", "L") else upright.convert("RGB" if kind == "JPEG" else "RGBA")
        bare = Image.new(picture.mode, picture.size)
        bare.paste(picture)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _refused(TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise _refused(NOT_ACCEPTED) from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError):
        raise _refused(DAMAGED_PICTURE) from None
    drawn = io.BytesIO()
    bare.save(drawn, kind, quality=88)
    return kind, drawn.getvalue()

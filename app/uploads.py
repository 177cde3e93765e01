"""Files people send: looked at before they are kept. Pictures are drawn anew, so that nothing hides in them."""

import io
import re
import unicodedata
from pathlib import PurePath
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from app.core.messages import Message, say
from app.core.problems import Invalid
from app.settings import settings

MAX_PIXELS = 25_000_000
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
        raise refused(say("This file is empty."))
    if len(content) > limit * 1_000_000:
        raise refused(say("This file is too large: %(limit)d MB at most.", limit=limit))
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


def refused(sentence: Message) -> Invalid:
    """The problem of a file that cannot be kept, at the field "file"."""
    return Invalid({"file": sentence})


def _with_ending(name: str, ending: str, fitting: tuple[str, ...]) -> str:
    if ending not in fitting:
        raise refused(NOT_WHAT_IT_SAYS)
    return name


def _sound_pdf(content: bytes) -> bytes:
    """A PDF as it is: right head, right end, nothing after it. It is never opened here, only handed back as a download."""
    if not re.match(rb"%PDF-[12]\.\d", content) or not content.rstrip(b"\r\n\t \x00").endswith(b"%%EOF"):
        raise refused(DAMAGED_PDF)
    return content


def _drawn_anew(content: bytes) -> tuple[str, bytes]:
    """The kind of a picture, and the picture decoded and encoded again: no metadata, no place, nothing appended."""
    try:
        opened = Image.open(io.BytesIO(content), formats=tuple(PICTURES))  # reads the head only
        if opened.width * opened.height > MAX_PIXELS:
            raise refused(TOO_MANY_PIXELS)
        kind = str(opened.format)
        upright = ImageOps.exif_transpose(opened)
        picture = upright if upright.mode in ("RGB", "L") else upright.convert("RGB" if kind == "JPEG" else "RGBA")
        bare = Image.new(picture.mode, picture.size)
        bare.paste(picture)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise refused(TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise refused(NOT_ACCEPTED) from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError):
        raise refused(DAMAGED_PICTURE) from None
    drawn = io.BytesIO()
    bare.save(drawn, kind, quality=88)
    return kind, drawn.getvalue()

"""Files people send: looked at before they are kept. Pictures are drawn anew, so that nothing hides in them."""

import io
import re
import unicodedata
import warnings
from pathlib import PurePath
from typing import NamedTuple

from PIL import Image

from app.core.messages import Message, say
from app.core.problems import Invalid
from app.picture_heads import Broken, Head, Moves, read_head
from app.settings import settings

MAX_PIXELS = 25_000_000
LONGEST = 3600
"""Pixels along the longer side of a picture that is kept: a page of A4 stays readable to its footnotes."""
SMALL = 640
"""Pixels along the longer side of a picture as it stands on a page; behind it is the whole one."""
ENDINGS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",), "WEBP": (".webp",)}
KEPT_AS = {"JPEG": ("JPEG", "image/jpeg"), "PNG": ("WEBP", "image/webp"), "WEBP": ("WEBP", "image/webp")}
"""Kind of a picture -> the kind it is kept as, and its media type."""
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""Exif orientation -> what sets the picture upright."""
Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # for the whole process: Pillow warns above it, and refuses above twice as much
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Unicode categories of what cannot be seen in a name: control signs, direction marks, private use."""
ACCEPT = ".pdf,.jpg,.jpeg,.png,.webp"
ACCEPT_PICTURES = ".jpg,.jpeg,.png,.webp"
NOT_ACCEPTED = say("This file is neither a PDF nor a JPEG, PNG or WebP picture. Save it as one of these and try again.")
NOT_WHAT_IT_SAYS = say("The end of the file's name does not fit what it holds. Save the file again under its right kind.")
DAMAGED_PICTURE = say("This picture is damaged or is not what it says. Save it again as JPEG or PNG.")
TOO_MANY_PIXELS = say("This picture is too large to be opened: %(limit)d million pixels at most. Make it smaller and try again.", limit=25)
MOVING_PICTURE = say("This picture moves. Save one still picture as JPEG or PNG and send that.")
DAMAGED_PDF = say("This PDF is damaged or holds something else after its end. Print it to a new PDF and try again.")


class Upload(NamedTuple):
    """A file that was looked at: a harmless name, its true kind, the bytes to keep; for a picture also its size in pixels."""

    name: str
    media_type: str
    content: bytes
    width: int | None = None
    height: int | None = None

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture, which needs words for those who cannot see it."""
        return self.width is not None


def look_at(name: str, content: bytes) -> Upload:
    """Look at a file that was sent. Raises Invalid (field "file") for anything but a sound PDF, JPEG, PNG or WebP of the right size.

    A PDF is kept as it came. A picture is drawn anew as JPEG or WebP, upright, at most `LONGEST` pixels long.
    """
    limit = settings().upload_limit_mb
    if not content:
        raise refused(say("This file is empty."))
    if len(content) > limit * 1_000_000:
        raise refused(say("This file is too large: %(limit)d MB at most.", limit=limit))
    safe, ending = safe_name(name), PurePath(name).suffix.lower()
    if content.startswith(b"%PDF-"):
        return Upload(_with_ending(safe, ending, (".pdf",)), "application/pdf", _sound_pdf(content))
    head = _head(content)
    _with_ending(safe, ending, ENDINGS[head.kind])
    kind, media_type = KEPT_AS[head.kind]
    drawn, (width, height) = _drawn_anew(head, kind)
    return Upload(safe if kind == head.kind else f"{PurePath(safe).stem}.webp", media_type, drawn, width, height)


def small_size(width: int, height: int) -> tuple[int, int]:
    """How large a kept picture stands on a page, in pixels."""
    ratio = min(1, SMALL / max(width, height, 1))
    return max(1, round(width * ratio)), max(1, round(height * ratio))


def small_picture(content: bytes, size: tuple[int, int]) -> bytes:
    """A kept picture drawn as large as it stands on a page, as WebP: some ten kilobytes instead of some megabytes."""
    picture: Image.Image = Image.open(io.BytesIO(content), formats=[kind for kind, _ in KEPT_AS.values()])
    picture.draft("RGB", (2 * size[0], 2 * size[1]))  # a large JPEG is decoded smaller at once
    drawn = io.BytesIO()
    picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0).save(drawn, "WEBP", quality=75)
    return drawn.getvalue()


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


def _head(content: bytes) -> Head:
    """What a picture says of itself, before anything decodes it."""
    try:
        head = read_head(content)
    except Moves:
        raise refused(MOVING_PICTURE) from None
    except Broken:
        raise refused(DAMAGED_PICTURE) from None
    if head is None:
        raise refused(NOT_ACCEPTED)
    if head.width * head.height > MAX_PIXELS:
        raise refused(TOO_MANY_PIXELS)
    return head


def _drawn_anew(head: Head, kind: str) -> tuple[bytes, tuple[int, int]]:
    """The picture decoded and encoded again, upright, and its size: no metadata, no place, nothing appended."""
    try:
        picture: Image.Image = Image.open(io.BytesIO(head.bare), formats=(head.kind,))
        picture.draft("RGB", (LONGEST, LONGEST))  # a large JPEG is decoded smaller at once
        if picture.mode not in ("RGB", "L", "RGBA"):
            picture = picture.convert("RGB" if kind == "JPEG" else "RGBA")
        picture.thumbnail((LONGEST, LONGEST))
        if head.orientation in UPRIGHT:
            picture = picture.transpose(UPRIGHT[head.orientation])
        bare = Image.new(picture.mode, picture.size)
        bare.paste(picture)
        drawn = io.BytesIO()
        bare.save(drawn, kind, quality=85)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise refused(TOO_MANY_PIXELS) from None
    except Exception:  # in whatever way a decoder stumbles over it, it is no sound picture
        raise refused(DAMAGED_PICTURE) from None
    return drawn.getvalue(), bare.size

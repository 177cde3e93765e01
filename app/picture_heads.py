"""The head of a picture, read by hand before any decoder sees it: its size, how it stands, whether it moves.

A decoder is handed the picture alone, without what was told beside it: a few kilobytes of metadata can ask a parser for gigabytes, and a
few bytes can ask a decoder to draw the same picture ten thousand times. Sources: ITU-T T.81 annex B (JPEG), W3C PNG third edition,
section 5 (PNG), RFC 9649 (WebP), TIFF 6.0 section 2 (the orientation in Exif).
"""

import struct
from typing import NamedTuple

MAX_PARTS = 10_000
"""Chunks of a PNG, segments before the first line of a JPEG: real pictures have some hundreds."""
MAX_SCANS = 30
"""How many times a JPEG may be drawn over itself: real progressive ones do it about ten times."""
PNG_SIGN = b"\x89PNG\r\n\x1a\n"
PNG_DRAWN = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
"""The chunks of a PNG that are the picture itself."""
NO_LENGTH = {0x01, *range(0xD0, 0xD8)}
"""Markers of JPEG that stand alone."""
SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG that say its size."""


class Broken(ValueError):
    """The head of a picture makes no sense."""


class Moves(ValueError):
    """It is not one picture but many, one after another."""


class Head(NamedTuple):
    """What a picture says of itself: its kind (JPEG, PNG, WEBP), size in pixels, Exif orientation (1 to 8), and the picture alone."""

    kind: str
    width: int
    height: int
    orientation: int
    bare: bytes


def read_head(content: bytes) -> Head | None:
    """The head of a JPEG, PNG or WebP; None for anything else. Raises Broken, or Moves for an animation."""
    try:
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content)
        if content.startswith(PNG_SIGN):
            return _png(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError) as cut:
        raise Broken from cut
    return None


def _jpeg(content: bytes) -> Head:
    """Kept of the segments: what the decoder needs, JFIF (APP0), Adobe's word on colours (APP14). Other APPn and COM are left out."""
    at, kept, exif, size, parts = 2, [b"\xff\xd8"], b"", (0, 0), 0
    while content[at] == 0xFF and (parts := parts + 1) <= MAX_PARTS:
        marker = content[at + 1]
        if marker == 0xFF or marker in NO_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        segment = content[at : at + 2 + length]
        if marker in SIZES:
            size = struct.unpack_from(">HH", segment, 5)
        if marker == 0xDA:
            break
        if marker == 0xE1 and segment[4:10] == b"Exif\x00\x00":
            exif = exif or segment[10:]
        if marker in (0xE0, 0xEE) or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            kept.append(segment)
        at += 2 + max(length, 2)
    drawn = content[at:]
    if parts > MAX_PARTS or 0 in size or drawn[:2] != b"\xff\xda" or drawn.count(b"\xff\xda") > MAX_SCANS:
        raise Broken
    return Head("JPEG", size[1], size[0], _orientation(exif), b"".join([*kept, drawn]))


def _png(content: bytes) -> Head:
    at, kept, exif, parts = len(PNG_SIGN), [PNG_SIGN], b"", 0
    width, height = struct.unpack_from(">II", content, 16)
    while at < len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        parts += 1
        if parts > MAX_PARTS or (parts == 1) != (name == b"IHDR") or at + 12 + length > len(content):
            raise Broken
        if name == b"acTL":
            raise Moves
        if name == b"eXIf":
            exif = content[at + 8 : at + 8 + length]
        if name in PNG_DRAWN:
            kept.append(content[at : at + 12 + length])
        at += 12 + length
        if name == b"IEND":
            return Head("PNG", width, height, _orientation(exif), b"".join(kept))
    raise Broken


def _webp(content: bytes) -> Head:
    """A WebP is handed on whole: nothing in it is read but the picture. Its size stands in the first chunk, whichever that is."""
    name, parts, at, exif = content[12:16], 0, 12, b""
    if name == b"VP8X":
        width, height = (1 + int.from_bytes(content[start : start + 3], "little") for start in (24, 27))
        while at + 8 <= len(content) and (parts := parts + 1) <= MAX_PARTS:
            chunk, length = struct.unpack_from("<4sI", content, at)
            if chunk in (b"ANIM", b"ANMF"):
                raise Moves
            if chunk == b"EXIF":
                exif = content[at + 8 : at + 8 + length]
            at += 8 + length + length % 2
    elif name == b"VP8 ":
        width, height = (size & 0x3FFF for size in struct.unpack_from("<HH", content, 26))
    elif name == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    else:
        raise Broken
    if 0 in (width, height) or parts > MAX_PARTS or struct.unpack_from("<I", content, 4)[0] + 8 > len(content) + 1:
        raise Broken
    return Head("WEBP", width, height, _orientation(exif.removeprefix(b"Exif\x00\x00")), content)


def _orientation(exif: bytes) -> int:
    """The one thing worth knowing in Exif: how the camera was held. 1 (upright) where it does not say, or says nonsense."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    try:
        (start,) = struct.unpack_from(f"{order}I", exif, 4) if order else (len(exif),)
        (count,) = struct.unpack_from(f"{order}H", exif, start) if order else (0,)
        for at in range(start + 2, start + 2 + 12 * min(count, 200), 12):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, at)
            if tag == 0x0112:
                return int(value) if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1

"""The picture that goes with a link to a project: 1200 by 630 pixels, drawn here in the typefaces of the site, asking nobody.

The files of the typefaces are the very WOFF2 that browsers get; FreeType reads them as they are. Each holds one part of Unicode, as
app.css says, so a line is drawn in runs, each in the first face that has its letters.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from app.settings import ROOT

SIZE = (1200, 630)
EDGE = 72
PAPER, INK, INK2, LINE = "#FAF8F3", "#17211F", "#4A5653", "#DDD8CC"
BRICKS = ((13, "#C8431D"), (21, "#5B3B8C"), (8, "#8A5A00"), (34, "#1F5FA8"), (17, "#9B2C6B"), (26, "#3F6B1F"), (11, "#6A4B3A"))
TITLE_SIZES = (76, 64, 54, 46)
MOST_LINES = 4
VERSION = 1
"""Grows when the drawing changes, so that caches ask again."""


class Words(NamedTuple):
    """All that the picture shows: texts of one line but for the title; `brand` is the colour of the city on white paper."""

    site: str
    edition: str
    title: str
    carrier: str
    amount: str
    brand: str = "#0A5C55"


@lru_cache(maxsize=64)
def share_picture(words: Words) -> bytes:
    """The picture as PNG. The same words give the same bytes."""
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, SIZE[0], 18), fill=words.brand)
    x, width = EDGE, SIZE[0] - 2 * EDGE
    _write(pen, (x, 58), _cut(words.site, "title", 34, width), "title", 34, INK)
    _write(pen, (x, 104), _cut(words.edition, "text", 28, width), "text", 28, INK2)
    size, lines = _fitted(words.title, width)
    for at, line in enumerate(lines):
        _write(pen, (x, 176 + at * round(size * 1.14)), line, "title", size, INK)
    _write(pen, (x, 500), words.amount, "title", 58, words.brand)
    beside = x + _length(words.amount, "title", 58) + 28
    _write(pen, (beside, 518), _cut(words.carrier, "text", 32, SIZE[0] - EDGE - beside), "text", 32, INK2)
    _course(pen, words.brand)
    drawn = io.BytesIO()
    picture.quantize(128).save(drawn, "PNG", optimize=True)
    return drawn.getvalue()


def _course(pen: ImageDraw.ImageDraw, brand: str) -> None:
    """The course of bricks at the foot: the sign of the house."""
    bricks = ((23, brand), *BRICKS)
    whole, x = sum(width for width, _ in bricks), 0.0
    for width, colour in bricks:
        end = x + width * SIZE[0] / whole
        pen.rectangle((x, SIZE[1] - 22, end - 4, SIZE[1]), fill=colour)
        x = end


def _fitted(title: str, width: float) -> tuple[int, list[str]]:
    """The largest size at which the title fits, and its lines; a title too long for the smallest is cut with an ellipsis."""
    lines: list[str] = []
    for size in TITLE_SIZES:
        lines = list(_lines(title, size, width))
        if len(lines) * size * 1.14 <= 300 and len(lines) <= MOST_LINES:
            return size, lines
    size = TITLE_SIZES[-1]
    return size, [*lines[: MOST_LINES - 1], _cut(" ".join(lines[MOST_LINES - 1 :]), "title", size, width)]


def _lines(text: str, size: int, width: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and _length(f"{line} {word}", "title", size) > width:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    yield line


def _cut(text: str, face: str, size: int, width: float) -> str:
    """The text, or as much of it as the width holds with an ellipsis."""
    text = " ".join(text.split())[:300]
    if _length(text, face, size) <= width:
        return text
    while text and _length(f"{text}…", face, size) > width:
        text = text[:-1].rstrip()
    return f"{text}…"


def _length(text: str, face: str, size: int) -> float:
    return sum(font.getlength(run) for font, run in _runs(text, face, size))


def _write(pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, face: str, size: int, colour: str) -> None:
    x, y = at
    runs = list(_runs(text, face, size))
    if text and _part_of(text[0]) == "arabic":
        runs.reverse()  # each run is shaped from right to left by itself; the runs follow one another the same way
    for font, run in runs:
        pen.multiline_text((x, y + round(size * 0.95)), run, font=font, fill=colour, anchor="ls")
        x += font.getlength(run)


def _runs(text: str, face: str, size: int) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
    for part, letters in groupby(text, _part_of):
        yield _font(face, part, size), "".join(letters)


def _part_of(letter: str) -> str:
    """The part of Unicode a letter belongs to, as the files are divided; spaces stand between the runs."""
    if letter == " ":
        return "blank"
    if "\u0600" <= letter <= "\u06ff" or "\u0750" <= letter <= "\u08ff" or "\ufb50" <= letter <= "\ufefc":
        return "arabic"
    if ("\u0100" <= letter <= "\u02ba" and letter not in "\u0131\u0152\u0153") or "\u1d00" <= letter <= "\u1eff":
        return "latin-ext"
    return "latin"


@lru_cache(maxsize=32)
def _font(face: str, part: str, size: int) -> ImageFont.FreeTypeFont:
    """A face of the site at a size in pixels: titles in a bold weight, text in a regular one."""
    part = "latin" if part == "blank" else part
    family = "readex-pro" if part == "arabic" else "bricolage-grotesque" if face == "title" else "figtree"
    font = ImageFont.truetype(io.BytesIO((ROOT / "static" / "vendor" / "fonts" / f"{family}-{part}.woff2").read_bytes()), size)
    font.set_variation_by_axes([680 if face == "title" else 420])
    return font

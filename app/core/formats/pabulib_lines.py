"""The lines of a .pb file: bytes in, cells out, each row with its line and its place in the file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from app.core.messages import Message, say
from app.core.problems import Invalid

MAX_BYTES = 20_000_000
"""What may be sent to the site. A file that somebody counts on a machine of his own may be larger."""
MAX_FIELD = 64_000
MAX_WARNINGS = 100

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
_BOM = b"\xef\xbb\xbf"
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}

Row = tuple[int, list[str]]


class Malformed(Invalid):
    """A file that cannot be read. `line` counts from 1; `reason` is the sentence without file and line."""

    def __init__(self, file: str, line: int, reason: Message) -> None:
        self.file, self.line, self.reason = file, line, reason
        super().__init__({"": say("%(file)s:%(line)d: %(reason)s", file=file, line=line, reason=reason)})


def decode(data: bytes, *, name: str, most: int = MAX_BYTES) -> str:
    """The text of a file: UTF-8 or UTF-16, with or without the mark of its byte order, at most `most` bytes. Raises Malformed."""
    data = as_utf_8(data, name=name, most=most)
    try:
        return data.decode()
    except UnicodeDecodeError as fault:
        raise Malformed(name, data.count(b"\n", 0, fault.start) + 1, _no_text()) from None


def as_utf_8(data: bytes, *, name: str, most: int) -> bytes:
    """The same text in UTF-8 without a mark: a Windows editor may have saved UTF-16. Raises Malformed where it is too large or no text."""
    if len(data) > most:
        raise Malformed(name, 1, say("The file is larger than %(limit)d MB.", limit=most // 1_000_000))
    if (code := _UTF_16.get(data[:2])) is None:
        return data.removeprefix(_BOM)
    try:
        return data[2:].decode(code).encode()
    except UnicodeDecodeError:
        raise Malformed(name, 1, _no_text()) from None


def _no_text() -> Message:
    return say("This line is not text in UTF-8.")


class Lines:
    """Walks the rows of a .pb file from any place in it.

    `at` is the byte after the last row given, `line` the number (from 1) of the line that begins there, `last` that of the last row.
    """

    def __init__(self, data: bytes, name: str, line: int = 1) -> None:
        self.data, self.name = data, name
        self.at, self.line, self.last = 0, line, line

    def fail(self, line: int, reason: Message) -> Malformed:
        """A refusal of this line, to be raised."""
        return Malformed(self.name, line, reason)

    def rows(self) -> Iterator[Row]:
        """Each line from here on that is not empty: its number and its cells, spaces at both ends dropped. Raises Malformed."""
        source = csv.reader(self._texts(), delimiter=";", strict=True)
        begun = self.line
        try:
            for cells in source:
                if any(len(cell) > MAX_FIELD for cell in cells):
                    raise self.fail(begun, say("A field of this line is longer than %(limit)d characters.", limit=MAX_FIELD))
                stripped = [cell.strip() for cell in cells]
                if any(stripped):
                    self.last = begun
                    yield begun, stripped
                begun = self.line
        except csv.Error:
            reason = say("The quotation marks of this line do not match, or a field of it is too long.")
            raise self.fail(begun, reason) from None

    def _texts(self) -> Iterator[str]:
        while self.at < len(self.data):
            found = _LINE.match(self.data, self.at)
            raw = found[0] if found else b""
            if b"\x00" in raw:
                raise self.fail(self.line, say("This line holds a NUL character, which no text may hold."))
            try:
                text = raw.decode()
            except UnicodeDecodeError:
                raise self.fail(self.line, _no_text()) from None
            self.at += len(raw)
            self.line += 1
            yield text

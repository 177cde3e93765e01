"""The files of an election bundle, read as streams: a million ballots pass by and are not kept."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO
from zipfile import BadZipFile

from app.core.messages import Message, say

SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
REQUIRED = (
    "definition.json", "log.jsonl", "sths.jsonl", "acts.jsonl", "acts_sths.jsonl", "opening.json", "ballots.jsonl", "paper_lots.csv",
    "turnout.json", "result.json", SUMS, SIGNATURE,
)  # fmt: skip
OPTIONAL = ("result.pb",)
MOST_BYTES = 2 * 1024**3
"""What all files of a bundle may hold together."""
MOST_LINE = 4 * 1024**2
"""The longest line of a file that is read line by line."""

Opener = Callable[[], BinaryIO]


class Malformed(ValueError):
    """A file of the bundle that is not as it must be. `line` counts from 1, 0 where the file as a whole is meant."""

    def __init__(self, file: str, line: int, reason: Message) -> None:
        self.file, self.line, self.reason = file, line, reason
        self.message = (
            say("%(file)s, line %(line)s: %(reason)s", file=file, line=str(line), reason=reason)
            if line
            else say("%(file)s: %(reason)s", file=file, reason=reason)
        )
        super().__init__(str(self.message))


class Bundle:
    """File name -> a way of opening it, as often as wanted. Nothing is read before it is asked for."""

    def __init__(self, openers: Mapping[str, Opener]) -> None:
        self._openers = dict(openers)

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Bundle:
        """A bundle whose files are in memory."""
        return cls({name: lambda data=data: io.BytesIO(data) for name, data in files.items()})  # type: ignore[misc]

    @property
    def names(self) -> frozenset[str]:
        """The files that are there."""
        return frozenset(self._openers)

    @contextmanager
    def reading(self, name: str) -> Iterator[BinaryIO]:
        """The file, open. Raises Malformed where it is missing or cannot be read to its end."""
        if name not in self._openers:
            raise Malformed(name, 0, say("this file is missing."))
        try:
            with self._openers[name]() as file:
                yield file
        except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as fault:
            if isinstance(fault, RecursionError):
                raise
            raise Malformed(name, 0, say("this file is damaged and cannot be read to its end.")) from None

    def whole(self, name: str) -> bytes:
        """All bytes of a file. Raises Malformed."""
        with self.reading(name) as file:
            return file.read()

    def lines(self, name: str) -> Iterator[tuple[int, bytes]]:
        """(number from 1, line with its line feed) of a file. Raises Malformed."""
        with self.reading(name) as file:
            number = 0
            while line := file.readline(MOST_LINE + 1):
                number += 1
                if len(line) > MOST_LINE:
                    raise Malformed(name, number, say("this line is longer than any line of a bundle."))
                yield number, line

    def rows(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """(number from 1, JSON object) of each line of a file. Raises Malformed where a line is none, or is not canonical."""
        for number, line in self.lines(name):
            yield number, json_object(line, name, number)

    def value(self, name: str) -> dict[str, Any]:
        """The JSON object that is the whole file, written in whatever way. Raises Malformed."""
        return json_object(self.whole(name), name, 0, strict=False)


def compact(value: Any) -> bytes:
    """A value as canonical JSON on one line, with its line feed. For objects whose keys are known and ASCII; a C-speed RFC 8785."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def json_object(line: bytes, name: str, number: int, *, strict: bool = True) -> dict[str, Any]:
    """The object of one line; `strict` wants it written in the one canonical way, so that no byte is without meaning. Raises Malformed."""
    try:
        value = json.loads(line)
        written = compact(value) if strict else line
    except (ValueError, RecursionError):
        raise Malformed(name, number, say("this is not JSON.")) from None
    if not isinstance(value, dict):
        raise Malformed(name, number, say("a JSON object is expected here."))
    if written != line:
        raise Malformed(name, number, say("this is not canonical JSON with one line feed at its end."))
    return value

"""What changed between two texts, word by word: for people to read, not for machines to apply."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\s*\S+|\s+")


class Part(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    TAKEN_OUT = "taken_out"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """A run of words with the same fate; the spaces before a word belong to it."""

    part: Part
    text: str


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in reading order; those kept and taken out make `before`, those kept and added make `after`.

    Words that come again and again anchor nothing in long texts (difflib's `autojunk`), so that no text takes more than a blink.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces: list[Piece] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            _add(pieces, Part.KEPT, old[old_from:old_to])
        else:
            _add(pieces, Part.TAKEN_OUT, old[old_from:old_to])
            _add(pieces, Part.ADDED, new[new_from:new_to])
    return tuple(pieces)


def _add(pieces: list[Piece], part: Part, words: Iterable[str]) -> None:
    text = "".join(words)
    if text:
        pieces.append(Piece(part, text))

"""Short texts inside a block of bytes, many at once: compared as machine words, never as Python objects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
Prints = NDArray[np.uint64]

_SPREAD = 0x9E3779B97F4A7C15
_MASK = np.array([(1 << 8 * bytes) - 1 for bytes in range(9)], np.uint64)
_SHIFT = np.uint64(29)


class Text:
    """A block of bytes: `codes` one by one, and the texts in it as words of eight bytes."""

    def __init__(self, block: bytes) -> None:
        padded = block + bytes(8)
        self.codes = np.frombuffer(padded, np.uint8)[: len(block)]
        self._words = np.ndarray((len(block) + 1,), "<u8", padded, strides=(1,))

    def words(self, start: Places, length: Places, number: int) -> Prints:
        """The `number`th eight bytes (from 0) of each text, as one number; bytes after its end are 0. Every text must be so long."""
        return np.asarray(self._words[start + 8 * number] & _MASK[np.minimum(length - 8 * number, 8)], np.uint64)

    def prints(self, start: Places, length: Places) -> Prints:
        """A fingerprint of each text. Equal texts have equal ones; the reverse is to be looked at (see `print_of`)."""
        found = np.zeros(len(start), np.uint64)
        for number in range(-(-int(length.max(initial=0)) // 8)):
            these = np.flatnonzero(length > 8 * number)
            mixed = (found[these] ^ self.words(start[these], length[these], number)) * np.uint64(_SPREAD)
            found[these] = mixed ^ (mixed >> _SHIFT)
        return found


def print_of(text: str) -> int:
    """The fingerprint that `Text.prints` gives this text."""
    found, data = 0, text.encode()
    for at in range(0, len(data), 8):
        found = (found ^ int.from_bytes(data[at : at + 8], "little")) * _SPREAD % 2**64
        found ^= found >> int(_SHIFT)
    return found


class Names:
    """Finds which of some names each text is: exact, for fingerprints only propose."""

    def __init__(self, names: Sequence[str]) -> None:
        raw = [name.encode() for name in names]
        self.size = len(raw)
        self._length = np.array([len(name) for name in raw], np.int64)
        start = np.cumsum(self._length) - self._length
        text = Text(b"".join(raw))
        prints = text.prints(start, self._length)
        self._order = np.argsort(prints)
        self._prints = prints[self._order]
        self._words = [self._word(text, start, number) for number in range(-(-int(self._length.max(initial=0)) // 8))]

    def _word(self, text: Text, start: Places, number: int) -> Prints:
        found, these = np.zeros(len(start), np.uint64), np.flatnonzero(self._length > 8 * number)
        found[these] = text.words(start[these], self._length[these], number)
        return found

    def find(self, text: Text, start: Places, length: Places) -> Places:
        """For each text the index of the name it equals, byte for byte, or -1. Texts are not empty and hold no NUL."""
        if not len(self._prints):
            return np.full(len(start), -1, np.int64)
        near = np.searchsorted(self._prints, text.prints(start, length))
        found = self._order[np.minimum(near, len(self._prints) - 1)]
        equal = self._length[found] == length
        for number, words in enumerate(self._words):
            these = np.flatnonzero(equal & (length > 8 * number))
            equal[these] = text.words(start[these], length[these], number) == words[found[these]]
        return np.where(equal, found, -1)

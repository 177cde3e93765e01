"""The words of a share as people type or print them: read, and where one is wrong, said which.

SLIP-0039 (SatoshiLabs, 2017): words of a list of 1024, the last three a Reed-Solomon check over the others. Its code has distance 4,
so one wrong word can be located; which word would be right is never said, as the standard asks, because guessing is not knowing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from itertools import combinations

from shamir_mnemonic.constants import CUSTOMIZATION_STRING_EXTENDABLE, RADIX_BITS  # type: ignore[import-untyped]
from shamir_mnemonic.rs1024 import create_checksum  # type: ignore[import-untyped]
from shamir_mnemonic.wordlist import WORD_INDEX_MAP, WORDLIST  # type: ignore[import-untyped]

from app.core.messages import Message, Value, say, say_count

WORDS = 33
"""Words of a share of a 32-byte key."""
NUMBERED = re.compile(r"(?<![\w.])(\d{1,2})\.\s*([^\W\d_]+)")
LETTERS = re.compile(r"[^\W\d_]+")
CHECKING = 3
"""Words at the end that check the others."""


def words_of(text: str) -> tuple[str, ...]:
    """The words of a share in a text: those of a printed page by their numbers, in any order; else all of them. Lower case."""
    numbered = NUMBERED.findall(text)
    if len(numbered) > 1:
        ordered = sorted(numbered, key=lambda pair: int(pair[0]))
        return tuple(word.lower() for _, word in ordered)
    return tuple(word.lower() for word in LETTERS.findall(text))


def faults(words: Sequence[str], name: Value) -> list[Message]:
    """What is wrong with the words of the share called `name`, each as a sentence; empty where all fit together."""
    if not words:
        return [say("%(share)s: there are no words.", share=name)]
    strange = [_strange(name, place, word) for place, word in enumerate(words, 1) if word not in WORD_INDEX_MAP]
    if len(words) != WORDS:
        strange.append(
            say_count(
                "%(share)s has %(count)d word, and %(needed)d are needed. Compare it with the numbers on the page.",
                "%(share)s has %(count)d words, and %(needed)d are needed. Compare it with the numbers on the page.",
                len(words),
                share=name,
                needed=WORDS,
            )
        )
    if strange:
        return strange
    numbers = [WORD_INDEX_MAP[word] for word in words]
    return [_unfit(name, words, numbers)] if _remainder(numbers) else []


def _strange(name: Value, place: int, word: str) -> Message:
    near = _nearest(word)
    if near is None:
        return say("%(share)s, word %(place)d: “%(word)s” is not a word of the list.", share=name, place=place, word=word[:40])
    values: dict[str, Value] = {"share": name, "place": place, "word": word[:40], "near": near}
    return say("%(share)s, word %(place)d: “%(word)s” is not a word of the list. Is it “%(near)s”?", **values)


def _nearest(word: str) -> str | None:
    """The word of the list that was meant: the one that begins with the same four letters (there is one at most), else the most alike."""
    begins = [known for known in WORDLIST if len(word) >= 4 and known.startswith(word[:4])]
    return next(iter(begins or get_close_matches(word, WORDLIST, n=1, cutoff=0.6)), None)


def _unfit(name: Value, words: Sequence[str], numbers: Sequence[int]) -> Message:
    swapped = _swapped(numbers)
    if swapped is not None:
        first, second = swapped
        return say("%(share)s: words %(first)d and %(second)d seem to have changed places.", share=name, first=first + 1, second=second + 1)
    place = _wrong(numbers)
    if place is not None:
        return say(
            "%(share)s, word %(place)d: “%(word)s” does not fit the other words. Read it again on the page.",
            share=name,
            place=place + 1,
            word=words[place],
        )
    return say("%(share)s: two words or more are wrong, or it is no share of an opening key. Read each again on the page.", share=name)


def _swapped(numbers: Sequence[int]) -> tuple[int, int] | None:
    """The places of two words whose exchange makes the check come out, None where there are none."""
    trace, traces = _remainder(numbers), _traces()
    for first, second in combinations(range(len(numbers)), 2):
        change = numbers[first] ^ numbers[second]
        if traces[first][change] ^ traces[second][change] == trace:
            return first, second
    return None


def _wrong(numbers: Sequence[int]) -> int | None:
    """The place of the one word that is wrong, None where several are."""
    trace = _remainder(numbers)
    return next((place for place, traces in enumerate(_traces()) if trace in traces), None)


@cache
def _traces() -> tuple[tuple[int, ...], ...]:
    """Of each place, what each change of the ten bits of its word leaves in the check, which is linear: the sum of what each bit leaves."""
    nothing = [0] * WORDS
    places = []
    for place in range(WORDS):
        made = [0]
        for bit in range(RADIX_BITS):
            alone = _remainder([*nothing[:place], 1 << bit, *nothing[place + 1 :]]) ^ _remainder(nothing)
            made += [alone ^ other for other in made]
        places.append(tuple(made))
    return tuple(places)


def _remainder(numbers: Sequence[int]) -> int:
    """Zero where the last three words are those that check the others; else the 30 bits by which they differ."""
    wanted = create_checksum(numbers[:-CHECKING], CUSTOMIZATION_STRING_EXTENDABLE)
    left = 0
    for is_, should in zip(numbers[-CHECKING:], wanted, strict=True):
        left = left << RADIX_BITS | is_ ^ should
    return left

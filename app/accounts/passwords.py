"""Passwords: argon2id through passlib, what is asked of a new one, and the same work whether an account exists or not."""

import os
import re
import threading
import unicodedata
from functools import cache
from pathlib import Path

from passlib.context import CryptContext  # type: ignore[import-untyped]
from passlib.exc import UnknownHashError  # type: ignore[import-untyped]

from app.core.messages import Message, say

LEAST, MOST = 12, 256
COMMON = Path(__file__).parent / "data" / "common_passwords.txt"
RUNS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890123456789",
    "azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm",
)

_context = CryptContext(
    schemes=["argon2"], argon2__type="ID", argon2__memory_cost=19456, argon2__time_cost=2, argon2__parallelism=1, deprecated="auto"
)
# Each computation takes 19 MiB and one core: more at once than cores would only cost memory.
_turns = threading.BoundedSemaphore(os.cpu_count() or 1)


def hash_password(password: str) -> str:
    """The argon2id hash to keep of a password (19 MiB, 2 rounds, 1 lane: the OWASP minimum)."""
    with _turns:
        return str(_context.hash(_same_form(password)))


def verify(password: str, kept: str | None) -> bool:
    """Whether `password` is the one whose hash was kept. Without a usable hash: the same work, then False."""
    if kept is None:
        return dummy_verify()
    with _turns:
        try:
            return bool(_context.verify(_same_form(password)[:MOST], kept))
        except UnknownHashError:
            return False


def dummy_verify() -> bool:
    """Spend what a verification costs, and fail: an unknown address must not answer faster than a known one."""
    with _turns:
        _context.dummy_verify()
    return False


def needs_new_hash(kept: str) -> bool:
    """Whether a hash was made with older settings than today's."""
    return bool(_context.needs_update(kept))


def weakness(password: str, *about: str) -> Message | None:
    """None for a password that may be used, else the sentence that says why not. `about`: the person's name and address."""
    password = _same_form(password)
    if len(password) < LEAST:
        return say("Choose a password of %(least)d characters or more. A few words that you remember make a good one.", least=LEAST)
    if len(password) > MOST:
        return say("Choose a password of %(most)d characters at most.", most=MOST)
    plain = password.casefold()
    letters = re.sub(r"[\W\d_]+", "", plain)
    if plain in common() or _once(letters) in common():
        return say("This password is one of the first that people guess. Choose other words.")
    if _repeats(plain) or any(plain in run or plain in run[::-1] for run in RUNS):
        return say("This password repeats itself or follows the keyboard. Choose a few words instead.")
    if letters in _words(about):
        return say("This password is your own name or address. Choose other words.")
    return None


@cache
def common() -> frozenset[str]:
    """Passwords and single words guessed first, lower case; one a line in data/common_passwords.txt."""
    lines = (line.strip().casefold() for line in COMMON.read_text("utf-8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _same_form(password: str) -> str:
    """One form for letters that keyboards compose differently (é as one sign or as two)."""
    return unicodedata.normalize("NFKC", password)


def _repeats(plain: str) -> bool:
    """Whether a piece of at most four signs, repeated, makes the whole."""
    return any((plain[:size] * len(plain))[: len(plain)] == plain for size in range(1, 5))


def _once(letters: str) -> str:
    """The word that `letters` repeats, or `letters` itself."""
    sizes = (size for size in range(1, len(letters)) if letters == letters[:size] * (len(letters) // size))
    return letters[: next(sizes, len(letters))]


def _words(about: tuple[str, ...]) -> set[str]:
    """The letters of each text, of its parts and of the part before an @."""
    texts = [text.casefold() for text in about]
    parts = [part for text in texts for part in (text, text.partition("@")[0])]
    return {letters for part in parts if len(letters := re.sub(r"[\W\d_]+", "", part)) >= 3}

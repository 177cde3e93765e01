"""The key files of this server: the one that signs receipts and the one that signs heads of the log. Made once, read once.

Each file holds 64 hexadecimal letters and a line feed: the seed of an Ed25519 key in `….key` (mode 0600), the public key in `….pub`.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from tempfile import mkstemp

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.core.messages import Message, say
from app.core.problems import Problem
from app.settings import settings

NAMES = ("receipt", "log")
LETTERS = re.compile(rb"[0-9a-f]{64}\r?\n?\Z")
MOST_BYTES = 200
"""More than a key file ever holds: a large file in its place is not read."""


class NoKey(Problem):
    """503: a key file is missing, cannot be read or is no key. `message` names the file and says what to run."""

    status = 503


class State(Enum):
    """What became of a file of the folder: made now, there before, or not here while its public key is."""

    MADE = say("made now")
    KEPT = say("was there, kept as it is")
    ABSENT = say("not on this machine (its public key is)")


@dataclass(frozen=True)
class KeyFile:
    """One file of the folder; `exposed` where it is secret and others than its owner may read it."""

    path: Path
    state: State
    exposed: bool = False


def receipt_key() -> Ed25519PrivateKey:
    """The key that signs receipts: for web processes. Raises NoKey."""
    return _private(settings().keys_dir / "receipt.key")


def log_key() -> Ed25519PrivateKey:
    """The key that signs heads of the log: for the worker alone. Raises NoKey."""
    return _private(settings().keys_dir / "log.key")


def receipt_public() -> Ed25519PublicKey:
    """The public key of receipts. Raises NoKey."""
    return Ed25519PublicKey.from_public_bytes(_read(settings().keys_dir / "receipt.pub"))


def log_public() -> Ed25519PublicKey:
    """The public key of the log's heads. Raises NoKey."""
    return Ed25519PublicKey.from_public_bytes(_read(settings().keys_dir / "log.pub"))


def make_missing(folder: Path | None = None) -> list[KeyFile]:
    """Make the key pairs that are missing in the folder (that of the settings by default); nothing is ever overwritten.

    Two processes that do this at once end with the same keys. Raises NoKey where the folder cannot be written, a file is no
    key, or a public key is not that of the private one beside it.
    """
    folder = folder or settings().keys_dir
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return [file for name in NAMES for file in _pair(folder / f"{name}.key")]
    except OSError as fault:
        raise NoKey(say("%(file)s: it cannot be written here (%(reason)s).", file=str(folder), reason=fault.strerror or "")) from None


def make_key(path: Path) -> Ed25519PublicKey:
    """Make one private key in a new file and give its public key. Raises NoKey where the file exists or cannot be written."""
    key = Ed25519PrivateKey.generate()
    try:
        made = write_new(path, key.private_bytes_raw().hex() + "\n", 0o600)
    except OSError as fault:
        raise NoKey(say("%(file)s: it cannot be written here (%(reason)s).", file=str(path), reason=fault.strerror or "")) from None
    if not made:
        raise NoKey(say("%(file)s is there already, and a key is never overwritten. Name another file.", file=str(path)))
    return key.public_key()


def key_in(path: Path) -> Ed25519PrivateKey:
    """The private key in a file outside of the folder. Raises NoKey."""
    return Ed25519PrivateKey.from_private_bytes(_read(path, name=str(path), make=f"quotepart keys witness {path}"))


def write_new(path: Path, text: str, mode: int) -> bool:
    """Write a file whole or not at all, and never over another: False where one is there. Survives kill -9 and loss of power."""
    handle, beside = mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
    except FileExistsError:
        return False
    finally:
        os.unlink(beside)
    sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Let the disk remember the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _pair(path: Path) -> list[KeyFile]:
    public = path.with_suffix(".pub")
    if public.exists() and not path.exists():
        # A machine that only checks has the public key alone. And a lost key is not to be replaced without anybody knowing.
        _read(public, name=str(public))
        return [KeyFile(path, State.ABSENT), KeyFile(public, State.KEPT)]
    made = not path.exists() and write_new(path, Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n", 0o600)
    key = Ed25519PrivateKey.from_private_bytes(_read(path, name=str(path)))
    text = key.public_key().public_bytes_raw().hex()
    made_public = write_new(public, text + "\n", 0o644)
    if _read(public, name=str(public)).hex() != text:
        raise NoKey(
            say("%(public)s is not the public key of %(file)s. Move it away and run this again.", public=str(public), file=path.name)
        )
    return [KeyFile(path, _state(made), bool(path.stat().st_mode & 0o077)), KeyFile(public, _state(made_public))]


def _state(made: bool) -> State:
    return State.MADE if made else State.KEPT


def _private(path: Path) -> Ed25519PrivateKey:
    return _made_of(_read(path))


@lru_cache(maxsize=16)
def _made_of(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def _read(path: Path, *, name: str = "", make: str = "quotepart keys server") -> bytes:
    """The 32 bytes in a key file. Without a `name` sentences say the file's own: pages may show them, and paths are not for pages."""
    try:
        found = path.stat()
        return _content(path, found.st_mtime_ns, found.st_ino)
    except FileNotFoundError:
        sentence = say("The key file %(file)s is missing. To make it: %(command)s", file=name or path.name, command=make)
    except OSError as fault:
        sentence = say("The key file %(file)s cannot be read (%(reason)s).", file=name or path.name, reason=fault.strerror or "")
    except ValueError:
        sentence = _malformed(name or path.name, make)
    raise NoKey(sentence)


def _malformed(name: str, make: str) -> Message:
    return say(
        "The key file %(file)s is not a key of 64 hexadecimal letters. Put it back from where it is kept; only if it never signed "
        "anything, move it away and run: %(command)s",
        file=name,
        command=make,
    )


@lru_cache(maxsize=16)
def _content(path: Path, modified: int, inode: int) -> bytes:
    """What the file held when it was last changed: it is read again only when the disk says that it is another."""
    with path.open("rb") as file:
        text = file.read(MOST_BYTES)
    if not LETTERS.match(text):
        raise ValueError("not a key file")
    return bytes.fromhex(text.decode())

"""What a witness remembers between two looks, and the evidence it keeps. On the disk before anything signed leaves the process."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.core.messages import Message, say
from app.core.problems import Conflict, Invalid
from app.core.transparency import Note
from app.core.transparency.witnessing import Verdict, Watched
from app.keyring import sync_folder, write_new
from app.rendering import WHOLE, speaking, translate

try:
    import fcntl
except ImportError:  # the other commands of this program must still start where a witness cannot run
    fcntl = None  # type: ignore[assignment]

KIND, EVIDENCE = "quotepart-witness/1", "quotepart-evidence/1"
LOGS = {"log": "", "acts": "/acts"}
"""The logs of an edition, as their addresses call them, and what their origin adds to that of the edition."""

WHAT_TO_DO = say(
    "Keep this file: both heads bear the signature of the log, and anybody can check them with its key. Send copies to the city's "
    "polling station, to the other witnesses and to those who observe the vote. The witness signs nothing more while this file lies "
    "here; move it away only once the difference has been explained in public."
)


@dataclass(frozen=True)
class Signed:
    """The last note co-signed of one log, as text, and whether the site has taken our signature."""

    note: str
    delivered: bool = False


@dataclass(frozen=True)
class Memory:
    """What is pinned at the first contact (addresses, names, keys and hashes as text), and the last note of each log."""

    edition: str
    name: str
    key: str
    origin: str
    log_key: str
    election_hash: str
    logs: Mapping[str, Signed] = field(default_factory=dict)

    def watched(self, which: str) -> Watched:
        """The log named `which`, as the pure part wants it."""
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.log_key))
        return Watched(self.origin + LOGS[which], key, self.election_hash, before_freeze=which == "acts")

    def seen(self, which: str) -> Note | None:
        """The last note co-signed of this log."""
        return Note.read(self.logs[which].note) if which in self.logs else None

    def with_signed(self, which: str, signed: Signed) -> Memory:
        """The memory with another last note of one log."""
        return replace(self, logs={**self.logs, which: signed})


def load(path: Path) -> Memory | None:
    """What was remembered, None where there is no such file. Raises Invalid where it cannot be read: nothing is forgotten silently."""
    try:
        told = json.loads(path.read_text("utf-8"))
        if told.pop("kind") != KIND:
            raise ValueError("another kind of file")
        logs = {which: Signed(**signed) for which, signed in told.pop("logs").items() if which in LOGS}
        memory = Memory(**told, logs=logs)
        for which in LOGS:
            memory.watched(which), memory.seen(which)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Invalid(
            {
                "": say(
                    "%(file)s is not what a witness remembers, or it cannot be read. Put it back from a copy; without it a fork "
                    "could go unseen.",
                    file=str(path),
                )
            }
        ) from None
    return memory


def save(path: Path, memory: Memory) -> None:
    """Remember, so that kill -9 or a loss of power at any moment leaves the old memory or the new one. Raises Conflict."""
    beside = path.with_name(path.name + ".new")
    try:
        with beside.open("w", encoding="utf-8") as file:
            json.dump({"kind": KIND, **asdict(memory)}, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
        sync_folder(path.parent)
    except OSError as fault:
        raise _unwritten(path, fault) from None


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the memory for one process: two that forget one another's signatures could sign both sides of a fork. Raises Conflict."""
    try:
        lock = path.with_name(path.name + ".lock").open("w")
    except OSError as fault:
        raise _unwritten(path, fault) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict(say("Another witness is running with %(file)s.", file=str(path))) from None
        yield


def evidence_of(path: Path) -> Path:
    """Where evidence lies: beside the memory."""
    return path.with_name(path.name + ".evidence.json")


def keep_evidence(path: Path, memory: Memory, which: str, new: Note, proof: Sequence[bytes], verdict: Verdict, noticed: str) -> None:
    """Write both heads and the sentence about them into a file that is never overwritten. Raises Conflict."""
    seen = memory.seen(which)
    told: dict[str, Any] = {
        "kind": EVIDENCE,
        "edition": memory.edition,
        "log": which,
        "origin": memory.watched(which).origin,
        "log_key": memory.log_key,
        "election_hash": memory.election_hash,
        "refusal": str(verdict.refusal),
        "what_happened": _in_each_language(verdict.sentence),
        "what_to_do": _in_each_language(WHAT_TO_DO),
        "noticed": noticed,
        "seen": None if seen is None else str(seen),
        "new": str(new),
        "proof": [base64.b64encode(step).decode() for step in proof],
    }
    try:
        write_new(evidence_of(path), json.dumps(told, ensure_ascii=False, indent=1) + "\n", 0o644)
    except OSError as fault:
        raise _unwritten(evidence_of(path), fault) from None


def _in_each_language(sentence: Message) -> dict[str, str]:
    told = {}
    for language in WHOLE:
        with speaking(language):
            told[language] = translate(sentence)
    return told


def _unwritten(path: Path, fault: OSError) -> Conflict:
    return Conflict(say("%(file)s: it cannot be written here (%(reason)s).", file=str(path), reason=fault.strerror or ""))

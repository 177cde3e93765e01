"""The rounds of a witness: look at each log, judge its head, remember, sign, hand the signature in. In this order."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core.messages import Message, say
from app.core.problems import Invalid, Refused
from app.core.transparency import Note, canonical, cosign
from app.core.transparency.witnessing import Verdict, judge, needs_proof
from app.witness.asking import NotYet, Site, Trouble
from app.witness.memory import LOGS, Memory, Signed, alone, evidence_of, keep_evidence, load, save

KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)
DAMAGED = say("What the site gives as the definition of the election is none.")


@dataclass(frozen=True)
class Witness:
    """A witness of one edition: the site it asks, its key, where it remembers, the log key given (hexadecimal, or None), its clock."""

    site: Site
    key: Ed25519PrivateKey
    state: Path
    log_key: str | None
    tell: Callable[[Message], None]
    now: Callable[[], datetime]

    @property
    def _own(self) -> str:
        return self.key.public_key().public_bytes_raw().hex()

    def look(self) -> None:
        """One round over both logs. Raises Trouble where the site answers nothing usable, Refused where a head is refused."""
        if evidence_of(self.state).exists():
            raise Refused(
                say("This witness signs nothing while evidence of an earlier refusal lies in %(file)s.", file=str(evidence_of(self.state)))
            )
        try:
            memory = load(self.state) or self._first_contact()
        except NotYet:
            self.tell(say("The definition of this edition is not frozen yet: there is nothing to watch."))
            return
        self._check_same(memory)
        for which in LOGS:
            memory = self._look_at(memory, which)

    def _look_at(self, memory: Memory, which: str) -> Memory:
        seen = memory.seen(which)
        try:
            new = self.site.head(which)
        except NotYet:
            if seen is not None:
                raise Trouble(say("The site no longer shows the head of the log that this witness signed.")) from None
            self.tell(say("%(log)s: nothing is signed yet.", log=which))
            return memory
        if seen is None or seen.text != new.text:
            self._judge(memory, which, seen, new)
            memory = self._sign(memory, which, new)
        return self._deliver(memory, which)

    def _judge(self, memory: Memory, which: str, seen: Note | None, new: Note) -> None:
        watched, proof = memory.watched(which), list[bytes]()
        verdict = judge(watched, None, new, proof)
        if verdict.cosigns and seen is not None:
            sizes = needs_proof(seen, new)
            proof = [] if sizes is None else self.site.proof(which, *sizes)
            verdict = judge(watched, seen, new, proof)
        if not verdict.cosigns:
            raise self._refusal(memory, which, new, proof, verdict)

    def _refusal(self, memory: Memory, which: str, new: Note, proof: list[bytes], verdict: Verdict) -> Refused:
        if verdict.refusal is None or not verdict.refusal.is_evidence:
            return Refused(say("%(log)s: not signed. %(why)s", log=which, why=verdict.sentence))
        keep_evidence(self.state, memory, which, new, proof, verdict, f"{self.now().astimezone(UTC):%Y-%m-%dT%H:%MZ}")
        file = str(evidence_of(self.state))
        return Refused(
            say(
                "%(log)s: not signed. %(why)s Both heads are kept in %(file)s, with what to do.", log=which, why=verdict.sentence, file=file
            )
        )

    def _sign(self, memory: Memory, which: str, new: Note) -> Memory:
        watched = memory.watched(which)
        own = tuple(one for one in new.signatures if Note(new.text, (one,)).signed_by(watched.origin, watched.key))
        signed = cosign(Note(new.text, own), memory.name, self.key, int(self.now().timestamp()))
        # Remembered first: a signature that left and was forgotten would let the next start sign the other side of a fork.
        memory = memory.with_signed(which, Signed(str(signed)))
        save(self.state, memory)
        return memory

    def _deliver(self, memory: Memory, which: str) -> Memory:
        signed = memory.logs[which]
        if signed.delivered:
            return memory
        note = Note.read(signed.note)
        self.site.send(which, note)
        memory = memory.with_signed(which, Signed(signed.note, delivered=True))
        save(self.state, memory)
        self.tell(say("%(log)s: signed at %(size)s entries.", log=which, size=note.text.split("\n")[1]))
        return memory

    def _first_contact(self) -> Memory:
        raw, told = self.site.definition()
        origin, log_key, witnesses = _pinned(raw, told)
        if self.log_key is not None and self.log_key != log_key:
            raise Refused(
                say("The definition names another log key, %(found)s, than the one given, %(given)s.", found=log_key, given=self.log_key)
            )
        mine = self._own
        if mine not in witnesses:
            raise Refused(
                say("The definition names no witness with the key %(key)s. Whose key is it, and was it given to the city?", key=mine)
            )
        memory = Memory(self.site.base, witnesses[mine], mine, origin, log_key, hashlib.sha256(raw).hexdigest())
        save(self.state, memory)
        self._tell_first(memory)
        return memory

    def _tell_first(self, memory: Memory) -> None:
        self.tell(say("First contact as witness %(name)s. The definition is %(hash)s.", name=memory.name, hash=memory.election_hash))
        if self.log_key is None:
            self.tell(
                say(
                    "No log key was given: the one in the definition, %(key)s, is trusted from now on. Compare it with the one "
                    "the city has printed.",
                    key=memory.log_key,
                )
            )

    def _check_same(self, memory: Memory) -> None:
        if memory.edition != self.site.base:
            raise Invalid({"": say("%(file)s remembers another edition, %(edition)s.", file=str(self.state), edition=memory.edition)})
        if memory.key != self._own:
            raise Invalid({"": say("%(file)s remembers another key of this witness, %(key)s.", file=str(self.state), key=memory.key)})
        if self.log_key is not None and self.log_key != memory.log_key:
            raise Invalid({"": say("%(file)s remembers another log key, %(key)s.", file=str(self.state), key=memory.log_key)})


def log_key_of(text: str | None) -> str | None:
    """A log key as typed, in the one way it is compared. Raises Invalid where it is none."""
    key = None if text is None else text.strip().lower()
    if key is not None and not _is_key(key):
        raise Invalid({"": say("A public key has 64 hexadecimal letters; “%(text)s” is none.", text=key[:80])})
    return key


def watch(witness: Witness, every: float, *, once: bool) -> None:
    """Look every so many seconds, or once. Trouble is told and tried again, raised if `once`; a refusal always ends it."""
    news = _News(witness.tell)
    with alone(witness.state):
        while True:
            try:
                replace(witness, tell=news.hear).look()
            except Trouble as trouble:
                if once:
                    raise
                news.hear(trouble.message)
            if once:
                return
            news.end_of_round()
            sleep(every)


class _News:
    """Passes on what was not said in the round before: a trouble that lasts all night is one line."""

    def __init__(self, tell: Callable[[Message], None]) -> None:
        self._tell = tell
        self._before, self._now = set[str](), set[str]()

    def hear(self, sentence: Message) -> None:
        self._now.add(str(sentence))
        if str(sentence) not in self._before:
            self._tell(sentence)

    def end_of_round(self) -> None:
        self._before, self._now = self._now, set()


def _pinned(raw: bytes, told: dict[str, Any]) -> tuple[str, str, dict[str, str]]:
    """Origin, log key, and the names of the witnesses by their keys, as the definition says. Raises Trouble where it is none."""
    try:
        if canonical(told) != raw:
            raise Trouble(say("The definition is not written in the one canonical way, so its hash means nothing."))
        origin, log_key = told["origin"], told["keys"]["log"]
        witnesses = {one["key"]: one["name"] for one in told["witnesses"]}
        texts = [origin, log_key, *witnesses, *witnesses.values()]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Trouble(DAMAGED) from None
    if not all(isinstance(text, str) and text.isprintable() for text in texts) or not _is_key(log_key):
        raise Trouble(DAMAGED)
    if any(" " in name or "+" in name or not name for name in (origin, *witnesses.values())):
        raise Trouble(say("The definition has a name with a space or a plus sign in it; such a name cannot stand in a signature."))
    return origin, log_key, witnesses


def _is_key(text: str) -> bool:
    return KEY.fullmatch(text) is not None

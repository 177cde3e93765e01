"""Honest elections made by a seed, with every key in the test, and the bundle of each: what the verifier must believe.

An attacker of the tests alters the election (`replace`) and lets it be written again, with the keys that the attack presumes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.core.formats import Entry, Heading, election_file, write_pabulib
from app.core.transparency import (
    Head,
    Promise,
    consistency_proof,
    cosign,
    digest,
    leaf_hash,
    pad,
    root_of,
    seal,
    sign,
    sign_promise,
)
from app.core.verification import (
    Act,
    Definition,
    Material,
    PaperBallot,
    Published,
    WrittenHead,
    define,
    open_all,
    opening_value,
    plain,
    totals,
    write_bundle,
)
from app.core.verification.paper import count_paper
from app.core.verification.piles import Piles
from app.core.verification.result import election_of


def signing(name: str) -> Ed25519PrivateKey:
    """A key for signing that belongs to a name."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def opening_key(name: str) -> X25519PrivateKey:
    """A key for opening that belongs to a name."""
    return X25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def hexed(key: Ed25519PrivateKey | X25519PrivateKey) -> str:
    """The public key in hexadecimal letters."""
    return key.public_key().public_bytes_raw().hex()


@dataclass(frozen=True)
class Poll:
    """An election that is over: what the city knows. `ends` are the sizes of the log at which a head was signed.

    `lines` and `told` overrule what honest software would publish of the ballots and in the result; `signed` overrules heads.
    """

    definition: Mapping[str, Any]
    entries: tuple[bytes, ...]
    ends: tuple[int, ...]
    paper: tuple[PaperBallot, ...]
    turnout: Mapping[str, Any]
    draw: Mapping[str, Any]
    key: X25519PrivateKey
    log_key: Ed25519PrivateKey
    receipt_key: Ed25519PrivateKey
    witness_keys: Mapping[str, Ed25519PrivateKey]
    acts: tuple[Act, ...]
    lines: tuple[Published, ...] | None = None
    told: Mapping[str, Any] | None = None
    signed: tuple[WrittenHead, ...] | None = None

    @cached_property
    def defined(self) -> Definition:
        """The definition as a value."""
        return define(self.definition)[0]

    @cached_property
    def hash(self) -> str:
        """The hash of the definition."""
        return digest(self.definition)

    @cached_property
    def ballots(self) -> tuple[Published, ...]:
        """What is published of each ballot."""
        return self.lines or tuple(open_all(self.defined, bytes.fromhex(self.hash), self.entries, self.key))

    def receipt(self, index: int) -> dict[str, str]:
        """The receipt of the ballot at this place of the log."""
        return self.promised(leaf_hash(self.entries[index]).hex())

    def promised(self, leaf: str) -> dict[str, str]:
        """A receipt signed by the city for a leaf, wherever it is."""
        promise = Promise(self.hash, leaf, str(self.definition["merge_by"]))
        told = {"kind": "quotepart-receipt/1", "election_hash": self.hash, "leaf": leaf, "merge_by": promise.merge_by}
        return told | {"signature": sign_promise(promise, self.receipt_key)}

    def heads(self, origin: str, leaves: Sequence[bytes], ends: Sequence[int]) -> tuple[WrittenHead, ...]:
        """Honest heads over these leaves, co-signed by all witnesses; the last one at the closing."""
        made = []
        for at, size in enumerate(ends):
            minute = f"2026-11-2{at + 1}T10:00Z" if at + 1 < len(ends) else "2026-12-01T20:01Z"
            note = sign(Head(origin, size, root_of(leaves[:size]), self.hash, minute).text, origin, self.log_key)
            for name, key in self.witness_keys.items():
                note = cosign(note, name, key, 1_795_000_000 + at)
            before = ends[at - 1] if at else 0
            made.append(WrittenHead(str(note), consistency_proof(before, leaves[:size]) if before else ()))
        return tuple(made)

    def piles(self) -> Piles:
        """All that counts."""
        piles = Piles(self.defined)
        for line in self.ballots:
            if line.choices is not None:
                piles.add(line.choices)
            elif line.invalid:
                piles.null(line.invalid)
        count_paper(self.paper, self.defined, piles)
        return piles

    def result(self) -> dict[str, Any]:
        """What honest software tells."""
        piles = self.piles()
        election = election_of(self.defined, piles, self.draw)
        outcome = self.defined.rule.count(election)
        rows = [
            {"rank": row.rank, "id": row.project, "votes": row.votes, "cost_cents": row.cost_cents, "status": row.status.value}
            for row in outcome.rows
        ]
        null = sum(piles.nulls.values())
        return totals(election, outcome, null, self.definition["rule"], self.draw) | {"projects": rows, "currency": outcome.currency}

    def pb(self, result: Mapping[str, Any]) -> bytes:
        """The election for other programs."""
        heading = Heading("Vote", "France", "Ville", "2026", self.definition["envelope_cents"], date(2026, 11, 1), date(2026, 12, 1))
        entries = [
            Entry(one.id, one.title, one.cost_cents, one.id in result["selected"], carrier=one.carrier or "")
            for one in reversed(self.defined.projects)
        ]
        online = [line.choices for line in self.ballots if line.choices is not None]
        counted = online + [one.choices for one in self.paper if not one.null_reason]
        file = election_file(heading, entries, counted, rule=self.definition["rule"], draw=self.draw)
        return write_pabulib(file).encode()

    def material(self) -> Material:
        """All that the bundle is written of."""
        result = self.told or self.result()
        leaves, origin = [leaf_hash(raw) for raw in self.entries], str(self.definition["origin"])
        acts = [bytes.fromhex(act.hash) for act in self.acts]
        return Material(
            self.definition, self.entries, self.signed or self.heads(origin, leaves, self.ends), self.acts,
            self.heads(f"{origin}/acts", acts, (len(acts),)),
            opening_value(self.defined, self.entries, self.ballots, self.key, secret=bytes(range(32))),
            self.ballots, self.turnout, result, self.pb(result), self.paper,
        )  # fmt: skip

    def bundle(self) -> dict[str, bytes]:
        """The files."""
        return write_bundle(self.material(), self.log_key.sign)


def sealed(poll: Poll, choices: Sequence[str], seed: str) -> bytes:
    """A ballot sealed for this election as the booth does it."""
    return sealed_bytes(poll, pad(plain(choices), poll.definition["ballot_bytes"]), seed)


def sealed_bytes(poll: Poll, padded: bytes, seed: str, info: str = "") -> bytes:
    """Whatever bytes, sealed."""
    secret = hashlib.sha256(b"quotepart-seed/1" + seed.encode()).digest()
    return seal(padded, bytes.fromhex(poll.definition["keys"]["opening"]), bytes.fromhex(info or poll.hash), secret).raw


def secret_of(seed: str) -> bytes:
    """What proves later that a ballot is one's own."""
    return hashlib.sha256(b"quotepart-change/1" + seed.encode()).digest()[:16]

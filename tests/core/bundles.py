"""Honest elections made by a seed, with every key in the test, and the bundle of each: what the verifier must believe.

An attacker of the tests alters the election (`replace`) and lets it be written again, with the keys that the attack presumes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.core.formats import Entry, Heading, election_file, write_pabulib
from app.core.transparency import (
    Head,
    Promise,
    canonical,
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
    draw_value,
    entry_bytes,
    open_all,
    opening_value,
    plain,
    totals,
    write_bundle,
)
from app.core.verification.paper import count_paper
from app.core.verification.piles import Piles
from app.core.verification.result import election_of

IDS = ("a1", "b2", "c3", "d4", "e5", "f6", "g7")
BALLOT_BYTES = 96
CLOSES = "2026-12-01T20:00:00Z"


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

    @property
    def defined(self) -> Definition:
        """The definition as a value."""
        return define(self.definition)[0]

    @property
    def hash(self) -> str:
        """The hash of the definition."""
        return digest(self.definition)

    @property
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


def definition(dice: Random, *, change: bool, discreet: bool, least: int) -> dict[str, Any]:
    """A frozen definition with few projects and ties enough."""
    ids = IDS[: dice.randint(3, 7)]
    costs = {id: dice.choice([100, 200, 200, 350, 499, 600]) * 100 + dice.choice([0, 0, 50]) for id in ids}
    envelope = dice.randint(300, 1500) * 100
    style = dice.choice([{"kind": "approval", "min_choices": 1, "max_choices": dice.randint(1, 3), "max_total_cents": None},
                         {"kind": "knapsack", "budget": "envelope", "min_choices": 1}])  # fmt: skip
    rule = dice.choice([{"kind": "greedy"}, {"kind": "equal_shares", "step_cents": 100}])
    tie = dice.choice([["draw"], ["cheaper", "draw"]])
    defined = {
        "kind": "quotepart-election/1", "edition": "2026", "title": {"fr": "Vote", "en": "Vote"}, "city": "Ville", "origin": "ville.example/editions/2026",
        "projects": [{"id": id, "number": at, "title": f"Projet {id}", "cost_cents": cost, "carrier": dice.choice(["x", "y", "z"]),
                      "theme": "eau", "country": ""} for at, (id, cost) in enumerate(costs.items(), 1)],
        "envelope_cents": envelope, "currency": "EUR", "style": style, "rule": rule | {"tie_break": tie}, "draw_source": "Loterie du 2 décembre",
        "opens": "2026-11-20T10:00:00Z", "closes": CLOSES, "zone": "Europe/Paris", "merge_by": "2026-12-01T20:15:00Z",
        "ballot_bytes": BALLOT_BYTES, "publication": "discreet" if discreet else "open", "change_of_vote": change,
        "keys": {"opening": hexed(opening_key("bureau")), "threshold": 2, "shares": 3, "receipt": hexed(signing("receipt")),
                 "log": hexed(signing("log"))},
        "witnesses": [{"name": name, "key": hexed(signing(name))} for name in ("journal.example", "voisine.example")[: dice.randint(0, 2)]],
        "least_batch": least, "register": {"count": 500, "root": "ab" * 32}, "declarations": True, "software": "test",
    }  # fmt: skip
    value, _ = define(defined)
    return defined | {"rule": value.rule.model_dump(mode="json"), "style": value.style.model_dump(mode="json")}


def honest(seed: int, *, change: bool | None = None, discreet: bool | None = None, few: bool = False, least: int = 5) -> Poll:
    """The election of this seed; what is not given, the seed decides."""
    dice = Random(seed)
    many = dice.randint(0, least - 1) if few else dice.randint(3 * least, 40)
    change, discreet = dice.random() < 0.4 if change is None else change, dice.random() < 0.3 if discreet is None else discreet
    defined = definition(dice, change=change, discreet=discreet, least=least)
    witnesses = {one["name"]: signing(one["name"]) for one in defined["witnesses"]}
    acts = (Act.of("ab" * 16, "poll:freeze"), Act(leaf_hash(b"erased").hex()), Act.of("cd" * 16, "poll:close — fermé à l’heure"))
    keys = (opening_key("bureau"), signing("log"), signing("receipt"))
    poll = Poll(defined, (), (), (), {}, _draw(dice, defined), *keys, witnesses, acts)
    entries, voters = _cast(poll, dice, many)
    paper = () if few else tuple(_paper(poll, dice))
    ends = (len(entries),) if few else tuple(sorted({*range(least, len(entries) - least, dice.randint(least, 2 * least)), len(entries)}))
    handed = len(paper) + dice.randint(0, 2)
    return replace(poll, entries=entries, ends=ends, paper=paper, turnout=turnout(voters, handed))


def turnout(online: int, paper: int) -> dict[str, Any]:
    """A turnout in which these voted."""
    return {
        "register": {"frozen": 500, "declared": 7, "changes": [{"day": "2026-11-22", "added": 3, "removed": 1}], "total": 509},
        "spent": {"online": online, "paper": paper},
        "voided": 2,
        "days": [
            {"day": "2026-11-21", "online": online // 2, "paper": 0},
            {"day": "2026-11-22", "online": online - online // 2, "paper": paper},
        ],
    }


def choices(poll: Poll, dice: Random) -> list[str]:
    """A ballot that the style allows, sometimes blank."""
    value = poll.defined
    while True:
        picked = dice.sample([one.id for one in value.projects], dice.randint(0, min(3, len(value.projects))))
        if not value.style.check(picked, value.slate):
            return sorted(picked)


def wrapped(poll: Poll, raw: bytes, seed: str, **earlier: str) -> bytes:
    """The entry of a sealed ballot."""
    return entry_bytes(raw, secret_of(seed), **earlier) if poll.definition["change_of_vote"] else raw


def _cast(poll: Poll, dice: Random, many: int) -> tuple[tuple[bytes, ...], int]:
    """Entries in shuffled order, and how many people cast them; some change their vote, some send what is no ballot."""
    made: list[tuple[bytes, str]] = []
    for at in range(many):
        seed = f"seed {at} of {dice.random()}"
        made.append((wrapped(poll, _one(poll, dice, seed), seed), seed))
    cast, voters = [raw for raw, _ in made], len(made)
    for raw, seed in made if poll.definition["change_of_vote"] else ():
        if dice.random() < 0.3:
            later = seed + " later"
            again = sealed(poll, choices(poll, dice), later)
            cast.append(wrapped(poll, again, later, replaces=leaf_hash(raw).hex(), proof=secret_of(seed).hex()))
    dice.shuffle(cast)
    return tuple(cast), voters


def _one(poll: Poll, dice: Random, seed: str) -> bytes:
    size, strange = poll.definition["ballot_bytes"], dice.random()
    if strange < 0.03:
        return sealed_bytes(poll, bytes(size), seed)
    if strange < 0.06:
        return sealed_bytes(poll, pad(plain(["nowhere"]), size), seed)
    if strange < 0.09:
        return sealed_bytes(poll, pad(plain([one["id"] for one in poll.definition["projects"]] * 2), size), seed)
    if strange < 0.12:
        return sealed_bytes(poll, pad(plain([]), size), seed, info="cd" * 32)
    return sealed(poll, choices(poll, dice), seed)


def _paper(poll: Poll, dice: Random) -> Iterable[PaperBallot]:
    for lot in range(1, dice.randint(1, 3)):
        for serial in range(1, dice.randint(2, 6)):
            null = dice.random() < 0.2
            yield PaperBallot(lot, serial, () if null else tuple(choices(poll, dice)), dice.choice(["sign", "several"]) if null else "")


def _draw(dice: Random, defined: Mapping[str, Any]) -> dict[str, Any]:
    ids = [one["id"] for one in defined["projects"]]
    return dice.choice([{"seed": "12 3 45 6"}, {"draw": tuple(dice.sample(ids, len(ids)))}, {}])


__all__ = ["Poll", "canonical", "draw_value", "honest"]

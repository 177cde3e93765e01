"""Honest elections by a seed: few projects, many ties, odd ballots, paper, changes of vote, both ways of publishing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from app.core.transparency import leaf_hash, pad
from app.core.verification import Act, PaperBallot, define, entry_bytes, plain
from tests.core.bundles import Poll, hexed, opening_key, sealed, sealed_bytes, secret_of, signing

IDS = ("a1", "b2", "c3", "d4", "e5", "f6", "g7")
BALLOT_BYTES = 96
CLOSES = "2026-12-01T20:00:00Z"


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
        "kind": "quotepart-election/1", "edition": "2026", "title": {"fr": "Vote", "en": "Vote"}, "city": "Ville",
        "origin": "ville.example/editions/2026",
        "projects": [{"id": id, "number": at, "title": f"Projet {id}", "cost_cents": cost, "carrier": dice.choice(["x", "y", "z"]),
                      "theme": "eau", "country": ""} for at, (id, cost) in enumerate(costs.items(), 1)],
        "envelope_cents": envelope, "currency": "EUR", "style": style, "rule": rule | {"tie_break": tie},
        "draw_source": "Loterie du 2 décembre",
        "opens": "2026-11-20T10:00:00Z", "closes": CLOSES, "zone": "Europe/Paris", "merge_by": "2026-12-01T20:15:00Z",
        "ballot_bytes": BALLOT_BYTES, "publication": "discreet" if discreet else "open", "change_of_vote": change,
        "keys": {"opening": hexed(opening_key("bureau")), "threshold": 2, "shares": 3, "receipt": hexed(signing("receipt")),
                 "log": hexed(signing("log"))},
        "witnesses": [{"name": name, "key": hexed(signing(name))} for name in ("journal.example", "voisine.example")[: dice.randint(0, 2)]],
        "least_batch": least, "register": {"count": 500, "root": "ab" * 32}, "declarations": True, "software": "test",
    }  # fmt: skip
    value, _ = define(defined)
    return defined | {"rule": value.rule.model_dump(mode="json"), "style": value.style.model_dump(mode="json")}


def turnout(online: int, paper: int) -> dict[str, Any]:
    """A turnout in which these voted."""
    first = online // 2
    return {
        "register": {"frozen": 500, "declared": 7, "changes": [{"day": "2026-11-22", "added": 3, "removed": 1}], "total": 509},
        "spent": {"online": online, "paper": paper},
        "voided": 2,
        "days": [
            {"day": "2026-11-21", "online": first, "paper": 0},
            {"day": "2026-11-22", "online": online - first, "paper": paper},
        ],
    }


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

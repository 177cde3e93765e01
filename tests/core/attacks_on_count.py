"""Attacks on what is published after the vote: openings, ballots, changes, turnout, paper, result."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from app.core.transparency import leaf_hash, pad
from app.core.verification import PaperBallot, Published, plain
from app.core.verification.withheld import FEW
from tests.core.attackers import Files, counted_at, json_line, redocument, rewritten, summed, with_lines
from tests.core.bundle_maker import turnout, wrapped
from tests.core.bundles import Poll, opening_key, sealed, sealed_bytes, secret_of


def other_rule_told(poll: Poll) -> Files:
    return redocument(poll, "result.json", rule=dict(poll.definition["rule"]) | {"tie_break": ["id"]})


def foreign_info(poll: Poll) -> Files:
    raw = sealed_bytes(poll, pad(plain(["a1"]), poll.definition["ballot_bytes"]), "foreign", info="cd" * 32)
    lines = (*poll.ballots[:-1], Published(choices=("a1",)))
    return replace(poll, entries=(*poll.entries[:-1], raw), lines=lines).bundle()


def other_choices(poll: Poll) -> Files:
    return with_lines(poll, counted_at(poll), Published(choices=())).bundle()


def said_unreadable(poll: Poll) -> Files:
    return with_lines(poll, counted_at(poll), Published(invalid="unreadable")).bundle()


def said_against_the_form(poll: Poll) -> Files:
    return with_lines(poll, counted_at(poll), Published(invalid="form")).bundle()


def overfull_counted(poll: Poll) -> Files:
    full = tuple(sorted(one["id"] for one in poll.definition["projects"]))
    entries = (*poll.entries, sealed(poll, [*full, *full], "full"))
    bad = replace(poll, entries=entries, ends=(len(entries),), turnout=turnout(len(entries), len(poll.paper)))
    files = replace(bad, lines=(*bad.ballots[:-1], Published(choices=()))).bundle()
    lines = files["ballots.jsonl"].splitlines(keepends=True)
    lines[-1] = json_line({"choices": sorted([*full, *full]), "index": len(entries) - 1})
    return summed(poll, files | {"ballots.jsonl": b"".join(lines)})


def other_opening_key(poll: Poll) -> Files:
    return redocument(poll, "opening.json", key=opening_key("another").private_bytes_raw().hex())


def opening_key_of_changes(poll: Poll) -> Files:
    return rewritten(poll, "opening.json", lambda data: json_line({"mode": "open", "key": poll.key.private_bytes_raw().hex()}))


def one_opening_short(poll: Poll) -> Files:
    return redocument(poll, "opening.json", openings=json.loads(poll.bundle()["opening.json"])["openings"][:-1])


def wrong_opening(poll: Poll) -> Files:
    openings = json.loads(poll.bundle()["opening.json"])["openings"]
    at = next(at for at, one in enumerate(openings) if poll.ballots[one["index"]].choices)
    openings[at]["shared"] = "11" * 32
    return redocument(poll, "opening.json", openings=openings)


def superseded_counted(poll: Poll) -> Files:
    index = counted_at(poll, lambda line: line.replaced_by is not None)
    return with_lines(poll, index, Published(choices=("a1",))).bundle()


def said_replaced(poll: Poll) -> Files:
    return with_lines(poll, counted_at(poll), Published(replaced_by=0)).bundle()


def _replacing(poll: Poll, leaf: bytes, proof: str) -> Files:
    raw = wrapped(poll, sealed(poll, ["a1"], "thief"), "thief", replaces=leaf.hex(), proof=proof)
    entries = (*poll.entries, raw)
    lines = [*poll.ballots, Published(choices=("a1",))]
    victim = next((at for at, one in enumerate(poll.entries) if leaf_hash(one) == leaf), None)
    if victim is not None:
        lines[victim] = Published(replaced_by=len(entries) - 1)
    return replace(poll, entries=entries, ends=(len(entries),), lines=tuple(lines)).bundle()


def replaced_without_proof(poll: Poll) -> Files:
    return _replacing(poll, leaf_hash(poll.entries[counted_at(poll)]), secret_of("guess").hex())


def replaced_out_of_nowhere(poll: Poll) -> Files:
    return _replacing(poll, hashlib.sha256(b"nowhere").digest(), secret_of("guess").hex())


def paper_added(poll: Poll) -> Files:
    paper = [*poll.paper, *(PaperBallot(9, serial, ("a1",)) for serial in range(1, 5))]
    return replace(poll, paper=tuple(paper)).bundle()


def more_than_register(poll: Poll) -> Files:
    register = dict(poll.turnout["register"]) | {"changes": [{"day": "2026-11-22", "added": 0, "removed": 500}], "total": 7}
    return replace(poll, turnout=dict(poll.turnout) | {"register": register}).bundle()


def register_swollen(poll: Poll) -> Files:
    register = dict(poll.turnout["register"]) | {"frozen": 600, "total": 609}
    return replace(poll, turnout=dict(poll.turnout) | {"register": register}).bundle()


def withheld_although_many(poll: Poll) -> Files:
    files = poll.bundle() | {name: json_line(FEW) for name in ("log.jsonl", "ballots.jsonl", "opening.json")}
    files["paper_lots.csv"] = b"lot,serial,choices,null_reason\n"
    del files["result.pb"]
    return summed(poll, files)


def serial_twice(poll: Poll) -> Files:
    return replace(poll, paper=(PaperBallot(1, 1, ("a1",)), PaperBallot(1, 1, ("b2",)))).bundle()


def strange_paper(poll: Poll) -> Files:
    return rewritten(poll, "paper_lots.csv", lambda data: data + b"99,1,nowhere,\n")


def strange_reason(poll: Poll) -> Files:
    return rewritten(poll, "paper_lots.csv", lambda data: data + b"99,1,,they_voted_wrong\n")


def paper_said_null(poll: Poll) -> Files:
    return rewritten(poll, "paper_lots.csv", lambda data: data + b"99,1,a1,too_many\n")


def other_winners(poll: Poll) -> Files:
    told = poll.result()
    losers = [one.id for one in poll.defined.projects if one.id not in told["selected"]]
    return replace(poll, told=told | {"selected": losers}).bundle()


def other_votes(poll: Poll) -> Files:
    told = poll.result()
    first, *rest = told["projects"]
    return replace(poll, told=told | {"projects": [first | {"votes": first["votes"] + 1}, *rest]}).bundle()


def other_total(poll: Poll) -> Files:
    return redocument(poll, "result.json", total_cost_cents=poll.result()["total_cost_cents"] - 1)


def other_blank(poll: Poll) -> Files:
    return redocument(poll, "result.json", blank=poll.result()["blank"] + 1)


def other_draw(poll: Poll) -> Files:
    return redocument(poll, "result.json", draw={"kind": "seed", "value": "a draw that suits"})


def pb_ballot(poll: Poll) -> Files:
    def change(data: bytes) -> bytes:
        head, votes = data.split(b"VOTES\n")
        columns, _, *rest = votes.splitlines(keepends=True)
        return head.replace(b"num_votes;%d" % (len(rest) + 1), b"num_votes;%d" % len(rest)) + b"VOTES\n" + columns + b"".join(rest)

    return rewritten(poll, "result.pb", change)


def pb_cost(poll: Poll) -> Files:
    return rewritten(poll, "result.pb", lambda data: data.replace(b"\na1;", b"\na1;1"))


def pb_budget(poll: Poll) -> Files:
    return rewritten(poll, "result.pb", lambda data: data.replace(b"\nbudget;", b"\nbudget;1"))


def pb_rule(poll: Poll) -> Files:
    return rewritten(poll, "result.pb", lambda data: data.replace(b'""min_votes"":1', b'""min_votes"":9'))


def discreet_shorter(poll: Poll) -> Files:
    return rewritten(poll, "ballots.jsonl", lambda data: b"".join(data.splitlines(keepends=True)[1:]))


def discreet_unsorted(poll: Poll) -> Files:
    return rewritten(poll, "ballots.jsonl", lambda data: b"".join(reversed(data.splitlines(keepends=True))))

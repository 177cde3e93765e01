"""Attacks that bend the form of what is published: the wrong kind of opening, lists of another length, numbers that do not add up."""

from __future__ import annotations

import json
from dataclasses import replace

from app.core.transparency import Head, leaf_hash, root_of, sign
from app.core.verification import PaperBallot, Published, WrittenHead
from app.core.verification.bundle import SUMS
from app.core.verification.withheld import FEW
from tests.core.attackers import Files, counted_at, json_line, redocument, rewritten, summed, with_lines
from tests.core.bundle_maker import wrapped
from tests.core.bundles import Poll, sealed, secret_of


def no_heads(poll: Poll) -> Files:
    return rewritten(poll, "sths.jsonl", lambda data: b"")


def proof_before_the_first(poll: Poll) -> Files:
    heads = poll.material().heads
    return replace(poll, signed=(replace(heads[0], consistency=(bytes(32),)), *heads[1:])).bundle()


def no_minute(poll: Poll) -> Files:
    origin, leaves = str(poll.definition["origin"]), [leaf_hash(raw) for raw in poll.entries]
    text = Head(origin, len(leaves), root_of(leaves), poll.hash, "soon").text
    return replace(poll, signed=(WrittenHead(str(sign(text, origin, poll.log_key))),)).bundle()


def discreet_although_open(poll: Poll) -> Files:
    return rewritten(poll, "opening.json", lambda data: json_line({"mode": "discreet", "commitment": "ab" * 32}))


def open_although_discreet(poll: Poll) -> Files:
    return rewritten(poll, "opening.json", lambda data: json_line({"mode": "open", "key": poll.key.private_bytes_raw().hex()}))


def openings_without_changes(poll: Poll) -> Files:
    return rewritten(poll, "opening.json", lambda data: json_line({"mode": "open", "openings": []}))


def list_shorter(poll: Poll) -> Files:
    return rewritten(poll, "ballots.jsonl", lambda data: b"".join(data.splitlines(keepends=True)[:-1]))


def list_longer(poll: Poll) -> Files:
    line = json_line({"index": len(poll.entries), "choices": ["a1"]})
    return rewritten(poll, "ballots.jsonl", lambda data: data + line)


def unknown_project_counted(poll: Poll) -> Files:
    lines = poll.bundle()["ballots.jsonl"].splitlines(keepends=True)
    index = counted_at(poll)
    lines[index] = json_line({"index": index, "choices": ["nowhere"]})
    return rewritten(poll, "ballots.jsonl", lambda data: b"".join(lines))


def replaced_twice(poll: Poll) -> Files:
    """The voter's own secret is public once it was used; whoever reads it must not replace the ballot again."""
    index = counted_at(poll, lambda line: line.replaced_by is not None)
    by = json.loads(poll.entries[poll.ballots[index].replaced_by or 0])
    raw = wrapped(poll, sealed(poll, ["a1"], "thief"), "thief", replaces=by["replaces"], proof=by["proof"])
    entries = (*poll.entries, raw)
    return replace(poll, entries=entries, ends=(len(entries),), lines=(*poll.ballots, Published(choices=("a1",)))).bundle()


def secret_guessed_from_the_hash(poll: Poll) -> Files:
    index = counted_at(poll)
    leaf = leaf_hash(poll.entries[index]).hex()
    raw = wrapped(poll, sealed(poll, ["a1"], "thief"), "thief", replaces=leaf, proof=secret_of("thief").hex())
    entries = (*poll.entries, raw)
    poll = with_lines(poll, index, Published(replaced_by=len(entries) - 1))
    return replace(poll, entries=entries, ends=(len(entries),), lines=(*poll.ballots, Published(choices=("a1",)))).bundle()


def paper_unsorted(poll: Poll) -> Files:
    return rewritten(poll, "paper_lots.csv", lambda data: data + b"99,1,b2 a1,other\n")


def paper_out_of_order(poll: Poll) -> Files:
    return rewritten(poll, "paper_lots.csv", lambda data: data + b"0,1,,\n")


def paper_shown_although_withheld(poll: Poll) -> Files:
    few = replace(poll, entries=(), ends=(0,), paper=(PaperBallot(1, 1, ("a1",)),), lines=None)
    return summed(few, few.bundle() | {"paper_lots.csv": b"lot,serial,choices,null_reason\n1,1,a1,\n"})


def half_withheld(poll: Poll) -> Files:
    few = replace(poll, entries=(), ends=(0,), paper=(), lines=None)
    return summed(few, few.bundle() | {"ballots.jsonl": b'{"choices":["a1"],"index":0}\n'})


def pb_although_withheld(poll: Poll) -> Files:
    files = poll.bundle() | {name: json_line(FEW) for name in ("log.jsonl", "ballots.jsonl", "opening.json")}
    return summed(poll, files)


def register_does_not_add_up(poll: Poll) -> Files:
    return redocument(poll, "turnout.json", register=dict(poll.turnout["register"]) | {"total": 600})


def days_do_not_add_up(poll: Poll) -> Files:
    return redocument(poll, "turnout.json", days=[])


def pb_project_added(poll: Poll) -> Files:
    def change(data: bytes) -> bytes:
        head, votes = data.split(b"VOTES\n")
        lines = head.splitlines(keepends=True)
        many = len(poll.defined.projects)
        one = next(line for line in lines if line.startswith(b"a1;"))
        text = b"".join(lines).replace(b"num_projects;%d" % many, b"num_projects;%d" % (many + 1))
        return text + b"zz" + one[2:] + b"VOTES\n" + votes

    return rewritten(poll, "result.pb", change)


def pb_winners(poll: Poll) -> Files:
    """The column `selected` turned over, for each project."""

    def change(data: bytes) -> bytes:
        lines = data.split(b"\n")
        at = lines.index(b"PROJECTS") + 1
        column = lines[at].split(b";").index(b"selected")
        for row in range(at + 1, at + 1 + len(poll.defined.projects)):
            cells = lines[row].split(b";")
            cells[column] = b"0" if cells[column] == b"1" else b"1"
            lines[row] = b";".join(cells)
        return b"\n".join(lines)

    return rewritten(poll, "result.pb", change)


def pb_votes(poll: Poll) -> Files:
    def change(data: bytes) -> bytes:
        lines = data.split(b"\n")
        at = lines.index(b"PROJECTS") + 1
        column = lines[at].split(b";").index(b"votes")
        cells = lines[at + 1].split(b";")
        cells[column] = b"999"
        lines[at + 1] = b";".join(cells)
        return b"\n".join(lines)

    return rewritten(poll, "result.pb", change)


def file_without_sum(poll: Poll) -> Files:
    files = poll.bundle()
    bare = {name: data for name, data in files.items() if name != "turnout.json"}
    return summed(poll, bare) | {"turnout.json": files["turnout.json"]}


def file_missing(poll: Poll) -> Files:
    files = poll.bundle()
    del files["turnout.json"]
    return files


def sums_in_another_order(poll: Poll) -> Files:
    files = poll.bundle()
    return files | {SUMS: b"".join(reversed(files[SUMS].splitlines(keepends=True)))}

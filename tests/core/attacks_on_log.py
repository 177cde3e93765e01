"""Attacks on what was frozen and logged: definition, heads, entries, civic acts, sums."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from random import Random
from typing import Any

from app.core.transparency import Head, Note, consistency_proof, leaf_hash, root_of, sign
from app.core.verification import Act, WrittenHead
from tests.core.attackers import Files, counted_at, json_line, kept_heads, redefined, resigned, rewritten, summed
from tests.core.bundle_maker import choices, turnout, wrapped
from tests.core.bundles import Poll, hexed, sealed, signing


def drop(poll: Poll) -> Files:
    return kept_heads(poll, poll.entries[:3] + poll.entries[4:])


def add(poll: Poll) -> Files:
    return kept_heads(poll, (*poll.entries, sealed(poll, choices(poll, Random(1)), "stuffed")))


def swap(poll: Poll) -> Files:
    return kept_heads(poll, (*poll.entries[:-1], sealed(poll, choices(poll, Random(1)), "swapped")))


def reorder(poll: Poll) -> Files:
    return kept_heads(poll, tuple(reversed(poll.entries)))


def drop_and_sign_again(poll: Poll) -> Files:
    return resigned(poll, poll.entries[1:], turnout=turnout(len(poll.entries) - 1, len(poll.paper)), witnesses=False)


def drop_alone(poll: Poll) -> Files:
    return resigned(poll, poll.entries[1:])


def stuff(poll: Poll) -> Files:
    return resigned(poll, (*poll.entries, sealed(poll, choices(poll, Random(1)), "stuffed")))


def fork(poll: Poll) -> Files:
    origin, leaves = str(poll.definition["origin"]), [leaf_hash(raw) for raw in poll.entries]
    other = [leaf_hash(b"another log"), *leaves[1:]]
    heads = poll.heads(origin, leaves, poll.ends)
    forked = poll.heads(origin, other, poll.ends)
    return replace(poll, signed=(forked[0], *heads[1:])).bundle()


def rollback(poll: Poll) -> Files:
    heads = poll.material().heads[:-1]
    entries = poll.entries[: poll.ends[-2]]
    voted = turnout(len(entries), len(poll.paper))
    return replace(poll, entries=entries, ends=poll.ends[:-1], signed=tuple(heads), turnout=voted, lines=None).bundle()


def rollback_signed_again(poll: Poll) -> Files:
    return resigned(poll, poll.entries[: poll.ends[-2]])


def older_heads_last(poll: Poll) -> Files:
    heads = poll.material().heads
    return replace(poll, signed=(*heads[:-2], heads[-1], heads[-2])).bundle()


def foreign_log_key(poll: Poll) -> Files:
    return summed(poll, replace(poll, log_key=signing("somebody")).bundle())


def forged_cosignature(poll: Poll) -> Files:
    name = next(iter(poll.witness_keys))
    heads = list(poll.material().heads)
    note = Note.read(heads[-1].note)
    bent = tuple(replace(one, data=one.data[:-1] + bytes([one.data[-1] ^ 1])) if one.name == name else one for one in note.signatures)
    heads[-1] = replace(heads[-1], note=str(Note(note.text, bent)))
    return replace(poll, signed=tuple(heads)).bundle()


def other_election_in_head(poll: Poll) -> Files:
    origin, leaves = str(poll.definition["origin"]), [leaf_hash(raw) for raw in poll.entries]
    text = Head(origin, len(leaves), root_of(leaves), "00" * 32, "2026-12-01T20:01Z").text
    before = poll.ends[-2]
    last = WrittenHead(str(sign(text, origin, poll.log_key)), consistency_proof(before, leaves))
    return replace(poll, signed=(*poll.material().heads[:-1], last)).bundle()


def _projects(poll: Poll, **values: Any) -> list[dict[str, Any]]:
    first, *rest = poll.definition["projects"]
    return [first | values, *rest]


def relabel(poll: Poll) -> Files:
    one, two, *rest = poll.definition["projects"]
    return redefined(poll, projects=[one | {"title": two["title"]}, two | {"title": one["title"]}, *rest])


def recost(poll: Poll) -> Files:
    return redefined(poll, projects=_projects(poll, cost_cents=1))


def recost_all_signed(poll: Poll) -> Files:
    defined = dict(poll.definition) | {"projects": _projects(poll, cost_cents=1)}
    return replace(poll, definition=defined, lines=poll.ballots).bundle()


def own_keys(poll: Poll) -> Files:
    defined = dict(poll.definition) | {"keys": dict(poll.definition["keys"]) | {"log": hexed(signing("somebody"))}}
    return replace(poll, definition=defined, log_key=signing("somebody"), lines=poll.ballots).bundle()


def other_envelope(poll: Poll) -> Files:
    return redefined(poll, envelope_cents=poll.definition["envelope_cents"] * 2)


def other_rule(poll: Poll) -> Files:
    return redefined(poll, rule=dict(poll.definition["rule"]) | {"tie_break": ["id"]})


def later_closing(poll: Poll) -> Files:
    return redefined(poll, closes="2026-12-02T20:00:00Z")


def twice(poll: Poll) -> Files:
    entries = (*poll.entries, poll.entries[counted_at(poll)])
    return resigned(poll, entries, turnout=turnout(len(entries), len(poll.paper)))


def twice_in_another_wrapping(poll: Poll) -> Files:
    raw = base64.b64decode(json.loads(poll.entries[0])["sealed"])
    entries = (*poll.entries, wrapped(poll, raw, "another"))
    return resigned(poll, entries, turnout=turnout(poll.turnout["spent"]["online"] + 1, len(poll.paper)))


def short_entry(poll: Poll) -> Files:
    entries = (*poll.entries[:-1], poll.entries[-1][:-1])
    files = replace(poll, entries=entries, ends=(len(entries),), lines=poll.ballots)
    return files.bundle()


def small_batches(poll: Poll) -> Files:
    return replace(poll, ends=(poll.ends[0], poll.ends[0] + 1, len(poll.entries))).bundle()


def small_last_batch(poll: Poll) -> Files:
    return replace(poll, ends=(len(poll.entries) - 1, len(poll.entries))).bundle()


def act_rewritten(poll: Poll) -> Files:
    files = replace(poll, acts=(poll.acts[0], poll.acts[1], replace(poll.acts[2], text="poll:close, later"))).bundle()
    return files


def act_dropped(poll: Poll) -> Files:
    return rewritten(poll, "acts.jsonl", lambda data: b"".join(data.splitlines(keepends=True)[:-1]))


def act_added(poll: Poll) -> Files:
    more = Act.of("00" * 16, "poll:extend")
    return rewritten(poll, "acts.jsonl", lambda data: data + json_line({"index": 3, **vars(more)}))


def changed_without_sums(poll: Poll) -> Files:
    files = poll.bundle()
    return files | {"turnout.json": files["turnout.json"].replace(b'"voided":2', b'"voided":3')}


def summed_by_another(poll: Poll) -> Files:
    files = poll.bundle()
    return summed(poll, files | {"turnout.json": files["turnout.json"].replace(b'"voided":2', b'"voided":3')}, key="somebody")

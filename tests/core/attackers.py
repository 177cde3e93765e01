"""What attackers of a bundle can do: recompute the sums, and unless it is said otherwise sign with the city's own log key."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.core.verification import Published, sealed_sums
from app.core.verification.bundle import SIGNATURE, SUMS
from tests.core.bundles import Poll, signing

Files = dict[str, bytes]


def summed(poll: Poll, files: Mapping[str, bytes], key: str = "log") -> Files:
    """The files with their sums made anew and signed."""
    bare = {name: data for name, data in files.items() if name not in (SUMS, SIGNATURE)}
    return bare | sealed_sums(bare, signing(key).sign)


def rewritten(poll: Poll, name: str, change: Callable[[bytes], bytes]) -> Files:
    """One file changed."""
    files = poll.bundle()
    return summed(poll, files | {name: change(files[name])})


def redocument(poll: Poll, name: str, **values: Any) -> Files:
    """Some values of one JSON file changed."""
    return rewritten(poll, name, lambda data: json_line(json.loads(data) | values))


def json_line(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def redefined(poll: Poll, **values: Any) -> Files:
    """The definition changed after the vote, everything else as it was signed."""
    return rewritten(poll, "definition.json", lambda data: json_line(json.loads(data) | values)[:-1])


def with_lines(poll: Poll, index: int, line: Published) -> Poll:
    """Another line published for one ballot."""
    lines = list(poll.ballots)
    lines[index] = line
    return replace(poll, lines=tuple(lines))


def counted_at(poll: Poll, wanted: Callable[[Published], bool] = lambda line: bool(line.choices)) -> int:
    """The index of the first ballot whose line is like this."""
    return next(index for index, line in enumerate(poll.ballots) if wanted(line))


def kept_heads(poll: Poll, entries: Sequence[bytes]) -> Files:
    """Other entries under the heads that were signed."""
    lines = [poll.ballots[poll.entries.index(raw)] if raw in poll.entries else Published(choices=()) for raw in entries]
    return replace(poll, signed=tuple(poll.material().heads), entries=tuple(entries), lines=tuple(lines)).bundle()


def resigned(poll: Poll, entries: Sequence[bytes], witnesses: bool = True, **other: Any) -> Files:
    """Other entries under new heads by the same log key, each batch as large as it may be."""
    keys = poll.witness_keys if witnesses else {}
    return replace(poll, entries=tuple(entries), ends=(len(entries),), witness_keys=keys, lines=None, **other).bundle()

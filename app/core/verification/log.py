"""V4 and V5: the root of all entries is the one that was signed, and no ballot stands in the log twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from app.core.messages import say, say_count
from app.core.transparency import EMPTY, Frontier, leaf_hash
from app.core.verification.acts import ACTS, read_acts
from app.core.verification.bundle import Bundle
from app.core.verification.checks import Findings
from app.core.verification.definition import Definition
from app.core.verification.entries import Change, raw_entries, read_entry
from app.core.verification.heads import SignedHead


@dataclass
class Log:
    """What one walk over log.jsonl keeps: the index of each leaf (32 bytes), the root at each size asked for, and what was wrong."""

    size: int = 0
    leaves: dict[bytes, int] = field(default_factory=dict)
    roots: dict[int, bytes] = field(default_factory=dict)
    changes: list[Change | None] = field(default_factory=list)
    twice: list[tuple[int, int]] = field(default_factory=list)
    strange: list[int] = field(default_factory=list)


def read_log(bundle: Bundle, definition: Definition, sizes: Iterable[int]) -> Log:
    """Walk the entries once. Raises Malformed. Time O(n), memory about 200 bytes for each entry."""
    log, seals = Log(), dict[bytes, int]()
    log.roots = roots_at(sizes, _noted(bundle, definition, log, seals))
    return log


def _noted(bundle: Bundle, definition: Definition, log: Log, seals: dict[bytes, int]) -> Iterator[bytes]:
    for index, raw in raw_entries(bundle):
        leaf = leaf_hash(raw)
        first = log.leaves.setdefault(leaf, index)
        try:
            entry = read_entry(raw, definition)
        except ValueError:
            entry = None
            log.strange.append(index)
        if definition.change_of_vote:
            log.changes.append(entry.change if entry else None)
            # The same sealed ballot in another wrapping would count twice what was cast once.
            first = min(first, seals.setdefault(leaf_hash(entry.sealed), index) if entry else index)
        if first != index:
            log.twice.append((first, index))
        log.size = index + 1
        yield leaf


def roots_at(sizes: Iterable[int], leaves: Iterable[bytes]) -> dict[int, bytes]:
    """The root of the first n leaves for each n of `sizes` that is reached, and of all of them."""
    wanted, tree, roots = set(sizes), Frontier(), {0: EMPTY}
    for leaf in leaves:
        tree.append(leaf)
        if tree.size in wanted:
            roots[tree.size] = tree.root
    return roots | {tree.size: tree.root}


def check_roots(log: Log, heads: Sequence[SignedHead], found: Findings) -> None:
    """V4: every head's root is that of the first entries, and the last head covers all of them."""
    _covered(heads, log.roots, log.size, "log.jsonl", found)
    found.note(say_count("The log holds %(count)d ballot cast online.", "The log holds %(count)d ballots cast online.", log.size))


def check_acts(bundle: Bundle, acts: Sequence[SignedHead], found: Findings) -> None:
    """V4 for the log of civic acts."""
    leaves = read_acts(bundle, found)
    _covered(acts, roots_at((one.head.size for one in acts), leaves), len(leaves), ACTS, found)


def _covered(heads: Sequence[SignedHead], roots: dict[int, bytes], size: int, file: str, found: Findings) -> None:
    for at, one in enumerate(heads, 1):
        if one.head.size > size:
            found.fault(
                say(
                    "%(file)s holds %(size)d entries, and head %(head)d was signed over %(signed)d: entries were taken away.",
                    file=file,
                    size=size,
                    head=at,
                    signed=one.head.size,
                )
            )
        elif roots[one.head.size] != one.head.root:
            found.fault(say("%(file)s: the entries are not those over which head %(head)d was signed.", file=file, head=at))
    if size > (last := heads[-1].head.size if heads else 0):
        found.fault(
            say(
                "%(file)s holds %(size)d entries, and the last head was signed over %(signed)d: entries were added.",
                file=file,
                size=size,
                signed=last,
            )
        )


def check_entries(log: Log, found: Findings) -> None:
    """V5: each entry once, each of the size or the shape that every ballot of this election has."""
    for first, again in log.twice:
        found.fault(say("Ballot %(again)d is a copy of ballot %(first)d.", first=first, again=again))
    for index in log.strange:
        found.fault(say("Ballot %(index)d has not the size or the shape of a ballot of this election.", index=index))
    if found.faultless:
        found.note(say("All ballots are different and of one size, so that none tells by its length what it holds."))

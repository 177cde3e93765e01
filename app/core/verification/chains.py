"""V8: a resident who changes the vote replaces their own earlier ballot, proven by its secret, and nobody else's."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from app.core.messages import say, say_count
from app.core.verification.checks import Findings
from app.core.verification.entries import Change


def replaced_in(leaves: Sequence[bytes] | Mapping[bytes, int], changes: Sequence[Change | None]) -> dict[int, int]:
    """Index of each replaced ballot -> index of the ballot that replaces it. Raises ValueError where a replacement is not proven.

    Batches are shuffled, so that a replacement may stand before what it replaces; a circle would need a hash that names itself.
    """
    found = Findings()
    replaced = _replaced(leaves, changes, found)
    if not found.faultless:
        raise ValueError(str(found.check("", say("Changes of vote")).sentences[0]))
    return replaced


def check_chains(leaves: Mapping[bytes, int], changes: Sequence[Change | None], found: Findings) -> dict[int, int]:
    """V8 by the log alone: who replaces whom, with a fault for each replacement that is not proven."""
    replaced = _replaced(leaves, changes, found)
    if not changes:
        found.note(say("This election does not let residents change their vote: every ballot of the log counts."))
    else:
        found.note(
            say_count(
                "%(count)d ballot was replaced by its own voter.", "%(count)d ballots were replaced by their own voters.", len(replaced)
            )
        )
    return replaced


def _replaced(leaves: Sequence[bytes] | Mapping[bytes, int], changes: Sequence[Change | None], found: Findings) -> dict[int, int]:
    place = leaves if isinstance(leaves, Mapping) else {leaf: index for index, leaf in enumerate(leaves)}
    replaced: dict[int, int] = {}
    for index, change in enumerate(changes):
        if change is None or change.replaces is None:
            continue
        earlier = place.get(change.replaces)
        target = None if earlier is None else changes[earlier]
        if earlier is None or target is None:
            found.fault(say("Ballot %(index)d replaces a ballot that is not in the log.", index=index))
        elif hashlib.sha256(change.proof).digest() != target.promise:
            found.fault(
                say(
                    "Ballot %(index)d replaces ballot %(earlier)d without the proof that it is the same voter’s.",
                    index=index,
                    earlier=earlier,
                )
            )
        elif earlier in replaced:
            found.fault(say("Ballot %(earlier)d is replaced twice.", earlier=earlier))
        else:
            replaced[earlier] = index
    return replaced

"""V6, V7 and V8 in one walk over log.jsonl and ballots.jsonl: each ballot is opened again and judged again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.core.messages import Message, say, say_count
from app.core.verification.ballots import Published, fault_of, read_published
from app.core.verification.bundle import Bundle
from app.core.verification.checks import Findings
from app.core.verification.definition import Definition
from app.core.verification.entries import raw_entries, read_entry
from app.core.verification.opening import Opening
from app.core.verification.piles import Piles

Heard = Callable[[int], None]
"""Is told now and then how many ballots were opened."""
NOW_AND_THEN = 1000


@dataclass
class Opened:
    """What the walk found for V6 (`seals`), V7 (`rules`) and V8 (`chains`), and the ballots that count; `whole`: all of them were read."""

    piles: Piles
    whole: bool = True
    seals: Findings = field(default_factory=Findings)
    rules: Findings = field(default_factory=Findings)
    chains: Findings = field(default_factory=Findings)
    unproven: int = 0
    lines: int = 0


def reopen(
    bundle: Bundle, definition: Definition, info: bytes, opening: Opening, replaced: Mapping[int, int], heard: Heard = lambda done: None
) -> Opened:
    """Open mode: each entry of the log beside its line of ballots.jsonl. Raises Malformed. About 0.15 ms for each ballot."""
    found = Opened(Piles(definition))
    if not _fits(definition, opening, found.seals):
        found.whole = False
        return found
    walk = _Walk(definition, info, opening, replaced, found)
    entries, lines = raw_entries(bundle), read_published(bundle, indexed=True)
    while True:
        logged, line = next(entries, None), next(lines, None)
        if logged is None and line is None:
            break
        if logged is None or line is None:
            found.seals.fault(say("The list of ballots and the log are not equally long."))
            found.whole = False
            break
        walk.compare(*logged, line)
        found.lines += 1
        if found.lines % NOW_AND_THEN == 0:
            heard(found.lines)
    if found.unproven:
        found.seals.unchecked(
            say_count(
                "%(count)d ballot is said to be unreadable. With changes of vote the key is not published, "
                "so nobody outside can check that.",
                "%(count)d ballots are said to be unreadable. With changes of vote the key is not published, "
                "so nobody outside can check that.",
                found.unproven,
            )
        )
    elif found.seals.faultless:
        found.seals.note(say("Every ballot that counts was opened again and holds what the city published."))
    tell_judged(found)
    return found


def tell_judged(found: Opened) -> None:
    """How many ballots were judged, for V7."""
    null = sum(found.piles.nulls.values())
    found.rules.note(say("Cast online and not replaced: %(valid)d valid, %(null)d invalid.", valid=found.piles.many, null=null))


def _fits(definition: Definition, opening: Opening, seals: Findings) -> bool:
    """Whether the opening is of the kind that the definition announced, and its key the one to which ballots were sealed."""
    if opening.commitment is not None:
        seals.fault(say("The ballots were to be published in the order of the log, and they were not."))
    elif definition.change_of_vote and opening.key is not None:
        seals.fault(say("The opening key was published: it also opens the ballots that residents replaced."))
    elif not definition.change_of_vote and opening.key is None:
        seals.fault(say("The opening key was to be published, and it was not."))
    elif opening.key is not None and not _opens(opening.key, definition):
        seals.fault(say("The opening key is not the one to which the ballots of this election were sealed."))
    return seals.faultless


def _opens(key: X25519PrivateKey, definition: Definition) -> bool:
    return key.public_key().public_bytes_raw().hex() == definition.keys.opening


class _Walk:
    def __init__(self, definition: Definition, info: bytes, opening: Opening, replaced: Mapping[int, int], found: Opened) -> None:
        self.definition, self.info, self.opening, self.replaced, self.found = definition, info, opening, replaced, found
        self.public = bytes.fromhex(definition.keys.opening)

    def compare(self, index: int, raw: bytes, line: Published) -> None:
        """One entry with its line."""
        by = self.replaced.get(index)
        if by is not None or line.replaced_by is not None:
            self._replaced(index, by, line)
            return
        try:
            choices = self.opening.choices(index, read_entry(raw, self.definition).sealed, self.public, self.info)
        except KeyError:
            self.found.seals.fault(say("Ballot %(index)d counts and was not opened.", index=index))
            return
        except ValueError:
            choices = None  # V5 has told that this is no entry of the election.
        self._counted(index, choices, line)

    def _replaced(self, index: int, by: int | None, line: Published) -> None:
        if line.replaced_by != by:
            text = (
                say("Ballot %(index)d was replaced, and is published as if it counted.", index=index)
                if line.replaced_by is None
                else say(
                    "Ballot %(index)d is said to be replaced by ballot %(by)d; the log does not say so.", index=index, by=line.replaced_by
                )
            )
            self.found.chains.fault(text)
        if by is not None and index in (self.opening.agreed or {}):
            self.found.seals.fault(say("Ballot %(index)d was replaced by its voter, and was opened all the same.", index=index))

    def _counted(self, index: int, choices: tuple[str, ...] | None, line: Published) -> None:
        seals, rules = self.found.seals, self.found.rules
        if line.choices is not None:
            if choices != line.choices:
                seals.fault(say("Ballot %(index)d does not hold the choices that were published for it.", index=index))
            count_line(line.choices, self.definition, self.found, say("Ballot %(index)d", index=index))
            return
        self.found.piles.null(line.invalid or "")
        if line.invalid == "unreadable":
            if choices is not None:
                seals.fault(say("Ballot %(index)d is said to be unreadable, and it can be read.", index=index))
            self.found.unproven += choices is None and self.opening.key is None
        elif choices is None:
            seals.fault(say("Ballot %(index)d cannot be read, and is said to be invalid for what it holds.", index=index))
        elif fault_of(choices, self.definition) != line.invalid:
            rules.fault(say("Ballot %(index)d is published as invalid for a reason that it does not give.", index=index))


def count_line(choices: tuple[str, ...], definition: Definition, found: Opened, ballot: Message) -> None:
    """Count published choices if the frozen rules allow them; a fault of V7 if not."""
    reason = fault_of(choices, definition)
    if reason is None:
        found.piles.add(choices)
    elif reason == "unknown":
        found.rules.fault(say("%(ballot)s names a project that does not stand, and is published as valid.", ballot=ballot))
    else:
        found.rules.fault(say("%(ballot)s breaks the rules of the ballot, and is published as valid.", ballot=ballot))


def read_discreet(bundle: Bundle, definition: Definition, opening: Opening, counting: int) -> Opened:
    """Discreet mode: the sorted list stands alone; `counting` ballots of the log were not replaced. Raises Malformed."""
    found, before, ordered = Opened(Piles(definition)), b"", True
    if opening.commitment is None:
        found.seals.fault(say("The ballots were to be published apart from the log, and they were not."))
        found.whole = False
        return found
    for _, text in bundle.lines("ballots.jsonl"):
        before, ordered = text, ordered and before <= text
    found.seals.expect(ordered, say("The list of ballots is not sorted: its order could tell who voted how."))
    for line in read_published(bundle, indexed=False):
        found.lines += 1
        if line.choices is None:
            found.piles.null(line.invalid or "")
        else:
            count_line(line.choices, definition, found, say("Line %(line)d of the list", line=found.lines))
    found.seals.expect(
        found.lines == counting,
        say("The list of ballots holds %(listed)d, the log %(logged)d that count.", listed=found.lines, logged=counting),
    )
    found.seals.unchecked(
        say(
            "The ballots were published apart from the log, to keep each secret even from who holds a receipt. That the list is what "
            "the sealed ballots hold, only the bureau and sworn auditors can check, with the key and this commitment: %(commitment)s.",
            commitment=opening.commitment.hex(),
        )
    )
    tell_judged(found)
    if many := sum(found.piles.nulls.values()):
        found.rules.note(
            say_count(
                "Whether %(count)d invalid ballot is rightly so, only they can check.",
                "Whether %(count)d invalid ballots are rightly so, only they can check.",
                many,
            )
        )
    return found

"""All checks of a bundle in their order, V1 to V13; nothing but the bundle is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from app.core.messages import Message, say
from app.core.verification.ballots import read_published
from app.core.verification.bundle import Bundle, Malformed
from app.core.verification.checks import Check, Findings
from app.core.verification.evidence import Evidence, Stage
from app.core.verification.heads import check_definition, check_heads
from app.core.verification.log import check_acts, check_entries, check_roots
from app.core.verification.pabulib_file import check_pabulib
from app.core.verification.paper import check_paper
from app.core.verification.receipt import Receipt, check_receipt, tell_ballot
from app.core.verification.result import check_result
from app.core.verification.sums import check_sums
from app.core.verification.turnout import check_batches, check_numbers, check_turnout
from app.core.verification.withheld import check_withheld, why

TITLES: dict[str, Message] = {
    "V1": say("The files are those the city signed"),
    "V2": say("Everything was signed for this one definition"),
    "V3": say("The log only ever grew, under signatures"),
    "V4": say("The log is whole"),
    "V5": say("No ballot stands in the log twice"),
    "V6": say("The published ballots are what was sealed"),
    "V7": say("Each ballot was judged by the frozen rules"),
    "V8": say("Who changed a vote replaced only their own"),
    "V9": say("There are as many ballots as voters"),
    "V10": say("The paper ballots are in order"),
    "V11": say("The result follows from the ballots"),
    "V12": say("The receipt was kept"),
    "V13": say("The file for other programs says the same"),
}


@dataclass(frozen=True)
class Verdict:
    """Every check in order. `election_hash` is "" where the definition cannot be read."""

    checks: tuple[Check, ...]
    election_hash: str

    @property
    def holds(self) -> bool:
        """Whether everything that can be checked holds."""
        return all(check.holds is not False for check in self.checks)

    @property
    def partly(self) -> bool:
        """Whether something could not be checked, a receipt that nobody gave apart."""
        return any(check.holds is None for check in self.checks if check.id != "V12")

    def check(self, id: str) -> Check:
        """The check with this id. Raises KeyError."""
        return {check.id: check for check in self.checks}[id]


def verify(bundle: Bundle, receipt: Receipt | str | None = None, stage: Stage = lambda doing, percent: None) -> Verdict:
    """Check a bundle, and a receipt or its code if one is given. Never raises for what the bundle holds.

    About 0.2 ms and 0.5 kB for each ballot; what a check cannot read is told once, and the checks that need it say so.
    """
    evidence = Evidence(bundle, stage)
    run = _Run(evidence)
    checks = tuple(run.check(id, _CHECKS[id]) for id in TITLES if id != "V12")
    last = run.check("V12", lambda evidence, found: _receipt(evidence, receipt, found))
    try:
        hash = evidence.hash
    except Malformed:
        hash = ""
    return Verdict((*checks[:11], last, *checks[11:]), hash)


@dataclass
class _Run:
    evidence: Evidence
    broken: dict[str, str] = field(default_factory=dict)

    def check(self, id: str, work: Callable[[Evidence, Findings], None]) -> Check:
        """One check; a file that cannot be read is the fault of the first check that needs it."""
        found = Findings()
        try:
            work(self.evidence, found)
        except Malformed as fault:
            if fault.file in self.broken:
                found.unchecked(
                    say("Not checked, because %(file)s cannot be read (see %(check)s).", file=fault.file, check=self.broken[fault.file])
                )
            else:
                self.broken[fault.file] = id
                found.fault(fault.message)
        return found.check(id, TITLES[id])


def _sums(evidence: Evidence, found: Findings) -> None:
    evidence.stage(say("Comparing the sums of the files"), None)
    check_sums(evidence.bundle, lambda: evidence.definition.keys.log, found)


def _definition(evidence: Evidence, found: Findings) -> None:
    check_definition(evidence.definition, evidence.hash, evidence.heads, evidence.act_heads, found)


def _heads(evidence: Evidence, found: Findings) -> None:
    check_heads(evidence.definition, evidence.heads, evidence.act_heads, found)


def _shown(work: Callable[[Evidence, Findings], None]) -> Callable[[Evidence, Findings], None]:
    """The check where the ballots are shown; where they are withheld, why it cannot be made."""

    def either(evidence: Evidence, found: Findings) -> None:
        if evidence.withheld:
            found.unchecked(why(evidence.definition.least_batch))
        else:
            work(evidence, found)

    return either


def _counted(work: Callable[[Evidence, Findings], None]) -> Callable[[Evidence, Findings], None]:
    """The check where all ballots could be read."""

    def either(evidence: Evidence, found: Findings) -> None:
        if evidence.opened.whole:
            work(evidence, found)
        else:
            found.unchecked(say("Not checked, because the ballots cannot be opened or listed whole (see V6)."))

    return _shown(either)


def _roots(evidence: Evidence, found: Findings) -> None:
    check_acts(evidence.bundle, evidence.act_heads, found)
    if evidence.withheld:
        found.unchecked(why(evidence.definition.least_batch))
    else:
        check_roots(evidence.log, evidence.heads, found)


def _entries(evidence: Evidence, found: Findings) -> None:
    check_entries(evidence.log, found)


def _chains(evidence: Evidence, found: Findings) -> None:
    found.join(evidence.chains)
    found.join(evidence.opened.chains)


def _numbers(evidence: Evidence, found: Findings) -> None:
    definition, paper, heads = evidence.definition, len(evidence.paper), evidence.heads
    check_turnout(evidence.turnout, definition, found)
    if evidence.withheld:
        leaves, replaced = heads[-1].head.size if heads else 0, 0
        check_withheld(evidence.bundle, leaves, paper, definition.least_batch, found)
        replaced = max(leaves - evidence.turnout.online, 0) if definition.change_of_vote else 0
    else:
        leaves, replaced = evidence.log.size, len(evidence.replaced)
    check_numbers(evidence.turnout, leaves, replaced, paper, found)
    check_batches(heads, definition.least_batch, found)


def _paper(evidence: Evidence, found: Findings) -> None:
    check_paper(evidence.paper, evidence.definition, evidence.withheld, found)


def _result(evidence: Evidence, found: Findings) -> None:
    evidence.stage(say("Counting again"), None)
    check_result(evidence.result, evidence.definition, evidence.opened.piles, found)


def _pabulib(evidence: Evidence, found: Findings) -> None:
    evidence.stage(say("Reading the file for other programs"), None)
    check_pabulib(evidence.bundle, evidence.definition, evidence.opened.piles, evidence.result, found)


def _receipt(evidence: Evidence, receipt: Receipt | str | None, found: Findings) -> None:
    if receipt is None:
        found.unchecked(say("No receipt was given. With one, add: --receipt FILE, or --receipt and its code."))
        return
    leaves = None if evidence.withheld else evidence.log.leaves
    index = check_receipt(receipt, evidence.definition, evidence.hash, leaves, found, [one.head for one in evidence.heads])
    if index is not None and evidence.definition.publication == "open":
        line = next(islice(read_published(evidence.bundle, indexed=True), index, None), None)
        if line is not None:
            tell_ballot(line, evidence.definition, found)


_CHECKS: dict[str, Callable[[Evidence, Findings], None]] = {
    "V1": _sums, "V2": _definition, "V3": _heads, "V4": _roots, "V5": _shown(_entries),
    "V6": _shown(lambda evidence, found: found.join(evidence.opened.seals)),
    "V7": _shown(lambda evidence, found: found.join(evidence.opened.rules)),
    "V8": _shown(_chains),
    "V9": _numbers, "V10": _paper, "V11": _counted(_result), "V13": _counted(_pabulib),
}  # fmt: skip

"""`quotepart count`: anyone counts a Pabulib file with one of our rules, from the file alone and without a database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from app.core.formats import PabulibElection, PabulibFile, read_election, read_pabulib
from app.core.formats.pabulib_lines import MAX_BYTES
from app.core.messages import say
from app.core.problems import Invalid, Missing
from app.core.tally import AnyRule, Election, Outcome
from app.core.tally.progress import Told, untold
from app.exchange.declared import election_of
from app.exchange.recorded import Verdict, judge
from app.exchange.wording import Words, rule_in_words

MOST_BYTES = 2_000_000_000
"""What the commands that count read from a disk of one's own: a hundred times what may be sent to the site."""


@dataclass(frozen=True)
class FileCount:
    """A file, the rule used on it, what came out, and the seconds the rule alone took.

    `verdict` compares it with the winners the file records, None where it records none.
    """

    file: PabulibElection
    rule: AnyRule
    outcome: Outcome
    seconds: float
    verdict: Verdict | None


def read_file(path: Path) -> PabulibFile:
    """The election in the file at `path`, ballot by ballot. Raises Missing where it cannot be read, Malformed where it is no election."""
    return read_pabulib(_bytes(path, MAX_BYTES), name=str(path))


def open_election(path: Path, told: Told = untold) -> PabulibElection:
    """The election in the file at `path`, to be counted. Raises Missing where it cannot be read, Malformed where it is no election."""
    told(say("Reading the file"), 0)
    data = _bytes(path, MOST_BYTES)

    def heard(done: int, all: int) -> None:
        told(say("Reading the file"), 100 * done // all)

    return read_election(data, name=str(path), most=MOST_BYTES, heard=heard)


def count_file(path: Path, words: Words, *, seed: str = "", told: Told = untold) -> FileCount:
    """Count the file at `path`. Raises Missing, Malformed, and Invalid where the words do not fit the file."""
    file = open_election(path, told)
    rule = rule_in_words(words, file, str(path))
    election = election_of(file, rule, seed=seed)
    outcome, seconds = counted(rule, election, str(path), told)
    told(say("Comparing with the winners the file records"), None)
    return FileCount(file, rule, outcome, seconds, judge(file, rule, outcome, election))


def counted(rule: AnyRule, election: Election, name: str, told: Told = untold) -> tuple[Outcome, float]:
    """The outcome of a rule and the seconds it took. Raises Invalid where the rule cannot read these ballots."""
    begun = perf_counter()
    try:
        return rule.count_aloud(election, told), perf_counter() - begun
    except ValueError as fault:
        raise Invalid({"": say("%(file)s: this rule cannot count these ballots (%(reason)s).", file=name, reason=str(fault))}) from None


def _bytes(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as source:
            return source.read(most + 1)
    except OSError:
        raise Missing(say("%(file)s: there is no such file, or it cannot be read.", file=str(path))) from None

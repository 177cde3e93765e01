"""What the checks share of one bundle: each file is read once, when the first check asks for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from app.core.messages import Message, say
from app.core.verification.bundle import Bundle
from app.core.verification.chains import check_chains
from app.core.verification.checks import Findings
from app.core.verification.definition import FILE, Definition, read_definition
from app.core.verification.heads import ACTS, BALLOTS, SignedHead, read_heads
from app.core.verification.log import Log, read_log
from app.core.verification.opened import Opened, read_discreet, reopen
from app.core.verification.opening import read_opening
from app.core.verification.paper import PaperBallot, count_paper, read_paper
from app.core.verification.result import read_result
from app.core.verification.turnout import Turnout, read_turnout
from app.core.verification.withheld import is_withheld

Stage = Callable[[Message, int | None], None]
"""Is told what is being done, and how much of it in per cent."""


class Evidence:
    """One bundle. Every property raises Malformed where its file cannot be read."""

    def __init__(self, bundle: Bundle, stage: Stage) -> None:
        self.bundle, self.stage = bundle, stage

    @cached_property
    def _defined(self) -> tuple[Definition, str]:
        return read_definition(self.bundle.whole(FILE))

    @property
    def definition(self) -> Definition:
        """The frozen definition."""
        return self._defined[0]

    @property
    def hash(self) -> str:
        """Its hash, 64 hexadecimal letters."""
        return self._defined[1]

    @cached_property
    def heads(self) -> tuple[SignedHead, ...]:
        """The signed heads of the log of ballots."""
        return read_heads(self.bundle, BALLOTS)

    @cached_property
    def act_heads(self) -> tuple[SignedHead, ...]:
        """The signed heads of the log of civic acts."""
        return read_heads(self.bundle, ACTS)

    @cached_property
    def withheld(self) -> bool:
        """Whether the ballots are not shown because they are few."""
        return is_withheld(self.bundle)

    @cached_property
    def log(self) -> Log:
        """One walk over the entries."""
        self.stage(say("Reading the log"), None)
        return read_log(self.bundle, self.definition, (one.head.size for one in self.heads))

    @cached_property
    def chains(self) -> Findings:
        """V8 as far as the log shows it."""
        return self._replaced[1]

    @cached_property
    def _replaced(self) -> tuple[dict[int, int], Findings]:
        found = Findings()
        return check_chains(self.log.leaves, self.log.changes, found), found

    @property
    def replaced(self) -> dict[int, int]:
        """Index of each replaced ballot -> index of the one that replaces it."""
        return self._replaced[0]

    @cached_property
    def opened(self) -> Opened:
        """The walk that opens every ballot, with the paper ballots added to those that count."""
        opening, size = read_opening(self.bundle), self.log.size
        if self.definition.publication == "discreet":
            opened = read_discreet(self.bundle, self.definition, opening, size - len(self.replaced))
        else:
            opened = reopen(self.bundle, self.definition, bytes.fromhex(self.hash), opening, self.replaced, self._heard)
        count_paper(self.paper, self.definition, opened.piles)
        return opened

    def _heard(self, done: int) -> None:
        self.stage(say("Opening the ballots"), 100 * done // max(self.log.size, 1))

    @cached_property
    def paper(self) -> tuple[PaperBallot, ...]:
        """The paper ballots."""
        return read_paper(self.bundle)

    @cached_property
    def turnout(self) -> Turnout:
        """The numbers of people."""
        return read_turnout(self.bundle)

    @cached_property
    def result(self) -> dict[str, Any]:
        """The published result."""
        return read_result(self.bundle)
